"""What the Fridays hold about people (settings.PERSONAL_DATA)."""

from datetime import datetime
from typing import Any

from community.fridays.models import Ballot, Credit, Report, ReportDraft, ReportRevision
from fans.accounts.models import Fan
from fans.accounts.withdrawal import Because

_WORDS = ["loved_why", "not_good_why", "not_good_area", "new_need"]


def export(fan: Fan) -> dict[str, Any]:
    reports = Report.objects.filter(fan=fan).order_by("pk")
    revisions = ReportRevision.objects.filter(report__fan=fan).order_by("report", "number")
    ballots = Ballot.objects.filter(fan=fan).order_by("pk")
    drafts = ReportDraft.objects.filter(fan=fan).order_by("pk")
    credits = Credit.objects.filter(fan=fan).order_by("pk")
    return {
        "reports": list(
            reports.values(
                *("cycle__product__name", "cycle__week", "overall", *_WORDS),
                *("not_good_severity", "not_good_frequency", "build", "device"),
                *("would_recommend", "is_late", "first_sent_at", "sent_at"),
            )
        ),
        "report_revisions": list(revisions.values("report__cycle__week", "content", "sent_at")),
        "report_drafts": list(drafts.values("cycle__week", "content", "saved_at")),
        "ballots": list(ballots.values("cycle__week", "item__title", "cast_at")),
        "credits": list(
            credits.values("release__version", "item__title", "role", "is_anonymous", "credited_at")
        ),
    }


def withdraw(*, fan: Fan, at: datetime, because: Because) -> None:
    """Open ballots end; so do open reports of whoever may not report any more. Frozen tallies stay.

    Takes no week's lock, for the fan's is held already: a count that runs at this very instant
    has the voice or has it not, and both are right.
    """
    ReportDraft.objects.filter(fan=fan).delete()
    Ballot.objects.filter(fan=fan, cycle__frozen_at=None).delete()
    if because != Because.LEAVING:
        Report.objects.filter(fan=fan, cycle__frozen_at=None).delete()


def erase(*, fan: Fan, at: datetime, with_words: bool) -> None:
    """What was counted stays counted; earlier wordings and the device go, on wish all words."""
    ReportDraft.objects.filter(fan=fan).delete()
    ReportRevision.objects.filter(report__fan=fan).delete()
    gone = ["device", *_WORDS] if with_words else ["device"]
    Report.objects.filter(fan=fan).update(**dict.fromkeys(gone, ""))
