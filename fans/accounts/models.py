from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fans.accounts.naming import fold
from fans.images.models import Image
from fans.places.models import Place, RegionLevel


class Role(models.TextChoices):
    FAN = "fan", gettext_lazy("fan")
    MODERATOR = "moderator", gettext_lazy("moderator")
    STAFF = "staff", gettext_lazy("staff")
    ADMIN = "admin", gettext_lazy("admin")


class JoinChannel(models.TextChoices):
    OPEN = "open", gettext_lazy("open sign-up")
    INVITE = "invite", gettext_lazy("invitation")
    MEETUP = "meetup", gettext_lazy("meetup")
    CLUB = "club", gettext_lazy("club")
    OFFLINE = "offline", gettext_lazy("offline")


class Theme(models.TextChoices):
    SYSTEM = "system", gettext_lazy("as the device")
    LIGHT = "light", gettext_lazy("light")
    DARK = "dark", gettext_lazy("dark")


class FanQuerySet(models.QuerySet["Fan"]):
    def active(self, at: datetime) -> Self:
        """Verified, not suspended, banned or leaving, not an unclaimed import (spec §0)."""
        return self.filter(
            models.Q(suspended_until=None) | models.Q(suspended_until__lte=at),
            verified_at__isnull=False,
            banned_at=None,
            leaving_at=None,
            erased_at=None,
            imported_as="",
        )

    def visible_to(self, reader: Reader) -> Self:
        """People whose page exists: erased ones have a page of one sentence."""
        return self.all()

    def found_by(self, words: str) -> Self:
        """People by handle, address or the beginning of their name; for staff alone (A4)."""
        words = words.strip().removeprefix("@")
        return self.filter(
            models.Q(handle__istartswith=words)
            | models.Q(email=words.lower())
            | models.Q(display_name__istartswith=words)
            | models.Q(folded_name__startswith=fold(words) or " ")
        )


class FanManager(BaseUserManager["Fan"]):
    def get_queryset(self) -> FanQuerySet:
        return FanQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> Fan:
        return self.get(handle__iexact=username)

    def active(self, at: datetime) -> FanQuerySet:
        return self.get_queryset().active(at)

    def visible_to(self, reader: Reader) -> FanQuerySet:
        return self.get_queryset().visible_to(reader)

    def create_user(
        self, handle: str, email: str = "", password: str | None = None, **extra: Any
    ) -> Fan:
        fan = self.model(handle=handle, email=email, **extra)
        fan.display_name = fan.display_name or handle
        fan.set_password(password)
        fan.save(using=self._db)
        return fan


