"""One week, end to end: the acceptance story of spec §11, told through pages and real tasks."""

import os
import re
from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db.models import Sum
from pytest_django import Settings

from community.feature_requests.models import Status, Vote
from community.feedback.models import Channel, FeedbackItem, Priority
from community.fridays.models import (
    Award,
    Cycle,
    CycleState,
    Judgement,
    Report,
    SnapshotRow,
    WeeklyReport,
)
from community.threads import places, rendering
from events.check_ins.models import CheckIn
from events.rsvps.models import Rsvp, RsvpState
from events.rsvps.tickets import code_of
from fans import clock
from fans.accounts.models import Fan, Role
from fans.clock.weeks import platform_date
from fans.digests.models import Delivery, DeliveryState
from fans.ledger.models import ActiveDay, Contribution
from fans.ledger.scores import score
from fans.mail.models import QueuedMail
from fans.notifications.models import Notice
from fans.tiers.models import Nomination, Outcome, StandingState, Tier, TierDecision
from tests.one_week import FRIDAY, WEEK, WEEK_BEFORE, Story, shanghai, tables, twice

ON_TIME, LATE, PAPER_FORMS = 60, 4, 9


@pytest.fixture
def moved_clock(settings: Settings, tmp_path: Path) -> None:
    settings.CLOCK_OFFSET_FILE = tmp_path / "clock-offset"


@pytest.mark.one_engine  # on PostgreSQL the next test tells it twice
@pytest.mark.django_db
@pytest.mark.usefixtures("moved_clock")
def test_one_week_from_a_wish_to_its_verdict() -> None:
    tell(Story(reporters=ON_TIME + LATE))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, reset_sequences=True)
@pytest.mark.usefixtures("moved_clock")
def test_two_workers_and_every_task_delivered_twice_leave_the_same_tables() -> None:
    few = 30 if os.environ.get("TEST_SIZE") != "full" else ON_TIME + LATE
    tell(Story(reporters=few))
    once = tables()
    call_command("flush", interactive=False, verbosity=0, reset_sequences=True)
    cache.clear()
    rendering.fragments.clear()
    places.threads.clear()
    tell(Story(reporters=few, deliver=twice))
    again = tables()
    assert {name: again[name] for name in once if again[name] != once[name]} == {}


def tell(story: Story) -> None:
    she_talks_for_three_weeks(story)
    a_fan_from_a_county_town_asks_and_twelve_vote(story)
    a_duplicate_is_merged(story)
    on_monday_it_is_planned(story)
    an_honorary_developer_finds_a_bug(story)
    on_friday_the_build_ships(story)
    before_tuesday_somebody_pins(story)
    two_are_nominated_for_the_free_seat(story)
    on_tuesday_they_report(story)
    a_host_types_in_nine_paper_forms(story)
    on_wednesday_the_week_is_counted(story)
    staff_quote_and_answer(story)
    on_thursday_the_tiers_are_run(story)
    on_friday_everybody_learns_of_it(story)
    on_saturday_they_meet(story)
    the_four_measures_equal_a_recount(story)


def she_talks_for_three_weeks(story: Story) -> None:
    """15 points of talk before the week of the story: five posts a week that others marked."""
    story.at(shanghai(26, 9, month=10))
    opened = story.post(
        story.mei,
        "/threads/new/",
        board=story.board.pk,
        kind="discussion",
        title="What do you use it for?",
        source="Tell me about your days with it, one by one.",
        submission_key=story.key(story.mei, "/threads/new/"),
    )
    story.at(shanghai(27, 9, month=10))
    story.sweep()  # a first thread waits for ten minutes (A1)
    number = int(opened.split("/")[2])
    for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20):
        story.at(shanghai(day, 9, month=11))
        story.post(
            story.wen,
            f"/threads/{number}/replies/",
            source=f"Today is the {day}th, and in our shop three people asked about charging.",
            submission_key=f"talk-{day:08}",
        )
        story.at(shanghai(day, 10, month=11))
        if day <= 5 or day in {9, 16}:
            story.sweep()  # first posts wait (A1); each week's are counted in the next
        post = story.wen.posts.order_by("-pk")[0]
        story.post(story.crowd[day], f"/posts/{post.pk}/reaction/", kind="helpful")
    story.at(shanghai(22, 9, month=11))
    story.sweep()
    assert score(story.wen, clock.now(), 90) == 15


