from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from members import access


@login_required  # for every number alike, so that a visitor learns nothing of who is there
def member(request, pk):
    """A member's profile: who they are, and never how to reach them."""
    person = access.member(request.user, pk)
    return render(request, "members/member.html", {"person": person, "byline": person.byline})
