from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    DESIGN = "design", _("Design")
    BUILD = "build", pgettext_lazy("stage of a wish", "Build")
    RELEASE = "release", pgettext_lazy("stage of a wish", "Release")
    SERVICE = "service", _("Service")


class Status(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    REOPENED = "reopened", _("Reopened")
    NEEDS_INFO = "needs_info", _("Needs information")
    CLOSED_STALE = "closed_stale", _("Closed without an answer")
    UNDER_REVIEW = "under_review", _("Under review")
    PLANNED = "planned", _("Planned")
    IN_DEVELOPMENT = "in_development", _("In development")
    IN_TESTING = "in_testing", _("In testing")
    SHIPPED = "shipped", _("Shipped")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


# Votes stand, and may be cast, in these; in the others they have gone back to their fans (F2).
OPEN = [
    Status.SUBMITTED,
    Status.REOPENED,
    Status.NEEDS_INFO,
    Status.UNDER_REVIEW,
    Status.PLANNED,
    Status.IN_DEVELOPMENT,
    Status.IN_TESTING,
]
ON_THE_WAY = [Status.PLANNED, Status.IN_DEVELOPMENT, Status.IN_TESTING]  # F6: what may ship


class Lens(models.TextChoices):
    """Through whose eyes a ranking is seen (spec §5)."""

    EVERYONE = "everyone", _("everyone")
    COUNTY = "county", _("county and township")
    NEWCOMERS = "newcomers", _("newcomers")
    OFFLINE = "offline", _("offline")
    WITHOUT_BUSIEST = "without_busiest", _("without the busiest 1 %")
