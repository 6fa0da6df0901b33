"""What the company does with an item: sort it, answer it, bring it to an end (spec §6).

Every step is a row, an entry in the log, and one notice to whoever told us.
"""

from datetime import datetime

from django.db import transaction

from community.feature_requests.actions import file_request
from community.feature_requests.models import LIGHTEST_TITLE, FeatureRequest
from community.feedback.actions.bugs import pay_for_duplicate
from community.feedback.actions.departments import department_for
from community.feedback.actions.filing import lock_item
from community.feedback.actions.refusals import (
    AnswerMissing,
    BecameRequest,
    CannotBeDuplicate,
    KeptFromPublic,
    NobodyToCredit,
    NoSuchStep,
    NotTheirs,
    TitleUnfit,
)
from community.feedback.models import FeedbackItem, ItemState, ItemStep
from community.feedback.rules import answer_due, priority_of
from community.screening.rules import HEAVIEST_TITLE, LIGHTEST_BODY, weight
from community.threads.actions.screening import lock_author
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.notifications.actions import tell

_ENDS = {ItemState.RESOLVED, ItemState.DUPLICATE, ItemState.DECLINED}
# What staff may make of an item; steps may be skipped forward. Only whoever told us says
# «solved» or «not solved» of what was resolved; what was ended by mistake is taken up again.
_STEPS: dict[str, set[ItemState]] = {
    ItemState.NEW: {ItemState.TRIAGED, ItemState.ASSIGNED, ItemState.IN_PROGRESS, *_ENDS},
    ItemState.TRIAGED: {ItemState.ASSIGNED, ItemState.IN_PROGRESS, *_ENDS},
    ItemState.ASSIGNED: {ItemState.IN_PROGRESS, *_ENDS},
    ItemState.IN_PROGRESS: {*_ENDS},
    ItemState.REOPENED: {ItemState.TRIAGED, ItemState.ASSIGNED, ItemState.IN_PROGRESS, *_ENDS},
    ItemState.RESOLVED: {ItemState.REOPENED},
    ItemState.DUPLICATE: {ItemState.REOPENED},
    ItemState.DECLINED: {ItemState.REOPENED},
    ItemState.VERIFIED: set(),
}


def next_states(item: FeedbackItem) -> list[ItemState]:
    return [state for state in ItemState if state in _STEPS[item.state]]


@transaction.atomic
def triage(
    *,
    item: FeedbackItem,
    category: str = "",
    severity: str = "",
    frequency: str = "",
    actor: Fan,
    at: datetime,
) -> bool:
    """Say what it is and how bad; priority, department and due time follow. False: it was so.

    What is not said stays as it is.
    """
    locked = lock_item(item)
    said = {"category": category, "severity": severity, "frequency": frequency}
    wanted = {name: value for name, value in said.items() if value}
    differing = [name for name, value in wanted.items() if getattr(locked, name) != value]
    is_unsorted = locked.state in {ItemState.NEW, ItemState.REOPENED}
    if not differing and not is_unsorted:
        return False
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.priority = priority_of(locked.severity, locked.frequency)
    locked.department = department_for(locked.category)
    locked.answer_due_at = answer_due(locked.priority, _asked_at(locked))
    locked.save(update_fields=[*wanted, "priority", "department", "answer_due_at"])
    became = ItemState.TRIAGED if is_unsorted else ItemState(locked.state)
    _step(locked, became=became, actor=actor, at=at)
    return True


@transaction.atomic
def take_step(
    *,
    item: FeedbackItem,
    became: str = "",
    actor: Fan,
    at: datetime,
    answer: str = "",
    duplicate_of: FeedbackItem | None = None,
) -> bool:
    """Move an item on, with or without an answer, or only answer it. False: nothing changed.

    Where nothing is said of what it became it stays what it is.
    """
    first, *_ = sorted(filter(None, [item, duplicate_of]), key=lambda one: one.pk)
    lock_item(first)  # two items by number
    locked = lock_item(item)
    became = became or locked.state
    if became == locked.state and not answer:
        return False
    if became != locked.state and became not in _STEPS[locked.state]:
        raise NoSuchStep
    if became == ItemState.DECLINED and not answer:
        raise AnswerMissing
    if became == ItemState.DUPLICATE and locked.state != ItemState.DUPLICATE:
        _link(locked, duplicate_of, at)
    elif locked.state == ItemState.DUPLICATE and became != ItemState.DUPLICATE:
        locked.duplicate_of = None
        locked.save(update_fields=["duplicate_of"])
    _step(locked, became=ItemState(became), actor=actor, at=at, answer=answer)
    return True


def _link(locked: FeedbackItem, target: FeedbackItem | None, at: datetime) -> None:
    """An item that has duplicates becomes none itself: a chain is never longer than one."""
    if target is None or target.pk == locked.pk or locked.duplicates.exists():
        raise CannotBeDuplicate
    target = lock_item(target)
    if target.state == ItemState.DUPLICATE:
        raise CannotBeDuplicate
    locked.duplicate_of = target
    locked.save(update_fields=["duplicate_of"])
    pay_for_duplicate(original=target, duplicate=locked, at=at)


