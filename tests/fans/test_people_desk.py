from typing import Any

import pytest
from django.test import Client

from fans.accounts.models import Fan, ModeratorScope, Role
from fans.audit.models import AuditEntry
from fans.tiers.models import TierStanding
from tests.factories import (
    BoardFactory,
    make_admin,
    make_core_fan,
    make_fan,
    make_moderator,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_admin(display_name="Ada", folded_name="ada"))
    return client


def give(desk: Client, fan: Fan, role: str, *scopes: str, reason: str = "asked for") -> Any:
    return desk.post(
        f"/staff/people/{fan.pk}/role/", {"role": role, "scopes": scopes, "reason": reason}
    )


def test_people_are_found_by_handle_name_or_whole_address(desk: Client) -> None:
    make_fan(handle="xiaoming", display_name="王小明", email="ming@example.com")
    for words in ("xiaom", "@XIAOMING", "王小", "ming@example.com", "MING@example.com"):
        assert "王小明" in desk.get("/staff/people/", {"q": words}).content.decode()
    for words in ("ming@", "example.com", "nobody", "%", "_", "\u200b"):
        assert "王小明" not in desk.get("/staff/people/", {"q": words}).content.decode()


@pytest.mark.parametrize("words", ["", "  ", "x" * 10_000, "a\x00b", "<script>alert(1)</script>"])
def test_whatever_is_looked_for_breaks_nothing(desk: Client, words: str) -> None:
    response = desk.get("/staff/people/", {"q": words})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_the_desk_is_for_staff_and_changing_for_admins() -> None:
    fan = make_fan()
    for reader, sees, changes in (
        (make_fan(), 404, 404),
        (make_moderator(), 404, 404),
        (make_staff(display_name="Bo", folded_name="bo"), 200, 404),
    ):
        client = Client()
        client.force_login(reader)
        assert client.get("/staff/people/").status_code == sees
        assert client.get(f"/staff/people/{fan.pk}/").status_code == sees
        assert give(client, fan, Role.ADMIN).status_code == changes
    fan.refresh_from_db()
    assert fan.role == Role.FAN


def test_a_moderator_gets_a_scope_and_the_log_a_line(desk: Client) -> None:
    board = BoardFactory.create()
    fan = make_fan()
    assert give(desk, fan, Role.MODERATOR, f"board:{board.pk}").status_code == 302
    fan.refresh_from_db()
    assert fan.role == Role.MODERATOR
    assert [scope.scope for scope in fan.scopes.all()] == [f"board:{board.pk}"]
    entry = AuditEntry.objects.get(verb="role changed")
    assert (entry.subject, entry.reason) == (f"fan:{fan.pk}", "asked for")
    assert entry.details == {
        "old_role": "fan",
        "new_role": "moderator",
        "old_scopes": [],
        "new_scopes": [f"board:{board.pk}"],
    }


def test_a_moderator_needs_a_scope_that_exists(desk: Client) -> None:
    fan = make_fan()
    for scopes in ((), ("board:999",), ("everything",)):
        response = give(desk, fan, Role.MODERATOR, *scopes)
        assert response.status_code == 422
        assert "field-error" in response.content.decode()


def test_an_office_needs_a_reason_and_the_choice_stays(desk: Client) -> None:
    response = give(desk, make_fan(), Role.STAFF, reason="  ")
    assert response.status_code == 422
    assert '<option value="staff" selected>' in response.content.decode()


def test_giving_the_same_office_twice_is_written_once(desk: Client) -> None:
    fan = make_fan()
    give(desk, fan, Role.MODERATOR, "site")
    give(desk, fan, Role.MODERATOR, "site")
    assert AuditEntry.objects.filter(verb="role changed").count() == 1


def test_an_office_taken_back_takes_its_scopes_along(desk: Client) -> None:
    moderator = make_moderator()
    give(desk, moderator, Role.FAN)
    assert not ModeratorScope.objects.exists()


def test_whoever_becomes_staff_holds_no_tier_any_more(desk: Client) -> None:
    fan = make_core_fan()
    give(desk, fan, Role.STAFF)
    assert not TierStanding.objects.exists()
    assert AuditEntry.objects.get(verb="tier ended").reason == "staff"


def test_a_moderator_keeps_their_tier(desk: Client) -> None:
    fan = make_core_fan()
    give(desk, fan, Role.MODERATOR, "site")
    assert TierStanding.objects.get().fan == fan


def test_the_last_admin_is_told_why_they_must_stay(desk: Client) -> None:
    admin = Fan.objects.get_queryset().get(role=Role.ADMIN)
    response = give(desk, admin, Role.FAN)
    assert response.status_code == 422
    assert "last admin" in response.content.decode()


def test_two_who_look_alike_cannot_both_be_staff(desk: Client) -> None:
    response = give(desk, make_fan(display_name="Аda", folded_name="ada"), Role.STAFF)
    assert response.status_code == 422
    assert "carries this name" in response.content.decode()


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    desk: Client, django_assert_num_queries: Any
) -> None:
    desk.get("/staff/people/")
    with django_assert_num_queries(3):
        desk.get("/staff/people/")
    make_moderator()
    make_moderator()
    with django_assert_num_queries(3):
        desk.get("/staff/people/")
