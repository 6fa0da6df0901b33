"""What fans say of a week: their grids, ballots, verdicts and pins (O2–O5, F8)."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import FeatureRequest
from community.fridays.models.releases import Release, ReleaseItem
from community.fridays.models.weeks import Cycle
from community.threads.models import Post
from fans.accounts.models import Fan, Reader
from fans.places.models import RegionLevel

OwnRow = TypeVar("OwnRow", bound=models.Model)


class _OwnQuerySet(models.QuerySet[OwnRow]):
    def visible_to(self, reader: Reader) -> Self:
        """One's own; who said what is nobody else's to see (A4)."""
        return self.filter(fan=reader.pk) if isinstance(reader, Fan) else self.none()


class ReportQuerySet(_OwnQuerySet["Report"]):
    pass


class ReportDraftQuerySet(_OwnQuerySet["ReportDraft"]):
    pass


class BallotQuerySet(_OwnQuerySet["Ballot"]):
    pass


class Quoting(models.TextChoices):
    NO = "no", _("not at all")
    UNNAMED = "unnamed", _("without my name")
    NAMED = "named", _("with my name")


class Report(models.Model):
    """One fan's four grids for one week (O2, O3)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reports")
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="reports")
    overall = models.PositiveSmallIntegerField()  # 1–5
    loved_why = models.CharField(max_length=500, blank=True)
    not_good_why = models.CharField(max_length=500, blank=True)
    not_good_area = models.CharField(max_length=80, blank=True)  # where it was no item
    not_good_severity = models.CharField(max_length=2, blank=True)
    not_good_frequency = models.CharField(max_length=2, blank=True)
    new_need = models.CharField(max_length=500, blank=True)
    build = models.CharField(max_length=60, blank=True)
    device = models.CharField(max_length=80, blank=True)
    would_recommend = models.PositiveSmallIntegerField(null=True, blank=True)  # 0–10, now and then
    quoting = models.CharField(max_length=8, choices=Quoting, default=Quoting.UNNAMED)
    is_late = models.BooleanField()  # decided by the first valid sending
    first_sent_at = models.DateTimeField()
    sent_at = models.DateTimeField()  # the newest sending
    revision_count = models.PositiveIntegerField(default=1)

    # What the fan was when it was first sent; it stays, but for the region, which goes with the
    # consent to it. Whose voice a week is, and every lens on it, is counted by these.
    tier = models.CharField(max_length=20, blank=True)
    region_level = models.CharField(max_length=12, default=RegionLevel.UNKNOWN)
    tenure = models.CharField(max_length=12, blank=True)  # newcomer, first_year, longer
    join_channel = models.CharField(max_length=12, blank=True)
    is_busiest = models.BooleanField(default=False)  # among the busiest 1 % of the last run

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "fan"], name="one_report_a_fan_and_cycle"),
            models.CheckConstraint(
                condition=Q(overall__gte=1, overall__lte=5), name="overall_is_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(would_recommend=None) | Q(would_recommend__lte=10),
                name="recommends_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.fan_id}"


class Grid(models.TextChoices):
    LOVED = "loved", _("Loved most")
    NOT_GOOD = "not_good", _("Not good enough")
    ANTICIPATED = "anticipated", _("Most anticipated")


class Choice(models.Model):
    """Something a fan put into one of the first three grids."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="choices")
    grid = models.CharField(max_length=12, choices=Grid)
    item = models.ForeignKey(
        ReleaseItem, models.PROTECT, null=True, blank=True, related_name="choices"
    )
    feature_request = models.ForeignKey(
        FeatureRequest, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grids_hold_what_they_ask_for",
                condition=Q(grid="anticipated", item=None, feature_request__isnull=False)
                | Q(grid__in=["loved", "not_good"], item__isnull=False, feature_request=None),
            ),
            models.UniqueConstraint(
                fields=["report", "grid", "item"],
                name="an_item_once_a_grid",
                condition=Q(item__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["report", "feature_request"],
                name="a_wish_once_a_report",
                condition=Q(feature_request__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.grid


class ReportRevision(models.Model):
    """A report as it was sent (O3); the newest is the report itself."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}·{self.number}"


class ReportDraft(models.Model):
    """What somebody typed and has not sent; nobody else's to see."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="+")
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="+")
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    objects = ReportDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "fan"], name="one_report_draft")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.fan_id}"

    @property
    def stamp(self) -> str:
        """Which keeping this is, for a page that wants to keep the next one."""
        return self.saved_at.isoformat()


class Ballot(models.Model):
    """One fan's voice for the popcorn award; may be changed until it closes (O5)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="ballots")
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    item = models.ForeignKey(ReleaseItem, models.PROTECT, related_name="ballots")
    cast_at = models.DateTimeField()

    objects = BallotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "fan"], name="one_ballot")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.fan_id}"


class Works(models.TextChoices):
    WORKS = "works", _("works")
    PARTLY = "partly", _("partly")
    BROKEN = "broken", _("broken")


class Verdict(models.Model):
    """What somebody who voted for a wish says of it once it has shipped (F8)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="verdicts")
    feature_request = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="verdicts")
    release = models.ForeignKey(Release, models.PROTECT, related_name="verdicts")
    answer = models.CharField(max_length=8, choices=Works)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "feature_request"], name="a_verdict_once_a_report"
            )
        ]

    def __str__(self) -> str:
        return f"{self.feature_request_id} {self.answer}"


class PinQuerySet(_OwnQuerySet["Pin"]):
    pass


class Pin(models.Model):
    """A note somebody makes before Tuesday; it waits in their form (O2)."""

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="pins")
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="+")
    item = models.ForeignKey(
        ReleaseItem, models.CASCADE, null=True, blank=True, related_name="pins"
    )
    grid = models.CharField(max_length=12, blank=True)  # loved or not_good, of an item
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    pinned_at = models.DateTimeField()

    objects = PinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "fan", "item"],
                condition=Q(item__isnull=False),
                name="an_item_pinned_once",
            ),
            models.UniqueConstraint(
                fields=["cycle", "fan", "post"],
                condition=Q(post__isnull=False),
                name="a_post_pinned_once",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, post=None, grid__in=["loved", "not_good"])
                | Q(item=None, post__isnull=False, grid=""),
                name="pins_an_item_or_a_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fan_id} → {self.item_id or self.post_id}"
