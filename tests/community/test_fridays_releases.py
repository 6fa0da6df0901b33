"""A build is written, ready, out (F6), recalled (F7)."""

from datetime import timedelta
from typing import Any

import pytest

from community.feature_requests import actions as requests
from community.feature_requests.models import FeatureRequest, Status
from community.fridays import actions
from community.fridays.actions import (
    Incomplete,
    ItemDetails,
    NotInThatState,
    ReasonMissing,
    ReleaseDetails,
    TooLate,
    VersionTaken,
    WishesNotOnTheWay,
    sweep_cycle,
)
from community.fridays.models import (
    Credit,
    CreditRole,
    Cycle,
    CycleState,
    Release,
    ReleaseState,
)
from community.threads.models import Thread, ThreadKind
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from fans.ledger.models import Contribution
from fans.notifications.models import Event
from fans.tiers.models import TierRun
from tests.community import feature_requests as wishes
from tests.community.fridays import (
    BEFORE,
    TARGET,
    make_cycle,
    make_draft,
    make_published,
    make_ready,
    make_team,
    on_the_way,
)
from tests.factories import ProductFactory, make_core_fan, make_fan, make_moderator, make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def wish_of(cycle: Cycle, status: Status = Status.PLANNED, **fields: Any) -> FeatureRequest:
    return on_the_way(wishes.make_request(product=cycle.product, **fields), status)


def points(fan: Any) -> list[int]:
    rows = Contribution.objects.filter(fan=fan, kind="request.shipped").order_by("pk")
    return [row.points for row in rows]


# --- writing it down ---------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_draft() -> None:
    """C3."""
    cycle, staff = make_cycle(), make_staff()
    first = make_draft(cycle, actor=staff)
    assert make_draft(cycle, actor=staff) == first
    assert [item.number for item in first.items.order_by("number")] == [1]


def test_a_version_belongs_to_one_build() -> None:
    cycle = make_cycle()
    make_draft(cycle)
    with pytest.raises(VersionTaken):
        make_draft(cycle)  # somebody else's


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"notes": " "}, ["notes"]),
        ({"has_no_known_defects": False}, ["known_defects"]),
        ({"cycle": None}, ["cycle"]),
    ],
)
def test_a_build_that_lacks_something_is_not_ready(
    lacking: dict[str, Any], named: list[str]
) -> None:
    release = make_draft(make_cycle(), **lacking)
    with pytest.raises(Incomplete) as refusal:
        actions.make_ready(release=release, actor=release.created_by, at=BEFORE)
    assert refusal.value.missing == named


def test_a_build_with_nothing_in_it_is_not_ready() -> None:
    cycle, staff = make_cycle(), make_staff()
    details = ReleaseDetails(
        version="1", cycle=cycle, notes="New.", known_defects="It hums when it is charged."
    )
    release = actions.draft_release(
        product=cycle.product, details=details, items=[], actor=staff, at=BEFORE
    )
    with pytest.raises(Incomplete, match="items"):
        actions.make_ready(release=release, actor=staff, at=BEFORE)


def test_what_is_ready_is_not_changed_but_taken_back() -> None:
    release = make_ready(make_cycle())
    details = ReleaseDetails(version="4.3", cycle=release.cycle, notes="Other.")
    item = ItemDetails(kind="new", title="Other", team=make_team())
    staff = release.created_by
    with pytest.raises(NotInThatState):
        actions.change_release(
            release=release, details=details, items=[item], actor=staff, at=BEFORE
        )
    assert actions.take_back(release=release, actor=staff, at=BEFORE) is True
    assert actions.take_back(release=release, actor=staff, at=BEFORE) is False
    actions.change_release(release=release, details=details, items=[item], actor=staff, at=BEFORE)
    release.refresh_from_db()
    assert (release.version, release.state, release.early_from) == ("4.3", "draft", None)


