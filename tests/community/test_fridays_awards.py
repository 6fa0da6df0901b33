"""O5, O7, O9: the popcorn award in the database; recalled, corrected, and whose title it is."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command

from community.fridays.actions import withdraw_release
from community.fridays.actions.balloting import cast_ballot
from community.fridays.actions.freezing import freeze
from community.fridays.actions.publishing import correct, publish
from community.fridays.models import (
    AWARD_MOVED,
    Award,
    Cycle,
    Release,
    ReleaseItem,
    Report,
)
from community.products.models import Team
from config.front import newest_awards
from fans.ledger.models import SiteSize
from tests import locks
from tests.community.weeks import (
    LATE_CLOSES,
    PUBLISH,
    TUESDAY,
    add_build,
    items_of,
    make_wish,
    open_week,
    send,
)
from tests.factories import make_fan, make_staff

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


def vote(item: ReleaseItem, count: int, at_cycle: Cycle) -> None:
    for _ in range(count):
        cast_ballot(cycle=at_cycle, fan=make_fan(), item=item, at=at_cycle.report_opens_at)


def make_week(**fields: object) -> tuple[Cycle, ReleaseItem, ReleaseItem]:
    """Two builds of one item each, of two teams."""
    cycle = open_week(items=0, **fields)  # type: ignore[arg-type]
    for name in ("Battery", "Screen"):
        add_build(cycle, f"{name} lasts", version=f"{name} {cycle.week}")
        team, _ = Team.objects.get_or_create(name=name, slug=name.lower())
        ReleaseItem.objects.filter(title=f"{name} lasts").update(team=team)
    first, second = items_of(cycle)
    return cycle, first, second


def recall(item: ReleaseItem) -> None:
    withdraw_release(
        release=Release.objects.get(pk=item.release_id), reason="It loses photos.",
        actor=make_staff(), at=PUBLISH,
    )  # fmt: skip


def won(cycle: Cycle) -> list[tuple[int, int]]:
    return list(
        Award.objects.filter(cycle=cycle).order_by("item").values_list("item", "ballot_count")
    )


def holders() -> list[str]:
    """Whom the front page calls 大神."""
    cache.clear()
    return [award.team.name for award in newest_awards()]


def test_the_grids_decide_between_level_ballots() -> None:
    cycle, first, second = make_week()
    vote(first, 2, cycle)
    vote(second, 2, cycle)
    send(cycle, loved=(second.pk,))
    freeze(cycle=cycle, at=LATE_CLOSES)
    award = Award.objects.get()
    assert (award.item, award.ballot_count, award.team) == (second, 2, second.team)


def test_equal_in_everything_two_share_it() -> None:
    cycle, first, second = make_week()
    vote(first, 2, cycle)
    vote(second, 2, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    assert won(cycle) == [(first.pk, 2), (second.pk, 2)]


@pytest.mark.parametrize(("site_count", "has_winner"), [(90, True), (110, False)])
def test_how_many_ballots_it_takes_follows_the_size_of_the_site(
    site_count: int, has_winner: bool
) -> None:
    """n = 90 asks for five (90 ÷ 20 = 4.5), n = 110 for six."""
    SiteSize.objects.create(day=TUESDAY.date(), active_count=site_count)
    cycle, first, second = make_week()
    vote(first, 3, cycle)
    vote(second, 2, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    assert Award.objects.exists() is has_winner


def test_what_won_and_is_recalled_before_publication_leaves_it_to_the_next() -> None:
    """O9."""
    cycle, first, second = make_week()
    vote(first, 5, cycle)
    vote(second, 3, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    recall(first)
    assert won(cycle) == [(second.pk, 3)]
    assert cycle.weekly_reports.count() == 1
    cycle.refresh_from_db()
    publish(cycle=cycle, at=PUBLISH)
    assert holders() == ["Screen"]


def test_after_publication_a_new_version_says_so_and_one_holds_the_title() -> None:
    """O7, O9."""
    cycle, first, second = make_week()
    wish = make_wish(cycle.product)
    ReleaseItem.objects.filter(pk=second.pk).update(feature_request=wish)
    vote(first, 5, cycle)
    vote(second, 3, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    publish(cycle=cycle, at=PUBLISH)
    assert holders() == ["Battery"]
    recall(first)
    assert holders() == ["Screen"]
    versions = list(cycle.weekly_reports.order_by("version"))
    assert [version.note for version in versions] == ["", AWARD_MOVED]
    assert versions[1].figures == versions[0].figures
    assert "next in rank" in versions[1].note_words
    assert wish.story_steps.get(kind="verdict").facts["is_awarded"]


def test_one_of_two_that_share_it_is_recalled_and_the_other_has_it_alone() -> None:
    cycle, first, second = make_week()
    vote(first, 3, cycle)
    vote(second, 3, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    recall(first)
    assert won(cycle) == [(second.pk, 3)]


def test_with_too_few_ballots_left_nobody_has_it_and_the_one_before_keeps_the_title() -> None:
    before, old, _ = make_week(weeks_ago=1)
    vote(old, 4, before)
    freeze(cycle=before, at=LATE_CLOSES - WEEK)
    publish(cycle=before, at=PUBLISH - WEEK)
    cycle, first, second = make_week(product=before.product)
    Team.objects.filter(pk=first.team_id).update(name="Power")
    vote(first, 5, cycle)
    vote(second, 2, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    publish(cycle=cycle, at=PUBLISH)
    newest = Award.objects.get(cycle=cycle)
    recall(first)
    assert won(cycle) == []
    cache.clear()
    assert [award.cycle for award in newest_awards()] == [before]
    assert newest.cycle == cycle


def test_an_older_award_that_moves_takes_no_title_from_a_newer_one() -> None:
    before, old, next_best = make_week(weeks_ago=1)
    vote(old, 4, before)
    vote(next_best, 3, before)
    freeze(cycle=before, at=LATE_CLOSES - WEEK)
    publish(cycle=before, at=PUBLISH - WEEK)
    cycle, first, _ = make_week(product=before.product)
    vote(first, 3, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    publish(cycle=cycle, at=PUBLISH)
    recall(old)
    assert won(before) == [(next_best.pk, 3)]
    cache.clear()
    assert [award.cycle for award in newest_awards()] == [cycle]


def test_recalling_what_did_not_win_moves_nothing() -> None:
    cycle, first, second = make_week()
    vote(first, 5, cycle)
    vote(second, 3, cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    kept = Award.objects.get()
    recall(second)
    assert Award.objects.get() == kept


def test_a_correction_counts_again_and_moves_no_award() -> None:
    """O7: whoever won was told so. A bought report goes; the ballots were what they were."""
    cycle, first, second = make_week()
    vote(first, 2, cycle)
    vote(second, 2, cycle)
    bought = send(cycle, loved=(second.pk,))
    for _ in range(6):
        send(cycle)
    freeze(cycle=cycle, at=LATE_CLOSES)
    Report.objects.filter(pk=bought.pk).delete()
    correct(cycle=cycle, note="One report was bought.", actor=make_staff(), at=PUBLISH)
    counts = [each.figures["count"] for each in cycle.weekly_reports.order_by("version")]
    assert counts == [7, 6]
    assert won(cycle) == [(second.pk, 2)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_recall_waits_for_the_count_and_moves_the_award_it_gave() -> None:
    """O9: never a title for what is no longer out."""
    cycle, first, second = make_week()
    vote(first, 5, cycle)
    vote(second, 3, cycle)
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(lambda: recall(first))
        started.waits_for_a_lock()
        freeze(cycle=cycle, at=LATE_CLOSES)
        assert won(cycle) == [(first.pk, 5)]
    started.result()
    assert won(cycle) == [(second.pk, 3)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_count_waits_for_a_recall() -> None:
    cycle, first, second = make_week()
    vote(first, 5, cycle)
    vote(second, 3, cycle)
    with locks.holding(Cycle, cycle.pk):
        started = locks.start(lambda: freeze(cycle=cycle, at=LATE_CLOSES))
        started.waits_for_a_lock()
        recall(first)
    started.result()
    assert won(cycle) == [(second.pk, 3)]


@pytest.mark.django_db(transaction=True)
def test_weeks_of_before_are_paid_and_open_reports_get_their_marks() -> None:
    """0007: there and back."""
    frozen, open_one = open_week(weeks_ago=1), open_week()
    send(frozen, at=TUESDAY - WEEK)
    freeze(cycle=frozen, at=LATE_CLOSES - WEEK)
    send(open_one, fan=make_fan(joined_at=TUESDAY - WEEK, join_channel="invite"))
    Report.objects.update(tier="", tenure="", join_channel="")
    try:
        call_command("migrate", "community", "0006_reports_in_full", verbosity=0)
        call_command("migrate", "community", "0007_marks_of_open_reports", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    frozen.refresh_from_db()
    open_one.refresh_from_db()
    assert frozen.paid_at == frozen.passed_on_at == frozen.frozen_at is not None
    assert open_one.paid_at is open_one.passed_on_at is None
    marks = ["tier", "region_level", "tenure", "join_channel", "is_busiest"]
    assert list(Report.objects.order_by("first_sent_at").values_list(*marks)) == [
        ("", "unknown", "", "", False),
        ("casual", "unknown", "newcomer", "invite", False),
    ]
