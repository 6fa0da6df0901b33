from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from community.moderation import notices
from community.moderation.actions.claiming import lock_for_deciding
from community.moderation.actions.refusals import DecidedByColleague, NotAllowed, RuleMissing
from community.moderation.actions.sanctioning import ENDS_A_VOICE, sanction
from community.moderation.models import Case, Outcome, SanctionKind
from community.moderation.permissions import may_decide
from community.threads import actions as threads
from community.threads.models import Post, State
from fans.accounts.models import Fan
from fans.accounts.withdrawal import hold_what_stands
from fans.audit.actions import record


class Verb(TextChoices):
    """What becomes of a flagged post."""

    KEEP = "keep", _("Keep it: no rule is broken")
    HIDE = "hide", _("Hide it")
    REMOVE = "remove", _("Remove it")


@dataclass(frozen=True)
class Decision:
    verb: Verb
    rule: str = ""
    note: str = ""  # the person it concerns reads it
    sanction: str = ""  # a SanctionKind, or none
    days: int | None = None

    @property
    def takes_action(self) -> bool:
        return self.verb != Verb.KEEP or bool(self.sanction)


@transaction.atomic
def decide(*, case: Case, decision: Decision, by: Fan, at: datetime) -> Case:
    """Close a case: keep, hide or remove the post, and sanction the person where that is due.

    Hiding, removing and sanctions name a rule (C1). The same decision by the same person again
    changes nothing; anybody else is told that a colleague was faster.
    """
    if decision.takes_action and not decision.rule:
        raise RuleMissing
    try:
        locked = lock_for_deciding(case, by, at)
    except DecidedByColleague:
        return _own_decision(case, decision, by)
    if decision.sanction in ENDS_A_VOICE:
        hold_what_stands(fan=locked.person)  # judging the post locks its author
    _judge_post(locked, decision, by, at)
    if decision.sanction:
        sanction(
            fan=locked.person,
            kind=SanctionKind(decision.sanction),
            rule=decision.rule,
            reason=decision.note,
            by=by,
            at=at,
            days=decision.days,
            case=locked,
        )
    _close(locked, decision, by, at)
    return locked


def _own_decision(case: Case, decision: Decision, by: Fan) -> Case:
    outcome = Outcome.ACTIONED if decision.takes_action else Outcome.NO_ACTION
    decided = Case.objects.get(pk=case.pk)
    is_same = decided.outcome == outcome and decided.rule == decision.rule
    if decided.decided_by_id != by.pk or not is_same:
        raise DecidedByColleague
    return decided


def _judge_post(case: Case, decision: Decision, by: Fan, at: datetime) -> None:
    post = case.post
    if post is None or post.state == State.REMOVED:
        return  # gone already; the person may still be sanctioned
    rule, note = decision.rule, decision.note
    if decision.verb == Verb.REMOVE:
        removed = threads.remove(post=post, by=by, rule=rule, at=at, note=note)
        _tell_author(removed, State.REMOVED, decision)
    elif decision.verb == Verb.HIDE:
        hidden = threads.hide(post=post, by=by, rule=rule, at=at, reason=note)
        _tell_author(hidden, State.HIDDEN, decision)
    elif post.state == State.HIDDEN:
        threads.restore(post=post, by=by, at=at, reason=note)


def _tell_author(post: Post, became: State, decision: Decision) -> None:
    message = notices.about_post(post=post, became=became, rule=decision.rule, note=decision.note)
    notices.tell(post.author, message)


def _close(case: Case, decision: Decision, by: Fan, at: datetime) -> None:
    case.outcome = Outcome.ACTIONED if decision.takes_action else Outcome.NO_ACTION
    case.rule, case.note = decision.rule, decision.note
    case.decided_by, case.decided_at = by, at
    case.claimed_by = case.claimed_at = None
    case.save(
        update_fields=[
            *("outcome", "rule", "note", "decided_by", "decided_at"),
            *("claimed_by", "claimed_at"),
        ]
    )
    record(
        actor=by,
        verb="case decided",
        subject=f"case:{case.pk}",
        at=at,
        concerns=case.person,
        scope=case.scope,
        rule=decision.rule,
        reason=decision.note,
        outcome=str(case.outcome),
    )


@transaction.atomic
def show_post(*, case: Case, by: Fan, at: datetime, reason: str = "") -> None:
    """Take back what was done to the post of a decided case: it stands where it stood."""
    locked = (
        Case.objects.select_for_update(of=("self",))
        .select_related("post__thread__board", "post__author")
        .get(pk=case.pk)
    )
    if locked.post is None or locked.decided_at is None or not may_decide(by, locked):
        raise NotAllowed
    if locked.post.state == State.REMOVED:
        threads.reinstate(post=locked.post, by=by, at=at, reason=reason)
    else:
        threads.restore(post=locked.post, by=by, at=at, reason=reason)
