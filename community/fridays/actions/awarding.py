"""The popcorn award (O5), found in the database."""

from datetime import datetime

from django.db.models import Count

from community.fridays import award
from community.fridays.eyes import Said
from community.fridays.listing import candidates_of
from community.fridays.models import Award, Ballot, Cycle


def give_award(cycle: Cycle, said: Said, site_count: int, at: datetime) -> None:
    """To the team; what was recalled meanwhile is no candidate, whoever voted for it (O9).

    `said`: by everyone; `site_count`: n, by which a week needs more ballots or fewer.
    """
    items = {item.pk: item for item in candidates_of(cycle)}
    voted = Ballot.objects.filter(cycle=cycle, item__in=items).order_by().values_list("item")
    ballots = dict(voted.annotate(Count("pk")))
    candidates = [
        award.Candidate(pk, ballots.get(pk, 0), said.loved.get(pk, 0), said.not_good.get(pk, 0))
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