def a_fan_from_a_county_town_asks_and_twelve_vote(story: Story) -> None:
    """(1) 12 fans vote, one tries twice → 12."""
    story.at(shanghai(23, 9, month=11))
    story.facts["wish"] = _ask(story, story.wen, "Stop charging at 80 % without an app")
    for fan in story.crowd[:12]:
        story.post(fan, f"/requests/{story.facts['wish']}/vote/")
    story.post(story.crowd[0], f"/requests/{story.facts['wish']}/vote/")
    assert story.wish("wish").vote_count == 12
    assert set(Vote.objects.values_list("region_level", flat=True)) == {"unknown"}


def a_duplicate_is_merged(story: Story) -> None:
    """(2) Union 17, co-requester set."""
    story.at(shanghai(24, 9, month=11))
    story.facts["twin"] = _ask(story, story.mei, "A switch to stop charging early")
    for fan in story.crowd[9:17]:  # three of them voted for the other
        story.post(fan, f"/requests/{story.facts['twin']}/vote/")
    story.post(
        story.moderator,
        f"/requests/{story.facts['twin']}/merge/",
        target=str(story.facts["wish"]),
        reason="Both ask for the same switch.",
    )
    assert story.wish("wish").vote_count == 17
    assert story.wish("twin").status == Status.MERGED
    assert "Mei" in story.page(None, story.wish("wish").get_absolute_url())


def on_monday_it_is_planned(story: Story) -> None:
    """(3) The snapshot of a week that was skipped; planned with a response, within the five."""
    story.at(shanghai(30, 10, 5, month=11))
    story.sweep()
    before = Cycle.objects.get(product=story.product, week=WEEK_BEFORE)
    assert before.state == CycleState.SKIPPED
    first = SnapshotRow.objects.get(
        cycle=before, lens="everyone", feature_request=story.wish("wish")
    )
    assert (first.rank, first.count) == (1, 17)
    story.post(story.staff, f"/staff/fridays/{before.pk}/picks/{story.facts['wish']}/")
    for became, response in (("under_review", ""), ("planned", "We build it as a switch.")):
        story.post(
            story.staff,
            f"/requests/{story.facts['wish']}/status/",
            became=became,
            response=response,
        )
    assert before.picks.count() == 1
    assert score(story.wen, clock.now(), 90) == 25


def an_honorary_developer_finds_a_bug(story: Story) -> None:
    """(4) S2 and sometimes → P1 → R&D."""
    story.at(shanghai(1, 9))
    story.post(
        story.dev,
        "/feedback/new/",
        product=story.product.pk,
        title="The camera closes when a call comes in",
        words="Three times this week, each time while filming.",
        category="bug",
        severity="S2",
        frequency="Q3",
        in_public="yes",
        submission_key=story.key(story.dev, "/feedback/new/"),
    )
    assert (story.bug.priority, story.bug.department) == (Priority.P1, story.research)


def before_tuesday_somebody_pins(story: Story) -> None:
    """What is marked on Saturday waits in the form (O2)."""
    story.at(shanghai(5, 12))
    item = story.release.items.get(number=2)
    story.post(story.crowd[5], f"/fridays/pins/items/{item.pk}/loved/", note="So fast now.")
    story.at(shanghai(8, 0, 1))
    form = story.page(story.crowd[5], f"{story.week_address}report/")
    marked = re.search(rf'<input[^>]*name="loved"[^>]*value="{item.pk}"[^>]*>', form)
    assert marked
    assert "checked" in marked[0]
    assert "So fast now." in form


def two_are_nominated_for_the_free_seat(story: Story) -> None:
    """The better ranked is nominated last and approved last: arrival counts for nothing (T10)."""
    for number, fan in enumerate((story.second, story.first)):
        story.at(shanghai(7, 9 + number))
        story.post(
            story.dev,
            f"/fans/{fan.handle}/nomination/",
            statement="Finds what nobody else finds, and says how to see it again.",
        )
        nomination = Nomination.objects.get(nominee=fan)
        for reviewer in (story.moderator, story.staff):
            story.post(reviewer, f"/moderation/nominations/{nomination.pk}/approval/")
        nomination.refresh_from_db()
        assert nomination.state == "approved"