class Fan(AbstractBaseUser):
    """A person on the site (spec §1). Tiers are not known here; see `fans.tiers`."""

    handle = models.CharField(max_length=30)  # ASCII letters, digits, _ and -; shown as @handle
    handle_changed_at = models.DateTimeField(null=True, blank=True)
    display_name = models.CharField(max_length=40)
    folded_name = models.CharField(max_length=80, blank=True)  # look-alikes folded; see naming.py
    email = models.EmailField(blank=True)  # shown to nobody (A4); empty for imported people
    bio = models.TextField(max_length=500, blank=True)
    avatar = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")

    locale = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    shortcuts_off = models.BooleanField(default=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    place_set_at = models.DateTimeField(null=True, blank=True)
    wants_weekly = models.BooleanField(default=True)
    welcomed_at = models.DateTimeField(null=True, blank=True)

    role = models.CharField(max_length=10, choices=Role, default=Role.FAN)
    invited_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    consents_to_region = models.BooleanField(default=False)  # votes may carry the region level
    join_channel = models.CharField(max_length=10, choices=JoinChannel, default=JoinChannel.OPEN)
    founding_since_date = models.DateField(null=True, blank=True)  # A2: an honour for life
    is_demo = models.BooleanField(default=False)  # made by seed_demo, removed by it

    joined_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)  # the e-mail address
    muted_until = models.DateTimeField(null=True, blank=True)
    suspended_until = models.DateTimeField(null=True, blank=True)
    banned_at = models.DateTimeField(null=True, blank=True)
    leaving_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    imported_as = models.CharField(max_length=80, blank=True)  # "discourse:42" until claimed
    session_epoch = models.PositiveIntegerField(default=0)  # +1 ends every session at once

    objects: ClassVar[FanManager] = FanManager()

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("handle"), name="handle_is_unique"),
            models.UniqueConstraint(
                Lower("email"), name="email_is_unique", condition=~models.Q(email="")
            ),
            models.UniqueConstraint(
                "folded_name",
                name="staff_names_are_unique",
                condition=models.Q(role__in=["staff", "admin"]),
            ),
            models.UniqueConstraint(
                "imported_as",
                name="imported_once",
                condition=~models.Q(imported_as=""),
            ),
        ]
        indexes = [
            models.Index(fields=["folded_name"], name="fan_folded_name"),
            models.Index(fields=["email"], name="fan_email"),
            models.Index(fields=["-joined_at", "-id"], name="fan_newest"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("fan", args=[self.handle])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # What a session was opened with: another password, another role or a new
        # epoch, and every session opened before has ended, wherever it is kept.
        return salted_hmac(
            "fans.session",
            f"{self.password}:{self.role}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether they may sign in at all: where Django keeps a column, ours follows from two."""
        return self.banned_at is None and self.erased_at is None

    @property
    def is_staff(self) -> bool:
        return self.role in {Role.STAFF, Role.ADMIN}

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def is_superuser(self) -> bool:
        return self.is_admin

    @property
    def moderates_anything(self) -> bool:
        return self.role in {Role.MODERATOR, Role.STAFF, Role.ADMIN}

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """What Django's admin asks: admins may, nobody else."""
        return self.is_admin and self.is_active

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_admin and self.is_active

    @property
    def region_level(self) -> str:
        """Follows from the home place; the caller fetches `place` with the fan."""
        return self.place.region_level if self.place else RegionLevel.UNKNOWN

    def writing_refusal(self, at: datetime) -> str:
        """Why this person may not write now, in words for them; empty when they may (spec §1)."""
        if self.verified_at is None:
            return _("Confirm your e-mail address first: the code is in the mail we sent you.")
        return self.silence(at)

    def silence(self, at: datetime) -> str:
        """Why nothing they say may appear now, their name and picture among it; or empty."""
        if self.leaving_at is not None:
            return _("Your account is being deleted. Change your mind first to write again.")
        if self.suspended_until and self.suspended_until > at:
            return _("Your account is suspended. You can read, but not write.")
        if self.muted_until and self.muted_until > at:
            return _("You cannot write for now: a moderator has muted you.")
        return ""

    @cached_property
    def moderation_scopes(self) -> frozenset[str]:
        """`site`, `board:3` …; one query, once a request, only for moderators."""
        if self.is_staff:
            return frozenset({"site"})
        if self.role != Role.MODERATOR:
            return frozenset()
        return frozenset(self.scopes.values_list("scope", flat=True))


# Whoever looks at a page. Every row reaches a view through `visible_to(reader)`.
Reader = Fan | AnonymousUser


class FanRequest(HttpRequest):
    """A request of somebody signed in."""

    user: Fan


class ModeratorScope(models.Model):
    """Where a moderator keeps order: `site`, `board:3` or `city:510100`."""

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="scopes")
    scope = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fan", "scope"], name="scope_once")]

    def __str__(self) -> str:
        return self.scope


class HostingQuerySet(models.QuerySet["Hosting"]):
    def standing(self, at: datetime) -> Self:
        return self.filter(ended_at=None, began_at__lte=at, ends_at__gt=at)


class Hosting(models.Model):
    """A post as host of a city's chapter, for 12 months (spec §7); written down by the chapters.

    It adds to what the fan's tier gives and ends with its term, not with the tier.
    """

    fan = models.ForeignKey(Fan, models.PROTECT, related_name="hostings")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    is_deputy = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # before its term

    objects = HostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fan", "place"], name="hosts_a_city_once", condition=models.Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.fan_id} {self.place_id}"


class ReservedName(models.Model):
    """A name no fan may take because a team of the company carries it."""

    folded_name = models.CharField(max_length=80)
    kept_for = models.CharField(max_length=80, unique=True)  # "team:3"; accounts know no teams

    class Meta:
        indexes = [models.Index(fields=["folded_name"], name="reserved_folded_name")]

    def __str__(self) -> str:
        return self.folded_name


class PastHandle(models.Model):
    """A handle somebody gave up: it redirects, and nobody else may take it for a year."""

    handle = models.CharField(max_length=30)
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="past_handles")
    given_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("handle"), "fan", name="past_handle_once_per_fan")
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"
