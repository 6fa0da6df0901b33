"""What the Fridays hold about people (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from community.fridays.models import (
    Ballot,
    Credit,
    Cycle,
    CycleQuerySet,
    Pin,
    Quotation,
    Report,
    ReportDraft,
    ReportRevision,
    Verdict,
)
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because
from fans.places.models import RegionLevel

_WORDS = ["loved_why", "not_good_why", "not_good_area", "new_need"]
_MARKS = ["tier", "region_level", "tenure", "join_channel", "is_busiest"]


def export(fan: Fan) -> dict[str, Any]:
    reports = Report.objects.filter(fan=fan).order_by("pk")
    revisions = ReportRevision.objects.filter(report__fan=fan).order_by("report", "number")
    ballots = Ballot.objects.filter(fan=fan).order_by("pk")
    drafts = ReportDraft.objects.filter(fan=fan).order_by("pk")
    credits = Credit.objects.filter(fan=fan).order_by("pk")
    verdicts = Verdict.objects.filter(report__fan=fan).order_by("pk")
    pins = Pin.objects.filter(fan=fan).order_by("pk")
    quotations = Quotation.objects.filter(report__fan=fan).order_by("pk")
    return {
        "reports": list(
            reports.values(
                *("cycle__product__name", "cycle__week", "overall", *_WORDS),
                *("not_good_severity", "not_good_frequency", "build", "device", "quoting"),
                *("would_recommend", "is_late", "first_sent_at", "sent_at", *_MARKS),
            )
        ),
        "report_revisions": list(revisions.values("report__cycle__week", "content", "sent_at")),
        "report_drafts": list(drafts.values("cycle__week", "content", "saved_at")),
        "verdicts": list(
            verdicts.values(
                "report__cycle__week", "feature_request__title", "release__version", "answer"
            )
        ),
        "pins": list(
            pins.values("cycle__week", "item__title", "grid", "post", "note", "pinned_at")
        ),
        "quotations": list(
            quotations.values(
                *("cycle__week", "grid", "words", "is_named", "chosen_at", "withdrawn_at")
            )
        ),
        "ballots": list(ballots.values("cycle__week", "item__title", "cast_at")),
        "credits": list(
            credits.values("release__version", "item__title", "role", "is_anonymous", "credited_at")
        ),
    }


def hold(*, fan: Fan) -> None:
    """The weeks still open in which they said something, by number: a count has all of it or
    nothing.
    """
    said = [each.objects.filter(cycle=OuterRef("pk"), fan=fan) for each in (Report, Ballot)]
    _lock(Cycle.objects.filter(Exists(said[0]) | Exists(said[1])))


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Open ballots end; so do open reports of whoever may not report any more. Frozen tallies
    stay; their name comes off what is quoted of them wherever it is shown.
    """
    ReportDraft.objects.filter(fan=fan).delete()
    Pin.objects.filter(fan=fan).delete()
    Ballot.objects.filter(fan=fan, cycle__frozen_at=None).delete()
    if because != Because.LEAVING:
        Report.objects.filter(fan=fan, cycle__frozen_at=None).delete()


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """What was counted stays counted; earlier wordings, the device and the kind of place go; on
    wish all words, those that are quoted among them.
    """
    ReportDraft.objects.filter(fan=fan).delete()
    Pin.objects.filter(fan=fan).delete()
    ReportRevision.objects.filter(report__fan=fan).delete()
    gone = dict.fromkeys(["device", *_WORDS] if with_words else ["device"], "")
    Report.objects.filter(fan=fan).update(region_level=RegionLevel.UNKNOWN, **gone)
    if with_words:
        Quotation.objects.filter(report__fan=fan).delete()


def forget_region(*, fan: Fan) -> None:
    """Consent is taken back: no report says any longer what kind of place they live in.

    A week whose form is open waits until that is done, so that none is filed with a consent that
    is going; what was counted stays counted.
    """
    _lock(Cycle.objects.filter(released_at__isnull=False))
    marked = Report.objects.filter(fan=fan).exclude(region_level=RegionLevel.UNKNOWN)
    marked.update(region_level=RegionLevel.UNKNOWN)


def _lock(cycles: CycleQuerySet) -> None:
    open_ones = cycles.filter(frozen_at=None).order_by("pk")
    list(open_ones.select_for_update(of=("self",), no_key=True).values_list("pk"))
