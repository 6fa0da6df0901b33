"""What comes of a week: figures, award, quotations, answers, judgements (O4–O7, F8)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from community.feature_requests.models import FeatureRequest
from community.fridays.models.releases import Release, ReleaseItem
from community.fridays.models.reports import Report
from community.fridays.models.weeks import Cycle
from community.products.models import Team
from fans.accounts.models import Fan, Reader

AWARD_MOVED = "award_moved"  # the note of the site; staff write theirs in words


class WeeklyReport(models.Model):
    """The counted week (O4): a draft for staff at the freeze, public when published; versioned (O7)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="weekly_reports")
    version = models.PositiveSmallIntegerField(default=1)
    figures = models.JSONField()  # see `community.fridays.aggregates`; everybody may read them
    base = models.JSONField(default=dict)  # what they were measured against; nobody's to read
    note = models.CharField(max_length=500, blank=True)  # what a correction corrects
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "version"], name="one_weekly_report_version")
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} v{self.version}"

    @property
    def note_words(self) -> str:
        if self.note == AWARD_MOVED:
            return gettext("What had won was recalled: the award went to the next in rank.")
        return self.note


class Award(models.Model):
    """The popcorn award of a week; two rows when it is joint, none when too few voted (O5)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="awards")
    item = models.ForeignKey(ReleaseItem, models.PROTECT, related_name="awards")
    team = models.ForeignKey(Team, models.PROTECT, related_name="awards")
    ballot_count = models.PositiveIntegerField()
    awarded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "item"], name="awarded_once")]
        indexes = [models.Index(fields=["-awarded_at", "-id"], name="award_newest")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.item_id}"


class QuotationQuerySet(models.QuerySet["Quotation"]):
    def visible_to(self, reader: Reader) -> Self:
        """Whose they are, and staff; everyone reads them in the results, without this."""
        if isinstance(reader, Fan) and reader.is_staff:
            return self.all()
        return self.filter(report__fan=reader.pk) if isinstance(reader, Fan) else self.none()

    def standing(self) -> Self:
        """Neither taken back by whoever wrote it nor by whoever chose it."""
        return self.filter(withdrawn_at=None)


class Quotation(models.Model):
    """A sentence of a report that stands in the published week, chosen by a person (O7)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="quotations")
    report = models.ForeignKey(Report, models.CASCADE, related_name="quotations")
    grid = models.CharField(max_length=12)  # loved or not_good
    words = models.CharField(max_length=500)
    language = models.CharField(max_length=10, default="en")
    is_named = models.BooleanField(default=False)  # as the fan said in the report
    chosen_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")

    objects = QuotationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "grid"], name="quoted_once_a_grid"),
            models.CheckConstraint(
                condition=Q(grid__in=["loved", "not_good"]), name="quoted_from_the_first_two"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.grid}"


class ComplaintAnswerQuerySet(models.QuerySet["ComplaintAnswer"]):
    def visible_to(self, reader: Reader) -> Self:
        """Before the results are out, for staff alone."""
        if isinstance(reader, Fan) and reader.is_staff:
            return self.all()
        return self.filter(cycle__published_at__isnull=False)


class ComplaintAnswer(models.Model):
    """What the company says to one of the complaints of a week."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="answers")
    item = models.ForeignKey(
        ReleaseItem, models.PROTECT, null=True, blank=True, related_name="answers"
    )
    area = models.CharField(max_length=80, blank=True)  # as it is shown, where it is no item
    words = models.TextField(max_length=2000)
    language = models.CharField(max_length=10, default="en")
    answered_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = ComplaintAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "item"],
                condition=Q(item__isnull=False),
                name="one_answer_an_item",
            ),
            models.UniqueConstraint(
                fields=["cycle", "area"], condition=~Q(area=""), name="one_answer_an_area"
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, area="") | (Q(item=None) & ~Q(area="")),
                name="answers_one_complaint",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.item_id or self.area}"


class Judgement(models.Model):
    """The verdicts of one week on one shipped wish, counted; once a build (F8)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="judgements")
    release = models.ForeignKey(Release, models.PROTECT, related_name="judgements")
    feature_request = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="judgements")
    works_count = models.PositiveIntegerField(default=0)
    partly_count = models.PositiveIntegerField(default=0)
    broken_count = models.PositiveIntegerField(default=0)
    voter_count = models.PositiveIntegerField(default=0)  # who could have been asked
    judged_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "feature_request"], name="judged_once_a_release"
            )
        ]

    def __str__(self) -> str:
        return f"{self.feature_request_id} in {self.release_id}"