def on_friday_the_build_ships(story: Story) -> None:
    """(5) Friday 17:00: shipped, +30/+15, every voter and author told exactly once."""
    story.at(shanghai(3, 10))
    story.sweep()
    drafted = story.post(story.staff, "/staff/releases/new/os/", **_build(story))
    story.post(story.staff, f"{drafted}ready/")
    before = {fan: score(fan, clock.now(), 90) for fan in (story.wen, story.mei)}
    story.at(FRIDAY + timedelta(minutes=2))
    story.sweep()
    assert story.wish("wish").status == Status.SHIPPED
    earned = {fan: score(fan, clock.now(), 90) - before[fan] for fan in before}
    assert earned == {story.wen: 30, story.mei: 15}
    shipped = Notice.objects.filter(
        event__subject=f"request:{story.facts['wish']}",
        event__occurred_at=story.cycle.released_at,
    )
    told = Counter(shipped.values_list("fan", flat=True))
    assert told == Counter(fan.pk for fan in (*story.crowd[:17], story.wen, story.mei))


def on_tuesday_they_report(story: Story) -> None:
    """(6) So many on time, 4 late, 1 sent twice."""
    late = story.crowd[-LATE:]
    on_time = story.crowd[: story.reporter_count - LATE]
    story.at(shanghai(8, 9))
    story.sweep()
    for number, fan in enumerate([story.wen, *on_time[1:]]):
        _report(story, fan, number)
    _report(story, on_time[1], 1)
    _two_candidates_tie(story, on_time)
    story.at(shanghai(9, 0, 30))
    story.sweep()
    for number, fan in enumerate(late):
        _report(story, fan, number)
    kinds = Counter(Report.objects.filter(cycle=story.cycle).values_list("is_late", flat=True))
    assert kinds == {False: story.reporter_count - LATE, True: LATE}


def a_host_types_in_nine_paper_forms(story: Story) -> None:
    """(7) 9 items, beside the reports and not among them."""
    story.at(shanghai(9, 9))
    batch = story.post(
        story.host,
        "/staff/intake/creation/",
        product=story.product.pk,
        week=WEEK,
        place="Chengdu",
        gathered_on="2026-12-08",
        submission_key=story.key(story.host, "/staff/intake/"),
    )
    number = int(batch.rstrip("/").split("/")[-1])
    for form in range(PAPER_FORMS):
        story.post(
            story.host,
            f"/staff/intake/{number}/forms/",
            overall="4",
            loved="1",
            not_good="",
            severity="S3",
            frequency="Q3",
            wishes="",
            words=f"Form {form + 1}: larger letters, please.",
            submission_key=f"paper-{form:08}",
        )
    story.post(story.host, f"/staff/intake/{number}/handing-in/")
    items = FeedbackItem.objects.filter(channel=Channel.OFFLINE_FORM)
    assert items.count() == PAPER_FORMS
    assert Report.objects.filter(cycle=story.cycle).count() == story.reporter_count


def on_wednesday_the_week_is_counted(story: Story) -> None:
    """(8) The recount equals the aggregate; the tie is resolved by O5."""
    story.at(shanghai(9, 12, 5))
    story.sweep()
    assert story.cycle.state == CycleState.FROZEN
    figures = WeeklyReport.objects.get(cycle=story.cycle).figures
    reports = list(Report.objects.filter(cycle=story.cycle).prefetch_related("choices"))
    satisfied = sum(report.overall >= 4 for report in reports)
    assert figures["count"] == len(reports) == story.reporter_count
    assert figures["late_count"] == LATE
    assert figures["paper_count"] == PAPER_FORMS
    assert figures["satisfaction"]["share"] == pytest.approx(satisfied / len(reports), abs=0.0001)
    for row in figures["items"]:
        assert row["loved"] == _choosing(reports, "loved", row["item"])
        assert row["not_good"] == _choosing(reports, "not_good", row["item"])
    award = Award.objects.get(cycle=story.cycle)
    assert (award.item.number, award.team) == (1, story.team)  # level in ballots, more loved
    paid = Contribution.objects.filter(kind="report.filed", subject=story.cycle.subject)
    assert paid.values("fan").distinct().count() == story.reporter_count
    _whoever_asked_says_it_works(story)
    complaints = FeedbackItem.objects.filter(channel=Channel.REPORT_CELL)
    said = {report.fan_id for report in reports if report.not_good_why}
    assert set(complaints.values_list("reporter", flat=True)) == said


