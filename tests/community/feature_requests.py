"""Shorthand for tests of wishes."""

from datetime import timedelta
from typing import Any

from community.feature_requests import actions
from community.feature_requests.actions import recounting
from community.feature_requests.models import FeatureRequest, Status
from community.threads.models import Post
from fans.accounts.models import Fan
from tests.community.threads import make_regular
from tests.factories import NOW, ProductFactory, make_fan, make_staff

PROBLEM = "In the morning the alarm of the watch cannot be heard under a thick duvet."
# From anywhere in its life to anywhere else, by the steps of the graph.
_WAYS = {
    Status.SUBMITTED: [],
    Status.NEEDS_INFO: [Status.NEEDS_INFO],
    Status.UNDER_REVIEW: [Status.UNDER_REVIEW],
    Status.PLANNED: [Status.UNDER_REVIEW, Status.PLANNED],
    Status.IN_DEVELOPMENT: [Status.UNDER_REVIEW, Status.PLANNED, Status.IN_DEVELOPMENT],
    Status.IN_TESTING: [Status.UNDER_REVIEW, Status.PLANNED, Status.IN_TESTING],
    Status.DECLINED: [Status.DECLINED],
}
_number = iter(range(1, 10**9))


def make_request(
    *, status: str = Status.SUBMITTED, votes: int = 0, waiting: bool = False, **fields: Any
) -> FeatureRequest:
    """A wish filed as the site would, by a regular, in this state, with so many votes."""
    number = next(_number)
    wanted: dict[str, Any] = {"title": f"A louder alarm, number {number}", "at": NOW}
    wanted["problem"] = f"{PROBLEM} ({number})"
    wanted["author"] = fields.pop("author", None) or (make_fan if waiting else make_regular)()
    wanted["product"] = fields.pop("product", None) or ProductFactory.create()
    wish = actions.file_request(**{**wanted, **fields})
    vote(wish, *(make_fan() for _ in range(votes)))
    return walk(wish, status)


def walk(wish: FeatureRequest, status: str, **words: Any) -> FeatureRequest:
    for became in _WAYS[Status(status)]:
        move(wish, became, **words)
    return fresh(wish)


def move(wish: FeatureRequest, became: str, **fields: Any) -> Any:
    wanted: dict[str, Any] = {"response": "We have looked at it together.", "at": NOW}
    wanted |= {"reason": "It is so.", "actor": fields.pop("actor", None) or make_staff()}
    return actions.change_status(feature_request=wish, became=became, **{**wanted, **fields})


def ship(wish: FeatureRequest, **fields: Any) -> None:
    wanted: dict[str, Any] = {"release_words": "Louder by half.", "release_name": "Watch 4.1"}
    wanted |= {"release_url": "/releases/"}
    wanted |= {"release_key": "release:1", "actor": make_staff(), "at": NOW}
    actions.ship(feature_request=wish, **{**wanted, **fields})


def vote(wish: FeatureRequest, *fans: Fan, **fields: Any) -> None:
    for fan in fans:
        actions.cast_vote(feature_request=wish, fan=fan, **{"at": NOW, **fields})


def merge(source: FeatureRequest, target: FeatureRequest, **fields: Any) -> Any:
    wanted = {"actor": fields.pop("actor", None) or make_staff(), "at": NOW}
    return actions.merge(source=source, target=target, **{**wanted, **fields})


def undo(source: FeatureRequest, **fields: Any) -> None:
    actions.undo_merge(source=source, **{"actor": make_staff(), "at": NOW, **fields})


def fresh(wish: FeatureRequest) -> FeatureRequest:
    return FeatureRequest.objects.select_related("thread").get(pk=wish.pk)


def count(wish: FeatureRequest) -> int:
    return fresh(wish).vote_count


def recount(*, repairs: bool = False) -> list[recounting.Wrong]:
    """What is wrong with the tallies kept on wishes: nothing, ever."""
    wishes = FeatureRequest.objects.order_by("pk")
    found = [recounting.recount_request(feature_request=wish, repairs=repairs) for wish in wishes]
    return [wrong for each in found for wrong in each]


def author_replies(wish: FeatureRequest, at: Any = NOW + timedelta(hours=1)) -> Post:
    from community.threads import actions as threads

    return threads.reply(
        thread=wish.thread,
        author=wish.author,
        source="It is the model of last year, with the strap.",
        submission_key=None,
        at=at,
    )
