"""Dates and times in words: the same on pages, in mail and in the bell. In London's time, unless a zone is named."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as date_format


def _in_words(at: dt.date | None, style: str, zone: str) -> str:
    if not at:
        return ""
    if isinstance(at, dt.datetime):
        at = timezone.localtime(at, ZoneInfo(zone) if zone else None)
    return date_format(at, style)


def day(at: dt.date | None, zone: str = "") -> str:
    """12 March 2026"""
    return _in_words(at, "j F Y", zone)


def weekday(at: dt.date | None, zone: str = "") -> str:
    """Thursday 12 March 2026"""
    return _in_words(at, "l j F Y", zone)


def month(at: dt.date | None, zone: str = "") -> str:
    """March 2026"""
    return _in_words(at, "F Y", zone)


def clock(at: dt.datetime | None, zone: str = "") -> str:
    """14:05"""
    return _in_words(at, "H:i", zone)


def moment(at: dt.datetime | None, zone: str = "") -> str:
    """12 March 2026, 14:05"""
    return _in_words(at, "j F Y, H:i", zone)


def leaf_month(at: dt.date | None, zone: str = "") -> str:
    """Mar, as on the leaf of a calendar"""
    return _in_words(at, "M", zone)


def leaf_day(at: dt.date | None, zone: str = "") -> str:
    """12"""
    return _in_words(at, "j", zone)
