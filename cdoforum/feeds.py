"""/feeds/: Atom feeds of what everyone may see. A feed reader signs in nowhere, so it is served as a visitor."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from community import queries
from events.queries import coming

NEWEST = 30


class ThreadsFeed(Feed):
    """/feeds/threads/: the latest threads in spaces that are open to everyone."""

    feed_type = Atom1Feed
    title = "CDO Forum: threads open to everyone"
    subtitle = "The latest threads in the spaces that anyone can read."

    def link(self):
        return reverse("community:community")

    def items(self):
        threads = queries.threads(AnonymousUser()).defer(None)
        return threads.select_related("space", "author__organisation", "last_post_by__organisation")[:NEWEST]

    def item_title(self, thread):
        return thread.title

    def item_description(self, thread):
        posts = "1 post" if thread.post_count == 1 else f"{thread.post_count} posts"
        return f"{posts} in {thread.space.title}, the latest by {thread.last_post_by.byline.name}."

    def item_link(self, thread):
        return thread.get_absolute_url()

    def item_guid(self, thread):
        return f"{settings.SITE_URL}/threads/{thread.pk}/"  # stays when the title changes

    def item_author_name(self, thread):
        return thread.byline.name

    def item_pubdate(self, thread):
        return thread.created_at

    def item_updateddate(self, thread):
        return thread.last_post_at

    def item_categories(self, thread):
        return thread.tag_names


class EventsFeed(Feed):
    """/feeds/events/: the coming events that are open to everyone."""

    feed_type = Atom1Feed
    title = "CDO Forum: coming events"
    subtitle = "The coming events that are open to everyone."

    def link(self):
        return reverse("events:events")

    def items(self):
        return coming(AnonymousUser())[:NEWEST]

    def item_title(self, event):
        return event.title_with_state

    def item_description(self, event):
        return event.summary

    def item_link(self, event):
        return event.get_absolute_url()

    def item_pubdate(self, event):
        return event.first_published_at

    def item_updateddate(self, event):
        return event.last_published_at
