"""For the tests of events."""

import pytest

from members.models import Notification


@pytest.fixture
def told(django_capture_on_commit_callbacks, mailoutbox):
    """with told() as news: … → news.mails and news.bells, lists of (address, subject or verb) that followed."""

    class News:
        mails: list[tuple[str, str]]
        bells: list[tuple[str, str]]

    class Told:
        def __enter__(self):
            self.news, self.before = News(), len(mailoutbox)
            self.last = max(Notification.objects.values_list("updated_at", flat=True), default=None)
            self.capture = django_capture_on_commit_callbacks(execute=True)
            self.capture.__enter__()
            return self.news

        def __exit__(self, *error):
            self.capture.__exit__(*error)
            self.news.mails = sorted((mail.to[0], mail.subject) for mail in mailoutbox[self.before :])
            rows = Notification.objects.select_related("member", "activity").order_by("pk")
            rows = rows.filter(updated_at__gt=self.last) if self.last else rows
            self.news.bells = sorted((row.member.email, row.activity.verb) for row in rows)

    return Told
