"""What the company says to the complaints of a week (O7)."""

from datetime import datetime

from django.db import transaction

from community.fridays.actions.cycles import lock_cycle
from community.fridays.complaints import areas_of
from community.fridays.models import ComplaintAnswer, Cycle, ReleaseItem
from community.markdown import language_of
from fans.accounts.models import Fan
from fans.audit.actions import record


class Refusal(Exception):
    """Why there is nothing to be answered so."""


class NotCountedYet(Refusal):
    """Complaints are read once the week is frozen."""


class NoSuchComplaint(Refusal):
    """Nothing of this week, or nothing that at least five fans complained of."""


class AnswerMissing(Refusal):
    """An answer has words."""


@transaction.atomic
def answer_complaint(
    *,
    cycle: Cycle,
    item: ReleaseItem | None = None,
    area: str = "",
    words: str,
    actor: Fan,
    at: datetime,
) -> ComplaintAnswer:
    """Answer what fans found not good enough, for everyone to read beside the figures.

    Answering again writes over it; what stood there before is kept in the log.
    """
    locked = _lock_counted(cycle)
    _require_complaint(locked, item, area)
    said = words.strip()
    if not said:
        raise AnswerMissing
    known = locked.answers.filter(item=item, area=area).first()
    if known and known.words == said:
        return known
    record(
        actor=actor, verb="complaint answered", subject=locked.subject, at=at,
        item=item.pk if item else None, area=area, before=known.words if known else "",
    )  # fmt: skip
    made, _ = ComplaintAnswer.objects.update_or_create(
        cycle=locked,
        item=item,
        area=area,
        defaults={
            "words": said,
            "language": language_of(said),
            "answered_by": actor,
            "answered_at": at,
        },
    )
    return made


@transaction.atomic
def withdraw_answer(*, answer: ComplaintAnswer, actor: Fan, at: datetime) -> bool:
    """Not said after all; the words are kept in the log alone. False when it is gone already."""
    locked = lock_cycle(answer.cycle_id)
    known = locked.answers.filter(pk=answer.pk).first()
    if known is None:
        return False
    known.delete()
    record(
        actor=actor, verb="answer to a complaint withdrawn", subject=locked.subject, at=at,
        item=known.item_id, area=known.area, before=known.words,
    )  # fmt: skip
    return True


def _require_complaint(cycle: Cycle, item: ReleaseItem | None, area: str) -> None:
    if (item is None) == (not area):
        raise NoSuchComplaint
    if item is not None and item.release.cycle_id != cycle.pk:
        raise NoSuchComplaint
    if area and area not in areas_of(cycle):
        raise NoSuchComplaint


def _lock_counted(cycle: Cycle) -> Cycle:
    locked = lock_cycle(cycle.pk)
    if locked.frozen_at is None:
        raise NotCountedYet
    return locked
