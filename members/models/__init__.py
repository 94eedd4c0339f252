"""People, organisations and what happened between them."""

from .activity import Activity, Mail, Notification
from .people import EmailDomain, Member, Organisation, Session

__all__ = ["Activity", "EmailDomain", "Mail", "Member", "Notification", "Organisation", "Session"]
