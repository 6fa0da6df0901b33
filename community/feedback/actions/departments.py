"""Which team answers for what (spec §6): configurable, and always exactly one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from community.feedback.models import Category, Department
from community.feedback.rules import FIRST_DEPARTMENTS
from community.products.models import Team
from fans.accounts.actions import reserve_name
from fans.accounts.models import Fan
from fans.audit.actions import record


def department_for(category: str) -> Team:
    """The one team that answers for a category.

    Where none was named it is the one that is called as the rules have it, else the site's first;
    a site without any gets one called «Product»: nobody's report is turned away because the
    company is not ready.
    """
    named = Department.objects.filter(category=category).select_related("team").first()
    if named is not None:
        return named.team
    teams = Team.objects.order_by("pk")
    usual = teams.filter(name=FIRST_DEPARTMENTS[Category(category)]).first()
    return usual or teams.first() or _first_team()


def _first_team() -> Team:
    team, is_new = Team.objects.get_or_create(slug="product", defaults={"name": "Product"})
    if is_new:
        reserve_name(name=team.name, kept_for=f"team:{team.pk}")
    return team


@transaction.atomic
def name_departments(
    *, teams: Mapping[str, Team], actor: Fan | None, at: datetime
) -> list[Category]:
    """Say who answers for these categories from now on; returns those that changed.

    What came in before stays with the team it went to.
    """
    known = {one.category: one for one in Department.objects.select_for_update(no_key=True)}
    changed = [
        Category(category)
        for category, team in teams.items()
        if category not in known or known[category].team_id != team.pk
    ]
    for category in changed:
        Department.objects.update_or_create(category=category, defaults={"team": teams[category]})
        record(
            actor=actor,
            verb="department named",
            subject=f"team:{teams[category].pk}",
            at=at,
            category=category.value,
        )
    return changed
