from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture

from fans.accounts.devices import device_name
from fans.accounts.models import Fan
from tests.factories import make_fan

pytestmark = pytest.mark.django_db


def png(name: str = "me.png") -> SimpleUploadedFile:
    file = BytesIO()
    Picture.new("RGB", (600, 400), "#E5660A").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def save(client: Client, fan: Fan, **more: object) -> int:
    form = {"display_name": fan.display_name, "handle": fan.handle, "bio": "kept", **more}
    return client.post("/me/settings/", form).status_code


def test_a_picture_becomes_a_square_and_can_be_taken_away_again(client: Client) -> None:
    fan = make_fan()
    client.force_login(fan)
    assert save(client, fan, avatar=png()) == 302
    fan.refresh_from_db()
    assert fan.avatar is not None
    assert (fan.avatar.width, fan.avatar.height) == (256, 256)
    assert f"/images/{fan.avatar.key}." in client.get(f"/fans/{fan.handle}/").content.decode()
    save(client, fan, drops_avatar="on")
    fan.refresh_from_db()
    assert fan.avatar is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.png", b""),
        ("script.png", b"<script>alert(1)</script>"),
        ("half.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
        ("page.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ],
)
def test_what_is_no_picture_is_told_beside_the_field_and_the_rest_is_kept(
    client: Client, name: str, content: bytes
) -> None:
    fan = make_fan()
    client.force_login(fan)
    form = {
        "display_name": "Another name",
        "handle": fan.handle,
        "bio": "kept in the form",
        "avatar": SimpleUploadedFile(name, content, "image/png"),
    }
    response = client.post("/me/settings/", form)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_avatar_error"' in page
    assert "kept in the form" in page
    fan.refresh_from_db()
    assert (fan.avatar, fan.bio, fan.display_name != "Another name") == (None, "", True)


def test_a_text_where_a_picture_belongs_is_passed_over(client: Client) -> None:
    fan = make_fan()
    client.force_login(fan)
    assert save(client, fan, avatar="not a file") == 302


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/156 Mobile Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156 Safari/537 Edg/156", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19 Safari/604 MicroMessenger/8", "WeChat on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/19 Safari/604", "Safari on macOS"),
        ("curl/8", "curl/8"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_called_by_browser_and_system(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
