"""Whoever is signed in: recognised with every page, in one query that was put together once."""

import pytest
from pytest_django import DjangoAssertNumQueries

from fans.images.models import Image
from fans.tiers.backends import StandingBackend
from fans.tiers.models import tier_of
from tests.factories import NOW, make_core_fan, make_fan

pytestmark = pytest.mark.django_db


def test_they_arrive_whole_with_standing_and_picture(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    picture = Image.objects.create(
        key="k", file="images/k", content_type="image/png",
        width=1, height=1, byte_count=1, uploaded_at=NOW,
    )  # fmt: skip
    core, plain = make_core_fan(avatar=picture), make_fan()
    StandingBackend().get_user(core.pk)
    for fan in (core, plain):
        with django_assert_num_queries(1):
            found = StandingBackend().get_user(fan.pk)
            assert found == fan
            assert tier_of(found) == ("core" if fan == core else "casual")
            assert found.avatar == (picture if fan == core else None)
        fields = [field.attname for field in fan._meta.concrete_fields]
        assert {name: getattr(found, name) for name in fields} == {
            name: getattr(fan, name) for name in fields
        }


def test_who_was_banned_or_is_not_there_is_nobody() -> None:
    banned = make_fan(banned_at=NOW)
    assert StandingBackend().get_user(banned.pk) is None
    assert StandingBackend().get_user(banned.pk + 1) is None
