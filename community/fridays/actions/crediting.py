"""Whom a build thanks, and how each is named: by name, or as somebody who stays unnamed (O6)."""

from datetime import datetime

from django.db import transaction

from community.feature_requests.actions import record_step
from community.feature_requests.models import FeatureRequest
from community.fridays.actions.cycles import NotInThatState
from community.fridays.actions.releases import lock_release
from community.fridays.models import (
    Credit,
    CreditRole,
    Release,
    ReleaseItem,
    ReleaseState,
)
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.notifications.actions import tell

GIVEN_BY_HAND = [CreditRole.TESTER, CreditRole.TRANSLATOR]


def take_by_name(*, credit: Credit) -> None:
    """The fan's name stands with what they did. Saying so twice is saying it once."""
    _choose(credit, is_anonymous=False)


def stay_unnamed(*, credit: Credit) -> None:
    """The thanks stay, the name goes, at once and everywhere."""
    _choose(credit, is_anonymous=True)


@transaction.atomic
def _choose(credit: Credit, *, is_anonymous: bool) -> None:
    # Two who choose at once would each write the other's last choice into the story.
    release = lock_release(credit.release)
    Credit.objects.filter(pk=credit.pk).update(is_anonymous=is_anonymous)
    credit.is_anonymous = is_anonymous
    if release.state == ReleaseState.PUBLISHED:
        write_thanks(release)


@transaction.atomic
def give_credit(*, release: Release, fan: Fan, role: str, actor: Fan, at: datetime) -> Credit:
    """Thank a tester or a translator of a build, before it is out or after. Twice is as once.

    They hear of it once: with the build, or now when it is out.
    """
    locked = lock_release(release)
    if role not in GIVEN_BY_HAND or locked.state == ReleaseState.WITHDRAWN:
        raise NotInThatState
    credit, is_new = thank(release=locked, item=None, fan_id=fan.pk, role=role, at=at)
    if not is_new:
        return credit
    if locked.state == ReleaseState.PUBLISHED:
        tell(
            kind="credit_given",
            subject=locked.subject,
            key=f"credit_given:{locked.pk}:{fan.pk}:{role}",
            at=at,
            actor=actor,
            to=[(fan.pk, "helper")],
            facts=facts_of(locked),
        )
    record(actor=actor, verb="credit given", subject=locked.subject, at=at, concerns=fan, role=role)
    return credit


@transaction.atomic
def withdraw_credit(*, credit: Credit, actor: Fan, at: datetime) -> bool:
    """It was somebody else, or a slip. False when it was taken back already."""
    locked = lock_release(credit.release)
    given = Credit.objects.filter(pk=credit.pk, role__in=GIVEN_BY_HAND)
    if not given.delete()[0]:
        return False
    record(
        actor=actor, verb="credit withdrawn", subject=locked.subject, at=at, concerns=credit.fan,
        role=credit.role,
    )  # fmt: skip
    return True


def thank_askers(release: Release, at: datetime) -> None:
    """Whoever asked, and whoever asked for the same; those thanked by hand as of now, too."""
    release.credits.update(credited_at=at)
    items = release.items.select_related("feature_request__shown_as").order_by("number")
    for item in items:
        if item.feature_request is None:
            continue
        wish = item.feature_request.shown_as or item.feature_request
        same = FeatureRequest.objects.filter(shown_as=wish).exclude(author=wish.author_id)
        roles = dict.fromkeys(same.values_list("author", flat=True), CreditRole.CO_REQUESTER)
        roles[wish.author_id] = CreditRole.AUTHOR
        for fan_id, role in sorted(roles.items()):
            thank(release=release, item=item, fan_id=fan_id, role=role, at=at)


def thank(
    *,
    release: Release,
    item: ReleaseItem | None,
    fan_id: int,
    role: str,
    at: datetime,
    stays_unnamed: bool = False,
) -> tuple[Credit, bool]:
    """One line of thanks, as its fan chose to be named last; the same again is the same."""
    return Credit.objects.get_or_create(
        release=release,
        item=item,
        fan_id=fan_id,
        role=role,
        defaults={"credited_at": at, "is_anonymous": stays_unnamed or _prefers_no_name(fan_id)},
    )


def _prefers_no_name(fan_id: int) -> bool:
    last = Credit.objects.filter(fan=fan_id).order_by("-credited_at", "-pk").first()
    return last is not None and last.is_anonymous


def write_thanks(release: Release) -> None:
    """Say in the story of each wish whom its build thanks, as each wants it; its row is locked."""
    thanked: dict[int, list[Credit]] = {}
    for credit in release.credits.standing().filter(item__isnull=False).order_by("pk"):
        thanked.setdefault(credit.item_id or 0, []).append(credit)
    items = release.items.filter(feature_request__isnull=False, pk__in=thanked)
    for item in items.select_related("feature_request").order_by("feature_request"):
        assert item.feature_request is not None  # noqa: S101
        credits = thanked[item.pk]
        named = {credit.fan_id for credit in credits if not credit.is_anonymous}
        unnamed = {credit.fan_id for credit in credits} - named
        record_step(
            feature_request=item.feature_request,
            kind="credited",
            key=release.subject,
            at=credits[0].credited_at,
            url=release.get_absolute_url(),
            facts={
                "fans": sorted(named),
                "unnamed": sorted(unnamed),  # for an undone merge; shown to nobody
                "unnamed_count": len(unnamed),
            },
            thread=release.thread,
        )


def facts_of(release: Release) -> dict[str, object]:
    """What the words of a notice about a build need."""
    return {"name": str(release), "url": release.get_absolute_url(), "release": release.pk}
