"""The popcorn award (O5), found in the database."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count

from community.fridays import award
from community.fridays.listing import candidates_of
from community.fridays.models import Award, Ballot, Choice, Cycle, Grid


def give_award(cycle: Cycle, site_count: int, at: datetime) -> None:
    """To the team; what was recalled meanwhile is no candidate, whoever voted for it (O9).

    `site_count`: n, by which a week needs more ballots or fewer.
    """
    items = {item.pk: item for item in candidates_of(cycle)}
    voted = Ballot.objects.filter(cycle=cycle, item__in=items).order_by().values_list("item")
    ballots = dict(voted.annotate(Count("pk")))
    loved, not_good = (_chosen(cycle, grid, items) for grid in (Grid.LOVED, Grid.NOT_GOOD))
    candidates = [
        award.Candidate(pk, ballots.get(pk, 0), loved.get(pk, 0), not_good.get(pk, 0))
        for pk in items
    ]
    Award.objects.bulk_create(
        Award(
            cycle=cycle,
            item=items[winner.item],
            team_id=items[winner.item].team_id,
            ballot_count=winner.ballots,
            awarded_at=at,
        )
        for winner in award.winners(candidates, site_count)
    )


def _chosen(cycle: Cycle, grid: Grid, items: Iterable[int]) -> dict[int, int]:
    chosen = Choice.objects.filter(report__cycle=cycle, grid=grid, item__in=list(items))
    return dict(chosen.order_by().values_list("item").annotate(Count("pk")))
