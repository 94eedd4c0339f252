"""/search/?q=: threads and posts by our own index, pages, events and listings by Wagtail's."""

from typing import Any
from urllib.parse import quote_plus

from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import search as conversation
from directory.queries import search_suppliers
from events.queries import search_events
from lib.pages import page_number
from lib.search_words import words_of

from .models import ContentPage

MAX_QUERY = 200  # characters; more is no search
OTHERS = 5  # results of each other kind beside the conversation


@require_safe
def search(request):
    """Everything that the viewer may see and that matches, conversation first."""
    q = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:MAX_QUERY]
    context: dict[str, Any] = {"q": q, "q_encoded": quote_plus(q)}
    if q:
        words = words_of(q)
        context |= {
            "words": words,
            "results": conversation.search(request.user, q, page=page_number(request)),
            "spaces": list(conversation.spaces(request.user, q)[:OTHERS]) if words else [],
            "events": list(search_events(request.user, q)[:OTHERS]),
            "suppliers": list(search_suppliers(request.user, q)[:OTHERS]),
            "content_pages": _content_pages(words),
        }
    return render(request, "search.html", context)


def _content_pages(words: list[str]) -> list[ContentPage]:
    # Words, and not what was typed: to SQLite's index a lone quotation mark is a syntax error.
    return list(ContentPage.objects.live().public().search(" ".join(words))[:OTHERS]) if words else []
