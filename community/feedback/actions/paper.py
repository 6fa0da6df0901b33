"""Paper forms: typed in one by one, handed in together, accepted by another (O10)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Q

from community.feature_requests.actions import add_offline_support
from community.feature_requests.models import FeatureRequest
from community.feedback.actions.departments import department_for
from community.feedback.actions.refusals import BatchEmpty, BatchFull, NotOpen, NotTheirs
from community.feedback.models import (
    Category,
    Channel,
    FeedbackItem,
    ItemState,
    ItemStep,
    OfflineBatch,
)
from community.feedback.permissions import may_accept, records_directly
from community.feedback.rules import MOST_FORMS, POINTS_FROM_FORMS, answer_due, priority_of
from community.markdown import language_of
from community.products.models import Product, Team
from community.threads.actions.screening import lock_author
from fans.accounts.models import Fan
from fans.audit.actions import record as log
from fans.ledger.actions import record
from fans.notifications.actions import tell
from fans.places.models import Place

KIND = "offline.recorded"
_DIGEST = 24  # so much of a file's digest names it


@dataclass(frozen=True, kw_only=True)
class PaperForm:
    """One form as it stands on paper: numbers of release items and of wishes, and words."""

    overall: int  # 1–5
    loved: list[int] = field(default_factory=list)
    not_good: list[int] = field(default_factory=list)
    not_good_words: str = ""
    severity: str
    frequency: str
    wishes: list[int] = field(default_factory=list)
    words: str = ""
    consents: bool = False

    @property
    def asks_for_an_answer(self) -> bool:
        return bool(self.not_good or self.not_good_words or self.words)

    @property
    def category(self) -> Category:
        """A first guess, for the desk to correct."""
        is_complaint = self.not_good or self.not_good_words
        return Category.USABILITY if is_complaint else Category.MISSING_FEATURE


@transaction.atomic
def open_batch(
    *,
    product: Product,
    place: Place,
    gathered_on: date,
    week: str,
    recorder: Fan,
    at: datetime,
    submission_key: str | None = None,
) -> OfflineBatch:
    """Begin to type in the forms of one place and date. The same form sent twice is one batch."""
    locked = lock_author(recorder, at)
    mine = OfflineBatch.objects.filter(recorder=locked.pk, submission_key=submission_key)
    if submission_key and (known := mine.first()):
        return known
    return OfflineBatch.objects.create(
        product=product,
        place=place,
        gathered_on=gathered_on,
        week=week,
        recorder=locked,
        recorded_at=at,
        submission_key=submission_key,
    )


@transaction.atomic
def record_form(
    *,
    batch: OfflineBatch,
    form: PaperForm,
    recorder: Fan,
    at: datetime,
    submission_key: str | None = None,
) -> FeedbackItem:
    """Type in one form. Without the person's consent it carries no place."""
    locked = _own_open_batch(batch, recorder, at)
    key = f"{locked.pk}-{submission_key}"[:40] if submission_key else None
    if key and (known := locked.items.filter(submission_key=key).first()):
        return known
    return _record(locked, [form], recorder, at, [key])[0]


@transaction.atomic
def import_forms(
    *, batch: OfflineBatch, forms: Sequence[PaperForm], digest: str, recorder: Fan, at: datetime
) -> int:
    """Read in a file of forms, all or none; how many. The same file twice is once: then 0."""
    locked = _own_open_batch(batch, recorder, at)
    if locked.items.filter(submission_key__startswith=_file_key(locked, digest)).exists():
        return 0
    keys = [f"{_file_key(locked, digest)}{number}" for number in range(1, len(forms) + 1)]
    return len(_record(locked, forms, recorder, at, keys))


def batches_with_file(*, digest: str, batch: OfflineBatch, reader: Fan) -> list[OfflineBatch]:
    """Others into which the same file was read before: of this recorder, or of this place and day."""
    alike = Q(recorder=batch.recorder_id) | Q(place=batch.place_id, gathered_on=batch.gathered_on)
    others = OfflineBatch.objects.visible_to(reader).filter(alike, refused_at=None)
    read = FeedbackItem.objects.filter(
        batch__in=others.exclude(pk=batch.pk),
        submission_key__endswith=f"-{digest[:_DIGEST]}-1",
        taken_out_at=None,
    )
    return list(others.filter(pk__in=read.values("batch")).order_by("pk")[:5])


