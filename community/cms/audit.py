"""How the CMS speaks of threads and posts: moderators open them on the site itself."""

from members.cms.audit import Description, describes

from ..models import Post, SpacePage, Thread


@describes(Thread.objects.select_related("space"))
def _thread(thread: Thread) -> Description:
    return Description(f"Thread “{thread.title}”", thread.get_absolute_url() if thread.space.live else "")


@describes(Post.objects.select_related("thread__space").defer("source", "html", "text"))
def _post(post: Post) -> Description:
    thread = post.thread
    return Description(f"Post {post.number} in “{thread.title}”", post.url_in_thread if thread.space.live else "")


@describes(SpacePage.objects.all())
def _space(space: SpacePage) -> Description:
    return Description(f"Space “{space.title}”", space.get_absolute_url() if space.live else "")
