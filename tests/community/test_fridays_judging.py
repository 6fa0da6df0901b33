"""What those who voted for a wish say once it has shipped (F8)."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import actions as requests
from community.feature_requests.models import FeatureRequest, Status, StatusChange, StoryStep, Vote
from community.feature_requests.promises import promise_of
from community.feature_requests.story import story
from community.fridays import actions
from community.fridays.actions.judging import (
    asked_of,
    judge,
    needed_answers,
    tell_judgements,
)
from community.fridays.models import Cycle, Judgement, Release, ReleaseState, Report, Verdict, Works
from community.products.models import Product
from fans.accounts.models import Fan
from fans.notifications.models import Event
from tests.community import feature_requests as wishes
from tests.community.feature_requests import fresh
from tests.community.fridays import TARGET, make_cycle, make_published, make_ready
from tests.factories import NOW, make_fan, make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
WORKS, PARTLY, BROKEN = Works.WORKS, Works.PARTLY, Works.BROKEN


def shipped(cycle: Cycle, *, votes: int = 4, **fields: object) -> tuple[FeatureRequest, Release]:
    """A wish that came with the build of this week, and so many who had voted for it."""
    wish = wishes.make_request(product=cycle.product, votes=votes, status=Status.PLANNED)
    release = make_published(cycle, wish, **fields)
    cycle.refresh_from_db()
    return fresh(wish), release


def voters(wish: FeatureRequest) -> list[Fan]:
    return [vote.fan for vote in Vote.objects.shown_with(wish).select_related("fan").order_by("pk")]


def say(cycle: Cycle, wish: FeatureRequest, release: Release, *answers: str) -> None:
    for fan, answer in zip(voters(wish), answers, strict=False):
        report = Report.objects.create(
            cycle=cycle, fan=fan, overall=4, is_late=False, first_sent_at=TARGET, sent_at=TARGET
        )
        Verdict.objects.create(report=report, feature_request=wish, release=release, answer=answer)


def asked(cycle: Cycle, fan: Fan) -> list[tuple[int, str]]:
    return [(one.feature_request.pk, one.release.version) for one in asked_of(cycle, fan)]


def week_after(cycle: Cycle) -> Cycle:
    """The next week of the product, whose form has opened."""
    made = actions.schedule_weeks(product=cycle.product, at=cycle.release_target_at + HOUR)
    following = made[-1]
    following.released_at = following.release_target_at
    following.save()
    return following


# --- who is asked ------------------------------------------------------------------------------


def test_whoever_voted_is_asked_in_the_form_after_the_build() -> None:
    cycle = make_cycle()
    wish, _ = shipped(cycle)
    assert [asked(cycle, fan) for fan in voters(wish)] == [[(wish.pk, "4.2")]] * 4
    assert asked(cycle, make_fan()) == []
    assert asked(week_after(cycle), voters(wish)[0]) == []  # once


def test_whoever_voted_for_what_is_merged_into_it_is_asked_once() -> None:
    """F4."""
    cycle = make_cycle()
    wish = wishes.make_request(product=cycle.product, status=Status.PLANNED)
    same, fan = wishes.make_request(product=cycle.product), make_fan()
    wishes.vote(wish, fan)
    wishes.vote(same, fan, other := make_fan())
    wishes.merge(same, wish)
    release = make_published(cycle, same)  # the build names what was merged
    assert [asked(cycle, each) for each in (fan, other)] == [[(wish.pk, "4.2")]] * 2
    wishes.undo(same)
    assert asked(cycle, other) == []
    assert judge(cycle, cycle.late_closes_at) == []
    assert release.items.count() == 2


def test_a_vote_that_never_counted_is_not_asked() -> None:
    """F2: an account of less than seven days."""
    cycle = make_cycle()
    wish, _ = shipped(cycle)
    young = voters(wish)[0]
    Vote.objects.filter(fan=young).update(counted_at=None)
    assert asked(cycle, young) == []
    assert judge(cycle, cycle.late_closes_at)[0].voter_count == 3


def test_a_hotfix_of_an_open_form_is_asked_about_in_the_next() -> None:
    cycle = make_cycle()
    make_published(cycle)
    cycle.refresh_from_db()
    wish = wishes.make_request(product=cycle.product, votes=1, status=Status.PLANNED)
    hotfix = make_ready(cycle, wish, version="4.2.1", at=TARGET + HOUR)
    actions.publish_release(release=hotfix, actor=make_staff(), at=cycle.report_opens_at)
    [fan] = voters(wish)
    following = week_after(cycle)
    assert (asked(cycle, fan), asked(following, fan)) == ([], [(wish.pk, "4.2.1")])


def test_a_week_without_a_form_hands_its_question_on() -> None:
    """Recalled, or skipped, before anybody could report."""
    cycle = make_cycle()
    wish, _ = shipped(cycle)
    skipped = week_after(cycle)
    skipped.released_at = None
    skipped.save()
    following = week_after(skipped)
    Release.objects.update(published_at=cycle.report_opens_at + HOUR)
    assert asked(following, voters(wish)[0]) == [(wish.pk, "4.2")]


def test_what_was_recalled_or_is_hidden_is_not_asked_about() -> None:
    cycle = make_cycle()
    wish, release = shipped(cycle)
    fan = voters(wish)[0]
    wish.thread.state = "hidden"
    wish.thread.save()
    assert asked(cycle, fan) == []
    wish.thread.state = "published"
    wish.thread.save()
    make_published(cycle, version="4.2.1")  # the week goes on
    actions.withdraw_release(release=release, reason="Hot.", actor=make_staff(), at=TARGET)
    assert asked(cycle, fan) == []
    assert judge(cycle, cycle.late_closes_at) == []


@pytest.mark.parametrize("wishes_shipped", [1, 3])
def test_asking_costs_five_queries(
    django_assert_num_queries: DjangoAssertNumQueries, wishes_shipped: int
) -> None:
    cycle, fan = make_cycle(), make_fan()
    named = [
        wishes.make_request(product=cycle.product, status=Status.PLANNED)
        for _ in range(wishes_shipped)
    ]
    for wish in named:
        wishes.vote(wish, fan)
    make_published(cycle, *named)
    with django_assert_num_queries(5):
        found = asked_of(cycle, fan)
    assert [one.feature_request.pk for one in found] == [wish.pk for wish in named]


# --- the judgement -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("voter_count", "needed"), [(0, 3), (30, 3), (31, 4), (200, 20), (201, 20), (3000, 20)]
)
def test_a_tenth_of_the_voters_must_answer(voter_count: int, needed: int) -> None:
    assert needed_answers(voter_count) == needed


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ([], Status.SHIPPED),
        ([BROKEN, BROKEN], Status.SHIPPED),  # too few
        ([BROKEN, BROKEN, WORKS], Status.REOPENED),
        ([BROKEN, BROKEN, WORKS, PARTLY], Status.SHIPPED),  # no more than half
        ([BROKEN, BROKEN, BROKEN, PARTLY], Status.REOPENED),
    ],
)
def test_it_reopens_when_more_than_half_say_broken(answers: list[str], status: str) -> None:
    cycle = make_cycle()
    wish, release = shipped(cycle)
    say(cycle, wish, release, *answers)
    [judgement] = judge(cycle, cycle.late_closes_at)
    assert fresh(wish).status == status
    assert (judgement.reopened_at is not None) is (status == Status.REOPENED)
    counts = (judgement.works_count, judgement.partly_count, judgement.broken_count)
    assert counts == tuple(answers.count(each) for each in (WORKS, PARTLY, BROKEN))
    assert judgement.voter_count == 4


def test_what_reopens_has_its_votes_its_points_and_everybody_told_once() -> None:
    """F8, F9, L4."""
    cycle = make_cycle()
    wish, release = shipped(cycle)
    say(cycle, wish, release, BROKEN, BROKEN, BROKEN)
    Event.objects.all().delete()
    at = cycle.late_closes_at
    assert judge(cycle, at)[0].reopened_at == at
    assert judge(cycle, at) == []
    [event] = Event.objects.filter(subject=wish.subject)
    assert (event.kind, event.facts["became"], event.actor) == ("request_status", "reopened", None)
    change = StatusChange.objects.get(feature_request=wish, became=Status.REOPENED)
    assert change.reason_words.startswith("More than half of those who asked")
    wish = fresh(wish)
    assert (wish.vote_count, wish.takes_votes, wish.answered_at) == (4, True, None)
    wishes.vote(wish, make_fan(), at=at)
    assert (wishes.count(wish), wishes.recount()) == (5, [])
    deeds = wish.author.contributions.filter(kind="request.shipped")
    assert [deed.points for deed in deeds] == [30]
    assert release.credits.count() == 1


def test_shipping_again_pays_once_and_is_judged_again() -> None:
    """F7, F8: at most once a release."""
    cycle = make_cycle()
    wish, release = shipped(cycle)
    say(cycle, wish, release, BROKEN, BROKEN, BROKEN)
    judge(cycle, cycle.late_closes_at)
    wishes.move(wish, Status.UNDER_REVIEW)
    wishes.move(wish, Status.PLANNED)
    following = week_after(cycle)
    again = make_ready(following, wish, version="4.3", at=following.release_target_at - HOUR)
    at = following.release_target_at
    actions.publish_release(release=again, actor=make_staff(), at=at)
    deeds = wish.author.contributions.filter(kind="request.shipped")
    assert [deed.points for deed in deeds] == [30]
    assert asked(following, voters(wish)[0]) == [(wish.pk, "4.3")]
    # The first build is recalled only now: the wish has shipped with another since.
    actions.withdraw_release(release=release, reason="Hot.", actor=make_staff(), at=at + HOUR)
    assert fresh(wish).status == Status.SHIPPED
    assert [deed.points for deed in deeds.all()] == [30]
    [second] = judge(following, following.late_closes_at)
    assert (second.release, second.reopened_at) == (again, None)


def test_recalling_the_build_of_a_reopened_wish_takes_its_points_back() -> None:
    """F7."""
    cycle = make_cycle()
    wish, release = shipped(cycle)
    say(cycle, wish, release, BROKEN, BROKEN, BROKEN)
    judge(cycle, cycle.late_closes_at)
    at = cycle.late_closes_at + HOUR
    actions.withdraw_release(release=release, reason="Hot.", actor=make_staff(), at=at)
    deeds = wish.author.contributions.filter(kind="request.shipped").order_by("pk")
    assert ([deed.points for deed in deeds], fresh(wish).status) == ([30, -30], Status.REOPENED)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([WORKS], "A few of those who asked for it said how it works; too few for numbers."),
        ([BROKEN] * 3, "Most of the few who asked for it and answered say it is broken."),
        (
            [WORKS, WORKS, WORKS, PARTLY, BROKEN],
            "The verdict of those who asked for it: 3 works, 1 partly, 1 broken.",
        ),
    ],
)
def test_the_story_and_the_page_tell_the_judgement(
    answers: list[str], words: str, client: object
) -> None:
    """O4: numbers from five answers on, and with the results, not before them."""
    cycle = make_cycle()
    wish, release = shipped(cycle, votes=6)
    say(cycle, wish, release, *answers)
    judge(cycle, cycle.late_closes_at)
    assert not StoryStep.objects.filter(kind="judged").exists()
    tell_judgements(cycle)
    told = story(fresh(wish), make_fan(), cycle.late_closes_at + HOUR)
    assert [line.words for line in told.lines if line.kind == "judged"] == [words]
    page = client.get(wish.get_absolute_url())  # type: ignore[attr-defined]
    assert words in page.content.decode()


def test_nobody_answered_is_no_line_of_the_story() -> None:
    cycle = make_cycle()
    shipped(cycle)
    judge(cycle, cycle.late_closes_at)
    tell_judgements(cycle)
    assert not StoryStep.objects.filter(kind="judged").exists()


# --- promises ----------------------------------------------------------------------------------


def test_a_kept_promise_stays_kept_when_the_wish_is_opened_again() -> None:
    cycle = make_cycle()
    wish = wishes.make_request(product=cycle.product, votes=3, status=Status.PLANNED)
    requests.promise(feature_request=wish, week="2026-W47", actor=make_staff(), at=NOW)
    release = make_published(cycle, wish)
    cycle.refresh_from_db()
    say(cycle, wish, release, BROKEN, BROKEN, BROKEN)
    judge(cycle, cycle.late_closes_at)
    wish = fresh(wish)
    much_later = cycle.late_closes_at + 4 * WEEK
    assert (wish.status, promise_of(wish, much_later)) == (Status.REOPENED, "kept")
    assert wish.owed_week == ""
    wishes.move(wish, Status.UNDER_REVIEW)
    wishes.move(wish, Status.PLANNED, promised_for="2026-W48", reason="")  # a new one, not moved
    assert promise_of(fresh(wish), much_later) == "overdue"


# --- locks -------------------------------------------------------------------------------------


def broken_week() -> tuple[Cycle, FeatureRequest, Release]:
    cycle = make_cycle()
    wish, release = shipped(cycle)
    say(cycle, wish, release, BROKEN, BROKEN, BROKEN)
    return cycle, wish, release


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_judging_waits_for_whoever_opens_the_wish_by_hand() -> None:
    cycle, wish, _ = broken_week()
    staff = make_staff()
    with holding(FeatureRequest, wish.pk):
        judging = start(lambda: judge(cycle, cycle.late_closes_at))
        judging.waits_for_a_lock()
        wishes.move(wish, Status.REOPENED, actor=staff)
    assert judging.result() == []
    assert StatusChange.objects.filter(became=Status.REOPENED).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_judging_waits_for_a_recall() -> None:
    cycle, wish, release = broken_week()
    with holding(FeatureRequest, wish.pk):
        judging = start(lambda: judge(cycle, cycle.late_closes_at))
        judging.waits_for_a_lock()
        Release.objects.filter(pk=release.pk).update(state=ReleaseState.WITHDRAWN)
    assert (judging.result(), Judgement.objects.count()) == ([], 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_vote_waits_for_the_judgement_and_is_counted_with_the_others() -> None:
    cycle, wish, _ = broken_week()
    fan = make_fan()
    with holding(FeatureRequest, wish.pk):
        voting = start(lambda: wishes.vote(wish, fan))
        voting.waits_for_a_lock()
        judge(cycle, cycle.late_closes_at)
    voting.result()
    assert (wishes.count(wish), wishes.recount()) == (5, [])


def test_other_products_are_other_weeks() -> None:
    cycle = make_cycle()
    wish, _ = shipped(cycle)
    assert (
        asked(make_cycle(Product.objects.exclude(pk=cycle.product_id).first()), voters(wish)[0])
        == []
    )
