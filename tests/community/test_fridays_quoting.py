"""Sentences of the reports in the published week (O7)."""

from datetime import datetime, timedelta

import pytest

from community.fridays.actions import publishing, quoting
from community.fridays.actions.freezing import freeze
from community.fridays.models import Cycle, Grid, Quotation, Report
from community.fridays.personal_data import erase
from community.fridays.quotations import quotations_shown
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from fans.ledger.models import Contribution
from fans.notifications.models import Notice
from tests.community.weeks import LATE_CLOSES, PUBLISH, open_week, send
from tests.factories import make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db

LATER = PUBLISH + timedelta(hours=3)


def counted_week(*, reports: int = 3, **fields: object) -> tuple[Cycle, list[Report], Fan]:
    cycle = open_week()
    words = {"loved_why": "It is fast. I like it.", "not_good_why": "It   gets\nhot at noon."}
    made = [send(cycle, **{**words, **fields}) for _ in range(reports)]  # type: ignore[arg-type]
    freeze(cycle=cycle, at=LATE_CLOSES)
    cycle.refresh_from_db()
    return cycle, made, make_staff()


def quote(report: Report, grid: str = "not_good", words: str = "", at: datetime = LATE_CLOSES,
          actor: Fan | None = None) -> Quotation:  # fmt: skip
    said = words or {"loved": "It is fast.", "not_good": "It gets hot"}[grid]
    return quoting.quote(report=report, grid=grid, words=said, actor=actor or make_staff(), at=at)


def publish(cycle: Cycle) -> None:
    publishing.publish(cycle=cycle, at=PUBLISH)


def shown(cycle: Cycle) -> dict[str, list[int]]:
    return {
        grid: [one.owner_id for one in quoted] for grid, quoted in quotations_shown(cycle).items()
    }


def score(report: Report) -> int:
    return sum(Contribution.objects.filter(fan=report.fan, kind="report.cited").values_list(
        "points", flat=True))  # fmt: skip


def told(report: Report) -> int:
    return Notice.objects.filter(fan=report.fan, event__kind="quoted").count()


def test_at_least_as_many_are_quoted_from_the_second_grid_as_from_the_first() -> None:
    """O7."""
    cycle, (first, second, third), _ = counted_week()
    with pytest.raises(quoting.Unbalanced):
        quote(first, Grid.LOVED)
    quote(first)
    quote(second, Grid.LOVED)
    with pytest.raises(quoting.Unbalanced):
        quote(third, Grid.LOVED)
    quote(third)
    quote(third, Grid.LOVED)
    assert shown(cycle) == {
        "loved": [second.fan_id, third.fan_id],
        "not_good": [first.fan_id, third.fan_id],
    }


def test_whatever_is_taken_back_later_the_week_stays_balanced() -> None:
    """O7: what was chosen last waits; it comes again when a second one from ② does."""
    cycle, (first, second, third), staff = counted_week()
    bad = quote(first)
    other = quote(second)
    quote(first, Grid.LOVED)
    late = quote(second, Grid.LOVED, at=LATE_CLOSES + timedelta(minutes=1))
    quoting.withdraw_quotation(quotation=bad, actor=first.fan, at=LATER)
    assert shown(cycle) == {"loved": [first.fan_id], "not_good": [second.fan_id]}
    quoting.withdraw_quotation(quotation=other, actor=staff, at=LATER)
    assert shown(cycle) == {"loved": [], "not_good": []}
    quote(third)
    quoting.restore_quotation(quotation=bad, actor=first.fan, at=LATER)
    assert shown(cycle)["loved"] == [first.fan_id, late.report.fan_id]


def test_only_words_of_the_report_are_quoted() -> None:
    _, [report], _ = counted_week(reports=1)
    for words in ("It gets cold", "it gets hot", " ", "It is fast."):
        with pytest.raises(quoting.NotTheirWords):
            quote(report, words=words)
    made = quote(report, words=" gets  hot at noon. ")
    assert (made.words, made.language) == ("gets hot at noon.", "en")


def test_nobody_is_quoted_against_their_word_or_under_a_name_they_did_not_give() -> None:
    cycle, [report], _ = counted_week(reports=1, quoting="no")
    with pytest.raises(quoting.MayNotBeQuoted):
        quote(report)
    Report.objects.update(quoting="unnamed")
    quote(report)
    assert [one.fan for one in quotations_shown(cycle)["not_good"]] == [None]
    other_cycle, [named], _ = counted_week(reports=1, quoting="named")
    quote(named)
    assert [one.fan for one in quotations_shown(other_cycle)["not_good"]] == [named.fan]
    for gone in ("banned_at", "leaving_at"):
        Fan.objects.filter(pk=named.fan_id).update(**{gone: LATER})
        assert [one.fan for one in quotations_shown(other_cycle)["not_good"]] == [None]
        with pytest.raises(quoting.MayNotBeQuoted):
            quote(named, words="hot")
        Fan.objects.filter(pk=named.fan_id).update(**{gone: None})


