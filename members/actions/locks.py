"""What actions lock beside members: see @action."""

from lib.locks import locked
from members.models import Member, Organisation


def lock_organisation(actor: Member | None, organisation: Organisation) -> Organisation:
    """The organisation as it is now. Everybody may see that it exists."""
    return locked(Organisation.objects.all()).get(pk=organisation.pk)
