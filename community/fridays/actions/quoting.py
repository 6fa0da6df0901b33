"""Sentences of the reports that stand in the published week (O7)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from community.fridays.actions.cycles import lock_cycle
from community.fridays.models import Cycle, Grid, Quotation, Quoting, Report
from community.fridays.quotations import balanced
from community.markdown import language_of
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.ledger import actions as ledger
from fans.notifications.actions import tell

MOST_QUOTED = 12  # of a grid
_WORDS = {Grid.LOVED.value: "loved_why", Grid.NOT_GOOD.value: "not_good_why"}


class Refusal(Exception):
    """Why a sentence is not quoted."""


class NotCountedYet(Refusal):
    """Nobody reads the words of a week, and nobody chooses among them, before it is frozen."""


class MayNotBeQuoted(Refusal):
    """They said no, or are here no longer."""


class TakenBack(Refusal):
    """Whoever wrote it does not want it quoted; that is theirs to change."""


class NotTheirWords(Refusal):
    """What is quoted stands in the report, letter by letter, in at most 500 of them."""


class Unbalanced(Refusal):
    """At least as many fans are quoted from what is not good enough as from what is loved."""


class EnoughQuoted(Refusal):
    """Twelve of a grid are read; more are not."""


@transaction.atomic
def quote(*, report: Report, grid: str, words: str, actor: Fan, at: datetime) -> Quotation:
    """Let a sentence of a report stand in the results; again with other words changes it.

    Its fan is told and earns once the results are out.
    """
    cycle = lock_cycle(report.cycle_id)
    if cycle.frozen_at is None:
        raise NotCountedYet
    _lock_quoted(cycle, report)
    written = _quotable(report)
    sentence = _excerpt(written, grid, words)
    known = written.quotations.filter(grid=grid).first()
    if known and known.withdrawn_by_id == written.fan_id:
        raise TakenBack
    if known and known.withdrawn_at is None and known.words == sentence:
        return known
    before = _shown(cycle)
    if known is None or known.withdrawn_at is not None:
        _require_room(cycle, grid)
    made, _ = Quotation.objects.update_or_create(
        report=written,
        grid=grid,
        defaults={
            "cycle": cycle,
            "words": sentence,
            "language": language_of(sentence),
            "is_named": written.quoting == Quoting.NAMED,
            "chosen_by": actor,
            "chosen_at": at,
            "withdrawn_at": None,
            "withdrawn_by": None,
        },
    )
    record(
        actor=actor, verb="words quoted", subject=cycle.subject, at=at,
        quotation=made.pk, grid=grid,
    )  # fmt: skip
    _announce(cycle, _shown(cycle) - before, at)
    return made


@transaction.atomic
def withdraw_quotation(*, quotation: Quotation, actor: Fan, at: datetime) -> bool:
    """Quote it no longer: by staff, and the points go with it; or by whoever wrote it, and they
    keep them, for they did say it. False when it stands no more.
    """
    cycle = lock_cycle(quotation.cycle_id)
    _lock_quoted(cycle, quotation.report)
    locked = Quotation.objects.select_related("report__fan").get(pk=quotation.pk)
    if locked.withdrawn_at is not None:
        return False
    before = _shown(cycle)
    locked.withdrawn_at, locked.withdrawn_by = at, actor
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    if actor.pk != locked.report.fan_id:
        record(
            actor=actor, verb="quotation withdrawn", subject=cycle.subject, at=at,
            quotation=locked.pk,
        )  # fmt: skip
        _take_points_back(cycle, locked.report, at)
    _announce(cycle, _shown(cycle) - before, at)
    return True


@transaction.atomic
def restore_quotation(*, quotation: Quotation, actor: Fan, at: datetime) -> bool:
    """Undo of the same: only whoever wrote it takes back their own withdrawal."""
    cycle = lock_cycle(quotation.cycle_id)
    _lock_quoted(cycle, quotation.report)
    locked = Quotation.objects.get(pk=quotation.pk)
    report = _quotable(locked.report)
    if locked.withdrawn_at is None:
        return False
    if (locked.withdrawn_by_id == report.fan_id) != (actor.pk == report.fan_id):
        raise TakenBack
    before = _shown(cycle)
    is_own = actor.pk == report.fan_id
    if not is_own:
        _require_room(cycle, locked.grid)
        record(
            actor=actor, verb="quotation restored", subject=cycle.subject, at=at,
            quotation=locked.pk,
        )  # fmt: skip
    locked.withdrawn_at = locked.withdrawn_by = None
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _announce(cycle, _shown(cycle) - before, at)
    return True


def announce_quotations(cycle: Cycle, at: datetime) -> None:
    """The results are out: whoever is quoted in them is told, and earns. Under the cycle's lock."""
    _announce(cycle, _shown(cycle), at)


def _lock_quoted(cycle: Cycle, report: Report) -> None:
    """Whoever is told or earns because of it, by number; and nothing is quoted of somebody who is
    leaving at this very moment.
    """
    quoted = Report.objects.filter(quotations__cycle=cycle).values_list("fan", flat=True)
    fans = Fan.objects.get_queryset().select_for_update(of=("self",), no_key=True)
    list(fans.filter(pk__in={*quoted, report.fan_id}).order_by("pk").values_list("pk"))


def _quotable(report: Report) -> Report:
    written = Report.objects.select_related("fan").get(pk=report.pk)
    fan = written.fan
    if written.quoting == Quoting.NO or not fan.is_active or fan.leaving_at is not None:
        raise MayNotBeQuoted
    return written


def _excerpt(report: Report, grid: str, words: str) -> str:
    said = " ".join(getattr(report, _WORDS[grid]).split())
    sentence = " ".join(words.split())
    if not sentence or sentence not in said:
        raise NotTheirWords
    return sentence


def _require_room(cycle: Cycle, grid: str) -> None:
    standing = list(cycle.quotations.standing().values_list("grid", flat=True))
    if standing.count(grid) >= MOST_QUOTED:
        raise EnoughQuoted
    if grid == Grid.LOVED and standing.count(Grid.LOVED) >= standing.count(Grid.NOT_GOOD):
        raise Unbalanced


def _shown(cycle: Cycle) -> set[int]:
    return {one.pk for one in balanced(cycle.quotations.standing())}


def _announce(cycle: Cycle, shown: Iterable[int], at: datetime) -> None:
    """Points once a cycle, and one notice for each sentence; nothing before the results are out."""
    if cycle.published_at is None:
        return
    quoted = Quotation.objects.filter(pk__in=shown).select_related("report__fan")
    for one in quoted.order_by("report__fan", "pk"):
        fan = one.report.fan
        ledger.record(
            fan=fan, kind="report.cited", subject=cycle.subject, effective_at=at, at=at
        )  # fmt: skip
        tell(
            kind="quoted",
            subject=cycle.subject,
            key=f"quoted:{one.pk}",
            at=at,
            to=[(fan, "reporter")],
            facts={
                "quotation": one.pk,
                "product": cycle.product.name,
                "slug": cycle.product.slug,
                "week": cycle.week,
            },
        )


def _take_points_back(cycle: Cycle, report: Report, at: datetime) -> None:
    """Unless another sentence of theirs stands, or they took it back themselves."""
    by_whom = report.quotations.values_list("withdrawn_by", flat=True)
    if not {None, report.fan_id}.intersection(by_whom):
        ledger.reverse(
            kind="report.cited", subject=cycle.subject, at=at, reason="withdrawn", fan=report.fan
        )
