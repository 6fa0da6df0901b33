"""What those who asked for a wish say of it once it has shipped, and when it reopens (F8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q

from community.feature_requests.actions import record_step, reopen_broken
from community.feature_requests.actions.locking import lock_clusters
from community.feature_requests.models import FeatureRequest, Status, Vote
from community.fridays.models import (
    Cycle,
    Judgement,
    Release,
    ReleaseItem,
    ReleaseState,
    Verdict,
    Works,
)
from fans.accounts.models import Fan

# It reopens when max(3, min(20, a tenth of the voters)) answered, and more than half say broken.
FEWEST_ANSWERS, MOST_ANSWERS = 3, 20
VOTERS_AN_ANSWER = 10
SHOWN_FROM = 5  # answers; of fewer no numbers are shown (O4)


@dataclass(frozen=True)
class Asked:
    """A wish somebody voted for, and the build it came with."""

    feature_request: FeatureRequest
    release: Release


def asked_of(cycle: Cycle, fan: Fan) -> list[Asked]:
    """What the form of this week asks this fan about: wishes their counted vote stands on, shipped
    by a build that came out since the last form opened, each in one form only. At most five queries.
    """
    shipped = _shipped_before(cycle)
    if not shipped:
        return []
    voted = Vote.objects.counted().filter(fan=fan.pk).filter(_on(shipped))
    rows = voted.values_list("feature_request", "feature_request__shown_as")
    stands_on = {shown or pk for pk, shown in rows}
    seen = FeatureRequest.objects.visible_to(fan).in_bulk(stands_on) if stands_on else {}
    return [Asked(seen[pk], release) for pk, release in sorted(shipped.items()) if pk in seen]


def judge(cycle: Cycle, at: datetime) -> list[Judgement]:
    """Count the verdicts of this week, and open again what is broken for those who asked (F8).

    Under the lock of the week, before any fan's. Each wish once a build; judging again is as once.
    """
    wishes = FeatureRequest.objects.filter(pk__in=_shipped_before(cycle)).order_by("pk")
    lock_clusters(*wishes)
    # Read again: a recall or another's hand may have been first.
    shipped = _shipped_before(cycle)
    known = Judgement.objects.filter(feature_request__in=shipped)
    judged = set(known.values_list("release", "feature_request"))
    return [
        _judge(cycle, pk, release, at)
        for pk, release in sorted(shipped.items())
        if (release.pk, pk) not in judged
    ]


def needed_answers(voter_count: int) -> int:
    """3 of 3 voters, 3 of 30, 4 of 31, 20 of 200 and of any more."""
    tenth = -(-voter_count // VOTERS_AN_ANSWER)
    return max(FEWEST_ANSWERS, min(MOST_ANSWERS, tenth))


def _shipped_before(cycle: Cycle) -> dict[int, Release]:
    """By number, the wishes that are shipped by a build which came out after the last form of the
    product opened and before this one did. A build recalled since is none.
    """
    weeks = Cycle.objects.filter(product=cycle.product_id, released_at__isnull=False)
    opened = weeks.filter(report_opens_at__lt=cycle.report_opens_at).exclude(
        withdrawn_at__lte=F("report_opens_at")  # recalled before anybody could report
    )
    last = opened.aggregate(last=Max("report_opens_at"))["last"]
    items = ReleaseItem.objects.filter(
        release__cycle__product=cycle.product_id,
        release__state=ReleaseState.PUBLISHED,
        release__published_at__lt=cycle.report_opens_at,
        **({"release__published_at__gte": last} if last else {}),
    )
    shipped = Q(feature_request__status=Status.SHIPPED)
    shipped |= Q(feature_request__shown_as__status=Status.SHIPPED)
    found: dict[int, Release] = {}
    rows = items.filter(shipped).select_related("release__product", "feature_request")
    for item in rows.order_by("release__published_at", "pk"):
        assert item.feature_request is not None  # noqa: S101
        found[item.feature_request.shown_as_id or item.feature_request.pk] = item.release
    return found


def _on(wishes: Iterable[int]) -> Q:
    """Votes on these wishes, and on what is merged into them (F4)."""
    return Q(feature_request__in=wishes) | Q(feature_request__shown_as__in=wishes)


def _judge(cycle: Cycle, wish_pk: int, release: Release, at: datetime) -> Judgement:
    wish = FeatureRequest.objects.get(pk=wish_pk)
    voters = Vote.objects.counted().filter(_on([wish_pk])).values("fan")
    said = Verdict.objects.filter(
        report__cycle=cycle, feature_request=wish, release=release, report__fan__in=voters
    )
    counts = dict(said.order_by().values_list("answer").annotate(Count("pk")))
    made = Judgement.objects.create(
        cycle=cycle,
        release=release,
        feature_request=wish,
        works_count=counts.get(Works.WORKS, 0),
        partly_count=counts.get(Works.PARTLY, 0),
        broken_count=counts.get(Works.BROKEN, 0),
        voter_count=voters.distinct().count(),
        judged_at=at,
    )
    answered = sum(counts.values())
    is_broken = made.broken_count * 2 > answered >= needed_answers(made.voter_count)
    if is_broken and reopen_broken(feature_request=wish, at=at):
        made.reopened_at = at
        made.save(update_fields=["reopened_at"])
    return made


def tell_judgements(cycle: Cycle) -> None:
    """Into the stories of the wishes, with the results of the week: no figure is out before them,
    nor while staff hold them back.
    """
    judged = cycle.judgements.select_related(
        "feature_request", "release__product", "release__thread"
    )
    for judgement in judged.order_by("pk"):
        _write_into_story(judgement)


def _write_into_story(judgement: Judgement) -> None:
    counts = {each.value: getattr(judgement, f"{each.value}_count") for each in Works}
    answered = sum(counts.values())
    if not answered:
        return
    facts: dict[str, Any] = {"is_reopened": judgement.reopened_at is not None}
    if answered >= SHOWN_FROM:
        facts |= counts
    record_step(
        feature_request=judgement.feature_request,
        kind="judged",
        key=judgement.release.subject,
        at=judgement.judged_at,
        url=judgement.release.get_absolute_url(),
        facts=facts,
        thread=judgement.release.thread,
    )
