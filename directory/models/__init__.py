"""Listings of suppliers and officers, and the introductions between them."""

from .introductions import Introduction, IntroductionStep, may_move
from .listings import OfficerListing, SupplierListing

__all__ = ["Introduction", "IntroductionStep", "OfficerListing", "SupplierListing", "may_move"]
