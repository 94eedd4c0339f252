"""Queries that are put into SQL once (lib/compiled.py) answer as the ORM does, each time anew."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import CharField, Count, DateTimeField, Exists, OuterRef
from django.utils import timezone

from lib.compiled import Compiled
from members.models import Member, Organisation


def _member(handle, since):
    namesakes = Member.objects.filter(organisation=OuterRef("organisation"))
    found = Member.objects.filter(handle=handle, date_joined__gt=since).select_related("organisation")
    return found.annotate(has_organisation=Exists(namesakes))


@pytest.fixture
def member_called():
    return Compiled(_member, handle=CharField(), since=DateTimeField())


@pytest.fixture
def yesterday():
    return timezone.now() - timedelta(days=1)


def test_each_call_has_its_own_values(member_called, ada, cleo, yesterday, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = member_called(handle="ada-okafor", since=yesterday)
        other = member_called(handle="cleo-marsh", since=yesterday)
        nobody = member_called(handle="ada-okafor", since=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(0):
        assert (found, found.organisation.name, found.has_organisation) == (ada, "Camden", True)
        assert (other, other.organisation, other.has_organisation) == (cleo, None, False)
    assert nobody is None


def test_a_call_sees_what_has_changed(member_called, ada, yesterday):
    assert member_called(handle="ada-okafor", since=yesterday).name == "Ada Okafor"
    Member.objects.update(name="Ada Marsh")
    assert member_called(handle="ada-okafor", since=yesterday).name == "Ada Marsh"


def test_values_are_values_and_never_sql(member_called, ada, yesterday):
    assert member_called(handle="' OR 1=1 --", since=yesterday) is None


def test_a_missing_value_is_an_error(member_called, ada):
    with pytest.raises(KeyError):
        member_called(handle="ada-okafor")


def test_fields_come_as_the_orm_makes_them(ada, yesterday):
    by_name = Compiled(
        lambda name: Organisation.objects.filter(name=name).annotate(n=Count("members")), name=CharField()
    )
    assert vars(by_name(name="Camden")).keys() == vars(by_name.build(name="Camden").get()).keys()
    found, orm = by_name(name="Camden"), by_name.build(name="Camden").get()
    assert all(getattr(found, field.name) == getattr(orm, field.name) for field in Organisation._meta.concrete_fields)
    assert found.n == orm.n == 1


def test_other_threads_use_their_own_connections(member_called, ada, yesterday):
    assert member_called(handle="ada-okafor", since=yesterday)
    compiler, _, _ = member_called.compilers[connection.vendor]
    assert compiler.connection is None
