"""Keeping order (spec §9): flags, cases, sanctions, second persons."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from community.feature_requests.models import FeatureRequest
from community.moderation import actions, tasks
from community.moderation.actions import Decision, Verb
from community.moderation.models import Case, Flag, Outcome, Sanction, SanctionKind
from community.moderation.permissions import may_lift, may_sanction
from community.threads import actions as threads
from community.threads.models import Audience, Post, Rule, State
from fans.accounts.models import Fan, Role
from fans.audit.models import AuditEntry
from tests.community.feature_requests import count, make_request, vote
from tests.factories import (
    NOW,
    BoardFactory,
    make_admin,
    make_core_fan,
    make_fan,
    make_honorary_dev,
    make_moderator,
    make_post,
    make_staff,
    make_thread,
)
from tests.locks import holding, start

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make_flagged(rule: Rule = Rule.SPAM, **fields: Any) -> tuple[Post, Case]:
    post = make_thread(**fields).posts.get()
    return post, actions.flag_post(post=post, reporter=make_fan(), rule=rule, at=NOW)


def flag(post: Post, reporter: Fan | None, rule: Rule = Rule.SPAM, at: datetime = NOW) -> Case:
    return actions.flag_post(post=post, reporter=reporter, rule=rule, at=at)


def state_of(post: Post) -> State:
    return State(Post.objects.get(pk=post.pk).state)


def punish(
    fan: Fan,
    kind: SanctionKind,
    *,
    by: Fan | None = None,
    at: datetime = NOW,
    days: int | None = None,
    case: Case | None = None,
) -> Sanction:
    return actions.sanction(
        fan=fan,
        kind=kind,
        rule=Rule.ABUSE,
        reason="Called names",
        by=by or make_moderator(),
        at=at,
        days=days,
        case=case,
    )


# --- Flags gather in one case ---------------------------------------------------------


def test_flags_of_many_gather_in_one_case() -> None:
    post, case = make_flagged()
    assert flag(post, make_fan(), Rule.ABUSE) == case
    assert flag(post, None) == case
    assert case.flags.count() == 3


def test_flagging_twice_is_the_same_as_flagging_once() -> None:
    post, fan = make_thread().posts.get(), make_fan()
    flag(post, fan, Rule.SPAM)
    flag(post, fan, Rule.ABUSE)
    assert [row.rule for row in Flag.objects.all()] == [Rule.SPAM]


def test_after_a_decision_a_new_flag_opens_a_new_case() -> None:
    post, case = make_flagged()
    actions.decide(case=case, decision=Decision(Verb.KEEP), by=make_moderator(), at=NOW)
    assert flag(post, make_fan()) != case


def test_the_database_holds_one_open_case_per_post_and_per_person() -> None:
    post, _ = make_flagged()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(post=post, about=post.author, opened_at=NOW, due_at=NOW)
    fan = make_fan()
    actions.flag_fan(fan=fan, reporter=make_fan(), rule=Rule.SPAM, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(about=fan, opened_at=NOW, due_at=NOW)


@pytest.mark.parametrize(
    ("rule", "hours"),
    [
        (Rule.SPAM, 24),
        (Rule.ABUSE, 24),
        (Rule.SCALPING, 24),
        (Rule.LEAKED_BUILD, 24),
        (Rule.PERSONAL_DATA, 24),
        (Rule.ILLEGAL, 24),
        (Rule.VOTE_RIGGING, 72),
        (Rule.SALES_POST, 72),
        (Rule.UNDISCLOSED_SPONSORSHIP, 72),
        (Rule.PLAGIARISM, 72),
    ],
)
def test_safety_rules_are_due_within_a_day_and_others_within_three(rule: Rule, hours: int) -> None:
    _, case = make_flagged(rule)
    assert case.due_at == NOW + timedelta(hours=hours)


def test_a_graver_flag_brings_the_case_forward_and_a_lighter_one_does_not_put_it_off() -> None:
    post, case = make_flagged(Rule.PLAGIARISM)
    flag(post, make_fan(), Rule.ABUSE)
    case.refresh_from_db()
    assert case.due_at == NOW + DAY
    flag(post, make_fan(), Rule.SALES_POST, at=NOW + timedelta(hours=1))
    case.refresh_from_db()
    assert case.due_at == NOW + DAY


def test_nobody_reports_themselves() -> None:
    post = make_thread().posts.get()
    with pytest.raises(actions.OwnWords):
        flag(post, post.author)
    with pytest.raises(actions.OwnWords):
        actions.flag_fan(fan=post.author, reporter=post.author, rule=Rule.SPAM, at=NOW)
    assert Case.objects.count() == 0


# --- Three flags hide ------------------------------------------------------------------


def test_three_core_flags_for_one_safety_rule_hide_a_post() -> None:
    post = make_thread().posts.get()
    flag(post, make_core_fan())
    flag(post, make_honorary_dev())
    assert state_of(post) == State.PUBLISHED
    flag(post, make_core_fan())
    hidden = Post.objects.get(pk=post.pk)
    assert (hidden.state, hidden.rule) == (State.HIDDEN, Rule.SPAM)
    entry = AuditEntry.objects.get(verb="hidden")
    assert (entry.actor, entry.subject) == (None, f"post:{post.pk}")


def test_flags_of_founding_fans_count_as_core() -> None:
    """A2."""
    post = make_thread().posts.get()
    for _ in range(3):
        flag(post, make_fan(founding_since_date=NOW.date()))
    assert state_of(post) == State.HIDDEN


def test_flags_of_casual_fans_guests_and_staff_hide_nothing() -> None:
    post = make_thread().posts.get()
    for _ in range(4):
        flag(post, make_fan())
        flag(post, None)
        flag(post, make_core_fan(role=Role.STAFF))
    assert state_of(post) == State.PUBLISHED


def test_three_flags_for_different_safety_rules_hide_nothing() -> None:
    post = make_thread().posts.get()
    for rule in (Rule.SPAM, Rule.ABUSE, Rule.SCALPING):
        flag(post, make_core_fan(), rule)
    assert state_of(post) == State.PUBLISHED


@pytest.mark.parametrize(
    "rule",
    [Rule.PLAGIARISM, Rule.SALES_POST, Rule.UNDISCLOSED_SPONSORSHIP, Rule.VOTE_RIGGING],
)
def test_flags_for_a_rule_that_hurts_nobody_hide_nothing(rule: Rule) -> None:
    post = make_thread().posts.get()
    for _ in range(4):
        flag(post, make_core_fan(), rule)
    assert state_of(post) == State.PUBLISHED


def test_one_core_fan_counts_once() -> None:
    post, fan = make_thread().posts.get(), make_core_fan()
    for _ in range(3):
        flag(post, fan)
    assert state_of(post) == State.PUBLISHED


def test_whoever_was_overruled_does_not_hide_the_same_post_again() -> None:
    post, fans = make_thread().posts.get(), [make_core_fan() for _ in range(3)]
    for fan in fans:
        case = flag(post, fan)
    actions.decide(case=case, decision=Decision(Verb.KEEP), by=make_moderator(), at=NOW)
    for fan in fans:
        flag(post, fan)
    assert state_of(post) == State.PUBLISHED
    for _ in range(3):
        flag(post, make_core_fan())
    assert state_of(post) == State.HIDDEN


@pytest.mark.parametrize("make_author", [make_staff, make_admin])
def test_what_staff_wrote_is_never_hidden_by_flags(make_author: Any) -> None:
    post = make_thread(author=make_author()).posts.get()
    for _ in range(5):
        flag(post, make_core_fan())
    assert state_of(post) == State.PUBLISHED


def make_hidden_by_flags() -> Post:
    post = make_thread().posts.get()
    for _ in range(3):
        flag(post, make_core_fan())
    return post


@pytest.mark.parametrize(
    ("passed", "state"),
    [(DAY - timedelta(seconds=1), State.HIDDEN), (DAY, State.PUBLISHED)],
)
def test_after_24_hours_a_post_hidden_by_flags_comes_back(
    passed: timedelta, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = make_hidden_by_flags()
    monkeypatch.setattr("fans.clock.now", lambda: NOW + passed)
    tasks.show_flagged_posts_again()
    assert state_of(post) == state
    assert Case.objects.get().decided_at is None


def test_a_post_that_came_back_is_not_hidden_again_by_the_next_flag() -> None:
    post = make_hidden_by_flags()
    case = Case.objects.get()
    assert actions.show_again(case=case, at=NOW + DAY)
    assert not actions.show_again(case=case, at=NOW + 2 * DAY)
    flag(post, make_core_fan(), at=NOW + DAY)
    assert state_of(post) == State.PUBLISHED


def test_what_a_moderator_decided_is_not_undone_by_the_sweep() -> None:
    post = make_hidden_by_flags()
    case = Case.objects.get()
    decision = Decision(Verb.HIDE, rule=Rule.ABUSE, note="Mend the second line.")
    actions.decide(case=case, decision=decision, by=make_moderator(), at=NOW)
    assert not actions.show_again(case=case, at=NOW + DAY)
    hidden = Post.objects.get(pk=post.pk)
    assert (hidden.state, hidden.rule, hidden.rule_note) == (
        State.HIDDEN,
        Rule.ABUSE,
        "Mend the second line.",
    )


def test_one_row_that_fails_does_not_stop_the_sweep(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = make_hidden_by_flags(), make_hidden_by_flags()
    broken = Case.objects.get(post=first)
    show_again = actions.show_again

    def failing(*, case: Case, at: datetime) -> bool:
        if case == broken:
            raise RuntimeError("a bad row")
        return show_again(case=case, at=at)

    monkeypatch.setattr("community.moderation.actions.show_again", failing)
    monkeypatch.setattr("fans.clock.now", lambda: NOW + DAY)
    tasks.show_flagged_posts_again()
    assert (state_of(first), state_of(second)) == (State.HIDDEN, State.PUBLISHED)
    assert "A sweep left" in caplog.text


# --- Deciding ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "state", "outcome"),
    [
        (Verb.KEEP, State.PUBLISHED, Outcome.NO_ACTION),
        (Verb.HIDE, State.HIDDEN, Outcome.ACTIONED),
        (Verb.REMOVE, State.REMOVED, Outcome.ACTIONED),
    ],
)
def test_a_verb_brings_the_post_where_it_says(verb: Verb, state: State, outcome: Outcome) -> None:
    post, case = make_flagged()
    moderator = make_moderator()
    rule = "" if verb == Verb.KEEP else Rule.SPAM
    actions.decide(case=case, decision=Decision(verb, rule=rule), by=moderator, at=NOW)
    case.refresh_from_db()
    assert state_of(post) == state
    assert (case.outcome, case.decided_by, case.decided_at) == (outcome, moderator, NOW)
    entry = AuditEntry.objects.get(verb="case decided")
    assert (entry.actor, entry.concerns, entry.scope) == (
        moderator,
        post.author,
        f"board:{post.thread.board_id}",
    )


def test_keeping_a_post_that_flags_have_hidden_shows_it_again() -> None:
    post = make_hidden_by_flags()
    actions.decide(
        case=Case.objects.get(), decision=Decision(Verb.KEEP), by=make_moderator(), at=NOW
    )
    assert state_of(post) == State.PUBLISHED


@pytest.mark.parametrize(
    "decision",
    [
        Decision(Verb.HIDE),
        Decision(Verb.REMOVE),
        Decision(Verb.KEEP, sanction=SanctionKind.WARN),
    ],
)
def test_nothing_is_taken_away_without_a_rule(decision: Decision) -> None:
    """C1."""
    post, case = make_flagged()
    with pytest.raises(actions.RuleMissing):
        actions.decide(case=case, decision=decision, by=make_moderator(), at=NOW)
    assert state_of(post) == State.PUBLISHED
    assert Case.objects.get().decided_at is None


def test_the_database_refuses_a_removal_without_a_rule() -> None:
    """C1."""
    post = make_thread().posts.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(state=State.REMOVED)


def test_deciding_twice_is_the_same_as_deciding_once(mailoutbox: list[EmailMessage]) -> None:
    _, case = make_flagged()
    moderator = make_moderator()
    decision = Decision(Verb.REMOVE, rule=Rule.SPAM, sanction=SanctionKind.WARN)
    for _ in range(2):
        actions.decide(case=case, decision=decision, by=moderator, at=NOW)
    assert Sanction.objects.count() == 1
    assert AuditEntry.objects.filter(verb="case decided").count() == 1
    assert len(mailoutbox) == 2  # about the post and about the person, once each


def test_the_slower_moderator_is_refused_and_changes_nothing() -> None:
    post, case = make_flagged()
    actions.decide(case=case, decision=Decision(Verb.KEEP), by=make_moderator(), at=NOW)
    with pytest.raises(actions.DecidedByColleague):
        actions.decide(
            case=case,
            decision=Decision(Verb.REMOVE, rule=Rule.SPAM),
            by=make_moderator(),
            at=NOW,
        )
    assert state_of(post) == State.PUBLISHED


def test_nobody_decides_about_their_own_words() -> None:
    moderator = make_moderator()
    _, case = make_flagged(author=moderator)
    with pytest.raises(actions.NotAllowed):
        actions.decide(case=case, decision=Decision(Verb.KEEP), by=moderator, at=NOW)


def test_nobody_decides_a_case_about_themselves() -> None:
    moderator = make_moderator()
    case = actions.flag_fan(fan=moderator, reporter=make_fan(), rule=Rule.ABUSE, at=NOW)
    with pytest.raises(actions.NotAllowed):
        actions.decide(case=case, decision=Decision(Verb.KEEP), by=moderator, at=NOW)


def test_a_moderator_of_another_board_decides_nothing_here() -> None:
    _, case = make_flagged()
    other = make_moderator(scope=f"board:{BoardFactory.create().pk}")
    with pytest.raises(actions.NotAllowed):
        actions.decide(case=case, decision=Decision(Verb.KEEP), by=other, at=NOW)


def test_a_moderator_of_one_board_does_not_judge_persons() -> None:
    board = BoardFactory.create()
    case = actions.flag_fan(fan=make_fan(), reporter=make_fan(), rule=Rule.ABUSE, at=NOW)
    with pytest.raises(actions.NotAllowed):
        actions.decide(
            case=case,
            decision=Decision(Verb.KEEP),
            by=make_moderator(scope=f"board:{board.pk}"),
            at=NOW,
        )


def test_moderators_do_not_decide_about_the_early_board() -> None:
    """A3."""
    board = BoardFactory.create(readable_by=Audience.HONORARY_DEV)
    _, case = make_flagged(board=board)
    with pytest.raises(actions.NotAllowed):
        actions.decide(case=case, decision=Decision(Verb.KEEP), by=make_moderator(), at=NOW)
    actions.decide(case=case, decision=Decision(Verb.KEEP), by=make_staff(), at=NOW)


def test_a_moderator_who_lost_the_role_decides_nothing_any_more() -> None:
    _, case = make_flagged()
    former = make_moderator()
    Fan.objects.get_queryset().filter(pk=former.pk).update(role=Role.FAN)
    with pytest.raises(actions.NotAllowed):
        actions.decide(
            case=case,
            decision=Decision(Verb.KEEP),
            by=Fan.objects.get(pk=former.pk),
            at=NOW,
        )


@pytest.mark.parametrize(
    ("verb", "state"), [(Verb.REMOVE, State.REMOVED), (Verb.HIDE, State.HIDDEN)]
)
def test_deleting_ones_words_is_no_way_around_a_decision(verb: Verb, state: State) -> None:
    post, case = make_flagged()
    threads.delete_post(post=post, author=post.author, at=NOW)
    decision = Decision(verb, rule=Rule.SPAM, sanction=SanctionKind.WARN)
    actions.decide(case=case, decision=decision, by=make_moderator(), at=NOW)
    assert state_of(post) == state
    assert post.author.sanctions.count() == 1
    with pytest.raises(threads.NotInThatState):
        threads.restore_post(post=post, author=post.author, at=NOW)


@pytest.mark.parametrize("verb", [Verb.REMOVE, Verb.HIDE])
def test_taking_a_decision_back_does_not_show_what_its_author_deleted(verb: Verb) -> None:
    post, case = make_flagged()
    threads.delete_post(post=post, author=post.author, at=NOW)
    moderator = make_moderator()
    actions.decide(case=case, decision=Decision(verb, rule=Rule.SPAM), by=moderator, at=NOW)
    actions.show_post(case=case, by=moderator, at=NOW)
    assert state_of(post) == State.DELETED
    assert Post.objects.get(pk=post.pk).thread.state == State.DELETED
    threads.restore_post(post=post, author=post.author, at=NOW)
    assert state_of(post) == State.PUBLISHED


def test_keeping_a_post_its_author_deleted_leaves_it_deleted() -> None:
    post, case = make_flagged()
    threads.delete_post(post=post, author=post.author, at=NOW)
    actions.decide(case=case, decision=Decision(Verb.KEEP), by=make_moderator(), at=NOW)
    assert state_of(post) == State.DELETED


def test_a_sanction_that_may_not_be_given_leaves_the_post_as_it_was() -> None:
    post, case = make_flagged(author=make_staff())
    decision = Decision(Verb.REMOVE, rule=Rule.ABUSE, sanction=SanctionKind.WARN)
    with pytest.raises(actions.NotAllowed):
        actions.decide(case=case, decision=decision, by=make_moderator(), at=NOW)
    assert state_of(post) == State.PUBLISHED


def test_two_moderators_who_turn_a_post_down_at_once_tell_its_author_once(
    mailoutbox: list[EmailMessage],
) -> None:
    post = make_post(make_thread(), state=State.WAITING)
    for moderator in (make_moderator(), make_moderator()):
        actions.reject_post(post=post, by=moderator, rule=Rule.SPAM, at=NOW)  # as both loaded it
    assert len(mailoutbox) == 1


def test_a_case_follows_its_post_to_the_fan_who_wrote_it() -> None:
    """An imported author who turns out to be a fan: the posts are theirs, the shell is empty."""
    post, case = make_flagged(author=make_fan(imported_as="discourse:42"))
    fan = make_moderator()
    Fan.objects.get_queryset().filter(pk=post.author_id).update(imported_as="", erased_at=NOW)
    Post.objects.filter(pk=post.pk).update(author=fan)
    assert not Case.objects.visible_to(fan).exists()
    post.refresh_from_db()
    assert flag(post, make_fan()) == case
    decision = Decision(Verb.REMOVE, rule=Rule.SPAM, sanction=SanctionKind.WARN)
    actions.decide(case=case, decision=decision, by=make_staff(), at=NOW)
    assert fan.sanctions.count() == 1


# --- Claims ------------------------------------------------------------------------------


def test_a_claim_keeps_others_away_for_half_an_hour() -> None:
    _, case = make_flagged()
    first, second = make_moderator(), make_moderator()
    actions.claim(case=case, by=first, at=NOW)
    with pytest.raises(actions.HeldByColleague):
        actions.claim(case=case, by=second, at=NOW + timedelta(minutes=29))
    actions.claim(case=case, by=second, at=NOW + timedelta(minutes=30))
    case.refresh_from_db()
    assert case.claimed_by == second


def test_only_the_holder_withdraws_a_claim() -> None:
    _, case = make_flagged()
    first = make_moderator()
    actions.claim(case=case, by=first, at=NOW)
    actions.withdraw_claim(case=case, by=make_moderator())
    case.refresh_from_db()
    assert case.claimed_by == first
    actions.withdraw_claim(case=case, by=first)
    case.refresh_from_db()
    assert case.claimed_by is None


# --- Sanctions -----------------------------------------------------------------------------


def test_a_warning_is_written_down_and_told(mailoutbox: list[EmailMessage]) -> None:
    fan = make_fan()
    made = punish(fan, SanctionKind.WARN)
    assert made.effective_at == NOW
    assert fan.writing_refusal(NOW) == ""
    (mail,) = mailoutbox
    assert mail.to == [fan.email]
    assert "Called names" in str(mail.body)


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (SanctionKind.MUTE, None),
        (SanctionKind.MUTE, 0),
        (SanctionKind.MUTE, -1),
        (SanctionKind.MUTE, 31),
        (SanctionKind.SUSPEND, None),
        (SanctionKind.SUSPEND, 366),
    ],
)
def test_a_sanction_longer_than_the_rules_allow_is_refused(
    kind: SanctionKind, days: int | None
) -> None:
    fan = make_fan()
    with pytest.raises(actions.TooLong):
        punish(fan, kind, days=days)
    assert Sanction.objects.count() == 0


@pytest.mark.parametrize("kind", [SanctionKind.MUTE, SanctionKind.SUSPEND])
def test_a_mute_or_suspension_takes_writing_away_until_it_ends(kind: SanctionKind) -> None:
    fan = make_fan()
    punish(fan, kind, days=30)
    fan.refresh_from_db()
    assert fan.writing_refusal(NOW + timedelta(days=29, hours=23)) != ""
    assert fan.writing_refusal(NOW + timedelta(days=30)) == ""


def test_the_end_of_a_mute_is_told_in_the_persons_time_and_language(
    mailoutbox: list[EmailMessage],
) -> None:
    punish(make_fan(timezone="Europe/Berlin"), SanctionKind.MUTE, days=1)
    (mail,) = mailoutbox
    assert "until Sat 21 Nov 2026, 10:00 (Europe/Berlin)" in str(mail.body)


def test_a_muted_fan_replies_nowhere() -> None:
    fan, thread = make_fan(), make_thread()
    punish(fan, SanctionKind.MUTE, days=1)
    with pytest.raises(threads.MayNotWrite):
        threads.reply(
            thread=thread, author=fan, source="Words said too late.", submission_key="k", at=NOW
        )


def test_a_shorter_mute_does_not_shorten_a_longer_one() -> None:
    fan = make_fan()
    punish(fan, SanctionKind.MUTE, days=10)
    short = punish(fan, SanctionKind.MUTE, days=2)
    fan.refresh_from_db()
    assert fan.muted_until == NOW + 10 * DAY
    actions.lift_sanction(sanction=short, by=make_moderator(), at=NOW)
    fan.refresh_from_db()
    assert fan.muted_until == NOW + 10 * DAY


def test_lifting_a_mute_gives_writing_back_and_twice_is_once() -> None:
    fan = make_fan()
    made = punish(fan, SanctionKind.MUTE, days=10)
    for _ in range(2):
        actions.lift_sanction(sanction=made, by=make_moderator(), at=NOW + DAY)
    fan.refresh_from_db()
    assert fan.writing_refusal(NOW + DAY) == ""
    assert AuditEntry.objects.filter(verb="sanction lifted").count() == 1


def test_nobody_lifts_their_own_sanction() -> None:
    moderator = make_moderator()
    made = punish(moderator, SanctionKind.MUTE, days=3, by=make_staff())
    assert not may_lift(moderator, made)
    with pytest.raises(actions.NotAllowed):
        actions.lift_sanction(sanction=made, by=moderator, at=NOW)


@pytest.mark.parametrize(
    ("by", "person", "may"),
    [
        (make_moderator, make_fan, True),
        (make_moderator, make_core_fan, True),
        (make_moderator, make_moderator, False),
        (make_moderator, make_staff, False),
        (make_moderator, make_admin, False),
        (make_staff, make_fan, True),
        (make_staff, make_moderator, True),
        (make_staff, make_staff, False),
        (make_staff, make_admin, False),
        (make_admin, make_staff, True),
        (make_admin, make_moderator, True),
        (make_fan, make_fan, False),
        (make_core_fan, make_fan, False),
    ],
)
def test_moderators_answer_to_staff_and_staff_to_admins(by: Any, person: Any, may: bool) -> None:
    judge, judged = by(), person()
    assert may_sanction(judge, judged) is may
    if not may:
        with pytest.raises(actions.NotAllowed):
            punish(judged, SanctionKind.WARN, by=judge)


def test_nobody_sanctions_themselves() -> None:
    admin = make_admin()
    with pytest.raises(actions.NotAllowed):
        punish(admin, SanctionKind.WARN, by=admin)


@pytest.mark.parametrize("state", [{"erased_at": NOW}, {"imported_as": "discourse:1"}])
def test_who_is_not_there_is_not_sanctioned(state: dict[str, Any]) -> None:
    with pytest.raises(actions.NotAllowed):
        punish(make_fan(**state), SanctionKind.WARN)


# --- Bans take two (A3) -----------------------------------------------------------------------


def is_banned(fan: Fan) -> bool:
    return Fan.objects.get(pk=fan.pk).banned_at is not None


def test_a_ban_waits_for_a_second_person_and_holds_when_they_agree(
    mailoutbox: list[EmailMessage],
) -> None:
    fan = make_fan()
    proposal = punish(fan, SanctionKind.BAN)
    assert not is_banned(fan)
    assert mailoutbox == []
    second = make_moderator()
    confirmed = actions.confirm_ban(sanction=proposal, by=second, at=NOW + DAY)
    assert is_banned(fan)
    assert (confirmed.confirmed_by, confirmed.effective_at) == (second, NOW + DAY)
    assert [mail.to for mail in mailoutbox] == [[fan.email]]


def test_who_proposed_a_ban_does_not_confirm_it() -> None:
    proposer = make_moderator()
    proposal = punish(make_fan(), SanctionKind.BAN, by=proposer)
    with pytest.raises(actions.SamePerson):
        actions.confirm_ban(sanction=proposal, by=proposer, at=NOW)


def test_the_database_refuses_a_second_person_who_is_the_first() -> None:
    proposal = punish(make_fan(), SanctionKind.BAN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sanction.objects.filter(pk=proposal.pk).update(confirmed_by=proposal.proposed_by)


@pytest.mark.parametrize("make", [make_fan, make_core_fan])
def test_fans_confirm_no_bans(make: Any) -> None:
    proposal = punish(make_fan(), SanctionKind.BAN)
    with pytest.raises(actions.NotAllowed):
        actions.confirm_ban(sanction=proposal, by=make(), at=NOW)


def test_a_moderator_of_one_board_confirms_no_bans() -> None:
    proposal = punish(make_fan(), SanctionKind.BAN)
    board = BoardFactory.create()
    with pytest.raises(actions.NotAllowed):
        actions.confirm_ban(sanction=proposal, by=make_moderator(scope=f"board:{board.pk}"), at=NOW)


def test_confirming_or_proposing_twice_is_the_same_as_once() -> None:
    fan, second = make_fan(), make_moderator()
    proposal = punish(fan, SanctionKind.BAN)
    assert punish(fan, SanctionKind.BAN) == proposal
    for _ in range(2):
        actions.confirm_ban(sanction=proposal, by=second, at=NOW)
    assert AuditEntry.objects.filter(verb="banned").count() == 1
    assert punish(fan, SanctionKind.BAN) == proposal


def test_a_declined_proposal_does_not_become_a_ban() -> None:
    fan, second = make_fan(), make_moderator()
    proposal = punish(fan, SanctionKind.BAN)
    actions.lift_sanction(sanction=proposal, by=second, at=NOW)
    actions.confirm_ban(sanction=proposal, by=make_staff(), at=NOW)
    assert not is_banned(fan)
    assert not actions.let_ban_stand(sanction=proposal, at=NOW + 3 * DAY)


@pytest.mark.parametrize(
    ("age", "published", "held_at_once"),
    [
        (timedelta(days=6, hours=23), 0, True),
        (timedelta(days=7), 0, False),
        (timedelta(days=1), 1, False),
    ],
)
def test_one_person_bans_a_young_account_without_an_approved_post(
    age: timedelta, published: int, held_at_once: bool
) -> None:
    fan = make_fan(joined_at=NOW - age)
    thread = make_thread()
    make_post(thread, author=fan, state=State.WAITING)
    for _ in range(published):
        make_post(thread, author=fan)
    punish(fan, SanctionKind.BAN)
    assert is_banned(fan) is held_at_once


def test_without_a_second_person_a_ban_stands_after_48_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fan = make_fan()
    make_moderator(suspended_until=NOW + 9 * DAY)
    make_moderator(scope="board:1")
    punish(fan, SanctionKind.BAN, by=make_admin())
    monkeypatch.setattr("fans.clock.now", lambda: NOW + 2 * DAY - timedelta(seconds=1))
    tasks.let_lone_bans_stand()
    assert not is_banned(fan)
    monkeypatch.setattr("fans.clock.now", lambda: NOW + 2 * DAY)
    tasks.let_lone_bans_stand()
    tasks.let_lone_bans_stand()
    assert is_banned(fan)
    assert AuditEntry.objects.get(verb="banned").actor is None


def test_while_a_second_person_is_there_a_ban_waits_for_them() -> None:
    fan = make_fan()
    proposal = punish(fan, SanctionKind.BAN, by=make_admin())
    make_moderator()
    assert not actions.let_ban_stand(sanction=proposal, at=NOW + 9 * DAY)
    assert not is_banned(fan)


def test_a_moderator_is_no_second_person_for_the_early_board() -> None:
    board = BoardFactory.create(readable_by=Audience.HONORARY_DEV)
    post, case = make_flagged(board=board)
    proposal = punish(post.author, SanctionKind.BAN, by=make_staff(), case=case)
    moderator = make_moderator()
    assert Sanction.objects.visible_to(moderator).count() == 0
    assert actions.let_ban_stand(sanction=proposal, at=NOW + 2 * DAY)


def test_a_banned_fan_is_no_longer_active_and_has_no_session() -> None:
    fan = make_fan(joined_at=NOW)
    before = fan.session_epoch
    punish(fan, SanctionKind.BAN)
    fan.refresh_from_db()
    assert not fan.is_active
    assert fan.session_epoch == before + 1


# --- Two at once ----------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_second_decision_waits_for_the_first_and_is_then_refused() -> None:
    post, case = make_flagged()
    first, second = make_moderator(), make_moderator()
    late = Decision(Verb.REMOVE, rule=Rule.SPAM)
    with transaction.atomic():
        actions.decide(case=case, decision=Decision(Verb.KEEP), by=first, at=NOW)
        started = start(lambda: actions.decide(case=case, decision=late, by=second, at=NOW))
        started.waits_for_a_lock()
    with pytest.raises(actions.DecidedByColleague):
        started.result()
    assert state_of(post) == State.PUBLISHED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_flags_that_come_together_are_counted_one_after_the_other() -> None:
    """Without the lock each of two last flags would find the other missing, and hide nothing."""
    post, case = make_flagged()
    flag(post, make_core_fan())
    second, third = make_core_fan(), make_core_fan()
    with transaction.atomic():
        flag(post, second)
        started = start(lambda: flag(post, third))
        started.waits_for_a_lock()
    assert started.result() == case
    assert state_of(post) == State.HIDDEN


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_flags_that_come_together_while_a_case_is_decided_share_the_next_one() -> None:
    post, case = make_flagged()
    moderator, reporters = make_moderator(), [make_fan(), make_fan()]
    with transaction.atomic():
        actions.decide(case=case, decision=Decision(Verb.KEEP), by=moderator, at=NOW)
        first, second = (start(lambda fan=fan: flag(post, fan)) for fan in reporters)
        first.waits_for_a_lock()
        second.waits_for_a_lock(of_anybody=True)  # it queues up behind the first
    opened = first.result()
    assert opened == second.result() != case
    assert opened.flags.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_warnings_for_one_case_at_once_are_one() -> None:
    """The person's row is held while it is looked whether they were warned already."""
    post, case = make_flagged()
    moderator = make_moderator()
    with transaction.atomic():
        first = punish(post.author, SanctionKind.WARN, by=moderator, case=case)
        started = start(lambda: punish(post.author, SanctionKind.WARN, by=moderator, case=case))
        started.waits_for_a_lock()
    assert started.result() == first
    assert Sanction.objects.count() == 1


