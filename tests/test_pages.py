"""Every page is visited, as guest, fan, moderator and staff, and is whole (R1, A4)."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from config.routes import Route, all_routes
from fans.accounts.models import Fan
from fans.policy import Who
from tests import matrix
from tests.factories import make_fan

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

VISITORS = ("anonymous", "casual", "moderator of the site", "staff")
OURS = [r for r in all_routes() if not r.view.__module__.startswith(("django.", "allauth."))]
LANGUAGES = ("en", "zh-hans", "zh-hant")
# A picture, the words of a mail in their frame, a list for a field: parts of pages.
NOT_PAGES = {
    "meetup_door",  # for hosts of its city: tests/events/test_meetup_pages.py
    "image",
    "dev_mail_page",
    "places",
    "feedback_similar",
    "feature_request_similar",
    "feedback_picture",
    "staff_feedback_log",
    "feed_request",  # to everybody what a stranger sees: tests/community/test_feeds.py
}
FOR_THE_AUTHOR = {
    "post_edit",
    *("meetup_edit", "meetup_venue", "meetup_manage"),
    *("meetup_cancellation", "meetup_postponement"),
}  # missing for everybody else


def pages_of(route: Route, world: matrix.World, actor: matrix.Actor) -> list[str]:
    """The addresses of this route that this reader may open."""
    assert route.policy is not None
    if matrix.lacks_right(route.policy, actor.reader):
        return []
    return [
        matrix.path_of(route, sample)
        for sample in matrix.samples_of(route, world, actor)
        if sample.is_visible_to(actor.reader)
        and (sample.state == "own" or route.name not in FOR_THE_AUTHOR)
    ]


def get(actor: matrix.Actor, path: str, language: str) -> HttpResponse:
    response = actor.client().get(path, headers={"Accept-Language": language})
    assert isinstance(response, HttpResponse) or response.status_code == 200
    return response  # type: ignore[return-value]


def wrong_with(page: str) -> list[str]:
    """What a page of ours never is."""
    return [
        *(["no title"] if not re.search(r"<title>\s*\S", page) else []),
        *([f"{page.count('<h1')} headings"] if page.count("<h1") != 1 else []),
        *(["no language"] if not re.search(r"<html[^>]* lang=\"(en|zh)", page) else []),
        *(["template left over"] if re.search(r"{%|{{", page) else []),
        *(["a placeholder left over"] if re.search(r"%\(\w+\)[sd]", page) else []),
        *(["None"] if re.search(r">\s*None\s*<", page) else []),
    ]


@pytest.mark.parametrize("route", [r for r in OURS if r.name not in NOT_PAGES], ids=str)
def test_every_page_opens_whole_in_every_language(route: Route, world: matrix.World) -> None:
    found = []
    for actor in world.actors:
        if actor.name not in VISITORS:
            continue
        for path in pages_of(route, world, actor):
            # One language each would do for most; a fan's own setting wins over the browser's.
            for language in LANGUAGES if actor.fan is None else LANGUAGES[:1]:
                response = get(actor, path, language)
                if response.status_code in {301, 302, 405}:
                    continue
                where = f"{actor.name} {language} {path}"
                if response.status_code != 200:
                    found.append(f"{where}: {response.status_code}")
                elif response.headers["Content-Type"].startswith("text/html"):
                    found += [f"{where}: {what}" for what in wrong_with(response.content.decode())]
                    found += [f"{where}: {what}" for what in unsafe(response, actor)]
    assert not found, "\n".join(found[:20])


def unsafe(response: HttpResponse, actor: matrix.Actor) -> list[str]:
    page = response.content.decode()
    is_staff = isinstance(actor.reader, Fan) and actor.reader.is_staff
    return [
        *(["no policy for content"] if "Content-Security-Policy" not in response.headers else []),
        *(["an address"] if "stranger@example.com" in page and not is_staff else []),
        *(
            [f"kept by others: {response.headers.get('Cache-Control')}"]
            if actor.fan and "private" not in response.headers.get("Cache-Control", "")
            else []
        ),
    ]


def test_there_are_pages_for_everybody() -> None:
    policies = {route.policy for route in OURS}
    assert policies == set(Who)


def test_a_page_that_is_not_there_looks_the_same_for_everybody() -> None:
    fan = make_fan()
    signed_in = Client()
    signed_in.force_login(fan, backend=matrix.BACKEND)
    for client in (Client(), signed_in):
        response = client.get("/nothing-here/")
        assert response.status_code == 404
        assert wrong_with(response.content.decode()) == []