def _file_key(batch: OfflineBatch, digest: str) -> str:
    return f"{batch.pk}-{digest[:_DIGEST]}-"


def _record(
    batch: OfflineBatch,
    forms: Sequence[PaperForm],
    recorder: Fan,
    at: datetime,
    keys: Sequence[str | None],
) -> list[FeedbackItem]:
    """Under the batch's lock; each team is asked for once, however many the forms."""
    before = batch.forms().count()
    if before + len(forms) > MOST_FORMS:
        raise BatchFull
    department = cache(department_for)
    items = FeedbackItem.objects.bulk_create(
        FeedbackItem(
            channel=Channel.OFFLINE_FORM,
            product=batch.product,
            is_public=False,
            **_written(form, before + number, department(form.category), at),
            batch=batch,
            recorder=recorder,
            place=batch.place if form.consents else None,
            consents=form.consents,
            paper=_as_on_paper(form),
            submission_key=key,
        )
        for number, (form, key) in enumerate(zip(forms, keys, strict=True), start=1)
    )
    ItemStep.objects.bulk_create(
        ItemStep(item=item, became=item.state, actor=recorder, happened_at=at) for item in items
    )
    return items


def _written(form: PaperForm, number: int, department: Team, at: datetime) -> dict[str, Any]:
    """What it says, as an item for the desk; one that asks for nothing needs no answer."""
    priority = priority_of(form.severity, form.frequency)
    said = form.not_good_words or form.words
    asks = form.asks_for_an_answer
    return {
        "category": form.category,
        "severity": form.severity,
        "frequency": form.frequency,
        "priority": priority,
        "department": department,
        "title": (said.splitlines() or [f"#{number}"])[0][:120],
        "words": "\n\n".join(filter(None, [form.not_good_words, form.words])),
        "language": language_of(said),
        "state": ItemState.NEW if asks else ItemState.RESOLVED,
        "state_at": at,
        "created_at": at,
        "answer_due_at": answer_due(priority, at),
        "answered_at": None if asks else at,
    }


@transaction.atomic
def take_out_form(*, batch: OfflineBatch, item: FeedbackItem, recorder: Fan, at: datetime) -> bool:
    """Take a form out again while the batch is open; False when it was not in it."""
    locked = _own_open_batch(batch, recorder, at)
    return bool(locked.forms().filter(pk=item.pk).update(taken_out_at=at))


@transaction.atomic
def put_back_form(*, batch: OfflineBatch, item: FeedbackItem, recorder: Fan, at: datetime) -> bool:
    """Put back what was taken out, while the batch is open; False when it was in it."""
    locked = _own_open_batch(batch, recorder, at)
    if locked.forms().count() >= MOST_FORMS:
        raise BatchFull
    taken_out = locked.items.filter(pk=item.pk, taken_out_at__isnull=False)
    return bool(taken_out.update(taken_out_at=None))


@transaction.atomic
def hand_in(*, batch: OfflineBatch, recorder: Fan, at: datetime) -> bool:
    """No more forms. They count now if the recorder records directly, else once accepted.

    False when it was handed in already.
    """
    locked = _lock(batch)
    if locked.recorder_id != recorder.pk:
        raise NotTheirs
    if locked.handed_in_at is not None:
        return False
    _lock_wishes(locked)
    locked = _own_open_batch(batch, recorder, at)
    if not locked.forms().exists():
        raise BatchEmpty
    taken_out = locked.items.filter(taken_out_at__isnull=False)
    ItemStep.objects.filter(item__in=taken_out).delete()
    taken_out.delete()
    locked.handed_in_at = at
    locked.save(update_fields=["handed_in_at"])
    if records_directly(recorder, locked.place, at):
        _begin_to_count(locked, at)
    return True