@transaction.atomic
def say_whether_solved(
    *, item: FeedbackItem, reporter: Fan, is_solved: bool, at: datetime, words: str = ""
) -> bool:
    """The last word is the reporter's: solved, or to be taken up again. Twice is as once."""
    locked = lock_item(item)
    speaker = lock_author(reporter, at)
    if locked.reporter_id != speaker.pk:
        raise NotTheirs
    became = ItemState.VERIFIED if is_solved else ItemState.REOPENED
    if locked.state == became:
        return False
    if locked.state != ItemState.RESOLVED:
        raise NoSuchStep
    _write(locked, became=became, actor=speaker, at=at, answer=words)
    return True


@transaction.atomic
def make_request(
    *, item: FeedbackItem, actor: Fan, at: datetime, title: str = ""
) -> FeatureRequest:
    """Make a wish of it, in the name of whoever said it: the credit is theirs.

    `title` where its own is not one of a wish. Refuses as `file_request` does.
    """
    locked = lock_item(item)
    if locked.became_request is not None:
        raise BecameRequest
    if not locked.is_public:
        raise KeptFromPublic  # a wish is read by everybody
    if locked.reporter is None or locked.reporter.erased_at is not None:
        raise NobodyToCredit
    title = title or locked.title
    if not LIGHTEST_TITLE <= weight(title) <= HEAVIEST_TITLE:
        raise TitleUnfit
    says_enough = weight(locked.words) >= LIGHTEST_BODY
    wish = file_request(
        author=locked.reporter,
        product=locked.product,
        title=title,
        problem=locked.words if says_enough else f"{title}\n\n{locked.words}".strip(),
        submission_key=f"feedback-{locked.pk}",
        at=at,
    )
    locked.became_request = wish
    locked.save(update_fields=["became_request"])
    record(actor=actor, verb="request made of feedback", subject=locked.subject, at=at)
    tell(
        kind="feedback_became_request",
        subject=locked.subject,
        key=f"{locked.subject}:request:{wish.pk}",
        at=at,
        actor=actor,
        to=[(locked.reporter, "author")],
        facts={"title": locked.title, "item": locked.pk, "url": wish.get_absolute_url()},
    )
    return wish


def _asked_at(item: FeedbackItem) -> datetime:
    """Since when an answer is owed: since it was reported, or was last found unsolved."""
    again = item.steps.filter(became=ItemState.REOPENED).order_by("-pk").first()
    return again.happened_at if again else item.created_at


def _step(
    item: FeedbackItem, *, became: ItemState, actor: Fan, at: datetime, answer: str = ""
) -> None:
    """A step of the company's: written down, logged, told to whoever it concerns."""
    is_new = item.state != became
    step = _write(item, became=became, actor=actor, at=at, answer=answer)
    record(actor=actor, verb="feedback moved on", subject=item.subject, at=at, became=became.value)
    if item.reporter_id is not None:
        tell(
            kind=_kind_of(became, answer),
            subject=item.subject,
            key=f"{item.subject}:step:{step.pk}",
            at=at,
            actor=actor,
            to=[(item.reporter_id, "author")],
            facts={"title": item.title, "item": item.pk, "became": became.value},
        )
    has_ended = is_new and became in {ItemState.RESOLVED, ItemState.DECLINED}
    if has_ended and (item.me_too_count or item.duplicates.exists()):
        _tell_those_beside(item, step, actor)


def _tell_those_beside(item: FeedbackItem, step: ItemStep, actor: Fan) -> None:
    """Who told the same, or has it too, learns its end by the sweep; a private title from nobody."""
    is_shown = item.is_public and item.hidden_at is None
    tell(
        kind="feedback_shared_ended",
        subject=item.subject,
        key=f"{item.subject}:ended:{step.pk}",
        at=step.happened_at,
        actor=actor,
        facts={
            "title": item.title if is_shown else "",
            "item": item.pk,
            "became": item.state,
        },
    )


def _write(
    item: FeedbackItem, *, became: ItemState, actor: Fan, at: datetime, answer: str
) -> ItemStep:
    is_new = item.state != became
    item.state, item.state_at = became, at if is_new else item.state_at
    if became == ItemState.REOPENED and is_new:
        item.answered_at, item.answer_due_at = None, answer_due(item.priority, at)
    elif item.answered_at is None and (answer or became in _ENDS):
        item.answered_at = at
    item.save(update_fields=["state", "state_at", "answered_at", "answer_due_at"])
    return ItemStep.objects.create(
        item=item, became=became, answer=answer, actor=actor, happened_at=at
    )


def _kind_of(became: ItemState, answer: str) -> str:
    if became == ItemState.RESOLVED:
        return "feedback_resolved"
    return "feedback_answered" if answer else "feedback_moved"