def test_core_fans_read_the_notes_a_day_early() -> None:
    release = make_ready(make_cycle())
    early = TARGET - 24 * HOUR
    assert release.early_from == early
    readers = [make_core_fan(), make_moderator(), make_fan(), make_staff()]
    sees = [Release.objects.visible_to(reader, early).exists() for reader in readers]
    assert sees == [True, True, False, True]
    assert not Release.objects.visible_to(readers[0], early - HOUR).exists()


# --- out ---------------------------------------------------------------------------------------


def test_publishing_ships_pays_thanks_and_opens_the_talk_once() -> None:
    """F6."""
    cycle = make_cycle()
    wish = wish_of(cycle, votes=2)
    same = wishes.make_request(product=cycle.product)
    wishes.merge(same, wish)
    release = make_ready(cycle, wish)
    assert actions.told_count(release) == 4  # two voters, both authors
    requests.follow(feature_request=wish, fan=make_fan(), at=TARGET - HOUR)
    assert actions.told_count(release) == 5
    requests.mute(feature_request=wish, fan=wish.votes.earliest("pk").fan, at=TARGET - HOUR)
    requests.mute(feature_request=wish, fan=make_fan(), at=TARGET - HOUR)  # who hears nothing
    assert actions.told_count(release) == 4
    staff = make_staff()
    assert actions.publish_release(release=release, actor=staff, at=TARGET) is True
    assert actions.publish_release(release=release, actor=staff, at=TARGET + HOUR) is False
    wish.refresh_from_db()
    release.refresh_from_db()
    assert (wish.status, release.state) == (Status.SHIPPED, ReleaseState.PUBLISHED)
    assert (points(wish.author), points(same.author)) == ([30], [15])
    credits = Credit.objects.order_by("role").values_list("fan", "role")
    assert list(credits) == [
        (wish.author_id, CreditRole.AUTHOR),
        (same.author_id, CreditRole.CO_REQUESTER),
    ]
    assert Event.objects.filter(kind="request_shipped").count() == 1
    assert Event.objects.filter(kind="release_published").count() == 1
    thread = Thread.objects.get(kind=ThreadKind.RELEASE)
    assert release.thread == thread
    assert (thread.author, thread.about_url) == (release.created_by, release.get_absolute_url())
    assert list(
        AuditEntry.objects.filter(verb="release published").values_list("actor", flat=True)
    ) == [staff.pk]


@pytest.mark.parametrize("status", [Status.IN_DEVELOPMENT, Status.IN_TESTING])
def test_what_is_in_work_ships_too(status: Status) -> None:
    cycle = make_cycle()
    wish = wish_of(cycle, status)
    make_published(cycle, wish)
    wish.refresh_from_db()
    assert wish.status == Status.SHIPPED


def test_a_wish_in_another_state_stops_it_by_name() -> None:
    """F6."""
    cycle = make_cycle()
    planned, not_yet = wish_of(cycle), wish_of(cycle, Status.UNDER_REVIEW)
    release = make_ready(cycle, planned, not_yet)
    with pytest.raises(WishesNotOnTheWay) as refusal:
        actions.publish_release(release=release, actor=make_staff(), at=TARGET)
    assert refusal.value.wishes == [not_yet]
    planned.refresh_from_db()
    release.refresh_from_db()
    assert (planned.status, release.state) == (Status.PLANNED, ReleaseState.READY)
    assert not Credit.objects.exists()


def test_the_sweep_waits_for_the_wish_that_stops_it() -> None:
    cycle = make_cycle()
    wish = wish_of(cycle, Status.UNDER_REVIEW)
    make_ready(cycle, wish)
    assert sweep_cycle(cycle_id=cycle.pk, at=TARGET + HOUR) == 0
    FeatureRequest.objects.filter(pk=wish.pk).update(
        status=Status.PLANNED, status_at=TARGET + 2 * HOUR
    )
    assert sweep_cycle(cycle_id=cycle.pk, at=TARGET + 3 * HOUR) == 1
    cycle.refresh_from_db()
    assert cycle.released_at == TARGET + 2 * HOUR