@transaction.atomic
def accept_batch(*, batch: OfflineBatch, actor: Fan, at: datetime) -> bool:
    """Somebody else has looked at it: its forms count, and whoever typed them has earned points.

    Accepting twice is the same as once; False then. Never one's own (O10).
    """
    locked = _to_decide(batch, actor, at)
    if locked.accepted_at is not None:
        return False
    if locked.refused_at is not None:
        raise NotOpen
    locked.accepted_at, locked.accepted_by = at, actor
    locked.save(update_fields=["accepted_at", "accepted_by"])
    if locked.counted_at is None:
        _begin_to_count(locked, at)
    if locked.forms().count() >= POINTS_FROM_FORMS:
        record(
            fan=locked.recorder, kind=KIND, subject=locked.subject, at=at, givers=[actor],
            effective_at=locked.handed_in_at or at,
        )  # fmt: skip
    _decided(locked, actor, at, "batch accepted")
    return True


@transaction.atomic
def refuse_batch(*, batch: OfflineBatch, actor: Fan, reason: str, at: datetime) -> bool:
    """Not to be counted, and why; its recorder is told. False when it was refused already."""
    locked = _to_decide(batch, actor, at)
    if locked.refused_at is not None:
        return False
    if locked.accepted_at is not None or locked.counted_at is not None:
        raise NotOpen
    locked.refused_at, locked.reason = at, reason
    locked.save(update_fields=["refused_at", "reason"])
    _decided(locked, actor, at, "batch refused")
    return True


def _lock(batch: OfflineBatch) -> OfflineBatch:
    """Forms, handing in and accepting queue up behind the batch's row."""
    rows = OfflineBatch.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("place", "recorder").get(pk=batch.pk)


def _lock_wishes(batch: OfflineBatch) -> None:
    """By number and before any fan: who votes holds the wish and waits for the fan."""
    named = FeatureRequest.objects.filter(pk__in=_named(batch))
    pks = {pk for row in named.values_list("pk", "shown_as") for pk in row if pk}
    rows = FeatureRequest.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=pks).order_by("pk"))


def _named(batch: OfflineBatch) -> Counter[int]:
    """How many of its forms name which wish."""
    papers = batch.forms().values_list("paper", flat=True)
    return Counter(wish for paper in papers for wish in set(paper.get("wishes", [])))


def _own_open_batch(batch: OfflineBatch, recorder: Fan, at: datetime) -> OfflineBatch:
    locked = _lock(batch)
    lock_author(recorder, at)
    if locked.recorder_id != recorder.pk:
        raise NotTheirs
    if locked.handed_in_at is not None:
        raise NotOpen
    return locked


def _to_decide(batch: OfflineBatch, actor: Fan, at: datetime) -> OfflineBatch:
    locked = _lock(batch)
    _lock_wishes(locked)
    if locked.handed_in_at is None:
        raise NotOpen
    if not may_accept(actor, locked, at):
        raise NotTheirs
    return locked


def _begin_to_count(batch: OfflineBatch, at: datetime) -> None:
    """Once a batch: its forms stand beside the figures, and what they wish for is counted (F3)."""
    batch.counted_at = at
    batch.save(update_fields=["counted_at"])
    named = _named(batch)
    shown: Counter[int] = Counter()
    for wish in FeatureRequest.objects.filter(pk__in=named):
        shown[wish.shown_as_id or wish.pk] += named[wish.pk]
    for wish in FeatureRequest.objects.filter(pk__in=shown).order_by("pk"):
        add_offline_support(
            feature_request=wish, count=shown[wish.pk], at=at, key=f"batch:{batch.pk}"
        )


def _decided(batch: OfflineBatch, actor: Fan, at: datetime, verb: str) -> None:
    log(
        actor=actor, verb=verb, subject=batch.subject, at=at, concerns=batch.recorder,
        reason=batch.reason,
    )  # fmt: skip
    tell(
        kind=verb.replace(" ", "_"),
        subject=batch.subject,
        key=f"{batch.subject}:{verb}",
        at=at,
        actor=actor,
        to=[(batch.recorder, "recorder")],
        facts={"batch": batch.pk, "forms": batch.forms().count(), "reason": batch.reason},
    )


def _as_on_paper(form: PaperForm) -> dict[str, object]:
    return {
        "overall": form.overall,
        "loved": form.loved,
        "not_good": form.not_good,
        "not_good_words": form.not_good_words,
        "wishes": form.wishes,
        "words": form.words,
    }