def _whoever_asked_says_it_works(story: Story) -> None:
    """F8: those who voted for the wish were asked, and nobody else was."""
    judged = Judgement.objects.get(cycle=story.cycle)
    voters = Vote.objects.counted().filter(
        feature_request__in=[story.facts["wish"], story.facts["twin"]]
    )
    answered = Report.objects.filter(cycle=story.cycle, fan__in=voters.values("fan")).count()
    assert (judged.works_count, judged.broken_count, judged.reopened_at) == (answered, 0, None)
    assert answered >= 3


def staff_quote_and_answer(story: Story) -> None:
    """A sentence of each of the first two grids, and a word to what most found not good (O7)."""
    story.at(shanghai(9, 15))
    desk = f"/staff/fridays/{story.cycle.pk}"
    story.post(story.staff, f"{desk}/words/opening/")
    complaining = Report.objects.filter(cycle=story.cycle).exclude(not_good_why="").order_by("pk")
    for report, grid, words in (
        (complaining[0], "not_good", "Still warm."),
        (complaining[1], "loved", "It just stops."),
    ):
        story.post(story.staff, f"{desk}/quotations/", report=report.pk, grid=grid, words=words)
    story.facts["quoted"] = [complaining[0].fan_id, complaining[1].fan_id]
    warm = story.release.items.get(number=3)
    story.post(
        story.staff, f"{desk}/answers/", item=warm.pk, words="It cools down in the next build."
    )


def on_thursday_the_tiers_are_run(story: Story) -> None:
    """(9) 60 points, 40 of them validated → core, protected; one enters grace; one seat by rank."""
    story.at(shanghai(10, 3, 5))
    story.sweep()
    risen = TierDecision.objects.get(fan=story.wen, outcome=Outcome.PROMOTED)
    values = {row["key"]: row["value"] for row in risen.criteria}
    assert (values["score90"], values["validated90"]) == (60, 40)
    assert values["weeks13"] >= 4
    assert values["families90"] >= 2
    story.wen.refresh_from_db()
    assert (story.wen.standing.tier, story.wen.standing.state) == (
        Tier.CORE,
        StandingState.PROTECTED,
    )
    graces = TierDecision.objects.filter(outcome=Outcome.GRACE, is_applied=True)
    assert [decision.fan for decision in graces] == [story.idle]
    offers = Nomination.objects.filter(state="offered")
    assert [offer.nominee for offer in offers] == [story.first]
    assert "60" in story.page(story.wen, "/me/standing/")
    story.post(story.first, "/me/standing/seat/", answer="accept")
    assert "honorary" in story.page(None, "/pyramid/").lower()


def on_friday_everybody_learns_of_it(story: Story) -> None:
    """(10) Friday 12:00 figures, award, credit; the digest once per fan in three zones."""
    story.at(shanghai(11, 12, 5))
    story.sweep()
    results = story.page(None, f"{story.week_address}results/")
    assert "System team" in results
    assert "Wen" in results
    assert "Still warm." in results
    assert "It cools down in the next build." in results
    cited = Contribution.objects.filter(kind="report.cited", subject=story.cycle.subject)
    assert sorted(cited.values_list("fan", "points")) == sorted(
        (fan, 5) for fan in story.facts["quoted"]
    )
    for moment in (shanghai(11, 18, 5), shanghai(11, 20, 35), shanghai(12, 10, 5)):
        story.at(moment)
        story.sweep()
    readers = Delivery.objects.filter(issue__week="2026-W50").select_related("fan", "mail")
    sent = [one for one in readers if one.state == DeliveryState.QUEUED]
    assert {one.fan.timezone for one in sent} == {
        "Asia/Shanghai",
        "Asia/Kolkata",
        "America/Los_Angeles",
    }
    hours = {(one.fan.timezone, one.due_at.astimezone(UTC).hour) for one in sent}
    assert hours == {("Asia/Shanghai", 10), ("Asia/Kolkata", 12), ("America/Los_Angeles", 2)}
    weekly = QueuedMail.objects.filter(message_id__contains="weekly-2026-W50-")
    letters = Counter(weekly.values_list("to", flat=True))
    assert letters == Counter(one.fan.email for one in sent)
    assert "wen@example.com" in letters
    assert QueuedMail.objects.filter(is_sent_once=True, sent_at=None).count() == 0


