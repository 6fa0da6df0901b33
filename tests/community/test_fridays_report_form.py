"""O2, O3, F8: what the form offers, remembers and keeps; what came of a report."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import Status, Vote
from community.fridays.actions.drafting import KeptElsewhere, keep_draft
from community.fridays.actions.opening import tell_report_is_open
from community.fridays.actions.pinning import pin_item
from community.fridays.actions.reporting import MayNotWrite
from community.fridays.listing import areas_named, numbered_items
from community.fridays.models import (
    Award,
    ComplaintAnswer,
    Cycle,
    CycleState,
    Quotation,
    ReleaseState,
    Report,
    ReportDraft,
    Verdict,
    WeeklyReport,
)
from fans.accounts.models import Fan, Role
from fans.ledger.models import Contribution
from fans.notifications.models import Notice
from fans.notifications.tasks import spread_events
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
VALID = {"overall": "4", "loved_why": "It is fast.", "new_need": "A torch."}


@pytest.fixture(autouse=True)
def _at_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: TUESDAY)


def client_of(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def address(cycle: Cycle, name: str = "report") -> str:
    return reverse(name, args=[cycle.product.slug, cycle.week])


def chosen(page: str, name: str) -> list[str]:
    """The values that are checked among those called so."""
    tags = [part.split(">")[0] for part in page.split(f'name="{name}"')[1:]]
    return [tag.split('value="')[1].split('"')[0] for tag in tags if "checked" in tag]


def keep(cycle: Cycle, fan: Fan, words: str, seen: str = "", at: object = TUESDAY) -> ReportDraft:
    content = {"new_need": [words]}
    return keep_draft(cycle=cycle, fan=fan, content=content, seen=seen, at=at)  # type: ignore[arg-type]


# --- what is remembered -----------------------------------------------------------


def test_the_newest_build_is_chosen_and_another_can_be_named() -> None:
    cycle = open_week()
    hotfix = add_build(cycle, "Wakes up again", version="4.20.1")
    type(hotfix).objects.filter(pk=hotfix.pk).update(published_at=TUESDAY - timedelta(hours=20))
    client = client_of(make_fan())
    assert chosen(client.get(address(cycle)).text, "build") == ["4.20.1"]
    client.post(address(cycle), {**VALID, "build": "another", "other_build": "4.19 beta"})
    assert Report.objects.get().build == "4.19 beta"
    page = client.get(address(cycle)).text
    assert chosen(page, "build") == ["another"]
    assert 'value="4.19 beta"' in page


def test_device_and_quoting_are_those_of_last_time() -> None:
    cycle, fan = open_week(), make_fan()
    earlier = open_week(product=cycle.product, weeks_ago=1)
    send(earlier, fan=fan, at=TUESDAY - WEEK, device="Watch 3", quoting="named")
    page = client_of(fan).get(address(cycle)).text
    assert chosen(page, "quoting") == ["named"]
    assert 'value="Watch 3"' in page
    assert chosen(client_of(make_fan()).get(address(cycle)).text, "quoting") == ["unnamed"]


def test_a_week_asks_for_areas_others_named_and_shows_none_of_its_own() -> None:
    """O4: what stands in a published count was named by five at least."""
    cycle = open_week()
    earlier = open_week(
        product=cycle.product, weeks_ago=1, state=CycleState.CLOSED, published_at=PUBLISH - WEEK
    )
    for week, area in ((earlier, "Heart rate"), (cycle, "Alarm")):
        figures = {"areas": [{"area": area, "count": 5}]}
        WeeklyReport.objects.create(cycle=week, figures=figures, made_at=TUESDAY)
    assert areas_named(cycle) == ["Heart rate"]
    assert '<option value="Heart rate">' in client_of(make_fan()).get(address(cycle)).text


def test_a_hotfix_counts_on_and_a_recalled_build_leaves_its_numbers() -> None:
    """O10: forms already printed stay right."""
    cycle = open_week(items=2)
    hotfix = add_build(cycle, "Wakes up again", version="4.20.1")
    type(hotfix).objects.filter(pk=hotfix.pk).update(published_at=TUESDAY)
    assert [item.number for item in numbered_items(cycle, make_fan())] == [1, 2, 3]
    cycle.releases.filter(version="4.20").update(state=ReleaseState.WITHDRAWN)
    assert [item.label for item in numbered_items(cycle, make_fan())] == ["3. Wakes up again"]


def test_severity_is_nothing_where_nothing_is_bad() -> None:
    cycle = open_week()
    answers = {"not_good_severity": "S1", "not_good_frequency": "Q1"}
    client_of(make_fan()).post(address(cycle), {**VALID, **answers})
    report = Report.objects.get()
    assert (report.not_good_severity, report.not_good_frequency) == ("", "")


# --- verdicts (F8) ----------------------------------------------------------------


def test_voters_of_a_shipped_wish_say_whether_it_works() -> None:
    cycle = open_week()
    wish = make_wish(cycle.product, status=Status.SHIPPED)
    item = items_of(cycle)[0]
    type(item).objects.filter(pk=item.pk).update(feature_request=wish)
    voter, other = make_fan(), make_fan()
    Vote.objects.create(
        fan=voter,
        feature_request=wish,
        cast_at=TUESDAY - WEEK,
        counts_from=TUESDAY - WEEK,
        counted_at=TUESDAY - WEEK,
    )
    name = f"verdict_{wish.pk}"
    assert name not in client_of(other).get(address(cycle)).text
    client_of(other).post(address(cycle), {**VALID, name: "broken"})
    assert not Verdict.objects.exists()
    client = client_of(voter)
    for answer in ("broken", "partly"):
        client.post(address(cycle), {**VALID, name: answer})
        assert list(Verdict.objects.values_list("answer", "release")) == [(answer, item.release_id)]
    assert chosen(client.get(address(cycle)).text, name) == ["partly"]
    assert client.post(address(cycle), {**VALID, name: "maybe"}).status_code == 422


# --- two tabs, two devices --------------------------------------------------------


def test_words_from_elsewhere_are_not_overwritten_unseen() -> None:
    cycle, fan = open_week(), make_fan()
    at_the_desk = keep(cycle, fan, "At the desk")
    with pytest.raises(KeptElsewhere) as elsewhere:
        keep(cycle, fan, "On the phone", at=TUESDAY + WEEK)
    assert elsewhere.value.draft == at_the_desk
    assert ReportDraft.objects.get().content == {"new_need": ["At the desk"]}
    keep(cycle, fan, "On the phone", seen=at_the_desk.stamp, at=TUESDAY + WEEK)
    assert ReportDraft.objects.get().content == {"new_need": ["On the phone"]}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_keepings_at_once_queue_up() -> None:
    cycle, fan = open_week(), make_fan()
    draft = keep(cycle, fan, "First")
    later = TUESDAY + timedelta(seconds=1)
    with locks.holding(Fan, fan.pk):
        started = locks.start(lambda: keep(cycle, fan, "Third", draft.stamp, later))
        started.waits_for_a_lock()
        keep(cycle, fan, "Second", draft.stamp, later)
    with pytest.raises(KeptElsewhere):
        started.result()
    assert ReportDraft.objects.get().content == {"new_need": ["Second"]}


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "fetch"}])
def test_whoever_is_leaving_keeps_nothing_new_and_reads_why(headers: dict[str, str]) -> None:
    """A5: export and change of mind, nothing else."""
    cycle, fan = open_week(), make_fan()
    keep(cycle, fan, "A torch")
    stamp = ReportDraft.objects.get().stamp
    Fan.objects.filter(pk=fan.pk).update(leaving_at=TUESDAY)
    sent = {"new_need": "A compass", "seen": stamp}
    answer = client_of(fan).post(address(cycle, "report_draft"), sent, headers=headers)
    assert answer.status_code == 422
    assert "Your account is being deleted." in answer.text
    assert headers or "A compass" in answer.text
    assert ReportDraft.objects.get().content == {"new_need": ["A torch"]}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_at_this_moment_keeps_nothing_new() -> None:
    cycle, fan = open_week(), make_fan()
    with locks.holding(Fan, fan.pk):
        started = locks.start(lambda: keep(cycle, fan, "A torch"))
        started.waits_for_a_lock()
        Fan.objects.filter(pk=fan.pk).update(leaving_at=TUESDAY)
    with pytest.raises(MayNotWrite):
        started.result()
    assert not ReportDraft.objects.exists()


def test_without_script_the_page_says_it_and_has_both_words() -> None:
    cycle, fan = open_week(), make_fan()
    client = client_of(fan)
    seen = keep(cycle, fan, "At the desk", at=TUESDAY - timedelta(hours=1)).stamp
    answer = client.post(address(cycle, "report_draft"), {"new_need": "On the phone", "seen": "x"})
    assert answer.status_code == 409
    assert "Another tab or device kept other words" in answer.text
    assert "On the phone" in answer.text
    assert f'value="{seen}"' in answer.text
    answer = client.post(address(cycle, "report_draft"), {"new_need": "On the phone", "seen": seen})
    assert ReportDraft.objects.get().content == {"new_need": ["On the phone"]}


def test_what_was_kept_after_sending_can_be_dropped() -> None:
    cycle, fan = open_week(), make_fan()
    send(cycle, fan=fan, new_need="A compass")
    keep(cycle, fan, "A sextant")
    client = client_of(fan)
    page = client.get(address(cycle)).text
    assert "Below are changes you have not sent." in page
    assert "A sextant" in page
    client.post(address(cycle, "report_draft_removal"))
    assert "A compass" in client.get(address(cycle)).text


def test_a_session_that_ran_out_on_keeping_loses_no_word() -> None:
    cycle, client = open_week(), Client()
    client.post(address(cycle, "report_draft"), VALID)
    client.force_login(make_fan())
    assert VALID["new_need"] in client.get(address(cycle)).text


@pytest.mark.parametrize("name", ["report", "report_draft"])
def test_on_a_shared_computer_only_their_writer_finds_the_words(name: str) -> None:
    cycle, writer, next_one = open_week(), make_fan(), make_fan()
    form = client_of(writer).get(address(cycle)).text
    hint = form.split('name="writer" value="')[1].split('"')[0]
    forged = f"{next_one.pk}:{hint.split(':')[1]}"
    for sent, reader, is_found in (
        (hint, writer, True),
        (hint, next_one, False),
        (forged, next_one, False),
        (forged, writer, False),
    ):
        client = Client()
        client.post(address(cycle, name), {**VALID, "writer": sent})
        client.force_login(reader)
        page = client.get(address(cycle)).text
        assert (VALID["new_need"] in page, VALID["loved_why"] in page) == (is_found, is_found)


def test_what_was_never_sent_can_be_read_when_the_week_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cycle, fan = open_week(), make_fan()
    keep(cycle, fan, "A torch for the stairs")
    monkeypatch.setattr("fans.clock.now", lambda: LATE_CLOSES)
    page = client_of(fan).get(address(cycle)).text
    assert "Kept, and not sent" in page
    assert "A torch for the stairs" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"seen": "\x00"},
        {"verdict_99999999999999999999": "works"},
        {"verdict_1": "\x00"},
        {"build": "\x00", "new_need": "\x00\ud800" * 3},
        {"loved": ["9" * 30] * 400},
    ],
)
def test_a_draft_holds_what_the_form_knows_whatever_is_sent(typed: dict[str, object]) -> None:
    cycle = open_week()
    client = client_of(make_fan())
    safe = {key: _encodable(value) for key, value in typed.items()}
    assert client.post(address(cycle, "report_draft"), safe).status_code == 302
    assert client.get(address(cycle)).status_code == 200
    assert client.post(address(cycle), {**VALID, **safe}).status_code in {302, 422}


def _encodable(value: object) -> object:
    return value.encode("utf-8", "replace") if isinstance(value, str) else value


# --- what came of it ---------------------------------------------------------------


def told(cycle: Cycle, fan: Fan) -> Report:
    """A report of a published week of which much came."""
    loved, bad, _ = items_of(cycle)
    wish = make_wish(cycle.product, title="Longer days", status=Status.SHIPPED)
    report = send(
        cycle,
        fan=fan,
        at=cycle.report_opens_at,
        loved=(loved.pk,),
        not_good=(bad.pk,),
        not_good_severity="S2",
        not_good_frequency="Q2",
        anticipated=(wish.pk,),
    )
    staff = make_staff()
    ComplaintAnswer.objects.create(
        cycle=cycle, item=bad, words="Soon.", answered_by=staff, answered_at=PUBLISH - WEEK
    )
    Award.objects.create(
        cycle=cycle, item=loved, team=loved.team, ballot_count=9, awarded_at=PUBLISH - WEEK
    )
    Quotation.objects.create(
        cycle=cycle,
        report=report,
        grid="loved",
        words="Fast.",
        chosen_by=staff,
        chosen_at=PUBLISH - WEEK,
    )
    Contribution.objects.create(
        fan=fan,
        kind="report.filed",
        family="feedback",
        points=5,
        validated=False,
        effective_at=TUESDAY - WEEK,
        recorded_at=TUESDAY - WEEK,
        subject=cycle.subject,
    )
    return report


CAME = (
    "The company answered.",
    "You loved it, and it won the popcorn award for Battery.",
    "You waited for it, and it has shipped.",
    "Everyone reads these words of yours in the results.",
)


def test_what_came_of_the_last_report_stands_on_the_next_form_and_in_the_list() -> None:
    cycle, fan = open_week(), make_fan()
    earlier = open_week(
        product=cycle.product, weeks_ago=1, state=CycleState.CLOSED, published_at=PUBLISH - WEEK
    )
    told(earlier, fan)
    client = client_of(fan)
    for page in (client.get(address(cycle)).text, client.get("/me/reports/").text):
        assert [words for words in CAME if words not in page] == []
    assert "5 points" in page
    other = client_of(make_fan()).get(address(cycle)).text
    assert [words for words in CAME if words in other] == []


def test_nothing_is_told_before_the_results_are_out() -> None:
    cycle, fan = open_week(weeks_ago=1), make_fan()
    told(cycle, fan)
    page = client_of(fan).get("/me/reports/").text
    assert [words for words in CAME if words in page] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_of_the_database_whatever_came(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fan, product = make_fan(), None
    for weeks_ago in range(1, count + 1):
        cycle = open_week(product=product, weeks_ago=weeks_ago, published_at=PUBLISH)
        product = cycle.product
        told(cycle, fan)
    client = client_of(fan)
    client.get("/me/reports/")
    with django_assert_num_queries(10):
        assert client.get("/me/reports/").text.count(CAME[0]) == count


# --- being told --------------------------------------------------------------------


def test_those_who_reported_lately_or_noted_something_hear_once_that_it_is_open() -> None:
    cycle = open_week()
    weeks = [open_week(product=cycle.product, weeks_ago=ago) for ago in range(1, 6)]
    lately, long_ago, noted, now_staff = (make_fan() for _ in range(4))
    for fan, week, ago in (
        (lately, weeks[3], 4),
        (long_ago, weeks[4], 5),
        (now_staff, weeks[0], 1),
    ):
        send(week, fan=fan, at=TUESDAY - ago * WEEK)
    pin_item(cycle=cycle, fan=noted, item=items_of(cycle)[0], grid="loved", at=TUESDAY)
    Fan.objects.filter(pk=now_staff.pk).update(role=Role.STAFF)
    for _ in range(2):
        tell_report_is_open(cycle, TUESDAY)
        spread_events()
    notices = Notice.objects.filter(event__kind="report_opens").order_by("fan")
    assert list(notices.values_list("fan", "why")) == [
        (lately.pk, "reported"),
        (noted.pk, "pinned"),
    ]
    inbox = client_of(noted).get("/me/inbox/").text
    assert "is open: four fields, three minutes." in inbox
    assert "because you noted something for it" in inbox
