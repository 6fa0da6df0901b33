"""The story of a wish, from the first voice to the verdict (spec §5)."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import actions, crowd
from community.feature_requests.crowd import named_groups
from community.feature_requests.models import FeatureRequest, OfflineSupport, Status, Vote
from community.feature_requests.story import Story, story
from community.fridays.actions.crediting import stay_unnamed, take_by_name
from community.fridays.actions.freezing import freeze
from community.fridays.actions.launching import withdraw_release
from community.fridays.actions.publishing import correct, publish
from community.fridays.models import Credit, Cycle, Release
from community.threads.models import State, Thread
from fans import clock
from fans.accounts.models import Fan, Reader
from fans.places.models import RegionLevel
from tests.community.feature_requests import (
    fresh,
    make_request,
    merge,
    move,
    ship,
    undo,
    vote,
    walk,
)
from tests.community.fridays import make_cycle, make_published
from tests.community.threads import make_regular
from tests.community.weeks import send
from tests.factories import NOW, make_fan, make_place, make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + 30 * DAY)


def told(wish: FeatureRequest, reader: Reader | None = None, days: int = 30) -> Story:
    return story(fresh(wish), reader or make_fan(), NOW + days * DAY)


def kinds(found: Story) -> tuple[list[str], list[str]]:
    return [line.kind for line in found.lines], [line.kind for line in found.ahead]


def words(found: Story, kind: str) -> str:
    [line] = [line for line in found.lines if line.kind == kind]
    return line.words


def hide(thread: Thread | None) -> None:
    assert thread is not None
    Thread.objects.filter(pk=thread.pk).update(state=State.HIDDEN)


def shipped(**fields: Any) -> tuple[FeatureRequest, Release]:
    wish = make_request(status=Status.PLANNED, **fields)
    cycle = make_cycle(product=wish.product)
    return wish, make_published(cycle, wish)


def judged(wish: FeatureRequest, release: Release, reports: int = 5) -> Cycle:
    """Its week is over: so many loved it, and everybody may read so."""
    cycle = release.cycle
    assert cycle is not None
    cycle.refresh_from_db()
    item = release.items.get(feature_request=wish)
    Cycle.objects.filter(pk=cycle.pk).update(held_at=cycle.report_opens_at)
    for _ in range(reports):
        send(cycle, loved=(item.pk,), at=cycle.report_opens_at + DAY / 2)
    freeze(cycle=cycle, at=cycle.late_closes_at)
    publish(cycle=cycle, at=cycle.publish_at)
    return cycle


# --- Its fates -------------------------------------------------------------------------------


def test_a_complete_story_leads_from_the_first_voice_to_the_verdict() -> None:
    wish, release = shipped(votes=2)
    actions.add_offline_support(feature_request=wish, count=9, at=NOW, key="batch:1")
    judged(wish, release)
    found = told(wish)
    assert kinds(found) == (
        ["asked", "joined", "heard", "answered", "planned", "shipped", "verdict", "credited"],
        [],
    )
    assert [line.words for line in found.lines] == [
        f"{wish.author.display_name} asked for it.",
        "2 fans voted for it.",
        "9 voices came on paper.",
        "The company answered.",
        "The company took it on and answered.",
        f"It came with {release}.",
        "5 fans loved it most that week.",
        f"With thanks to {wish.author.display_name}.",
    ]
    assert [line.url for line in found.lines if line.kind in {"shipped", "credited"}] == [
        release.get_absolute_url(),
        release.get_absolute_url(),
    ]
    assert (found.is_complete, found.ending, found.day_count) == (True, "", 6)


@pytest.mark.parametrize(
    ("status", "lines", "ahead", "ending"),
    [
        (Status.SUBMITTED, ["asked"], ["answer", "build", "verdict"], ""),
        (Status.NEEDS_INFO, ["asked", "question"], ["answer", "build", "verdict"], ""),
        (Status.UNDER_REVIEW, ["asked", "answered"], ["answer", "build", "verdict"], ""),
        (Status.PLANNED, ["asked", "answered", "planned"], ["build", "verdict"], ""),
        (
            Status.IN_DEVELOPMENT,
            ["asked", "answered", "planned", "built"],
            ["build", "verdict"],
            "",
        ),
        (Status.IN_TESTING, ["asked", "answered", "planned"], ["build", "verdict"], ""),
        (
            Status.DECLINED,
            ["asked", "declined"],
            [],
            "Here its story ends, unless it is opened again.",
        ),
    ],
)
def test_what_has_not_happened_yet_is_told_as_what_comes_next(
    status: str, lines: list[str], ahead: list[str], ending: str
) -> None:
    found = told(make_request(status=status))
    assert (kinds(found), found.ending, found.is_complete) == ((lines, ahead), ending, False)


def test_other_ends_are_told_honestly() -> None:
    stale, withdrawn = make_request(status=Status.NEEDS_INFO), make_request()
    actions.close_stale(feature_request=stale, at=NOW + 31 * DAY)
    actions.withdraw_request(feature_request=withdrawn, actor=withdrawn.author, at=NOW)
    ends = [told(wish) for wish in (stale, withdrawn)]
    assert [(kinds(end)[0][-1], kinds(end)[1], end.ending) for end in ends] == [
        ("closed", [], "Here its story ends, unless it is opened again."),
        ("withdrawn", [], "Here its story ends."),
    ]


def test_a_wish_that_is_opened_again_waits_again() -> None:
    wish = make_request(status=Status.DECLINED)
    move(wish, Status.REOPENED, reason="It can be built after all.")
    found = told(wish)
    assert kinds(found) == (
        ["asked", "declined", "reopened"],
        ["answer", "build", "verdict"],
    )
    assert found.lines[-1].said.endswith("It can be built after all.")
    assert found.ahead[0].words == "Waiting for an answer."


def test_a_recalled_build_is_told_with_its_reason_and_thanks_nobody() -> None:
    wish, release = shipped()
    withdraw_release(release=release, reason="It rang all night.", actor=make_staff(), at=NOW)
    found = told(wish)
    assert kinds(found) == (
        ["asked", "answered", "planned", "shipped", "recalled"],
        ["build", "verdict"],
    )
    assert found.lines[-1].said == "It rang all night."


def test_an_answer_is_announced_for_its_day_and_called_overdue_after_it() -> None:
    """F1: due seven days after enough asked for it."""
    wish = make_request(votes=3)
    due = fresh(wish).answer_due_at
    assert due is not None
    said = [told(wish, days=days).ahead[0].words for days in (0, 30)]
    assert said == [
        "Waiting for an answer, due by 1 Dec 2026.",
        "Waiting for an answer that was due on 1 Dec 2026.",
    ]


def test_a_promised_week_is_named_and_called_overdue_after_it() -> None:
    wish = make_request(status=Status.PLANNED)
    said = [told(wish).ahead[0].words]
    FeatureRequest.objects.filter(pk=wish.pk).update(promised_for="2026-W50")
    said += [told(wish, days=days).ahead[0].words for days in (10, 30)]
    assert said == [
        "Planned; no week is named yet.",
        "Planned for the week of 7 Dec 2026.",
        "It was promised for the week of 7 Dec 2026 and is overdue.",
    ]


# --- What is merged --------------------------------------------------------------------------


def test_what_asks_for_the_same_tells_one_story(client: Client) -> None:
    """F4: through the wish it is shown as, with the voices of both."""
    wish, double = make_request(votes=2), make_request(votes=1, at=NOW + DAY)
    OfflineSupport.objects.create(feature_request=double, count=7, key="a", recorded_at=NOW + DAY)
    merge(double, wish, at=NOW + 2 * DAY)
    found = told(wish)
    assert kinds(found)[0] == ["asked", "joined", "same", "heard"]
    assert words(found, "same") == f"{double.author.display_name} asked for the same."
    assert words(found, "joined") == "3 fans voted for it."
    for page in ("story", "poster"):
        answer = client.get(f"/requests/{double.pk}/{page}/")
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            f"/requests/{wish.pk}/{page}/",
        )
    undo(double, at=NOW + 3 * DAY)
    assert kinds(told(wish))[0] == ["asked", "joined"]


def test_a_merged_wish_that_is_hidden_is_no_part_of_the_story(client: Client) -> None:
    """R2"""
    wish, double = make_request(), make_request(at=NOW + DAY)
    OfflineSupport.objects.create(feature_request=double, count=7, key="a", recorded_at=NOW + DAY)
    merge(double, wish)
    assert kinds(told(wish))[0] == ["asked", "same", "heard"]
    hide(double.thread)
    assert kinds(told(wish))[0] == ["asked"]
    hide(wish.thread)
    assert client.get(f"/requests/{wish.pk}/story/").status_code == 404


def test_a_wish_merged_into_a_hidden_one_tells_its_own_story(client: Client) -> None:
    """R2"""
    wish, double = make_request(title="A very secret kumquat"), make_request()
    merge(double, wish)
    hide(wish.thread)
    page = client.get(f"/requests/{double.pk}/story/")
    assert (page.status_code, "secret kumquat" in page.text) == (200, False)
    assert kinds(page.context["story"]) == (["asked", "merged"], [])


# --- What is hidden --------------------------------------------------------------------------


def test_a_hidden_build_is_named_by_no_line(client: Client) -> None:
    """R2: neither its name, nor its verdict, nor its thanks."""
    wish, release = shipped()
    judged(wish, release)
    hide(release.thread)
    found = told(wish)
    assert kinds(found)[0] == ["asked", "answered", "planned", "shipped"]
    assert (words(found, "shipped"), found.lines[-1].url) == ("It came with a build.", "")
    assert not found.is_complete
    page = client.get(f"/requests/{wish.pk}/story/")
    assert (str(release) in page.text, release.get_absolute_url() in page.text) == (False, False)
    assert release.get_absolute_url() not in client.get(wish.get_absolute_url()).text
    assert told(wish, make_staff()).is_complete


def test_words_that_were_taken_away_are_not_quoted() -> None:
    wish = make_request()
    assert told(wish).lines[0].said.startswith("In the morning the alarm")
    wish.thread.posts.update(state=State.HIDDEN)
    assert told(wish).lines[0].said == ""


def test_who_voted_is_told_nowhere(client: Client) -> None:
    """A4"""
    wish, voter = make_request(), make_fan(display_name="Unmistakable Voter")
    vote(wish, voter)
    page = client.get(f"/requests/{wish.pk}/story/")
    assert "1 fan voted for it." in page.text
    assert ("Unmistakable" in page.text, voter.handle in page.text) == (False, False)


# --- From where ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "total", "named"),
    [
        ({"a": 4}, 40, {}),
        ({"a": 5}, 40, {"a": 5}),
        ({"a": 36}, 40, {}),  # the other four would be found by subtraction
        ({"a": 35}, 40, {"a": 35}),
        ({"a": 40}, 40, {"a": 40}),
        ({"a": 20, "b": 17}, 40, {"a": 20}),
        ({"a": 20, "b": 6, "c": 4}, 30, {"a": 20}),
        ({"a": 5, "b": 5}, 14, {"b": 5}),
    ],
)
def test_no_group_under_five_is_told(
    groups: dict[str, int], total: int, named: dict[str, int]
) -> None:
    assert named_groups(groups, total) == named


def test_nothing_under_five_is_left_over_whatever_the_groups() -> None:
    chance = random.Random(5)
    for _ in range(500):
        groups = {name: chance.randrange(12) for name in "abc"}
        total = sum(groups.values()) + chance.randrange(9)
        named = named_groups(groups, total)
        rest = total - sum(named.values())
        assert min(named.values(), default=5) >= 5
        assert rest == 0 or rest >= 5 or not named


def mark(wish: FeatureRequest, marks: dict[str, int], newcomers: int) -> None:
    votes = list(Vote.objects.filter(feature_request=wish).order_by("pk"))
    levels = [level for level, count in marks.items() for _ in range(count)]
    for number, each in enumerate(votes):
        each.region_level = levels[number] if number < len(levels) else RegionLevel.UNKNOWN
        each.is_newcomer = number < newcomers
        each.save()


def details(wish: FeatureRequest) -> tuple[str, ...]:
    return next(line.details for line in told(wish).lines if line.kind == "joined")


def test_where_they_are_from_is_told_by_the_marks_of_their_votes() -> None:
    wish = make_request(votes=17)
    mark(wish, {RegionLevel.COUNTY: 3, RegionLevel.TOWNSHIP: 3, RegionLevel.MUNICIPALITY: 5}, 6)
    assert details(wish) == (
        "6 from counties and townships",
        "5 from municipalities",
        "6 had joined less than 90 days before",
    )
    mark(wish, {RegionLevel.COUNTY: 4, RegionLevel.PREFECTURE: 13}, 13)
    assert details(wish) == ()  # four are left over each time


def test_who_voted_for_both_is_told_of_once() -> None:
    """F4: 6 and 6 fans with 3 in common."""
    wish, double = make_request(votes=6), make_request(votes=3)
    vote(double, *(each.fan for each in Vote.objects.filter(feature_request=wish)[:3]))
    mark(wish, {RegionLevel.COUNTY: 6}, 0)
    mark(double, {RegionLevel.COUNTY: 3}, 0)  # those of the others
    merge(double, wish)
    assert fresh(wish).vote_count == 9
    assert details(wish) == ("9 from counties and townships",)


def test_places_of_few_voices_are_not_named() -> None:
    wish, town, village = make_request(), make_place(), make_place(code="510121")
    for number, (place, count) in enumerate([(town, 5), (village, 4), (None, 3)]):
        OfflineSupport.objects.create(
            feature_request=wish, place=place, count=count, key=str(number), recorded_at=NOW
        )
    [line] = [line for line in told(wish).lines if line.kind == "heard"]
    assert (line.words, line.details) == ("12 voices came on paper.", (f"5 from {town}",))
    OfflineSupport.objects.filter(place=None).update(withdrawn_at=NOW)
    [line] = [line for line in told(wish).lines if line.kind == "heard"]
    assert (line.words, line.details) == ("9 voices came on paper.", ())


# --- What other rooms write down -------------------------------------------------------------


def test_the_same_step_again_mends_what_it_says() -> None:
    wish = make_request()
    for count in (1, 2):
        actions.record_step(
            feature_request=wish, kind="verdict", key="week", at=NOW + count * DAY,
            facts={"loved": count},
        )  # fmt: skip
    [step] = wish.story_steps.filter(kind="verdict")
    assert (step.facts, step.happened_at) == ({"loved": 2}, NOW + DAY)


def test_a_corrected_report_corrects_the_verdict() -> None:
    """O7"""
    wish, release = shipped()
    cycle = judged(wish, release, reports=6)
    assert words(told(wish), "verdict") == "6 fans loved it most that week."
    cycle.reports.order_by("pk")[0].choices.all().delete()
    correct(cycle=cycle, note="One was counted twice.", actor=make_staff(), at=cycle.close_at)
    assert words(told(wish), "verdict") == "5 fans loved it most that week."


def test_few_reports_are_told_in_words() -> None:
    """O4: no number below five reports."""
    wish, release = shipped()
    judged(wish, release, reports=4)
    [line] = [line for line in told(wish).lines if line.kind == "verdict"]
    assert (line.words, line.details) == ("Fans said in their reports how it turned out.", ())


def thanks(wish: FeatureRequest) -> tuple[str, tuple[str, ...]]:
    line = told(wish).lines[-1]
    assert line.kind == "credited"
    return line.words, line.details


def test_thanks_name_whoever_wants_to_be_named() -> None:
    """O6: at once, and back again."""
    author, shy = (make_regular(display_name=name) for name in ("Lan Wen", "Shy Pine"))
    wish, double = make_request(author=author), make_request(author=shy)
    merge(double, wish)
    make_published(make_cycle(product=wish.product), walk(wish, Status.PLANNED))
    credits = {credit.fan: credit for credit in Credit.objects.all()}
    stay_unnamed(credit=credits[shy])
    assert thanks(wish) == ("With thanks to Lan Wen.", ("1 more stay unnamed",))
    stay_unnamed(credit=credits[author])
    assert thanks(wish) == ("With thanks to those who asked.", ("2 stay unnamed",))
    take_by_name(credit=credits[shy])
    assert thanks(wish) == ("With thanks to Shy Pine.", ("1 more stay unnamed",))
    Fan.objects.filter(pk=shy.pk).update(erased_at=NOW)
    assert thanks(wish) == ("With thanks to those who asked.", ("2 stay unnamed",))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_choose_at_once_do_not_undo_each_other() -> None:
    wish, release = shipped()
    credit = Credit.objects.get()
    with holding(Release, release.pk):
        started = start(lambda: stay_unnamed(credit=credit))
        started.waits_for_a_lock()
    started.result()
    assert thanks(wish)[0] == "With thanks to those who asked."


# --- The pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_a_story_costs_the_same_for_one_and_for_three_of_everything(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wish, release = shipped(votes=rows)
    place = make_place()
    for number in range(rows):
        OfflineSupport.objects.create(
            feature_request=wish, place=place, count=6, key=str(number), recorded_at=NOW
        )
        FeatureRequest.objects.filter(pk=make_request().pk).update(
            status=Status.MERGED, merged_into=wish, shown_as=wish
        )
        actions.record_step(
            feature_request=wish, kind="room", key=str(number), at=NOW, facts={"place": place.pk}
        )
    judged(wish, release)
    client.get(f"/requests/{wish.pk}/story/")
    with django_assert_num_queries(10):
        client.get(f"/requests/{wish.pk}/story/")


def test_the_page_reads_in_the_language_of_the_reader(client: Client) -> None:
    wish = make_request(status=Status.PLANNED)
    days = {
        language: client.get(
            f"/requests/{wish.pk}/story/", headers={"Accept-Language": language}
        ).text.count(day)
        for language, day in {
            "en": ">20 Nov 2026<",
            "zh-Hans": ">2026年11月20日<",
            "zh-Hant": ">2026年11月20日<",
        }.items()
    }
    assert days == {"en": 3, "zh-Hans": 3, "zh-Hant": 3}


def test_a_stranger_who_shares_it_shares_a_card(client: Client) -> None:
    wish = make_request(title="A louder alarm for heavy sleepers")
    for address in (f"/requests/{wish.pk}/story/", wish.get_absolute_url()):
        text = client.get(address).text
        assert 'property="og:title" content="A louder alarm for heavy sleepers"' in text
        assert 'property="og:description" content="In the morning the alarm' in text
        assert f'<link rel="canonical" href="http://localhost:8000{address}">' in text
    client.force_login(make_fan())
    assert "og:title" not in client.get(f"/requests/{wish.pk}/story/").text


def test_a_wish_nobody_sees_yet_has_no_card() -> None:
    wish, client = make_request(waiting=True), Client()
    client.force_login(wish.author)
    for page in ("story", "poster"):
        answer = client.get(f"/requests/{wish.pk}/{page}/")
        assert (answer.status_code, "og:title" in answer.text) == (200, False)
        assert Client().get(f"/requests/{wish.pk}/{page}/").status_code == 404


def test_a_shipped_wish_of_an_older_build_names_the_newest(client: Client) -> None:
    wish = make_request(status=Status.PLANNED)
    ship(wish, release_name="Watch 4.2", at=NOW + DAY)
    actions.unship(feature_request=wish, reason="Too loud.", actor=make_staff(), at=NOW + 2 * DAY)
    ship(wish, release_name="Watch 4.3", release_key="release:2", at=NOW + 3 * DAY)
    said = [line.words for line in told(wish).lines[-3:]]
    assert said == [
        "It came with Watch 4.2.",
        "The build it came with was recalled.",
        "It came with Watch 4.3.",
    ]


def test_the_longest_title_in_han_letters_makes_no_address_too_long(client: Client) -> None:
    wish = make_request(title="希望闹钟在枕头底下也能听见" * 9)
    assert len(wish.get_absolute_url()) > 900
    assert client.get(told(wish).lines[0].url).status_code == 200


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("2026-W47", ("in the week that was promised",)),
        ("2026-W46", ("later than was promised",)),
        ("", ()),
    ],
)
def test_a_build_says_whether_it_came_when_it_was_promised(week: str, said: tuple[str]) -> None:
    wish, _ = shipped()
    FeatureRequest.objects.filter(pk=wish.pk).update(promised_for=week)
    [line] = [line for line in told(wish).lines if line.kind == "shipped"]
    assert line.details == said


def test_a_large_crowd_is_looked_at_once_in_ten_minutes(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(crowd, "LARGE_CROWD", 6)
    wish = make_request(votes=6)
    mark(wish, {RegionLevel.COUNTY: 6}, 0)
    wish = fresh(wish)
    for queries in (1, 0):
        with django_assert_num_queries(queries):
            found = crowd.crowd_of(wish)
        assert found is not None
        assert found.groups == {"county": 6}
    wish.vote_count = 8  # two more since: they are not found by subtraction
    found = crowd.crowd_of(wish)
    assert found is not None
    assert found.groups == {}
