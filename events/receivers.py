"""Wagtail's signals, the only ones we listen to: its code publishes pages, and we follow."""

from django.dispatch import receiver
from wagtail.signals import page_published

from .actions import events as actions
from .models import EventPage


@receiver(page_published, sender=EventPage, dispatch_uid="events.follow_publication")
def on_page_published(sender, instance, revision=None, **kwargs):
    # Wagtail sends this for a page that is only scheduled, too; the action looks whether it is live.
    actions.follow_publication(event=instance, publisher=revision and revision.user)
