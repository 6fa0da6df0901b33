"""The week: a build on Friday, a report on Tuesday, an answer on Friday (spec §6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.feature_requests.models import FeatureRequest
from community.products.models import Product, Team
from community.threads.models import Thread
from fans.accounts.models import Fan, Reader
from fans.clock.weeks import platform_date
from fans.tiers.models import Tier, tier_of


class CycleState(models.TextChoices):
    SCHEDULED = "scheduled", _("waiting for its build")
    RELEASED = "released", _("released")
    COLLECTING = "collecting", _("report open")
    LATE_WINDOW = "late_window", _("late window")
    FROZEN = "frozen", _("being counted")
    PUBLISHED = "published", _("published")
    CLOSED = "closed", _("closed")
    SKIPPED = "skipped", _("skipped")
    WITHDRAWN = "withdrawn", _("build withdrawn")


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, reader: Reader) -> Self:
        """Weeks are public, like the products they are of."""
        return self.filter(product__in=Product.objects.visible_to(reader))

    def collecting(self, at: datetime) -> Self:
        """Whose form is open at this instant, by the stored times and not by a worker (O1)."""
        return self.filter(
            released_at__isnull=False,
            withdrawn_at=None,
            report_opens_at__lte=at,
            late_closes_at__gt=at,
        )

    def due(self, at: datetime) -> Self:
        """Weeks of which something may have to happen by now; the sweep asks each under its lock."""
        since_day = platform_date(at - timedelta(days=3, hours=10))
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
        ).distinct()

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

    def takes_ballots(self, at: datetime) -> bool:
        return self.takes_reports(at) and at < self.report_closes_at

    def is_late(self, at: datetime) -> bool:
        return at >= self.report_closes_at


class ReleaseState(models.TextChoices):
    DRAFT = "draft", _("draft")
    READY = "ready", _("ready")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, reader: Reader, at: datetime | None = None) -> Self:
        """Published and withdrawn ones, hidden when their thread is; core fans read a ready one
        from 24 h before, where `at` says what time it is (spec §6).
        """
        if isinstance(reader, Fan) and reader.is_staff:
            return self.all()
        shown = Q(
            state__in=[ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN],
            thread__in=Thread.objects.visible_to(reader),
        )
        if at is not None and _reads_early(reader):
            shown |= Q(state=ReleaseState.READY, early_from__lte=at)
        return self.filter(shown)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")


def _reads_early(reader: Reader) -> bool:
    return isinstance(reader, Fan) and (
        tier_of(reader) in {Tier.CORE, Tier.HONORARY_DEV} or reader.moderates_anything
    )


class Release(models.Model):
    """A build and what is in it."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="releases")
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="releases"
    )  # hotfixes join the week's cycle
    version = models.CharField(max_length=40)  # "4.2.0"
    notes = models.TextField(max_length=10000, blank=True)  # Markdown
    known_defects = models.TextField(max_length=5000, blank=True)
    has_no_known_defects = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.DRAFT)
    early_from = models.DateTimeField(null=True, blank=True)  # core fans read it from then
    created_by = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)
    thread = models.OneToOneField(
        Thread, models.PROTECT, null=True, blank=True, related_name="release"
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="one_release_a_version"),
            models.CheckConstraint(
                name="ready_says_its_defects",
                condition=Q(state__in=["draft"])
                | (~Q(notes="") & (~Q(known_defects="") | Q(has_no_known_defects=True))),
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="release_newest")]

    def __str__(self) -> str:
        return f"{self.product} {self.version}"

    def get_absolute_url(self) -> str:
        """Fetch `product` with it."""
        return reverse("release", args=[self.product.slug, self.version])


class ItemKind(models.TextChoices):
    NEW = "new", _("New")
    IMPROVED = "improved", _("Improved")
    FIXED = "fixed", _("Fixed")


class ReleaseItem(models.Model):
    """One thing in a build, and the team it came from."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()  # as on the paper form
    kind = models.CharField(max_length=10, choices=ItemKind)
    title = models.CharField(max_length=120)
    feature_request = models.ForeignKey(
        FeatureRequest, models.PROTECT, null=True, blank=True, related_name="release_items"
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="release_items")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="item_number_once"),
            models.UniqueConstraint(
                fields=["release", "feature_request"], name="a_wish_once_a_release"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Lens(models.TextChoices):
    EVERYONE = "everyone", _("everyone")
    COUNTY = "county", _("county and township")
    NEWCOMERS = "newcomers", _("newcomers")
    OFFLINE = "offline", _("offline")
    WITHOUT_BUSIEST = "without_busiest", _("without the busiest 1 %")


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
    is_late = models.BooleanField()  # decided by the first valid sending
    first_sent_at = models.DateTimeField()
    sent_at = models.DateTimeField()  # the newest sending
    revision_count = models.PositiveIntegerField(default=1)

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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "fan"], name="one_report_draft")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.fan_id}"


class Ballot(models.Model):
    """One fan's voice for the popcorn award; may be changed until it closes (O5)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="ballots")
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="+")
    item = models.ForeignKey(ReleaseItem, models.PROTECT, related_name="ballots")
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "fan"], name="one_ballot")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.fan_id}"


class WeeklyReport(models.Model):
    """The counted week (O4): a draft for staff at the freeze, public when published; versioned (O7)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="weekly_reports")
    version = models.PositiveSmallIntegerField(default=1)
    figures = models.JSONField()  # see `community.fridays.aggregates`
    note = models.CharField(max_length=500, blank=True)  # what a correction corrects
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "version"], name="one_weekly_report_version")
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} v{self.version}"


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


class CreditRole(models.TextChoices):
    AUTHOR = "author", _("asked for it")
    CO_REQUESTER = "co_requester", _("asked for it too")
    BUG_FINDER = "bug_finder", _("found the fault")
    TESTER = "tester", _("tested it")
    TRANSLATOR = "translator", _("translated it")


class CreditQuerySet(models.QuerySet["Credit"]):
    def visible_to(self, reader: Reader) -> Self:
        """Credits of builds that are out and not withdrawn."""
        return self.filter(release__state=ReleaseState.PUBLISHED)


class Credit(models.Model):
    """Whom a build thanks (O6)."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="credits")
    item = models.ForeignKey(
        ReleaseItem, models.PROTECT, null=True, blank=True, related_name="credits"
    )
    fan = models.ForeignKey(Fan, models.PROTECT, related_name="credits")
    role = models.CharField(max_length=12, choices=CreditRole)
    is_anonymous = models.BooleanField(default=False)  # the fan's choice
    credited_at = models.DateTimeField()

    objects = CreditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "item", "fan", "role"], name="credited_once")
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.fan_id}"