def test_by_hand_it_comes_out_early_but_not_after_the_deadline() -> None:
    cycle, other = make_cycle(), make_cycle()
    early, late = make_ready(cycle), make_ready(other)
    actions.publish_release(release=early, actor=make_staff(), at=BEFORE)
    cycle.refresh_from_db()
    assert (cycle.released_at, cycle.report_opens_at) == (BEFORE, other.report_opens_at)
    with pytest.raises(TooLate):
        actions.publish_release(release=late, actor=make_staff(), at=other.skip_deadline_at)


def test_a_build_that_missed_its_week_is_a_draft_for_another() -> None:
    cycle = make_cycle()
    release = make_ready(cycle, wish_of(cycle, Status.UNDER_REVIEW))
    sweep_cycle(cycle_id=cycle.pk, at=cycle.skip_deadline_at)
    release.refresh_from_db()
    assert (release.state, release.early_from) == (ReleaseState.DRAFT, None)
    with pytest.raises(TooLate):
        actions.make_ready(
            release=release, actor=release.created_by, at=cycle.skip_deadline_at + HOUR
        )


def test_a_hotfix_joins_the_week_and_moves_no_times() -> None:
    cycle = make_cycle()
    make_published(cycle)
    cycle.refresh_from_db()
    before = (cycle.state, cycle.released_at, cycle.report_opens_at)
    hotfix = make_ready(cycle, version="4.2.1", at=TARGET + 70 * HOUR)
    sweep_cycle(cycle_id=cycle.pk, at=TARGET + 71 * HOUR)
    hotfix.refresh_from_db()
    assert hotfix.state == ReleaseState.READY  # by hand alone
    actions.publish_release(release=hotfix, actor=make_staff(), at=TARGET + 71 * HOUR)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.released_at, cycle.report_opens_at) == before
    assert cycle.releases.filter(state=ReleaseState.PUBLISHED).count() == 2


def test_the_choice_to_stay_unnamed_goes_on() -> None:
    """O6."""
    cycle = make_cycle()
    first, second = wish_of(cycle), wish_of(cycle)
    FeatureRequest.objects.filter(pk=second.pk).update(author=first.author)
    make_published(cycle, first)
    Credit.objects.update(is_anonymous=True)
    make_published(cycle, second, version="4.2.1")
    assert list(Credit.objects.values_list("is_anonymous", flat=True)) == [True, True]


@pytest.mark.parametrize(("is_main", "waits"), [(True, True), (False, False)])
def test_the_tiers_wait_for_a_late_build_of_the_main_product(is_main: bool, waits: bool) -> None:
    """T1."""
    cycle = make_cycle(ProductFactory.create(is_main=is_main))
    late = cycle.skip_deadline_at - HOUR
    actions.publish_release(release=make_ready(cycle), actor=make_staff(), at=late)
    cycle.refresh_from_db()
    run = TierRun.objects.filter(week="2026-W48", due_at=cycle.late_closes_at + HOUR)
    assert run.exists() is waits


def test_hidden_talk_hides_the_build() -> None:
    release = make_published(make_cycle())
    fan = make_fan()
    assert Release.objects.visible_to(fan).exists()
    Thread.objects.filter(pk=release.thread_id).update(state="hidden")
    assert not Release.objects.visible_to(fan).exists()


# --- recalled ----------------------------------------------------------------------------------


def test_recalling_takes_back_what_it_gave_and_shipping_again_pays_once() -> None:
    """F7."""
    cycle = make_cycle()
    wish = wish_of(cycle)
    release, staff = make_published(cycle, wish), make_staff()
    with pytest.raises(ReasonMissing):
        actions.withdraw_release(release=release, reason="", actor=staff, at=TARGET)
    assert actions.withdraw_release(release=release, reason="It burns.", actor=staff, at=TARGET)
    assert not actions.withdraw_release(release=release, reason="Hot.", actor=staff, at=TARGET)
    wish.refresh_from_db()
    cycle.refresh_from_db()
    assert (wish.status, cycle.state) == (Status.IN_TESTING, CycleState.WITHDRAWN)
    assert cycle.reason == "It burns."
    assert points(wish.author) == [30, -30]
    assert not Credit.objects.visible_to(staff).exists()
    again = make_ready(cycle, wish, version="4.2.1", at=TARGET + HOUR)
    sweep_cycle(cycle_id=cycle.pk, at=TARGET + 2 * HOUR)
    wish.refresh_from_db()
    cycle.refresh_from_db()
    assert (wish.status, cycle.state, cycle.withdrawn_at) == (Status.SHIPPED, "released", None)
    assert cycle.released_at == TARGET + HOUR
    assert sum(points(wish.author)) == 30
    assert Credit.objects.visible_to(staff).get().release == again


