"""Whose words a build comes out with when whoever wrote it down may not speak (O1)."""

from datetime import timedelta

import pytest

from community.fridays import actions
from community.fridays.models import CycleState, ReleaseState
from community.threads.models import State
from fans.accounts.models import Fan, Role
from tests.community.fridays import TARGET, make_cycle, make_ready, make_team
from tests.factories import make_fan, make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"muted_until": TARGET + timedelta(days=30)},
        {"leaving_at": TARGET},
        {"role": Role.FAN},
    ],
)
def test_a_ready_build_comes_out_whoever_wrote_it_down(fields: dict[str, object]) -> None:
    """O1, A1: muted, leaving or no longer of the staff, and the talk about it does not wait."""
    author, _other, colleague = make_staff(), make_staff(), make_staff()
    make_team().members.add(colleague, make_fan())
    cycle = make_cycle()
    release = make_ready(cycle, actor=author)
    Fan.objects.filter(pk=author.pk).update(**fields)
    actions.sweep_cycle(cycle_id=cycle.pk, at=TARGET)
    release.refresh_from_db()
    assert release.state == ReleaseState.PUBLISHED
    assert (release.thread.author, release.thread.state) == (colleague, State.PUBLISHED)


def test_where_the_team_has_nobody_anyone_of_the_staff_speaks() -> None:
    author = make_staff()
    other = make_staff()
    cycle = make_cycle()
    make_ready(cycle, actor=author)
    Fan.objects.filter(pk=author.pk).update(muted_until=TARGET + timedelta(days=30))
    actions.sweep_cycle(cycle_id=cycle.pk, at=TARGET)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.RELEASED
    assert cycle.releases.get().thread.author == other
