"""What pages, mails and the CMS read. Every query of something readable begins with access."""

from .listings import search_suppliers

__all__ = ["search_suppliers"]
