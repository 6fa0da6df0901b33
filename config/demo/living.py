"""The demo community lives: it wishes, builds, reports and meets."""

from collections.abc import Callable
from datetime import timedelta

from community.feature_requests import actions as requests
from community.feature_requests.models import FeatureRequest
from config.demo.community import Demo
from config.demo.earning import give_points, look_back
from config.demo.gathering import let_them_meet, settle
from config.demo.past_weeks import live_through_the_past
from config.demo.telling import let_them_tell
from config.demo.weeks import live_through_weeks
from config.demo.wishes import FOLLOWED
from config.demo.wishing import make_wishes
from config.measures.snapshots import take_snapshots

PAPER_VOICES = 9


def live(demo: Demo, tell: Callable[[str], None]) -> None:
    settle(demo)
    give_points(demo)
    tell("half a year of Fridays")
    live_through_the_past(demo)
    look_back(demo)
    tell("wishes and votes")
    wishes = make_wishes(demo)
    _write_on_paper(demo, wishes[FOLLOWED.title])
    tell("weeks, builds and reports")
    live_through_weeks(demo, wishes)
    tell("feedback")
    let_them_tell(demo)
    tell("cities and meetups")
    let_them_meet(demo, wishes)
    take_snapshots(demo.at)


def _write_on_paper(demo: Demo, wish: FeatureRequest) -> None:
    requests.add_offline_support(
        feature_request=wish,
        count=PAPER_VOICES,
        at=wish.created_at + timedelta(days=9),
        key="demo",
    )
