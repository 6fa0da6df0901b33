"""Filing the four-grid report (O2, O3)."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from community.fridays.actions.judging import asked_of
from community.fridays.marks import marks_of
from community.fridays.models import (
    Choice,
    Cycle,
    Grid,
    Quoting,
    Report,
    ReportDraft,
    ReportRevision,
    Verdict,
)
from fans.accounts.models import Fan
from fans.ledger.actions import note_act

LEAST_GRIDS = 2


class Refusal(Exception):
    """Why a report or a ballot was not taken."""


class ReportClosed(Refusal):
    """Not open yet, closed, frozen, skipped or withdrawn: the week says which."""


class StaffDoNotReport(Refusal):
    """The form is for the fans; those who make the product read it."""


class MayNotWrite(Refusal):
    """Unverified, muted, suspended or leaving; the reason is in words for them."""


class TooFewGrids(Refusal):
    """Fewer than two of the four hold something."""


@dataclass(frozen=True)
class Grids:
    """What stands on the form; items and wishes by number."""

    overall: int
    loved: tuple[int, ...] = ()
    loved_why: str = ""
    not_good: tuple[int, ...] = ()
    not_good_area: str = ""
    not_good_severity: str = ""
    not_good_frequency: str = ""
    not_good_why: str = ""
    anticipated: tuple[int, ...] = ()
    new_need: str = ""
    build: str = ""
    device: str = ""
    would_recommend: int | None = None
    quoting: str = Quoting.UNNAMED.value
    verdicts: tuple[tuple[int, str], ...] = ()  # (wish, works|partly|broken): no grid of the four

    @property
    def filled_count(self) -> int:
        return sum(
            map(
                bool,
                [
                    self.loved or self.loved_why,
                    self.not_good or self.not_good_area or self.not_good_why,
                    self.anticipated,
                    self.new_need,
                ],
            )
        )

    def as_content(self) -> dict[str, Any]:
        """As JSON holds it, so that what was sent can be compared with what is sent again."""
        content: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return content


_COLUMNS = [
    *("overall", "loved_why", "not_good_why", "not_good_area", "not_good_severity"),
    *("not_good_frequency", "new_need", "build", "device", "would_recommend", "quoting"),
]


@transaction.atomic
def file_report(*, cycle: Cycle, fan: Fan, grids: Grids, at: datetime) -> Report:
    """Hand in one fan's four grids, or hand them in again (O3); the same twice is once.

    The first valid sending decides whether the report is late.
    """
    locked = lock_week(cycle)
    if not locked.takes_reports(at):
        raise ReportClosed
    writer = lock_writer(fan, at)
    if grids.filled_count < LEAST_GRIDS:
        raise TooFewGrids
    report, is_new = _written(locked, writer, grids, at)
    content = grids.as_content()
    newest = report.revisions.order_by("-number").first()
    if newest is None or newest.content != content:
        number = newest.number + 1 if newest else 1
        ReportRevision.objects.create(report=report, number=number, content=content, sent_at=at)
        if not is_new:
            _rewrite(report, grids, number, at)
        _choose(report, grids)
        _give_verdicts(report, locked, writer, grids)
    if is_new:
        note_act(fan=writer, at=at)
    ReportDraft.objects.filter(cycle=locked, fan=writer).delete()
    return report


def lock_week(cycle: Cycle) -> Cycle:
    """Reports, ballots and the freeze queue up here: nothing falls between count and close (O3)."""
    return Cycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)


def lock_writer(fan: Fan, at: datetime) -> Fan:
    """Whoever was muted, or joined the staff, a moment ago is seen as what they are now."""
    writer = Fan.objects.get_queryset().select_for_update(of=("self",), no_key=True).get(pk=fan.pk)
    if writer.is_staff:
        raise StaffDoNotReport
    if reason := writer.writing_refusal(at):
        raise MayNotWrite(reason)
    return writer


def _written(cycle: Cycle, fan: Fan, grids: Grids, at: datetime) -> tuple[Report, bool]:
    found = Report.objects.filter(cycle=cycle, fan=fan).first()
    if found is not None:
        return found, False
    return Report.objects.create(
        cycle=cycle,
        fan=fan,
        is_late=cycle.is_late(at),
        first_sent_at=at,
        sent_at=at,
        **marks_of(fan, at),
        **{name: getattr(grids, name) for name in _COLUMNS},
    ), True


def _rewrite(report: Report, grids: Grids, number: int, at: datetime) -> None:
    for name in _COLUMNS:
        setattr(report, name, getattr(grids, name))
    report.sent_at, report.revision_count = at, number
    report.save(update_fields=[*_COLUMNS, "sent_at", "revision_count"])


def _choose(report: Report, grids: Grids) -> None:
    report.choices.all().delete()
    Choice.objects.bulk_create(
        [
            *(Choice(report=report, grid=Grid.LOVED, item_id=pk) for pk in grids.loved),
            *(Choice(report=report, grid=Grid.NOT_GOOD, item_id=pk) for pk in grids.not_good),
            *(
                Choice(report=report, grid=Grid.ANTICIPATED, feature_request_id=pk)
                for pk in grids.anticipated
            ),
        ]
    )


def _give_verdicts(report: Report, cycle: Cycle, fan: Fan, grids: Grids) -> None:
    """What they say of wishes of theirs that shipped; of those alone they are asked (F8)."""
    report.verdicts.all().delete()
    said = dict(grids.verdicts)
    asked = asked_of(cycle, fan) if said else []
    Verdict.objects.bulk_create(
        [
            Verdict(
                report=report,
                feature_request=one.feature_request,
                release=one.release,
                answer=said[one.feature_request.pk],
            )
            for one in asked
            if one.feature_request.pk in said
        ]
    )