@pytest.mark.parametrize("kind", [SanctionKind.SUSPEND, SanctionKind.BAN])
def test_votes_of_whoever_is_suspended_or_banned_are_in_no_count(kind: SanctionKind) -> None:
    """F3: a suspended fan keeps the vote for later, a banned one has none."""
    fan, wish = make_fan(), make_request()
    vote(wish, fan)
    made = punish(fan, kind, days=3 if kind == SanctionKind.SUSPEND else None)
    if kind == SanctionKind.BAN:
        actions.confirm_ban(sanction=made, by=make_moderator(), at=NOW)
    assert count(wish) == 0
    assert wish.votes.exists() is (kind == SanctionKind.SUSPEND)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_ban_waits_for_the_wishes_before_it_takes_the_person() -> None:
    """The order of locks: a voter holds the wish and waits for the fan, so the ban does too."""
    fan, wish = make_fan(), make_request()
    vote(wish, fan)
    proposal = punish(fan, SanctionKind.BAN)
    second = make_moderator()
    with holding(FeatureRequest, wish.pk):
        started = start(lambda: actions.confirm_ban(sanction=proposal, by=second, at=NOW))
        started.waits_for_a_lock()
        free = Fan.objects.get_queryset().select_for_update(nowait=True, no_key=True)
        assert list(free.filter(pk=fan.pk).values_list("pk", flat=True)) == [fan.pk]
    started.result()
    assert (is_banned(fan), count(wish)) == (True, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_ban_is_confirmed_or_declined_but_never_both() -> None:
    fan, first, second = make_fan(), make_moderator(), make_moderator()
    proposal = punish(fan, SanctionKind.BAN)
    with transaction.atomic():
        actions.lift_sanction(sanction=proposal, by=first, at=NOW)
        started = start(lambda: actions.confirm_ban(sanction=proposal, by=second, at=NOW))
        started.waits_for_a_lock()
    started.result()
    assert not is_banned(fan)
