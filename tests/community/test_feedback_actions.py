"""Telling us of something, what the company does with it, and what it earns (spec §6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from community.feature_requests.models import FeatureRequest
from community.feedback import actions
from community.feedback.actions.logs import cleaned_name
from community.feedback.models import FeedbackItem, ItemState, ItemStep
from community.feedback.personal_data import erase, export, withdraw
from community.feedback.tasks import release_first_words
from community.screening.models import WatchedWord
from community.threads.actions.refusals import MayNotWrite
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.audit.models import AuditEntry
from fans.ledger.models import Contribution
from fans.notifications.models import Event, Notice
from tests.community.threads import make_regular
from tests.factories import NOW, ProductFactory, make_fan, make_feedback, make_staff

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def said(**fields: Any) -> actions.Said:
    wanted: dict[str, Any] = {
        "category": "bug",
        "severity": "S2",
        "frequency": "Q3",
        "title": "The alarm stays silent since 2.4",
        "words": "In the evening, after charging.",
    }
    wanted["product"] = fields.pop("product", None) or ProductFactory.create()
    return actions.Said(**{**wanted, **fields})


def file(reporter: Fan | None = None, **fields: Any) -> FeedbackItem:
    rest = {name: fields.pop(name) for name in ("submission_key", "at") if name in fields}
    reporter = reporter or make_regular()
    return actions.file_feedback(said=said(**fields), reporter=reporter, **{"at": NOW, **rest})


def step(item: FeedbackItem, became: str, **fields: Any) -> bool:
    fields = {"actor": make_staff(), "at": LATER, **fields}
    changed = actions.take_step(item=item, became=became, **fields)
    item.refresh_from_db()
    return changed


def points() -> dict[str, int]:
    return dict(Contribution.objects.order_by("pk").values_list("fan__handle", "points"))


# --- filing ----------------------------------------------------------------------------------


def test_a_bug_of_an_honorary_dev_s2_q3_is_p1_and_due_on_monday() -> None:
    item = file()
    assert (item.priority, item.state) == ("P1", ItemState.NEW)
    assert item.answer_due_at == NOW + timedelta(days=3)  # Friday → Monday
    assert list(item.steps.values_list("became", flat=True)) == ["new"]


def test_sending_the_same_form_twice_is_one_report() -> None:
    """C3."""
    fan = make_regular()
    first = file(fan, submission_key="key-of-the-form")
    assert file(fan, submission_key="key-of-the-form") == first
    assert FeedbackItem.objects.count() == 1


@pytest.mark.parametrize("field", ["muted_until", "suspended_until"])
def test_who_may_not_write_files_nothing(field: str) -> None:
    with pytest.raises(MayNotWrite):
        file(make_fan(**{field: LATER}))
    assert FeedbackItem.objects.count() == 0


def test_first_public_words_wait_ten_minutes_and_then_appear() -> None:
    """A1."""
    fan = make_fan()
    item = file(fan)
    assert FeedbackItem.objects.visible_to(make_fan()).count() == 0
    assert FeedbackItem.objects.visible_to(fan).count() == 1
    assert actions.release(item=item, at=NOW + timedelta(minutes=9)) is False
    assert actions.release(item=item, at=NOW + timedelta(minutes=10)) is True
    assert FeedbackItem.objects.visible_to(make_fan()).count() == 1


def test_first_words_with_a_link_or_a_watched_word_wait_for_a_person() -> None:
    """A1."""
    WatchedWord.objects.create(word="coupon", added_at=NOW)
    for words in ("See https://example.com/", "A coupon for you"):
        assert file(make_fan(), words=words).release_at is None
    release_first_words()
    assert FeedbackItem.objects.waiting().count() == 2


def test_words_for_the_company_alone_wait_for_nobody() -> None:
    item = file(make_fan(), is_public=False)
    assert item.hidden_at is None
    assert list(FeedbackItem.objects.visible_to(make_fan())) == []


def test_the_fourth_thing_said_in_public_no_longer_waits() -> None:
    """A1 counts feedback too."""
    fan = make_fan()
    for _ in range(3):
        make_feedback(reporter=fan)
    assert file(fan).hidden_at is None


def test_the_sweep_shows_what_is_due_and_delivered_twice_changes_nothing() -> None:
    item = file(make_fan(), at=NOW - timedelta(days=800))
    release_first_words()
    release_first_words()
    item.refresh_from_db()
    assert (item.hidden_at, item.release_at) == (None, None)


def test_staff_hide_and_show_once_each() -> None:
    item, staff = make_feedback(), make_staff()
    assert actions.hide(item=item, actor=staff, at=NOW) is True
    assert actions.hide(item=item, actor=staff, at=NOW) is False
    assert list(FeedbackItem.objects.visible_to(make_fan())) == []
    assert actions.show(item=item, actor=staff, at=NOW) is True
    assert actions.show(item=item, actor=staff, at=NOW) is False
    assert AuditEntry.objects.count() == 2


def test_what_was_kept_from_the_public_is_never_shown() -> None:
    item = make_feedback(is_public=False)
    assert actions.show(item=item, actor=make_staff(), at=NOW) is False
    assert list(FeedbackItem.objects.visible_to(make_fan())) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("watch.log", "watch.log"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.log", "a.log"),
        ("\u202egol.exe\x00", "gol.exe"),
        ("…", "…"),
        ("  .. ", "log.txt"),
        ("日志.txt", "日志.txt"),
    ],
)
def test_a_hostile_name_of_a_log_file_is_cleaned(name: str, kept: str) -> None:
    assert cleaned_name(name) == kept


def test_a_log_file_lies_under_a_random_name() -> None:
    first = actions.store_log(SimpleUploadedFile("watch.log", b"1"))
    second = actions.store_log(SimpleUploadedFile("watch.log", b"2"))
    assert first.path != second.path
    assert "watch" not in first.path
    for log in (first, second):
        actions.discard_log(log)


# --- «I have this too» -----------------------------------------------------------------------


def test_saying_me_too_twice_is_the_same_as_once() -> None:
    item, fan = make_feedback(), make_fan()
    assert actions.say_me_too(item=item, fan=fan, at=NOW) is True
    assert actions.say_me_too(item=item, fan=fan, at=NOW) is False
    item.refresh_from_db()
    assert item.me_too_count == item.me_toos.count() == 1
    assert actions.take_back_me_too(item=item, fan=fan) is True
    assert actions.take_back_me_too(item=item, fan=fan) is False
    item.refresh_from_db()
    assert item.me_too_count == 0


def test_the_reporter_is_not_counted_again() -> None:
    item = make_feedback()
    with pytest.raises(actions.NotTheirs):
        actions.say_me_too(item=item, fan=item.reporter, at=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("fields", [{"state": "declined"}, {"is_public": False}])
def test_nobody_joins_what_is_closed_or_private(fields: dict[str, Any]) -> None:
    with pytest.raises(actions.NotOpen):
        actions.say_me_too(item=make_feedback(**fields), fan=make_fan(), at=NOW)


# --- the company -----------------------------------------------------------------------------


def test_sorting_recomputes_priority_team_and_due_time_from_when_it_was_told() -> None:
    item = file(severity="S4", frequency="Q4")
    changed = actions.triage(
        item=item, category="safety", severity="S1", frequency="Q1", actor=make_staff(), at=LATER
    )
    item.refresh_from_db()
    assert changed is True
    assert (item.priority, item.state) == ("P0", ItemState.TRIAGED)
    assert item.answer_due_at == NOW + timedelta(hours=4)
    assert item.answered_at is None


def test_sorting_it_the_same_way_again_is_no_step() -> None:
    item, staff = make_feedback(), make_staff()
    sorting = {"category": "bug", "severity": "S2", "frequency": "Q3"}
    assert actions.triage(item=item, **sorting, actor=staff, at=NOW) is True
    assert actions.triage(item=item, **sorting, actor=staff, at=NOW) is False
    assert item.steps.count() == 1


def test_every_step_is_written_logged_and_told_once() -> None:
    item = make_feedback()
    for became in ("triaged", "assigned", "in_progress", "resolved"):
        step(item, became)
    assert ItemStep.objects.count() == AuditEntry.objects.count() == Event.objects.count() == 4
    assert set(Notice.objects.values_list("fan", flat=True)) == {item.reporter_id}
    assert step(item, "resolved") is False
    assert Event.objects.count() == 4


def test_an_answer_is_given_in_time_once() -> None:
    item = make_feedback()
    step(item, "new", answer="We are looking at it.")
    assert item.answered_at == LATER
    step(item, "in_progress", answer="Found it.", at=LATER + timedelta(days=9))
    assert item.answered_at == LATER


def test_what_is_in_progress_without_an_answer_is_overdue_all_the_same() -> None:
    item = make_feedback(answer_due_at=NOW)
    step(item, "in_progress")
    assert list(FeedbackItem.objects.overdue(LATER)) == [item]
    step(item, "in_progress", answer="Soon.")
    assert list(FeedbackItem.objects.overdue(LATER)) == []


def test_declining_says_why() -> None:
    item = make_feedback()
    with pytest.raises(actions.AnswerMissing):
        step(item, "declined")
    assert step(item, "declined", answer="It is meant so.") is True


def test_nobody_but_the_reporter_confirms_a_solution() -> None:
    item = make_feedback(state="resolved")
    with pytest.raises(actions.NoSuchStep):
        step(item, "verified")
    with pytest.raises(actions.NotTheirs):
        actions.say_whether_solved(item=item, reporter=make_fan(), is_solved=True, at=NOW)


def test_the_reporter_says_whether_it_is_solved() -> None:
    solved, unsolved = make_feedback(state="resolved"), make_feedback(state="resolved")
    for item, is_solved in ((solved, True), (unsolved, False)):
        for _ in range(2):
            actions.say_whether_solved(
                item=item,
                reporter=item.reporter,  # type: ignore[arg-type]
                is_solved=is_solved,
                at=LATER,
                words="Still silent" if not is_solved else "",
            )
        item.refresh_from_db()
    assert solved.state == ItemState.VERIFIED
    assert unsolved.state == ItemState.REOPENED
    assert unsolved.answer_due_at == LATER + timedelta(days=3)  # an answer is owed anew
    assert unsolved.answered_at is None
    assert unsolved.steps.get().answer == "Still silent"


def test_a_duplicate_names_another_that_is_none() -> None:
    item, original = make_feedback(), make_feedback()
    for target in (None, item):
        with pytest.raises(actions.CannotBeDuplicate):
            step(item, "duplicate", duplicate_of=target)
    step(item, "duplicate", duplicate_of=original)
    assert item.duplicate_of == original
    with pytest.raises(actions.CannotBeDuplicate):
        step(original, "duplicate", duplicate_of=item)
    step(item, "reopened")
    assert item.duplicate_of is None


def test_a_wish_is_made_of_it_once_in_the_name_of_the_reporter() -> None:
    item, staff = file(category="missing_feature"), make_staff()
    wish = actions.make_request(item=item, actor=staff, at=LATER)
    assert wish.author == item.reporter
    with pytest.raises(actions.BecameRequest):
        actions.make_request(item=item, actor=staff, at=LATER)
    assert FeatureRequest.objects.count() == 1
    assert Event.objects.filter(kind="feedback_became_request").count() == 1


def test_no_wish_is_made_of_what_was_kept_from_the_public() -> None:
    with pytest.raises(actions.KeptFromPublic):
        actions.make_request(item=make_feedback(is_public=False), actor=make_staff(), at=NOW)
    assert FeatureRequest.objects.count() == 0


# --- points ----------------------------------------------------------------------------------


def test_a_confirmed_bug_pays_the_first_in_full_and_the_others_half_once() -> None:
    item = make_feedback(reporter=make_fan(handle="first"))
    twin = make_feedback(reporter=make_fan(handle="twin"))
    actions.say_me_too(item=item, fan=make_fan(handle="too"), at=NOW)
    step(twin, "duplicate", duplicate_of=item)
    assert actions.confirm_bug(item=item, actor=make_staff(), at=LATER) is True
    assert actions.confirm_bug(item=item, actor=make_staff(), at=LATER) is False
    actions.say_me_too(item=item, fan=make_fan(handle="late"), at=LATER)
    assert points() == {"first": 12, "twin": 6, "too": 6}


def test_a_duplicate_found_after_the_confirmation_is_paid_if_it_was_told_before() -> None:
    item = make_feedback(reporter=make_fan(handle="first"), severity="S1")
    before = make_feedback(reporter=make_fan(handle="before"))
    after = make_feedback(reporter=make_fan(handle="after"), created_at=LATER)
    actions.confirm_bug(item=item, actor=make_staff(), at=NOW + timedelta(minutes=1))
    for twin in (before, after):
        step(twin, "duplicate", duplicate_of=item)
    assert points() == {"first": 20, "before": 10}


def test_a_withdrawn_confirmation_takes_the_points_back_and_a_new_one_restores_them() -> None:
    item, staff = make_feedback(), make_staff()
    for _ in range(2):
        actions.confirm_bug(item=item, actor=staff, at=LATER)
        assert actions.withdraw_confirmation(item=item, actor=staff, at=LATER) is True
        assert sum(Contribution.objects.values_list("points", flat=True)) == 0
        item.refresh_from_db()
    actions.confirm_bug(item=item, actor=staff, at=LATER)
    assert sum(Contribution.objects.values_list("points", flat=True)) == 12


def test_staff_confirm_nothing_of_their_own() -> None:
    staff = make_staff()
    with pytest.raises(actions.NotTheirs):
        actions.confirm_bug(item=make_feedback(reporter=staff), actor=staff, at=NOW)


# --- personal data ---------------------------------------------------------------------------


def test_a_ban_takes_back_me_too_and_an_office_does_not() -> None:
    item, fan = make_feedback(), make_fan()
    actions.say_me_too(item=item, fan=fan, at=NOW)
    withdraw(fan=fan, at=NOW, because=Because.STAFF)
    assert item.me_toos.count() == 1
    withdraw(fan=fan, at=NOW, because=Because.BANNED)
    item.refresh_from_db()
    assert item.me_too_count == item.me_toos.count() == 0


def test_erasure_takes_the_log_in_any_case_and_the_words_when_asked(
    django_capture_on_commit_callbacks: Any,
) -> None:
    item = make_feedback(with_files=True, words="My words")
    fan, file_of_it = item.reporter, item.log_file
    assert fan is not None
    assert export(fan)["feedback"][0]["words"] == "My words"
    with django_capture_on_commit_callbacks(execute=True):
        erase(fan=fan, at=NOW, with_words=False)
    item.refresh_from_db()
    assert not file_of_it.storage.exists(str(file_of_it.name))
    assert (item.words, item.log_name) == ("My words", "")
    erase(fan=fan, at=NOW, with_words=True)
    item.refresh_from_db()
    assert (item.title, item.words, item.pictures.count()) == ("–", "", 0)
