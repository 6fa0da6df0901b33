"""What people see of tiers: their own standing, the pyramid, the desk of the run."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from community.moderation import actions as moderation
from community.moderation.models import SanctionKind
from fans import clock
from fans.accounts.models import Fan
from fans.tiers.models import Nomination, NominationState, Tier, TierRules
from tests.factories import make_admin, make_fan, make_honorary_dev, make_moderator, make_staff
from tests.fans.tiers import (
    DAY,
    THURSDAY,
    WEEK,
    applying,
    earn,
    make_eligible_fan,
    make_holder,
    make_ready_fan,
    run,
    standing_of,
)

pytestmark = pytest.mark.django_db
NumQueries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def _thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: THURSDAY)


def as_fan(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan, backend="fans.tiers.backends.StandingBackend")
    return client


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.text.split())


# --- /me/standing/ ---------------------------------------------------------------------------------


def test_my_standing_says_what_is_missing_and_what_does_not_count() -> None:
    """T15"""
    fan = make_fan()
    earn(fan, 10, THURSDAY - DAY)
    for _ in range(2):
        earn(fan, 1, THURSDAY - DAY, kind="post.basic")
    page = text_of(as_fan(fan), "/me/standing/")
    assert "To become core" in page
    assert "49 short" in page  # 11 of 60
    assert "beyond what counts in that time" in page
    assert "counts among 90 days until" in page


def test_before_the_first_point_it_says_when_it_comes() -> None:
    """T15"""
    assert "No points yet" in text_of(as_fan(make_fan()), "/me/standing/")


def test_staff_have_no_standing() -> None:
    assert "Staff hold no tier" in text_of(as_fan(make_staff()), "/me/standing/")


@pytest.mark.parametrize("deeds", [1, 3])
def test_my_standing_costs_the_same_with_one_deed_and_with_three(
    deeds: int, django_assert_num_queries: NumQueries
) -> None:
    fan = make_holder()
    for number in range(deeds):
        earn(fan, 10, THURSDAY - number * DAY)
        run(THURSDAY + number * WEEK)
    client = as_fan(fan)
    client.get("/me/standing/")
    with django_assert_num_queries(QUERIES):
        client.get("/me/standing/")


QUERIES = 14  # two of them: rest weeks


def test_a_seat_is_taken_and_left_on_ones_own_page() -> None:
    """T10"""
    taking, leaving = make_holder(), make_holder()
    for fan in (taking, leaving):
        Nomination.objects.create(
            nominee=fan,
            nominator=make_fan(),
            statement="Finds what others overlook.",
            state=NominationState.OFFERED,
            state_at=THURSDAY,
            created_at=THURSDAY,
            offered_at=THURSDAY,
            offered_until=THURSDAY + 7 * DAY,
            moderator=make_moderator(),
            staff=make_staff(),
        )
    assert "Take the seat" in text_of(as_fan(taking), "/me/standing/")
    assert as_fan(taking).post("/me/standing/seat/", {"answer": "accept"}).status_code == 302
    as_fan(leaving).post("/me/standing/seat/", {"answer": "decline"})
    assert standing_of(taking) == ("honorary_dev", "protected")
    assert standing_of(leaving) == ("core", "normal")
    again = as_fan(leaving).post("/me/standing/seat/", {"answer": "accept"}, follow=True)
    assert "There is no seat waiting" in again.text


# --- /pyramid/ -------------------------------------------------------------------------------------


def test_before_the_first_run_the_pyramid_names_its_date() -> None:
    assert "The first run is" in text_of(Client(), "/pyramid/")


def test_the_week_adds_up() -> None:
    """start + in − out = end."""
    applying()
    for _ in range(5):
        make_holder()
    make_ready_fan()
    first = run(THURSDAY - 4 * WEEK)
    made = run(THURSDAY)
    page = text_of(Client(), "/pyramid/")
    assert first.ran_at != made.ran_at
    row = page[page.index("Run of 2026-W47") :]
    core = row[row.index("Core") : row.index("Core") + 400]
    assert [part in core for part in (">5<", ">+1<", ">−0<", ">6<")] == [True] * 4


@pytest.mark.parametrize("holders", [1, 3])
def test_the_pyramid_costs_the_same_with_one_and_with_three(
    holders: int, django_assert_num_queries: NumQueries
) -> None:
    for _ in range(holders):
        make_honorary_dev()
        make_fan(founding_since_date=THURSDAY.date())
    run(THURSDAY)
    client = Client()
    client.get("/pyramid/")
    with django_assert_num_queries(PYRAMID_QUERIES):
        client.get("/pyramid/")


PYRAMID_QUERIES = 21


# --- the desk --------------------------------------------------------------------------------------


def test_a_held_run_is_released_on_its_page() -> None:
    """T7"""
    applying()
    falling = [make_holder() for _ in range(2)]
    for week in range(4, -1, -1):
        run(THURSDAY - week * WEEK)
    client = as_fan(make_moderator())
    assert "Held" in text_of(client, "/moderation/tiers/2026-W47/")
    empty = client.post("/moderation/tiers/2026-W47/release/", {"reason": ""})
    assert empty.status_code == 422
    client.post("/moderation/tiers/2026-W47/release/", {"reason": "They left in spring"})
    assert [standing_of(fan) for fan in falling] == [None, None]


def test_an_admin_sets_the_seats_and_staff_do_not() -> None:
    """T11"""
    assert (
        as_fan(make_staff()).post("/moderation/tiers/rules/", {"seat_limit": 3}).status_code == 404
    )
    as_fan(make_admin()).post("/moderation/tiers/rules/", {"seat_limit": 3})
    assert TierRules.objects.get().seat_limit == 3


def test_a_nomination_goes_from_a_fans_page_to_two_decisions() -> None:
    """T12"""
    nominee = make_eligible_fan(handle="mandarin")
    nominator = as_fan(make_honorary_dev())
    assert "Nominate for honorary developer" in text_of(nominator, "/fans/mandarin/")
    short = nominator.post("/fans/mandarin/nomination/", {"statement": "Good"})
    assert short.status_code == 422
    words = {"statement": "Found the fault nobody else could find."}
    for _ in range(2):
        nominator.post("/fans/mandarin/nomination/", words)
    nomination = Nomination.objects.get(nominee=nominee)
    path = f"/moderation/nominations/{nomination.pk}/approval/"
    for reviewer in (make_moderator(), make_staff()):
        client = as_fan(reviewer)
        assert words["statement"] in text_of(client, "/moderation/nominations/")
        client.post(path)
    nomination.refresh_from_db()
    assert nomination.state == NominationState.APPROVED


def test_a_ban_ends_the_tier() -> None:
    fan = make_holder(Tier.CORE, joined_at=THURSDAY - DAY)
    moderation.sanction(
        fan=fan,
        kind=SanctionKind.BAN,
        rule="spam",
        reason="A machine",
        by=make_moderator(),
        at=THURSDAY,
    )
    assert standing_of(fan) is None
    assert fan.tier_changes.get().reason == "banned"
