"""A site that wrote stories before they could hide moves on with every step in its place."""

import pytest
from django.core.management import call_command

from community.feature_requests.models import StoryStep
from tests.community.test_stories import judged, shipped
from tests.events.meetups import make_meetup
from tests.events.test_rooms_in_stories import hold

# An upgrade that has been out for a while: with --full alone.
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def steps() -> list[tuple[str, str, int | None]]:
    kept = StoryStep.objects.filter(kind__in=["shipped", "verdict", "room"])
    rows = kept.order_by("kind").values_list("kind", "url", "thread")
    return [(kind, url, thread) for kind, url, thread in rows]


def test_steps_of_before_lead_to_what_they_tell_of() -> None:
    wish, release = shipped()
    judged(wish, release)
    hold(make_meetup(agenda=(wish,)))
    before = steps()
    assert [kind for kind, _, _ in before] == ["room", "shipped", "verdict"]
    StoryStep.objects.filter(kind="room").delete()  # nobody wrote it down then
    try:
        call_command("migrate", "community", "0002_wishes_fridays_and_feedback", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert steps() == before
    assert StoryStep.objects.get(kind="shipped").facts == {"name": str(release)}
