"""What a supplier proposes for its listing, beside what is public."""

from dataclasses import dataclass

from ..models import SupplierListing


@dataclass(frozen=True, slots=True)
class Difference:
    """What a proposal would change in one field."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def differences(listing: SupplierListing) -> list[Difference]:
    """Each field of a listing: what is public now, and what is proposed."""
    public = text_of(listing) if listing.is_public else {}
    proposed = listing.proposal or public
    labels = {name: SupplierListing._meta.get_field(name).verbose_name.capitalize() for name in SupplierListing.TEXTS}
    return [
        Difference(label, _as_words(public.get(name)), _as_words(proposed.get(name)))
        for name, label in (labels | {"topics": "Topics"}).items()
    ]


def text_of(listing: SupplierListing) -> dict:
    """The public text of a listing, in the shape of a proposal."""
    return {name: getattr(listing, name) for name in SupplierListing.TEXTS} | {
        "topics": sorted(topic.name for topic in listing.topics.all())
    }


def proposed_text(listing: SupplierListing | None) -> dict:
    """What the supplier's form begins with: what is proposed, else the public text, else nothing."""
    return (listing.proposal or text_of(listing)) if listing else {}


def _as_words(value) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")
