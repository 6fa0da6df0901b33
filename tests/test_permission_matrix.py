"""R1: every route, every method, everybody, every kind of row; no surprise, no error of ours."""

import os

import pytest
from django.db import connection

from config.routes import Route, all_routes
from tests import matrix

pytestmark = pytest.mark.django_db

IS_FULL = os.environ.get("TEST_SIZE") == "full"
ROUTES = all_routes()
OURS = [route for route in ROUTES if not route.view.__module__.startswith(("django.", "allauth."))]
# In the gate each engine asks every second route: together all of them.
ASKED = OURS if IS_FULL else OURS[connection.vendor == "postgresql" :: 2]
OTHERS = [route for route in ROUTES if route not in OURS]
# In the gate the rarer methods, and the views of others, are tried by one of each kind; each of
# our routes is asked by these and by every third of the others, the next route by the next third.
ONE_OF_EACH_KIND = {"anonymous", "casual", "moderator of the site", "admin"}
THIRDS = 3


def methods_for(actor: matrix.Actor, sample: matrix.Sample, is_ours: bool) -> tuple[str, ...]:
    if IS_FULL:
        return matrix.METHODS
    if is_ours and actor.name in ONE_OF_EACH_KIND and sample.state in {"-", "other"}:
        return matrix.METHODS
    return ("GET", "POST")


def surprises_of(route: Route, world: matrix.World) -> tuple[list[str], int]:
    """What went wrong, and how many of those who may come in were let in."""
    found, let_in, is_ours = [], 0, route in OURS
    turn = ROUTES.index(route) if is_ours and route in ROUTES else 0
    asked = [
        actor
        for place, actor in enumerate(world.actors)
        if IS_FULL or actor.name in ONE_OF_EACH_KIND or (is_ours and (place - turn) % THIRDS == 0)
    ]
    for actor in asked:
        wrong, came_in = _asked_by(actor, route, world, is_ours)
        found += wrong
        let_in += came_in
    if not let_in and is_ours:  # whoever may was not among them
        others = (actor for actor in world.actors if actor not in asked)
        let_in = sum(_asked_by(actor, route, world, is_ours)[1] for actor in others)
    return found, let_in


def _asked_by(
    actor: matrix.Actor, route: Route, world: matrix.World, is_ours: bool
) -> tuple[list[str], int]:
    found, let_in, reader = [], 0, actor.reader
    for sample in matrix.samples_of(route, world, actor):
        path = matrix.path_of(route, sample)
        for method in methods_for(actor, sample, is_ours):
            answer = matrix.ask(actor, method, path)
            wrong = matrix.surprise(route, reader, method, sample, answer)
            if wrong:
                found.append(f"{actor.name}: {method} {path} ({sample.state}): {wrong}")
            let_in += answer.status not in {404, 405, 410} and not answer.asks_to_sign_in
    return found, let_in


@pytest.mark.parametrize("route", ASKED, ids=str)
def test_our_routes_answer_as_they_declare(route: Route, world: matrix.World) -> None:
    found, let_in = surprises_of(route, world)
    assert not found, "\n".join(found[:20])
    # A refusal may not pass for the wrong reason: somebody gets in, unless no row is there.
    if route.name not in {"image", "session_end"}:
        assert let_in > 0


@pytest.mark.parametrize("part", range(6))
def test_the_routes_of_others_answer_as_we_declare_them(part: int, world: matrix.World) -> None:
    found = [wrong for route in OTHERS[part::6] for wrong in surprises_of(route, world)[0]]
    assert not found, "\n".join(found[:20])


def test_every_kind_of_person_is_asked(world: matrix.World) -> None:
    assert len({actor.name for actor in world.actors}) == 14


def test_a_view_that_forgets_its_policy_would_be_found(world: matrix.World) -> None:
    """The matrix can fail: a page for staff that lets everybody in is a surprise."""
    route = next(route for route in OURS if route.name == "about")
    staff_only = Route(route.address, route.name, route.view)
    object.__setattr__(staff_only, "view", _declared(route.view))
    found, _ = surprises_of(staff_only, world)
    assert len(found) == 3  # of the four kinds asked, all but the admin


def _declared(view: object) -> object:
    from functools import wraps

    from fans.policy import Who

    @wraps(view)  # type: ignore[arg-type]
    def declared_for_staff(*args: object, **kwargs: object) -> object:
        return view(*args, **kwargs)  # type: ignore[operator]

    declared_for_staff.policy = Who.STAFF  # type: ignore[attr-defined]
    return declared_for_staff
