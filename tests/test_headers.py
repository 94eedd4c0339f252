"""What protects a page from other sites: on every answer, whatever went wrong, on the site and under /cms/."""

import json
import sys

import pytest
from django.test import Client

from tests.test_operations import SOUND, run
from tests.test_policies import policy


def protects(response):
    assert policy(response)["frame-ancestors"] == ["'self'"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address",
    [
        "/", "/community/", "/events/", "/directory/", "/search/", "/accounts/login/", "/accounts/signup/", "/healthz",
        "/readyz", "/feeds/threads/", "/events/calendar.ics", "/cms/", "/cms/login/", "/inbox/",
    ],
)  # fmt: skip
def test_a_visitors_answer(address, client, db):
    response = client.get(address)
    assert response.status_code in {200, 302}
    protects(response)


@pytest.mark.parametrize("address", ["/cms/", "/cms/pages/", "/cms/reports/", "/cms/no-such-page/"])
def test_an_administrators_answer(address, as_, admin):
    protects(as_(admin).get(address, follow=True))


@pytest.mark.parametrize("address", ["/", "/cms/"])
def test_400(address, client):
    response = client.get(address, headers={"Host": "evil.example"})
    assert response.status_code == 400
    protects(response)


@pytest.mark.parametrize("address", ["/inbox/read/", "/cms/pages/1/delete/"])
def test_403(address, admin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    response = client.post(address)
    assert response.status_code == 403
    protects(response)


@pytest.mark.parametrize("address", ["/no-such-page/", "/cms/no-such-page/", "/cms/"])
def test_404(address, as_, ada):
    response = as_(ada).get(address)
    assert response.status_code == 404
    protects(response)


@pytest.mark.parametrize(
    ("address", "broken"),
    [("/community/", "community.queries.spaces"), ("/cms/", "wagtail.admin.views.home.HomeView.get")],
)
def test_500(address, broken, admin, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("out of order")

    monkeypatch.setattr(broken, breaks)
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    response = client.get(address)
    assert response.status_code == 500
    protects(response)


ASK_IN_PRODUCTION = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none collected
django.setup()
from django.test import Client
answers = {
    "page": Client().get("/healthz", secure=True, headers={"Host": "forum.example"}),
    "another host": Client().get("/", secure=True, headers={"Host": "evil.example"}),
    "without TLS": Client().get("/", headers={"Host": "forum.example"}),
}
print(json.dumps({name: [answer.status_code, dict(answer.headers)] for name, answer in answers.items()}))
"""


def test_production_asks_browsers_to_come_by_tls_only():
    result = run(sys.executable, "-c", ASK_IN_PRODUCTION, **SOUND)
    assert result.returncode == 0, result.stderr[-800:]
    answers = json.loads(result.stdout.splitlines()[-1])
    for name, status in (("page", 200), ("another host", 400)):
        found, headers = answers[name]
        assert found == status
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        protects(headers)
    found, headers = answers["without TLS"]
    assert (found, headers["Location"]) == (301, "https://forum.example/")
