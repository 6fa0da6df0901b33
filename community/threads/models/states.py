"""Where a post stands, and the rules it can break."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a post stands (spec §4). A thread stands where its first post does."""

    WAITING = "waiting", _("waiting")
    PUBLISHED = "published", _("published")
    REJECTED = "rejected", _("not published")
    HIDDEN = "hidden", _("hidden")
    REMOVED = "removed", _("removed")
    DELETED = "deleted", _("deleted by its author")


class Rule(models.TextChoices):
    """The rule codes (spec §9): nothing is removed without one, and disliking is none (C1)."""

    SPAM = "spam", _("Spam")
    ABUSE = "abuse", _("Abuse")
    SCALPING = "scalping", _("Scalping")
    VOTE_RIGGING = "vote_rigging", _("Vote rigging")
    LEAKED_BUILD = "leaked_build", _("Leaked build")
    PERSONAL_DATA = "personal_data", _("Personal data")
    ILLEGAL = "illegal", _("Illegal")
    SALES_POST = "sales_post", _("Sales post")
    UNDISCLOSED_SPONSORSHIP = "undisclosed_sponsorship", _("Undisclosed sponsorship")
    PLAGIARISM = "plagiarism", _("Plagiarism")