def on_saturday_they_meet(story: Story) -> None:
    """(11) 20 seats, reserve released, 27 replies → 20 and 7; three cancel; a code scanned twice."""
    story.at(shanghai(12, 11))
    _announce_meetup(story)
    address = f"/meetups/{story.meetup.pk}"
    for number, fan in enumerate(story.crowd[:27]):
        story.at(shanghai(12, 12) + timedelta(minutes=number))
        story.post(fan, f"{address}/rsvp/")
    assert _states(story) == {"confirmed": 20, "waitlisted": 7}
    line = list(story.meetup.rsvps.waiting_in_order().values_list("fan__handle", flat=True))
    story.at(shanghai(17, 13))  # two days before
    story.sweep()
    for fan in story.crowd[:3]:
        story.post(fan, f"{address}/rsvp/cancellation/")
    story.sweep()
    moved = Rsvp.objects.filter(fan__handle__in=line[:3])
    assert set(moved.values_list("state", flat=True)) == {RsvpState.CONFIRMED}
    told = Notice.objects.filter(fan__handle__in=line, event__kind="seat_confirmed")
    assert Counter(told.values_list("fan__handle", flat=True)) == Counter(line[:3])
    _let_them_in(story, address)
    story.at(shanghai(20, 19))
    story.sweep()
    guest = CheckIn.objects.order_by("pk")[0].fan
    story.post(guest, f"{address}/survey/", rating="5", words="More popcorn.")
    story.post(
        story.host,
        f"{address}/recap/",
        title="What the evening was like",
        source="Four of us talked about charging until the lights went out.",
        submission_key=story.key(story.host, f"{address}/recap/"),
    )
    story.at(shanghai(20, 19, 15))
    story.sweep()  # words of a newcomer wait for ten minutes (A1)
    organised = Contribution.objects.filter(kind="meetup.organised", fan=story.host)
    assert organised.aggregate(points=Sum("points"))["points"] == 25


def the_four_measures_equal_a_recount(story: Story) -> None:
    """(12) What staff read is what the rows say, counted here by hand."""
    shown = story.page(story.staff, "/staff/measures/")
    reports = Report.objects.filter(cycle=story.cycle)
    assert _parts(shown, "Satisfied with the newest build") == (
        sum(report.overall >= 4 for report in reports),
        story.reporter_count,
    )
    fans = Fan.objects.active(clock.now()).exclude(role=Role.STAFF)
    acted = {
        day.fan_id
        for day in ActiveDay.objects.all()
        if platform_date(clock.now()) - day.day < timedelta(days=28)
    }
    assert _parts(shown, "Fans who took part") == (len(acted), len(fans))
    assert _parts(shown, "Came by invitation") == (0, len(fans))
    assert "no data" in shown  # nobody was asked whether they would recommend it


def _parts(page: str, title: str) -> tuple[int, int]:
    """«42 / 50» under a heading of the figures, below the tiles."""
    found = re.search(rf"<h3>{title}</h3>.*?<span>(\d+) / (\d+)", page, re.DOTALL)
    assert found, re.findall("<h3>(.*?)</h3>", page)
    return int(found[1]), int(found[2])


# --- What several steps do ----------------------------------------------------------------------


