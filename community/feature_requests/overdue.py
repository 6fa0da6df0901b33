"""What the company owes by now, by team and never by person (F1)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import (
    FeatureRequest,
    FeatureRequestQuerySet,
    Status,
)
from community.feature_requests.promises import overdue_promises
from community.products.models import Team
from fans.accounts.models import Reader

SILENT_AFTER = timedelta(days=28)  # without a progress note (F1)
SHOWN, SHOWN_OF_ONE = 5, 100  # rows of a kind: beside other teams, on a team's own page


def late_answers(reader: Reader, at: datetime) -> FeatureRequestQuerySet:
    late = FeatureRequest.objects.visible_to(reader).overdue(at)
    return late.order_by("answer_due_at", "pk")


def silent_plans(reader: Reader, at: datetime) -> FeatureRequestQuerySet:
    """Planned, and nothing said of it for 28 days (F1)."""
    planned = FeatureRequest.objects.visible_to(reader).listed().filter(status=Status.PLANNED)
    return planned.filter(progress_at__lte=at - SILENT_AFTER).order_by("progress_at", "pk")


@dataclass(frozen=True)
class Kind:
    name: str
    title: str | Promise
    since: str  # the column that tells for how long; the oldest first
    rows: Callable[[Reader, datetime], FeatureRequestQuerySet]


KINDS = (
    Kind("answer", _("First answers that are late"), "answer_due_at", late_answers),
    Kind("promise", _("Promised weeks that are over"), "promised_for", overdue_promises),
    Kind("silence", _("Planned, without a word for 28 days"), "progress_at", silent_plans),
)


@dataclass
class Debts:
    """Of one kind and team: how many, and the oldest of them."""

    kind: Kind
    count: int
    wishes: list[FeatureRequest] = field(default_factory=list)

    @property
    def hidden_count(self) -> int:
        return self.count - len(self.wishes)


@dataclass
class Debtor:
    team: Team | None  # None: not yet with a team
    debts: list[Debts] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(debts.count for debts in self.debts)


def overdue(reader: Reader, at: datetime, *, team: str = "") -> list[Debtor]:
    """Who owes what, most first; of one team alone by its slug. One query a kind."""
    debtors: dict[int | None, Debtor] = {}
    for kind in KINDS:
        for wish in _oldest(kind, reader, at, team):
            debtor = debtors.setdefault(wish.team_id, Debtor(wish.team))
            if not debtor.debts or debtor.debts[-1].kind is not kind:
                debtor.debts.append(Debts(kind, wish.total))  # type: ignore[attr-defined]
            debtor.debts[-1].wishes.append(wish)
    return sorted(debtors.values(), key=lambda owed: (-owed.count, str(owed.team or "")))


def overdue_counts(reader: Reader, at: datetime) -> dict[str, int]:
    """How many of each kind, of all teams together."""
    return {kind.name: kind.rows(reader, at).count() for kind in KINDS}


def _oldest(kind: Kind, reader: Reader, at: datetime, team: str) -> FeatureRequestQuerySet:
    wishes = kind.rows(reader, at).select_related("team", "product")
    if team:
        wishes = wishes.filter(team__slug=team)
    team_of = F("team")
    place = Window(RowNumber(), partition_by=team_of, order_by=[F(kind.since), F("pk")])
    counted = wishes.annotate(place=place, total=Window(Count("pk"), partition_by=team_of))
    return counted.filter(place__lte=SHOWN_OF_ONE if team else SHOWN)
