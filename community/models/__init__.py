"""Spaces, threads and posts."""

from .posts import Post, PostRevision
from .spaces import CommunityPage, SpaceMembership, SpacePage, SpaceStatistics
from .threads import ReadMarker, Tag, Thread, ThreadTag

__all__ = [
    "CommunityPage",
    "Post",
    "PostRevision",
    "ReadMarker",
    "SpaceMembership",
    "SpacePage",
    "SpaceStatistics",
    "Tag",
    "Thread",
    "ThreadTag",
]