def _ask(story: Story, fan: Fan, title: str) -> int:
    led = story.post(
        fan,
        "/requests/new/",
        title=title,
        problem="It stands on the charger all day, and after a year the battery is tired.",
        proposal="One switch in the settings.",
        product=story.product.pk,
        stage="design",
        submission_key=story.key(fan, "/requests/new/"),
    )
    number = int(led.split("/")[2])
    story.at(clock.now() + timedelta(minutes=11))
    story.sweep()  # words of a newcomer wait for ten minutes (A1)
    return number


def _build(story: Story) -> dict[str, object]:
    rows: dict[str, object] = {
        "version": "4.2.0",
        "cycle": story.cycle.pk,
        "notes": "What you asked for most.",
        "has_no_known_defects": "on",
    }
    items = (
        ("new", "", story.facts["wish"], story.team),
        ("improved", "The camera opens faster", "", story.camera),
        ("fixed", "The flashlight drains less", "", story.camera),
    )
    for number in range(1, 13):
        rows |= {f"item{number}-kind": "new", f"item{number}-title": ""}
    for number, (kind, title, wish, team) in enumerate(items, start=1):
        rows |= {
            f"item{number}-kind": kind,
            f"item{number}-title": title,
            f"item{number}-feature_request": wish,
            f"item{number}-team": team.pk,
        }
    return rows


def _report(story: Story, fan: Fan, number: int) -> None:
    items = list(story.release.items.order_by("number"))
    data: dict[str, object] = {
        "overall": 3 if number % 10 == 9 else 5 if number % 2 else 4,
        "loved": [items[0].pk] if number % 3 else [items[1].pk],
        "loved_why": "It just stops.",
        "new_need": "A reminder, perhaps.",
        "device": "K2",
    }
    if number % 4 == 0:
        data |= {
            "not_good": [items[2].pk],
            "not_good_why": "Still warm.",
            "not_good_severity": "S3",
            "not_good_frequency": "Q2",
        }
    if f"verdict_{story.facts['wish']}" in story.page(fan, f"{story.week_address}report/"):
        data[f"verdict_{story.facts['wish']}"] = "works"
    story.post(fan, f"{story.week_address}report/", **data)


def _two_candidates_tie(story: Story, voters: list[Fan]) -> None:
    """As many ballots for each; the first was loved by more."""
    items = list(story.release.items.order_by("number"))
    for number, fan in enumerate(voters[:24]):
        story.post(fan, f"{story.week_address}ballot/", item=items[number % 2].pk)


def _choosing(reports: list[Report], grid: str, item: int) -> int:
    return sum(
        any(choice.grid == grid and choice.item_id == item for choice in report.choices.all())
        for report in reports
    )


def _announce_meetup(story: Story) -> None:
    led = story.post(
        story.host,
        "/meetups/new/",
        title="Popcorn in Chengdu",
        kind="popcorn",
        place="Chengdu",
        venue="The tea house",
        address="3 Segment Street",
        legal_capacity=40,
        capacity=20,
        guests_allowed=0,
        reserve_share=20,
        starts_local="2026-12-19T14:00",
        ends_local="2026-12-19T17:00",
        description="Bring what does not work.",
        agenda="",
        submission_key=story.key(story.host, "/meetups/new/"),
    )
    address = "/".join(led.split("/")[:3])
    story.post(story.host, f"{address}/submission/")
    story.post(story.staff, f"/staff{address}/approval/")
    story.post(story.host, f"{address}/announcement/")


def _states(story: Story) -> dict[str, int]:
    return dict(Counter(story.meetup.rsvps.values_list("state", flat=True)))


def _let_them_in(story: Story, address: str) -> None:
    """Six come; the first shows the code twice."""
    story.at(shanghai(19, 13, 30))
    story.sweep()
    coming = story.meetup.rsvps.filter(state=RsvpState.CONFIRMED).order_by("pk")[:6]
    for rsvp in (coming[0], *coming):
        story.post(story.host, f"{address}/door/check-ins/", code=code_of(rsvp))
    assert CheckIn.objects.filter(meetup=story.meetup).count() == 6
    assert Rsvp.objects.filter(meetup=story.meetup, state=RsvpState.ATTENDED).count() == 6
