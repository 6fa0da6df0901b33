"""Whom a build thanks: askers, finders of faults, testers, translators (O6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.feature_requests.models import FeatureRequest, Status, StoryStep
from community.feature_requests.story import story
from community.feedback.models import FeedbackItem, ItemState
from community.fridays import actions
from community.fridays.actions import NotInThatState
from community.fridays.actions.crediting import (
    give_credit,
    stay_unnamed,
    take_by_name,
    withdraw_credit,
)
from community.fridays.models import Credit, Cycle, Release
from community.fridays.notices import CreditGiven, ReleasePublished
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from fans.notifications.models import Event
from tests.community import feature_requests as wishes
from tests.community.fridays import TARGET, make_cycle, make_published, make_ready
from tests.community.test_fridays_pages import signed_in
from tests.factories import make_fan, make_feedback, make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def fault(cycle: Cycle, **fields: Any) -> FeedbackItem:
    return make_feedback(product=cycle.product, **fields)


def ready(cycle: Cycle, *faults: FeedbackItem) -> Release:
    release = make_ready(cycle)
    release.items.get().fixes.set(faults)
    return release


def publish(release: Release, at: Any = TARGET) -> Release:
    actions.publish_release(release=release, actor=make_staff(), at=at)
    release.refresh_from_db()
    return release


def thanked(release: Release) -> list[tuple[int, str]]:
    rows = Credit.objects.visible_to(make_fan()).filter(release=release)
    return list(rows.order_by("pk").values_list("fan", "role"))


# --- whoever found a fault -----------------------------------------------------------------------


def test_whoever_told_of_a_fault_is_thanked_once_and_asked_whether_it_is_solved() -> None:
    cycle = make_cycle()
    first = fault(cycle)
    again = fault(cycle, duplicate_of=first, state=ItemState.DUPLICATE)
    same = fault(cycle, reporter=first.reporter)
    release = ready(cycle, again, same)  # the duplicate stands for the first
    assert actions.asked_count(release) == 2
    publish(release)
    assert thanked(release) == [
        (first.reporter_id, "bug_finder"),
        (again.reporter_id, "bug_finder"),
    ]
    states = FeedbackItem.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ItemState.RESOLVED, ItemState.DUPLICATE, ItemState.RESOLVED]
    asked = Event.objects.filter(kind="feedback_resolved").order_by("pk")
    assert [event.subject for event in asked] == [first.subject, same.subject]
    step = first.steps.get()
    assert (step.answer, step.happened_at) == (f"{release} · Wakes up faster", TARGET)


def test_the_sweep_solves_faults_in_the_name_of_whoever_wrote_the_build_down() -> None:
    cycle = make_cycle()
    release = ready(cycle, told := fault(cycle))
    actions.sweep_cycle(cycle_id=cycle.pk, at=TARGET + HOUR)
    assert told.steps.get().actor == release.created_by


def test_what_ended_before_stays_as_it_is() -> None:
    cycle = make_cycle()
    solved = fault(cycle, state=ItemState.VERIFIED)
    declined = fault(cycle, state=ItemState.DECLINED)
    release = publish(ready(cycle, solved, declined))
    assert thanked(release) == [(solved.reporter_id, "bug_finder")]
    assert not Event.objects.filter(kind__startswith="feedback").exists()


def test_whoever_told_us_in_private_is_not_named_for_it() -> None:
    cycle = make_cycle()
    publish(ready(cycle, fault(cycle, is_public=False), fault(cycle)))
    assert list(Credit.objects.order_by("pk").values_list("is_anonymous", flat=True)) == [
        True,
        False,
    ]


def test_a_recalled_build_takes_its_faults_up_again() -> None:
    """F7; where the reporter said «solved», that stands."""
    cycle = make_cycle()
    open_one, before, confirmed = fault(cycle), fault(cycle), fault(cycle)
    FeedbackItem.objects.filter(pk=before.pk).update(state=ItemState.RESOLVED)
    release = publish(ready(cycle, open_one, before, confirmed))
    FeedbackItem.objects.filter(pk=confirmed.pk).update(state=ItemState.VERIFIED)
    actions.withdraw_release(release=release, reason="Hot.", actor=make_staff(), at=TARGET + HOUR)
    states = FeedbackItem.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ItemState.REOPENED, ItemState.RESOLVED, ItemState.VERIFIED]
    assert open_one.steps.latest("pk").answer == "Hot."
    assert thanked(release) == []


# --- testers and translators -------------------------------------------------------------------


def test_a_helper_thanked_before_hears_of_it_with_the_build() -> None:
    release, fan, staff = make_ready(make_cycle()), make_fan(), make_staff()
    given = give_credit(release=release, fan=fan, role="tester", actor=staff, at=TARGET - HOUR)
    again = give_credit(release=release, fan=fan, role="tester", actor=staff, at=TARGET)
    assert (given, thanked(release)) == (again, [])
    publish(release)
    assert thanked(release) == [(fan.pk, "tester")]
    event = Event.objects.get(kind="release_published")
    assert ReleasePublished().recipients(event, 0, 10) == [(fan.pk, "helper")]
    assert not Event.objects.filter(kind="credit_given").exists()
    log = AuditEntry.objects.filter(verb="credit given")
    assert list(log.values_list("actor", "concerns")) == [(staff.pk, fan.pk)]


def test_a_helper_thanked_afterwards_hears_of_it_at_once_and_once() -> None:
    release, fan, staff = publish(make_ready(make_cycle())), make_fan(), make_staff()
    later = TARGET + HOUR
    given = give_credit(release=release, fan=fan, role="translator", actor=staff, at=later)
    [told] = Event.objects.filter(kind="credit_given")
    assert (told.notices.get().fan, CreditGiven().visible_to(told, fan)) == (fan, True)
    first = Event.objects.get(kind="release_published")
    assert ReleasePublished().recipients(first, 0, 10) == []
    assert withdraw_credit(credit=given, actor=staff, at=later) is True
    assert withdraw_credit(credit=given, actor=staff, at=later) is False
    assert CreditGiven().visible_to(told, fan) is False
    give_credit(release=release, fan=fan, role="translator", actor=staff, at=later)
    assert Event.objects.filter(kind="credit_given").count() == 1
    assert AuditEntry.objects.filter(verb="credit withdrawn").count() == 1


def test_what_is_earned_is_not_given_by_hand_nor_by_what_was_recalled() -> None:
    cycle, staff = make_cycle(), make_staff()
    release = publish(make_ready(cycle))
    with pytest.raises(NotInThatState):
        give_credit(release=release, fan=make_fan(), role="author", actor=staff, at=TARGET)
    actions.withdraw_release(release=release, reason="Hot.", actor=staff, at=TARGET)
    with pytest.raises(NotInThatState):
        give_credit(release=release, fan=make_fan(), role="tester", actor=staff, at=TARGET)


def test_the_database_thanks_a_helper_once() -> None:
    release, fan = make_ready(make_cycle()), make_fan()
    row = {"release": release, "fan": fan, "role": "tester", "credited_at": TARGET}
    Credit.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credit.objects.create(**row)


# --- a merge that is undone (F4 × F6) ------------------------------------------------------------


def joint(cycle: Cycle) -> tuple[FeatureRequest, FeatureRequest, Release]:
    wish = wishes.make_request(product=cycle.product, status=Status.PLANNED)
    same = wishes.make_request(product=cycle.product)
    wishes.merge(same, wish)
    return wish, same, make_published(cycle, wish)


@pytest.mark.parametrize("stays_unnamed", [False, True])
def test_an_undone_merge_takes_points_credit_and_name_back(stays_unnamed: bool) -> None:
    wish, same, release = joint(make_cycle())
    theirs = Credit.objects.get(fan=same.author)
    if stays_unnamed:
        stay_unnamed(credit=theirs)
    wishes.undo(same)
    assert thanked(release) == [(wish.author_id, "author")]
    earned = same.author.contributions.filter(kind="request.shipped").order_by("pk")
    assert [deed.points for deed in earned] == [15, -15]
    facts = StoryStep.objects.get(kind="credited").facts
    assert (facts["fans"], facts["unnamed_count"]) == ([wish.author_id], 0)
    take_by_name(credit=Credit.objects.get(fan=wish.author))  # writes the thanks anew
    told = story(FeatureRequest.objects.get(pk=wish.pk), make_fan(), TARGET + HOUR)
    assert same.author.display_name not in " ".join(line.words for line in told.lines)


# --- the page ------------------------------------------------------------------------------------


def test_the_page_finds_names_kinds_builds_and_ones_own() -> None:
    cycle = make_cycle()
    wish, same, release = joint(cycle)
    staff, tester = make_staff(), make_fan(display_name="Tante Emma")
    give_credit(release=release, fan=tester, role="tester", actor=staff, at=TARGET)
    client = Client()

    def names(query: str, reader: Client = client) -> list[bool]:
        text = reader.get(f"/credits/{query}").text.split("<main")[1]
        return [fan.display_name in text for fan in (wish.author, same.author, tester)]

    assert names("") == [True, True, True]
    assert names("?kind=tester") == names("?q=emma") == names(f"?q=@{tester.handle}")
    assert names("?kind=tester") == [False, False, True]
    assert names(f"?release={release.pk}") == [True, True, True]
    assert names("?release=999999999") == [False] * 3
    assert "Builds that thank you" in signed_in(tester).get("/credits/").text
    stay_unnamed(credit=Credit.objects.get(fan=tester))
    assert names("?q=emma") == [False] * 3  # found by nobody
    assert "You, unnamed" in signed_in(tester).get("/credits/?mine=1").text


@pytest.mark.parametrize(
    "query",
    [
        "?before=x",
        "?before=1.9999999999999999999",
        "?q=%00",
        "?kind=x",
        "?release=9999999999999999999",
    ],
)
def test_addresses_made_up_are_no_error(query: str) -> None:
    assert Client().get(f"/credits/{query}").status_code == 200


@pytest.mark.parametrize("builds", [1, 3])
def test_the_page_costs_the_same_for_one_and_three_and_goes_on(
    builds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.fridays.thanks.ROWS_A_PAGE", 2)
    cycle, fans = make_cycle(), [make_fan(), make_fan()]
    for number in range(builds):
        release = make_published(cycle, version=f"5.{number}")
        for fan in fans:
            give_credit(release=release, fan=fan, role="tester", actor=make_staff(), at=TARGET)
    client, path, seen = Client(), "/credits/", []
    client.get(path)
    while path:
        with CaptureQueriesContext(connection) as queries:
            text = client.get(path).text
        assert len(queries) == 1
        seen.append(text.count("tested it</p>"))
        path = (
            "/credits/" + text.split('rel="next" href="')[1].split('"')[0]
            if 'rel="next"' in text
            else ""
        )
    assert seen == [2] * builds


def test_staff_thank_by_handle_and_take_it_back() -> None:
    release, fan, staff = make_ready(make_cycle()), make_fan(), make_staff()
    client, address = signed_in(staff), f"/staff/releases/{release.pk}/credits/"
    answer = client.post(address, {"fan": f"@{fan.handle.upper()}", "role": "tester"}, follow=True)
    given = Credit.objects.get()
    assert f"{address}{given.pk}/withdrawal/" in answer.text  # the button, and the undo
    for nobody in ("nobody-like-that", staff.handle, "\0", ""):
        assert client.post(address, {"fan": nobody, "role": "tester"}).status_code == 422
    client.post(f"{address}{given.pk}/withdrawal/")
    assert not Credit.objects.exists()


# --- locks ---------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_waits_for_whoever_works_on_a_fault() -> None:
    cycle = make_cycle()
    told, staff = fault(cycle), make_staff()
    release = ready(cycle, told)
    with holding(FeedbackItem, told.pk):
        publishing = start(lambda: actions.publish_release(release=release, actor=staff, at=TARGET))
        publishing.waits_for_a_lock()
        # Nobody who is paid is held while it waits.
        free = Fan.objects.get_queryset().select_for_update(nowait=True, no_key=True)
        assert list(free.filter(pk=release.created_by_id).values_list("pk", flat=True))
        FeedbackItem.objects.filter(pk=told.pk).update(state=ItemState.DECLINED)
    assert publishing.result() is True
    assert not Credit.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_thanking_waits_for_the_build() -> None:
    """Thanked as it comes out, a helper is told with it or at once, never not at all."""
    release, fan, staff = make_ready(make_cycle()), make_fan(), make_staff()
    with holding(Release, release.pk):
        giving = start(
            lambda: give_credit(release=release, fan=fan, role="tester", actor=staff, at=TARGET)
        )
        giving.waits_for_a_lock()
        Release.objects.filter(pk=release.pk).update(state="published", published_at=TARGET)
    assert giving.result().fan == fan
    assert Event.objects.filter(kind="credit_given").count() == 1
