"""One week of one product: its times, what the vote board said, what was picked (spec §6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import FeatureRequest, Lens
from community.products.models import Product
from fans.accounts.models import Fan, Reader
from fans.clock.weeks import platform_date
from fans.site.models import RestWeek


class CycleState(models.TextChoices):
    SCHEDULED = "scheduled", _("waiting for its build")
    RELEASED = "released", _("released")
    COLLECTING = "collecting", _("report open")
    LATE_WINDOW = "late_window", _("late window")
    FROZEN = "frozen", _("being counted")
    PUBLISHED = "published", pgettext_lazy("results", "published")
    CLOSED = "closed", _("closed")
    SKIPPED = "skipped", _("skipped")
    WITHDRAWN = "withdrawn", _("build withdrawn")


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, reader: Reader) -> Self:
        """Weeks are public, like the products they are of; one that has begun stays so when its
        product is retired, and runs to its end.
        """
        products = Product.objects.visible_to(reader)
        return self.filter(Q(product__in=products) | Q(released_at__isnull=False))

    def collecting(self, at: datetime) -> Self:
        """Whose form is open at this instant, by the stored times and not by a worker (O1)."""
        return self.filter(
            released_at__isnull=False,
            withdrawn_at=None,
            report_opens_at__lte=at,
            late_closes_at__gt=at,
        )

    def taking_pins(self, at: datetime) -> Self:
        """From the build to the count: what is noted now waits in their form (O2)."""
        return self.filter(
            released_at__isnull=False, withdrawn_at=None, frozen_at=None, late_closes_at__gt=at
        )

    def due(self, at: datetime) -> Self:
        """Weeks of which something may have to happen by now; the sweep asks each under its lock."""
        since_day = platform_date(at - timedelta(days=3, hours=10))
        announced = RestWeek.objects.filter(week=OuterRef("week"))
        as_announced = announced.filter(reason=OuterRef("reason"))
        return self.filter(
            Q(snapshot_at=None, friday__lte=since_day)
            | Q(state=CycleState.SCHEDULED, release_target_at__lte=at)
            | Q(state=CycleState.RELEASED, report_opens_at__lte=at)
            | Q(state=CycleState.COLLECTING, report_closes_at__lte=at)
            | Q(state=CycleState.LATE_WINDOW, late_closes_at__lte=at)
            | Q(state=CycleState.FROZEN, publish_at__lte=at, hold_at=None)
            | Q(state=CycleState.PUBLISHED, close_at__lte=at)
            | Q(state=CycleState.WITHDRAWN, held_at=None, releases__state="ready")
            | Q(state=CycleState.WITHDRAWN, held_at__isnull=False, frozen_at=None)
            | Q(state=CycleState.WITHDRAWN, frozen_at__isnull=False, published_at=None)
            | Q(state=CycleState.SCHEDULED) & Q(Exists(announced))
            | Q(state=CycleState.SKIPPED, is_rest=True) & ~Q(Exists(as_announced))
            | Q(state=CycleState.SKIPPED, is_rest=True, releases__state="ready")
        ).distinct()

    def unpaid(self) -> Self:
        """Counted, and what its reports earn is not all in the ledger."""
        return self.filter(frozen_at__isnull=False, paid_at=None)

    def to_pass_on(self) -> Self:
        """Counted, and not all complaints are with the desks."""
        return self.filter(frozen_at__isnull=False, passed_on_at=None)

    def going_on(self, at: datetime) -> Self:
        """Of which something is still to come: of a skipped one Monday's choice, of a recalled
        one its figures, where its form had opened.
        """
        is_over = Q(published_at__isnull=False) | Q(held_at=None, skip_deadline_at__lte=at)
        return self.exclude(
            Q(state=CycleState.CLOSED)
            | Q(state=CycleState.SKIPPED, publish_at__lte=at)
            | Q(Q(state=CycleState.WITHDRAWN) & is_over)
        )

    def newest_first(self) -> Self:
        return self.order_by("-friday", "-pk")


WAITS_FOR_A_BUILD = [CycleState.SCHEDULED, CycleState.WITHDRAWN]
NO_BUILD = "no_build"  # the reason of the sweep; staff write theirs in words


class Cycle(models.Model):
    """One week of one product, from the build to the verdict."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="cycles")
    week = models.CharField(max_length=8)  # ISO, of its release day: "2026-W47"
    friday = models.DateField()  # the release day, in the platform's zone
    state = models.CharField(max_length=12, choices=CycleState, default=CycleState.SCHEDULED)

    # Stored times (O1): computed when scheduled, and again when the build came late.
    release_target_at = models.DateTimeField()
    skip_deadline_at = models.DateTimeField()
    report_opens_at = models.DateTimeField()
    report_closes_at = models.DateTimeField()
    late_closes_at = models.DateTimeField()
    publish_at = models.DateTimeField()
    close_at = models.DateTimeField()

    # What happened, and when.
    released_at = models.DateTimeField(null=True, blank=True)
    snapshot_at = models.DateTimeField(null=True, blank=True)  # Monday 10:00
    held_at = models.DateTimeField(null=True, blank=True)  # its form opened
    frozen_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    skipped_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # of skipping or withdrawing
    is_rest = models.BooleanField(default=False)  # skipped because everybody rests (O8)
    # After the freeze, in pieces, so that counting holds its lock for a moment only.
    paid_at = models.DateTimeField(null=True, blank=True)  # every report is in the ledger
    passed_on_at = models.DateTimeField(null=True, blank=True)  # complaints went to the desks
    passed_on_up_to = models.PositiveBigIntegerField(default=0)  # the last report looked at
    reviewed_at = models.DateTimeField(null=True, blank=True)  # somebody read the draft
    reviewed_by = models.ForeignKey(Fan, models.PROTECT, null=True, blank=True, related_name="+")
    hold_at = models.DateTimeField(null=True, blank=True)  # staff keep the figures back
    hold_reason = models.CharField(max_length=300, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "week"], name="one_cycle_a_week"),
            models.CheckConstraint(
                name="skipping_says_why", condition=~Q(state="skipped") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["-friday", "-id"], name="cycle_newest"),
            models.Index(fields=["state"], name="cycle_state"),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.week}"

    def get_absolute_url(self) -> str:
        """Fetch `product` with it."""
        return reverse("cycle", args=[self.product.slug, self.week])

    @property
    def subject(self) -> str:
        """How the ledger and the inbox call it."""
        return f"cycle:{self.week}:{self.product_id}"

    @property
    def reason_words(self) -> str:
        if self.reason == NO_BUILD:
            return gettext("No build was ready in time.")
        return self.reason

    @property
    def has_ended(self) -> bool:
        return self.state in {CycleState.CLOSED, CycleState.SKIPPED}

    def is_delayed(self, at: datetime) -> bool:
        """Staff keep the figures back beyond the hour they were promised for."""
        return (
            self.state == CycleState.FROZEN and self.hold_at is not None and at >= self.publish_at
        )

    def takes_reports(self, at: datetime) -> bool:
        """O1: by the stored times; frozen earlier or withdrawn, it takes none."""
        return (
            self.released_at is not None
            and self.withdrawn_at is None
            and self.frozen_at is None
            and self.report_opens_at <= at < self.late_closes_at
        )

    def takes_pins(self, at: datetime) -> bool:
        return (
            self.released_at is not None
            and self.withdrawn_at is None
            and self.frozen_at is None
            and at < self.late_closes_at
        )

    def takes_ballots(self, at: datetime) -> bool:
        return self.takes_reports(at) and at < self.report_closes_at

    def is_late(self, at: datetime) -> bool:
        return at >= self.report_closes_at


class SnapshotRow(models.Model):
    """Where a wish stood on Monday at 10:00, through one lens."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="snapshot")
    feature_request = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="+")
    lens = models.CharField(max_length=16, choices=Lens)
    count = models.PositiveIntegerField()
    rank = models.PositiveIntegerField(null=True, blank=True)  # none while the count is under 5

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "feature_request", "lens"], name="one_row_a_lens"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lens} #{self.rank}"


class Pick(models.Model):
    """What the company chose for the week: at most 5 a product, the sixth with a reason."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="picks")
    feature_request = models.ForeignKey(FeatureRequest, models.PROTECT, related_name="picks")
    picked_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    picked_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "feature_request"], name="picked_once")
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.feature_request_id}"
