"""How the audit trail speaks of threads and posts: moderators open them on the site itself."""

from members.cms.audit import About, describes

from ..models import Post, Thread


@describes(Thread.objects.select_related("space"))
def _thread(thread: Thread) -> About:
    return About(f"Thread “{thread.title}”", thread.get_absolute_url() if thread.space.live else "")


@describes(Post.objects.select_related("thread__space").defer("source", "html", "text"))
def _post(post: Post) -> About:
    thread = post.thread
    return About(f"Post {post.number} in “{thread.title}”", post.url_in_thread if thread.space.live else "")