def test_words_are_chosen_once_the_week_is_frozen() -> None:
    cycle = open_week()
    report = send(cycle, not_good_why="It gets hot.")
    with pytest.raises(quoting.NotCountedYet):
        quote(report)


def test_a_quoted_fan_earns_once_and_is_told_when_the_results_are_out() -> None:
    """report.cited: 5 points, once a cycle."""
    cycle, (first, second, _), _ = counted_week()
    quote(first)
    quote(first, Grid.LOVED)
    assert (score(first), told(first)) == (0, 0)
    publish(cycle)
    assert (score(first), told(first)) == (5, 2)
    deed = Contribution.objects.get(fan=first.fan, kind="report.cited")
    assert (deed.effective_at, deed.validated) == (PUBLISH, True)
    again = quote(second, at=LATER)
    assert quote(second, at=LATER).pk == again.pk
    assert (score(second), told(second)) == (5, 1)


def test_points_go_with_what_staff_take_out_and_stay_with_what_the_fan_takes_back() -> None:
    cycle, (first, second, _), staff = counted_week()
    chosen = [quote(first), quote(first, Grid.LOVED), quote(second)]
    publish(cycle)
    assert quoting.withdraw_quotation(quotation=chosen[0], actor=staff, at=LATER)
    assert score(first) == 5  # their other sentence stands
    assert quoting.withdraw_quotation(quotation=chosen[1], actor=staff, at=LATER)
    assert not quoting.withdraw_quotation(quotation=chosen[1], actor=staff, at=LATER)
    assert score(first) == 0
    assert quoting.restore_quotation(quotation=chosen[0], actor=staff, at=LATER)
    assert not quoting.restore_quotation(quotation=chosen[0], actor=staff, at=LATER)
    assert (score(first), told(first)) == (5, 2)
    assert quoting.withdraw_quotation(quotation=chosen[2], actor=second.fan, at=LATER)
    assert score(second) == 5


def test_what_a_fan_took_back_stays_so_until_they_change_their_mind() -> None:
    cycle, (first, _, _), staff = counted_week()
    made = quote(first)
    publish(cycle)
    quoting.withdraw_quotation(quotation=made, actor=first.fan, at=LATER)
    with pytest.raises(quoting.TakenBack):
        quoting.restore_quotation(quotation=made, actor=staff, at=LATER)
    with pytest.raises(quoting.TakenBack):
        quote(first, words="hot")
    assert quoting.restore_quotation(quotation=made, actor=first.fan, at=LATER)
    quoting.withdraw_quotation(quotation=made, actor=staff, at=LATER)
    with pytest.raises(quoting.TakenBack):
        quoting.restore_quotation(quotation=made, actor=first.fan, at=LATER)


def test_every_choice_of_staff_is_in_the_log_and_no_private_word() -> None:
    _, [report], staff = counted_week(reports=1)
    made = quote(report, actor=staff)
    quoting.withdraw_quotation(quotation=made, actor=staff, at=LATER)
    quoting.restore_quotation(quotation=made, actor=staff, at=LATER)
    entries = AuditEntry.objects.filter(actor=staff).order_by("pk")
    assert list(entries.values_list("verb", "details")) == [
        ("words quoted", {"quotation": made.pk, "grid": "not_good"}),
        ("quotation withdrawn", {"quotation": made.pk}),
        ("quotation restored", {"quotation": made.pk}),
    ]


def test_words_of_somebody_erased_stay_without_a_name_or_go_on_wish() -> None:
    """A5."""
    cycle, [stays, goes], _ = counted_week(reports=2, quoting="named")
    quote(stays)
    quote(goes)
    erase(fan=stays.fan, at=LATER, with_words=False)
    erase(fan=goes.fan, at=LATER, with_words=True)
    assert shown(cycle) == {"loved": [], "not_good": [stays.fan_id]}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_choose_the_last_of_the_first_grid_at_once_choose_one() -> None:
    """O7 under the week's lock: the second sees what the first chose."""
    cycle, (first, second, third), staff = counted_week()
    quote(first)
    with holding(Cycle, cycle.pk):
        choosing = start(lambda: quote(second, Grid.LOVED, actor=staff))
        choosing.waits_for_a_lock()
    assert choosing.result().grid == Grid.LOVED
    with pytest.raises(quoting.Unbalanced):
        quote(third, Grid.LOVED)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_is_leaving_at_this_moment_is_not_quoted() -> None:
    """Cycle first, then the fan."""
    _, [report], staff = counted_week(reports=1)
    with holding(Fan, report.fan_id):
        choosing = start(lambda: quote(report, actor=staff))
        choosing.waits_for_a_lock()
        Fan.objects.filter(pk=report.fan_id).update(leaving_at=LATER)
    with pytest.raises(quoting.MayNotBeQuoted):
        choosing.result()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_taking_back_waits_for_the_results_that_go_out() -> None:
    cycle, [report], _ = counted_week(reports=1)
    made = quote(report)
    with holding(Cycle, cycle.pk):
        taking = start(
            lambda: quoting.withdraw_quotation(quotation=made, actor=report.fan, at=LATER)
        )
        taking.waits_for_a_lock()
    assert taking.result() is True
