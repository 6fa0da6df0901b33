"""The newest complete story is the front page's hero."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import FeatureRequest, Status
from community.fridays.models import Release
from community.threads.models import State, Thread
from config.wish_story import newest_story
from tests.community.test_stories import judged, shipped
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


def complete() -> tuple[FeatureRequest, Release]:
    wish, release = shipped()
    judged(wish, release)
    return wish, release


def told() -> int | None:
    found = newest_story(AnonymousUser())
    return found.pk if found else None


def test_the_newest_complete_story_stands_on_the_front_page(client: Client) -> None:
    complete()
    newest, release = complete()
    shipped()  # nobody has judged it yet
    page = client.get("/")
    assert f'href="/requests/{newest.pk}/story/"' in page.text
    assert f"It came with {release}." in page.text
    assert told() == newest.pk


def test_no_story_no_hero(client: Client) -> None:
    shipped()
    assert told() is None
    assert 'id="wish-story"' not in client.get("/").text


def test_the_one_before_steps_in_for_a_story_that_is_not_complete() -> None:
    first, _ = complete()
    second, release = complete()
    assert told() == second.pk
    Thread.objects.filter(release=release).update(state=State.HIDDEN)
    cache.clear()
    assert told() == first.pk
    FeatureRequest.objects.filter(pk=first.pk).update(status=Status.IN_TESTING)
    cache.clear()
    assert told() is None


@pytest.mark.parametrize("hidden", ["wish", "build"])
def test_what_is_hidden_is_gone_at_once_though_the_words_are_kept(hidden: str) -> None:
    """R2: asked each time, within the minute too."""
    wish, release = complete()
    assert told() == wish.pk
    threads = Thread.objects.filter(feature_request=wish)
    if hidden == "build":
        threads = Thread.objects.filter(release=release)
    threads.update(state=State.HIDDEN)
    assert told() is None
    assert (newest_story(make_staff()) is None) == (hidden == "wish")


def test_it_costs_two_queries_while_it_is_kept(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    complete()
    told()
    with django_assert_num_queries(2):
        told()
