"""Tags: staff keep the list in three languages; whoever triages puts them on wishes."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from community.feature_requests.actions import NotAllowed, set_tags
from community.products import actions
from community.products.actions import SlugTaken, TagDetails
from community.products.models import Tag
from fans.audit.models import AuditEntry
from tests.community.feature_requests import make_request
from tests.factories import NOW, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db
SOUND = TagDetails(name="Sound", slug="sound", name_zh_hans="声音", name_zh_hant="聲音")


def signed_in(fan: Any) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def entries(verb: str) -> list[dict[str, Any]]:
    return list(AuditEntry.objects.filter(verb=verb).values_list("details", flat=True))


# --- The list --------------------------------------------------------------------------------


def test_naming_a_tag_twice_is_the_same_as_once() -> None:
    staff = make_staff()
    first = actions.create_tag(details=SOUND, actor=staff, at=NOW)
    assert actions.create_tag(details=SOUND, actor=staff, at=NOW) == first
    assert len(entries("tag created")) == 1
    with pytest.raises(SlugTaken):
        actions.create_tag(details=TagDetails(name="Noise", slug="sound"), actor=staff, at=NOW)


def test_staff_keep_tags_in_three_languages() -> None:
    client = signed_in(make_staff())
    fields = {"name": "Sound", "slug": "Sound", "name_zh_hans": "声音", "name_zh_hant": "聲音"}
    assert client.post("/staff/tags/creation/", fields).status_code == 302
    tag = Tag.objects.get(slug="sound")
    client.post(f"/staff/tags/{tag.pk}/details/", {**fields, "name": "Sound and light"})
    tag.refresh_from_db()
    assert (tag.name, tag.name_zh_hant) == ("Sound and light", "聲音")
    assert entries("tag changed") == [{"changed": ["name"]}]
    assert "Sound and light" in client.get("/staff/tags/").text
    taken = client.post("/staff/tags/creation/", {"name": "Noise", "slug": "sound"})
    assert taken.status_code == 422
    assert "This address is taken" in taken.text


def test_a_retired_tag_comes_back_on_every_wish_that_had_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client, wish = signed_in(make_staff()), make_request()
    tag = actions.create_tag(details=SOUND, actor=make_staff(), at=NOW)
    wish.tags.add(tag)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/staff/tags/{tag.pk}/retirement/")
        assert "?tag=sound" not in Client().get("/requests/").text
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/staff/tags/{tag.pk}/retirement/withdrawal/")
        assert 'href="/requests/?tag=sound"' in Client().get("/requests/").text
    assert len(entries("tag retired")) == len(entries("tag resumed")) == 1


# --- On a wish -------------------------------------------------------------------------------


def test_tags_are_set_as_they_are_given() -> None:
    wish, moderator = make_request(), make_moderator()
    sound, light, old = (Tag.objects.create(name=name, slug=name) for name in ("s", "l", "old"))
    Tag.objects.filter(pk=old.pk).update(retired_at=NOW)
    wish.tags.add(light, old)
    before = set_tags(feature_request=wish, tags=[sound], actor=moderator, at=NOW)
    assert before == {light}
    assert set(wish.tags.all()) == {sound, old}
    assert entries("wish tagged") == [{"put_on": ["s"], "taken_off": ["l"]}]
    set_tags(feature_request=wish, tags=[sound, old], actor=moderator, at=NOW)
    assert len(entries("wish tagged")) == 1


def test_a_fan_sets_no_tags_and_a_moderator_none_on_their_own() -> None:
    moderator = make_moderator()
    for fan, wish in ((make_fan(), make_request()), (moderator, make_request(author=moderator))):
        with pytest.raises(NotAllowed):
            set_tags(feature_request=wish, tags=[], actor=fan, at=NOW)


def test_a_moderator_sets_them_on_the_page() -> None:
    wish, client = make_request(), signed_in(make_moderator())
    sound = Tag.objects.create(name="Sound", slug="sound")
    assert f'action="/requests/{wish.pk}/tags/"' in client.get(wish.get_absolute_url()).text
    assert client.post(f"/requests/{wish.pk}/tags/", {"tags": [sound.pk]}).status_code == 302
    assert list(wish.tags.all()) == [sound]
    assert client.post(f"/requests/{wish.pk}/tags/", {"tags": ["987654"]}).status_code == 422
    client.post(f"/requests/{wish.pk}/tags/")
    assert list(wish.tags.all()) == []


def test_a_number_no_tag_can_have_is_refused() -> None:
    wish = make_request()
    sent = {"tags": ["9" * 19, "9" * 40]}
    assert signed_in(make_staff()).post(f"/requests/{wish.pk}/tags/", sent).status_code < 500
    assert signed_in(make_fan()).post("/requests/new/", sent).status_code == 422
    assert not wish.tags.exists()