def test_a_week_whose_form_was_open_is_counted_all_the_same() -> None:
    """O9."""
    cycle = make_cycle()
    release = make_published(cycle)
    sweep_cycle(cycle_id=cycle.pk, at=cycle.report_opens_at)
    actions.withdraw_release(
        release=release, reason="It burns.", actor=make_staff(), at=cycle.report_opens_at + HOUR
    )
    sweep_cycle(cycle_id=cycle.pk, at=cycle.close_at)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.WITHDRAWN
    assert (cycle.frozen_at, cycle.published_at) == (cycle.late_closes_at, cycle.publish_at)


def test_a_hotfix_comes_too_late_once_the_week_is_over_whoever_was_there_to_close_it() -> None:
    """O1: by the stored times; a worker that stands still keeps no week open."""
    cycle = make_cycle()
    make_published(cycle)
    cycle.refresh_from_db()
    hotfix = make_draft(cycle, version="4.2.2")
    with pytest.raises(actions.TooLate):
        actions.make_ready(release=hotfix, actor=make_staff(), at=cycle.close_at)
    actions.make_ready(release=hotfix, actor=make_staff(), at=cycle.close_at - HOUR)
    with pytest.raises(actions.TooLate):
        actions.publish_release(release=hotfix, actor=make_staff(), at=cycle.close_at)


def test_a_recalled_hotfix_leaves_the_week_alone() -> None:
    cycle = make_cycle()
    make_published(cycle)
    hotfix = make_published(cycle, version="4.2.1")
    actions.withdraw_release(release=hotfix, reason="Worse.", actor=make_staff(), at=TARGET)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.RELEASED


# --- locks -------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once() -> None:
    """F6: everything that happens to a week queues up behind its row."""
    cycle = make_cycle()
    wish = wish_of(cycle)
    release, staff = make_ready(cycle, wish), make_staff()

    def publish() -> bool:
        return actions.publish_release(release=release, actor=staff, at=TARGET)

    with holding(Cycle, cycle.pk):
        first, second = start(publish), start(publish)
        first.waits_for_a_lock()
        second.waits_for_a_lock(of_anybody=True)
    assert sorted([first.result(), second.result()]) == [False, True]
    assert points(wish.author) == [30]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_waits_for_an_answer_to_its_wish() -> None:
    """F6: no status changes between looking and shipping."""
    cycle = make_cycle()
    wish = wish_of(cycle)
    release = make_ready(cycle, wish)
    with holding(FeatureRequest, wish.pk):
        publishing = start(lambda: actions.publish_release(release=release, actor=None, at=TARGET))
        publishing.waits_for_a_lock()
    assert publishing.result() is True


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_recall_takes_all_its_wishes_before_anybody_who_is_paid() -> None:
    """F7, and the order of locks: who votes holds a wish and waits for the fan."""
    cycle = make_cycle()
    named = [wish_of(cycle), wish_of(cycle)]
    release = make_published(cycle, *named)
    first, second = sorted(named, key=lambda wish: wish.pk)
    staff = make_staff()
    with holding(FeatureRequest, second.pk):
        recalling = start(
            lambda: actions.withdraw_release(
                release=release, reason="It burns.", actor=staff, at=TARGET + HOUR
            )
        )
        recalling.waits_for_a_lock()
        free = Fan.objects.get_queryset().select_for_update(nowait=True, no_key=True)
        assert list(free.filter(pk=first.author_id).values_list("pk", flat=True))
    assert recalling.result()
