"""How a fan is thanked: by name, or as somebody who stays unnamed (O6)."""

from django.db import transaction

from community.feature_requests.actions import record_step
from community.fridays.actions.releases import lock_release
from community.fridays.models import Credit, Release, ReleaseState


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


def write_thanks(release: Release) -> None:
    """Say in the story of each wish whom its build thanks, as each wants it; its row is locked."""
    items = release.items.filter(feature_request__isnull=False).select_related("feature_request")
    for item in items.prefetch_related("credits").order_by("feature_request"):
        assert item.feature_request is not None  # noqa: S101
        credits = item.credits.all()
        if not credits:
            continue
        named = [credit.fan_id for credit in credits if not credit.is_anonymous]
        record_step(
            feature_request=item.feature_request,
            kind="credited",
            key=release.subject,
            at=credits[0].credited_at,
            url=release.get_absolute_url(),
            facts={"fans": sorted(named), "unnamed_count": len(credits) - len(named)},
            thread=release.thread,
        )
