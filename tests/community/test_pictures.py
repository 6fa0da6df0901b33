"""Who may see a picture: whoever may see what it hangs on, and its owner (R2)."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from community.threads.models import Audience, Post, State
from fans.accounts.models import Fan
from fans.images.models import Image
from tests import hostile_images
from tests.factories import (
    NOW,
    BoardFactory,
    make_core_fan,
    make_fan,
    make_moderator,
    make_post,
    make_thread,
)

pytestmark = pytest.mark.django_db

DATA = b"RIFF bytes of a picture"


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    storage = dict(settings.STORAGES)
    storage["default"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path)},
    }
    settings.STORAGES = storage


def make_image(owner: Fan, key: str = "0123456789abcdef" * 2) -> Image:
    image = Image(
        key=key, owner=owner, content_type="image/webp", width=4, height=3,
        byte_count=len(DATA), uploaded_at=NOW,
    )  # fmt: skip
    image.file.save(f"{key}.webp", ContentFile(DATA), save=False)
    image.save()
    return image


def picture_in(
    state: str = State.PUBLISHED, audience: str = Audience.EVERYONE
) -> tuple[Image, Post]:
    board = BoardFactory.create(readable_by=audience)
    post = make_post(make_thread(board=board), state=state)
    image = make_image(post.author)
    post.images.add(image)
    return image, post


def status_for(fan: Fan | None, image: Image) -> int:
    client = Client()
    if fan is not None:
        client.force_login(fan)
    answer = client.get(image.get_absolute_url())
    answer.getvalue()  # read to its end: that closes the file
    return answer.status_code


def test_a_picture_in_a_published_post_is_public_and_harmless(client: Client) -> None:
    image, _ = picture_in()
    answer = client.get(image.get_absolute_url())
    assert answer.getvalue() == DATA
    assert {
        name: answer[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
        )
    } == {
        "Content-Type": "image/webp",
        "Content-Disposition": f'inline; filename="{image.key}.webp"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=3600, immutable",
    }


def test_a_picture_of_the_core_board_is_for_core_fans_alone() -> None:
    image, _ = picture_in(audience=Audience.CORE)
    assert [status_for(fan, image) for fan in (None, make_fan(), make_core_fan())] == [
        404,
        404,
        200,
    ]


def test_what_not_everyone_may_see_is_in_no_cache() -> None:
    image, _ = picture_in(audience=Audience.CORE)
    client = Client()
    client.force_login(make_core_fan())
    answer = client.get(image.get_absolute_url())
    answer.getvalue()
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("state", [State.WAITING, State.HIDDEN])
def test_a_picture_of_a_post_that_is_not_shown_is_for_its_author_and_moderators(
    state: State,
) -> None:
    image, post = picture_in(state=state)
    readers = (None, make_fan(), post.author, make_moderator())
    assert [status_for(fan, image) for fan in readers] == [404, 404, 200, 200]


def test_a_picture_goes_with_its_post() -> None:
    image, post = picture_in()
    assert status_for(None, image) == 200
    Post.objects.filter(pk=post.pk).update(state=State.HIDDEN)
    assert status_for(None, image) == 404


def test_a_picture_in_no_post_is_its_owners_alone() -> None:
    owner = make_fan()
    image = make_image(owner)
    assert [status_for(fan, image) for fan in (None, make_fan(), owner)] == [404, 404, 200]


def test_everyone_may_see_a_face() -> None:
    fan = make_fan()
    fan.avatar = make_image(fan)
    fan.save()
    assert status_for(None, fan.avatar) == 200
    Fan.objects.filter(pk=fan.pk).update(erased_at=NOW)
    assert status_for(None, fan.avatar) == 404


@pytest.mark.parametrize("address", ["/images/0/x.webp", "/images/x.webp", "/images/x.svg"])
def test_there_is_no_other_picture(client: Client, address: str) -> None:
    picture_in()
    assert client.get(address).status_code == 404


def test_a_picture_has_one_extension(client: Client) -> None:
    image, _ = picture_in()
    assert client.get(f"/images/{image.key}.html").status_code == 404


def test_somebody_uploads_a_picture_while_writing(client: Client) -> None:
    fan = make_fan()
    client.force_login(fan)
    answer = client.post(
        "/images/",
        {
            "picture": SimpleUploadedFile(
                "x.png", hostile_images.encoded(hostile_images.noise(), "PNG")
            ),
            "description": "A [small] kumquat",
        },
    )
    image = Image.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "url": f"/images/{image.key}.webp",
            "markdown": f"![A small kumquat](/images/{image.key}.webp)",
            "width": 64,
            "height": 48,
        },
    )
    assert (image.owner, image.kept_at) == (fan, None)


@pytest.mark.parametrize("fields", [{}, {"picture": "words"}])
def test_an_upload_without_a_picture_is_told_so(client: Client, fields: dict[str, str]) -> None:
    client.force_login(make_fan())
    answer = client.post("/images/", fields)
    assert (answer.status_code, answer.json()) == (400, {"error": "Choose a picture first."})


def test_a_file_that_is_no_picture_is_told_so(client: Client) -> None:
    client.force_login(make_fan())
    answer = client.post("/images/", {"picture": SimpleUploadedFile("x.jpg", b"<svg>")})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("This file is not a JPEG, PNG, WebP or GIF")


def test_guests_and_muted_people_upload_nothing(client: Client) -> None:
    data = hostile_images.encoded(hostile_images.noise(), "PNG")
    assert client.post("/images/", {"picture": SimpleUploadedFile("x", data)}).status_code == 302
    client.force_login(make_fan(verified_at=None))
    assert client.post("/images/", {"picture": SimpleUploadedFile("x", data)}).status_code == 302
    assert Image.objects.count() == 0
