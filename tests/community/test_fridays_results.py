"""O3–O9: counting, publishing, and what everyone reads then."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import StoryStep
from community.fridays.actions.balloting import cast_ballot
from community.fridays.actions.freezing import freeze
from community.fridays.actions.launching import withdraw_release
from community.fridays.actions.publishing import (
    NotToBePublished,
    correct,
    hold,
    publish,
    release_hold,
)
from community.fridays.actions.sweeping import sweep_cycle
from community.fridays.digest import own_credits, published_weeks
from community.fridays.models import (
    Award,
    Ballot,
    Credit,
    CreditRole,
    Cycle,
    CycleState,
    ReleaseItem,
    ReleaseState,
    Report,
    WeeklyReport,
)
from community.fridays.personal_data import erase, export, withdraw
from community.products.models import Team
from config.front import newest_awards
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.ledger.models import HeldWeek
from fans.notifications.kinds import kind_of
from fans.notifications.models import Event
from tests.community.weeks import (
    LATE_CLOSES,
    OPENS,
    PUBLISH,
    TUESDAY,
    add_build,
    items_of,
    make_wish,
    open_week,
    send,
)
from tests.factories import make_core_fan, make_fan, make_staff

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def counted(cycle: Cycle) -> dict[str, object]:
    figures = freeze(cycle=cycle, at=LATE_CLOSES).figures
    assert isinstance(figures, dict)
    return figures


def vote(cycle: Cycle, item: ReleaseItem, count: int) -> None:
    for _ in range(count):
        cast_ballot(cycle=cycle, fan=make_fan(), item=item, at=TUESDAY)


def page_of(cycle: Cycle, fan: Fan | None = None, query: str = "") -> str:
    client = Client()
    if fan:
        client.force_login(fan)
    return client.get(address(cycle) + query).text


def address(cycle: Cycle, name: str = "results") -> str:
    return reverse(name, args=[cycle.product.slug, cycle.week])


# --- the award ------------------------------------------------------------------


def test_the_team_of_the_most_voted_item_gets_the_award() -> None:
    cycle = open_week()
    first, second, _ = items_of(cycle)
    vote(cycle, first, 2)
    vote(cycle, second, 3)
    counted(cycle)
    award = Award.objects.get()
    assert (award.item, award.ballot_count, award.team) == (second, 3, second.team)


def test_two_ballots_are_too_few() -> None:
    cycle = open_week()
    vote(cycle, items_of(cycle)[0], 2)
    counted(cycle)
    assert not Award.objects.exists()


def test_what_was_recalled_is_no_candidate_and_its_reports_stay() -> None:
    """O9."""
    cycle = open_week(items=1)
    recalled = items_of(cycle)[0]
    vote(cycle, recalled, 5)
    add_build(cycle, "Lives on", version="4.20.1")
    live = ReleaseItem.objects.get(title="Lives on")
    vote(cycle, live, 3)
    for _ in range(5):
        send(cycle, loved=(recalled.pk,))
    cycle.releases.filter(version="4.20").update(state=ReleaseState.WITHDRAWN)
    figures = counted(cycle)
    assert Award.objects.get().item == live
    assert figures["items"] == [{"item": recalled.pk, "loved": 5, "not_good": 0}]


def test_a_withdrawn_week_is_counted_and_stays_withdrawn() -> None:
    """O9."""
    cycle = open_week()
    send(cycle)
    Cycle.objects.update(state=CycleState.WITHDRAWN, withdrawn_at=TUESDAY, reason="Loses photos.")
    assert counted(cycle)["count"] == 1
    publish(cycle=cycle, at=PUBLISH)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.published_at) == (CycleState.WITHDRAWN, PUBLISH)
    assert "What fans reported stays." in page_of(cycle)


def test_a_recall_while_the_workers_stand_still_leaves_what_was_reported() -> None:
    """O1, O9. By the stored times the form was open, and reports came in, though nobody swept."""
    cycle = open_week(state=CycleState.RELEASED, held_at=None)
    send(cycle)
    assert withdraw_release(
        release=cycle.releases.get(), reason="Loses photos.", actor=make_staff(), at=TUESDAY
    )
    cycle.refresh_from_db()
    assert (cycle.state, cycle.held_at) == (CycleState.WITHDRAWN, OPENS)
    assert [held.week for held in HeldWeek.objects.all()] == [cycle.week]
    assert sweep_cycle(cycle_id=cycle.pk, at=PUBLISH)
    assert WeeklyReport.objects.get().figures["count"] == 1


def test_the_title_moves_with_the_next_published_award() -> None:
    before = open_week(weeks_ago=1)
    vote_week = [(before, "Battery"), (open_week(product=before.product), "Screen")]
    for week, name in vote_week:
        team, _ = Team.objects.get_or_create(name=name, slug=name.lower())
        Award.objects.create(
            cycle=week, item=items_of(week)[0], team=team, ballot_count=9, awarded_at=LATE_CLOSES
        )
    assert _title_holders() == []
    for week, name in vote_week:
        Cycle.objects.filter(pk=week.pk).update(
            published_at=PUBLISH - timedelta(weeks=name == "Battery")
        )
        assert _title_holders() == [name]


def _title_holders() -> list[str]:
    """As the front page names them."""
    cache.clear()
    return [award.team.name for award in newest_awards()]


# --- publishing -----------------------------------------------------------------


def test_publishing_tells_who_reported_once_and_writes_the_verdict() -> None:
    cycle = open_week()
    item, wish = items_of(cycle)[0], make_wish(cycle.product)
    ReleaseItem.objects.filter(pk=item.pk).update(feature_request=wish)
    fans = [make_fan() for _ in range(5)]
    for fan in fans:
        send(cycle, fan=fan, loved=(item.pk,))
    vote(cycle, item, 3)
    counted(cycle)
    assert publish(cycle=cycle, at=PUBLISH)
    assert not publish(cycle=cycle, at=PUBLISH + SECOND)
    event = Event.objects.get(kind="results_published")
    told = kind_of("results_published").recipients(event, fans[1].pk, 2)
    assert told == [(fans[2].pk, "reporter"), (fans[3].pk, "reporter")]
    step = StoryStep.objects.get(feature_request=wish, kind="verdict")
    assert step.facts == {
        "week": "2026-W47",
        "product": cycle.product.name,
        "is_small": False,
        "is_awarded": True,
        "loved": 5,
        "not_good": 0,
        "count": 5,
        "satisfaction": 1.0,
    }
    cycle.refresh_from_db()
    assert (cycle.state, cycle.published_at) == (CycleState.PUBLISHED, PUBLISH)


def test_it_is_published_neither_early_nor_uncounted_nor_while_held() -> None:
    cycle, staff = open_week(), make_staff()
    with pytest.raises(NotToBePublished):
        publish(cycle=cycle, at=PUBLISH)
    counted(cycle)
    with pytest.raises(NotToBePublished):
        publish(cycle=cycle, at=PUBLISH - SECOND)
    hold(cycle=cycle, reason="A recount.", actor=staff, at=LATE_CLOSES)
    with pytest.raises(NotToBePublished):
        publish(cycle=cycle, at=PUBLISH)
    release_hold(cycle=cycle, actor=staff, at=PUBLISH + SECOND)  # late already: at once
    cycle.refresh_from_db()
    assert cycle.published_at == PUBLISH + SECOND


def test_a_hold_that_ends_in_time_publishes_nothing_early() -> None:
    cycle, staff = open_week(), make_staff()
    counted(cycle)
    hold(cycle=cycle, reason="A recount.", actor=staff, at=LATE_CLOSES)
    release_hold(cycle=cycle, actor=staff, at=PUBLISH - SECOND)
    cycle.refresh_from_db()
    assert cycle.published_at is None
    assert publish(cycle=cycle, at=PUBLISH)


def test_a_correction_is_a_new_version_with_a_note() -> None:
    """O7."""
    cycle = open_week()
    reports = [send(cycle) for _ in range(7)]
    counted(cycle)
    publish(cycle=cycle, at=PUBLISH)
    reports[0].delete()
    correct(cycle=cycle, note="One report was bought.", actor=make_staff(), at=PUBLISH)
    assert [r.figures["count"] for r in cycle.weekly_reports.order_by("version")] == [7, 6]
    assert "One report was bought." in page_of(cycle)
    assert "<b>6</b>" in page_of(cycle)
    assert "<b>7</b>" in page_of(cycle, query="?version=1")


# --- the page -------------------------------------------------------------------


def test_figures_are_staffs_alone_until_they_are_published() -> None:
    cycle = open_week()
    for _ in range(9):
        send(cycle)
    counted(cycle)
    assert "9 fans reported" not in page_of(cycle)
    assert "9 fans reported" not in page_of(cycle, make_core_fan())
    assert "9 fans reported" in page_of(cycle, make_staff())
    publish(cycle=cycle, at=PUBLISH)
    assert "9 fans reported, and 100 % are satisfied." in page_of(cycle)


def test_below_five_the_page_has_words_and_no_number() -> None:
    cycle = open_week()
    for _ in range(4):
        send(cycle)
    counted(cycle)
    publish(cycle=cycle, at=PUBLISH)
    page = page_of(cycle)
    assert "Fewer than five fans reported" in page
    assert 'class="figure"' not in page


def test_a_held_back_week_says_why_once_it_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = open_week()
    counted(cycle)
    hold(cycle=cycle, reason="We count again.", actor=make_staff(), at=LATE_CLOSES)
    monkeypatch.setattr("fans.clock.now", lambda: PUBLISH)
    assert "The figures are delayed: We count again." in page_of(cycle)


def test_a_skipped_week_has_a_banner_with_its_reason() -> None:
    """O8."""
    cycle = open_week(state=CycleState.SKIPPED, reason="Spring Festival.", held_at=None)
    assert "This week is skipped: Spring Festival." in page_of(cycle)


def test_the_award_names_the_team_and_the_fans_who_asked_as_they_wish() -> None:
    """O5, O6."""
    cycle = open_week()
    item = items_of(cycle)[0]
    author, shy = make_fan(display_name="Xiaolin"), make_fan(display_name="Shy Person")
    for fan, role in ((author, CreditRole.AUTHOR), (shy, CreditRole.CO_REQUESTER)):
        Credit.objects.create(
            release=item.release, item=item, fan=fan, role=role, credited_at=PUBLISH,
            is_anonymous=fan == shy,
        )  # fmt: skip
    vote(cycle, item, 4)
    counted(cycle)
    publish(cycle=cycle, at=PUBLISH)
    page = page_of(cycle)
    assert "大神" in page
    assert "Xiaolin" in page
    assert "1 fan who stays unnamed" in page
    assert "Shy Person" not in page


def test_one_chooses_whether_a_credit_names_them() -> None:
    """O6: and nobody chooses for another."""
    item = items_of(open_week())[0]
    fan = make_fan(display_name="Xiaolin")
    credit = Credit.objects.create(
        release=item.release, item=item, fan=fan, role=CreditRole.AUTHOR, credited_at=PUBLISH
    )
    own, other = Client(), Client()
    own.force_login(fan)
    other.force_login(make_fan())
    assert "Xiaolin" in other.get("/credits/").text
    assert other.post(f"/credits/{credit.pk}/name/withdrawal/").status_code == 404
    own.post(f"/credits/{credit.pk}/name/withdrawal/")
    assert "Xiaolin" not in other.get("/credits/").text
    own.post(f"/credits/{credit.pk}/name/")
    assert "Xiaolin" in other.get("/credits/").text


def test_the_letter_tells_the_week_and_my_credit() -> None:
    cycle, fan = open_week(), make_fan()
    for _ in range(6):
        send(cycle)
    vote(cycle, items_of(cycle)[0], 3)
    counted(cycle)
    publish(cycle=cycle, at=PUBLISH)
    section = published_weeks(fan, PUBLISH - timedelta(days=7), PUBLISH + SECOND)
    assert section is not None
    [week] = section.context["weeks"]
    assert week["said"] == "6 fans reported, and 100 % are satisfied."
    assert week["awards"] == ["Popcorn award: “Item 1”, by the team “Battery” (大神)."]
    assert published_weeks(fan, PUBLISH + SECOND, PUBLISH + timedelta(days=7)) is None
    assert own_credits(fan, PUBLISH - timedelta(days=7), PUBLISH) is None


# --- people ---------------------------------------------------------------------


def test_whoever_is_banned_has_no_open_voice_and_frozen_tallies_stay() -> None:
    frozen, open_one = open_week(weeks_ago=1), open_week()
    fan = make_fan()
    for cycle, at in ((frozen, TUESDAY - timedelta(weeks=1)), (open_one, TUESDAY)):
        send(cycle, fan=fan, at=at)
        cast_ballot(cycle=cycle, fan=fan, item=items_of(cycle)[0], at=at)
    freeze(cycle=frozen, at=LATE_CLOSES - timedelta(weeks=1))
    withdraw(fan=fan, at=TUESDAY, because=Because.BANNED)
    assert Report.objects.get().cycle == frozen
    assert Ballot.objects.get().cycle == frozen


def test_what_is_held_about_a_fan_is_exported_and_erased() -> None:
    cycle, fan = open_week(), make_fan()
    send(cycle, fan=fan, device="Phone 3")
    assert export(fan)["reports"][0]["device"] == "Phone 3"
    erase(fan=fan, at=PUBLISH, with_words=False)
    report = Report.objects.get()
    assert (report.device, report.new_need, report.revisions.count()) == ("", "A torch.", 0)
    erase(fan=fan, at=PUBLISH, with_words=True)
    report.refresh_from_db()
    assert (report.new_need, report.overall) == ("", 4)


@pytest.mark.parametrize("count", [1, 3])
def test_results_ask_the_same_of_the_database_however_many(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = open_week(items=count)
    wishes = [make_wish(cycle.product) for _ in range(count)]
    for _ in range(5):
        loved = tuple(item.pk for item in items_of(cycle))
        send(cycle, loved=loved, anticipated=tuple(wish.pk for wish in wishes))
    for item in items_of(cycle):
        vote(cycle, item, 3)
    counted(cycle)
    publish(cycle=cycle, at=PUBLISH)
    client = Client()
    client.get(address(cycle))
    with django_assert_num_queries(12):
        page = client.get(address(cycle)).text
    assert page.count("named by 5 fans") == count
