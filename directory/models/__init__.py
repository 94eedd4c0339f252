"""Listings of suppliers and officers, and the introductions between them."""

from .introductions import Introduction, IntroductionStep
from .listings import OfficerListing, SupplierListing

__all__ = ["Introduction", "IntroductionStep", "OfficerListing", "SupplierListing"]
