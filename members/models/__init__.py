"""People, organisations and what happened between them."""

from .activity import Activity, Mail, Notification
from .letters import Letter
from .people import EmailDomain, Member, Organisation, Session

__all__ = ["Activity", "EmailDomain", "Letter", "Mail", "Member", "Notification", "Organisation", "Session"]
