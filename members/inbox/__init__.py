"""Telling people: from what happened to the bell and the e-mail.

    notices     who is told of what, and in what words: each app declares it in its `notifications.py`
    announcing  record() inside an action; after the commit one Activity → its Notifications and Mails, once
    outbox      one Mail → sent, tried again later, or cancelled if its reader may not see the thing any more
    letters     mails about an account, which are owed to an address
    owed        whatever the jobs missed
    reading     what a member's inbox shows, and marking it as read

What is owed is in rows, so a worker that dies forgets nothing, and doing a job twice tells nobody twice.
"""

from . import letters
from .announcing import record, record_unannounced
from .notices import Link, Notice, silent
from .reading import forget_unreadable, mark_read, settle

__all__ = [
    "Link",
    "Notice",
    "forget_unreadable",
    "letters",
    "mark_read",
    "record",
    "record_unannounced",
    "settle",
    "silent",
]
