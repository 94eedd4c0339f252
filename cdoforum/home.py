"""/: the home page."""

from django.http import Http404
from django.views.decorators.http import require_safe

from lib.compiled import Compiled

from .models import HomePage

_home_page = Compiled(lambda: HomePage.objects.live())


@require_safe
def home(request):
    """An address of its own: finding this page as any page of Wagtail's would cost four queries more."""
    page = _home_page()
    if page is None:
        raise Http404
    return page.serve(request)
