"""Where Wagtail, whose code isn't ours, says that an editor changed a space."""

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from .actions import spaces
from .models import SpacePage


@receiver([page_published, page_unpublished], sender=SpacePage)
def space_changed(sender, instance, **kwargs):
    spaces.follow_publication(space=instance)
