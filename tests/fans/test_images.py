"""Pictures come in as strangers' bytes and leave as our own (R5)."""

import io
import os
import re
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image as Pillow
from pytest_django import Settings

from fans.images import child
from fans.images.actions import MAX_BYTES, ImageRefused, Purpose, discard_unused, keep, store_image
from fans.images.models import Image
from fans.images.tasks import discard_unused_images
from tests import hostile_images
from tests.factories import NOW, make_fan, make_post, make_thread

pytestmark = pytest.mark.django_db

MUTATED = 1_000 if os.environ.get("TEST_SIZE") == "full" else 200
RECODE = Path(child.COMMAND[-1])
_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    storage = dict(settings.STORAGES)
    storage["default"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path)},
    }
    settings.STORAGES = storage


def stored(data: bytes, *, name: str = "picture.jpg", purpose: Purpose = Purpose.POST) -> Image:
    upload = SimpleUploadedFile(name, data, "image/jpeg")
    return store_image(upload=upload, owner=make_fan(), at=NOW, purpose=purpose)


def bytes_of(image: Image) -> bytes:
    with image.file.open("rb") as file:
        data: bytes = file.read()
    return data


def chunks_of(webp: bytes) -> set[bytes]:
    kinds, place = set(), 12
    while place < len(webp):
        kinds.add(webp[place : place + 4])
        length = int.from_bytes(webp[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return kinds


@pytest.mark.parametrize("name", hostile_images.odd_but_fine())
def test_an_odd_picture_is_taken_and_holds_nothing_but_pixels(name: str) -> None:
    image = stored(hostile_images.odd_but_fine()[name])
    data = bytes_of(image)
    shown = Pillow.open(io.BytesIO(data))
    assert (shown.format, shown.size) == ("WEBP", (image.width, image.height))
    assert chunks_of(data) <= _CHUNKS
    assert len(data) == image.byte_count
    for secret in (hostile_images.PAYLOAD, hostile_images.GPS):
        runs = {secret[start : start + 16] for start in range(len(secret) - 15)}
        assert not [run for run in runs if run in data]


def test_the_metadata_test_has_something_to_find() -> None:
    assert hostile_images.GPS in hostile_images.photo_with_metadata()
    assert all(hostile_images.PAYLOAD in data for data in hostile_images.polyglots().values())


@pytest.mark.parametrize("name", hostile_images.refused())
def test_what_is_no_picture_of_ours_is_refused(name: str) -> None:
    with pytest.raises(ImageRefused):
        stored(hostile_images.refused()[name])
    assert Image.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SVG", "This file is not a JPEG, PNG, WebP or GIF picture. Save it as one of them."),
        ("HEIF", "This file is not a JPEG, PNG, WebP or GIF picture. Save it as one of them."),
        ("half a JPEG", "This picture is damaged and cannot be read."),
        ("81 megapixels", "This picture has more than 24 megapixels."),
        ("too long", "This picture is longer than 12,000 pixels on one side."),
        ("61 frames", "This animation has more than 60 frames."),
    ],
)
def test_a_refusal_names_the_limit_and_what_to_do(name: str, words: str) -> None:
    with pytest.raises(ImageRefused) as refusal, translation.override("en"):
        stored(hostile_images.refused()[name])
    assert str(refusal.value).startswith(words)


def test_more_than_8_megabytes_are_refused_unread() -> None:
    with pytest.raises(ImageRefused, match="8 MB"):
        stored(bytes(MAX_BYTES + 1))


def test_no_mutated_picture_breaks_the_process(tmp_path: Path) -> None:
    """One process reads them all: a crash of it, or 8 s for one picture, fails."""
    for number, data in enumerate(hostile_images.mutated(MUTATED)):
        (tmp_path / f"{number:05}").write_bytes(data)
    program = f"""
import sys, time, pathlib
sys.path.insert(0, {str(RECODE.parent)!r})
import recode
recode.CPU_SECONDS = 1_000
recode.restrict()
for file in sorted(pathlib.Path({str(tmp_path)!r}).iterdir()):
    begun = time.monotonic()
    said, data = recode.answer(file.read_bytes(), "post")
    assert time.monotonic() - begun < 8, file.name
    assert ("refused" in said) is not bool(data), (file.name, said)
    print(file.name, said.get("refused", "taken"), data.hex())
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False
    )
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    assert (done.returncode, len(lines)) == (0, MUTATED), done.stderr[-600:]
    assert {said for _, said, _ in lines} >= {"taken", "damaged", "kind"}
    for _, _, data in lines:
        assert chunks_of(bytes.fromhex(data)) <= _CHUNKS


def test_no_other_decoder_is_ever_loaded() -> None:
    program = f"""
import sys
sys.path.insert(0, {str(RECODE.parent)!r})
import recode
recode.restrict()
for data in (b"II*\\0" + bytes(99), b"%!PS-Adobe-3.0 EPSF-3.0", b"\\0\\0\\0\\x18ftypheic" + bytes(99)):
    assert recode.answer(data, "post")[0] == {{"refused": "kind"}}
print(*sorted(name for name in sys.modules if name.endswith("Plugin")))
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        f"PIL.{kind}ImagePlugin" for kind in ("Gif", "Jpeg", "Png", "WebP")
    ]


def test_the_web_process_never_loads_pillow() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings';"
            "import django; django.setup(); import config.urls; print('PIL.Image' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(("restricted", "outcome"), [(True, "refused"), (False, "granted")])
def test_memory_ends_for_the_child_that_decodes(restricted: bool, outcome: str) -> None:
    """With and without the control, so this fails when it is taken out."""
    program = f"""
import sys
sys.path.insert(0, {str(RECODE.parent)!r})
import recode
{"recode.restrict()" if restricted else ""}
try:
    block = bytearray(700 * 1024 * 1024)
    print("granted")
except MemoryError:
    print("refused")
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == outcome


SLEEPER = (sys.executable, "-I", "-c", "import time; print('up', flush=True); time.sleep(60)")


def test_a_child_that_takes_too_long_is_killed_and_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "COMMAND", SLEEPER)
    monkeypatch.setattr(child, "WALL_SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(ImageRefused, match="takes too long"):
        stored(b"x")
    assert time.monotonic() - begun < 5
    left = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    assert "time.sleep(60)" not in left.stdout


def test_a_child_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    killer = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-I", "-c", killer))
    with pytest.raises(ImageRefused, match="damaged"):
        stored(b"x")


def test_pictures_are_decoded_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WALL_SECONDS", 0.2)
    with child._one_at_a_time, pytest.raises(ImageRefused, match="in a minute"):
        stored(hostile_images.encoded(hostile_images.noise(), "PNG"))


def test_somebody_who_waits_gets_a_turn() -> None:
    data = hostile_images.encoded(hostile_images.noise(), "PNG")
    child._one_at_a_time.acquire()
    threading.Timer(0.2, child._one_at_a_time.release).start()
    assert stored(data).width == 64


def test_a_photo_is_turned_upright() -> None:
    image = stored(hostile_images.photo_with_metadata())
    assert (image.width, image.height) == (48, 64)


def test_a_large_photo_is_scaled_down() -> None:
    photo = Pillow.new("RGB", (5_000, 2_500), (240, 120, 30))
    image = stored(hostile_images.encoded(photo, "JPEG"))
    assert (image.width, image.height) == (2_560, 1_280)


def test_an_avatar_is_a_small_square() -> None:
    data = hostile_images.encoded(hostile_images.noise(300, 100), "PNG")
    image = stored(data, purpose=Purpose.AVATAR)
    assert (image.width, image.height) == (256, 256)


def test_an_animation_goes_on_moving() -> None:
    shown = Pillow.open(io.BytesIO(bytes_of(stored(hostile_images.animation(7)))))
    assert getattr(shown, "n_frames", 1) == 7


def test_transparency_stays() -> None:
    data = hostile_images.odd_but_fine()["palette with a transparent colour"]
    assert Pillow.open(io.BytesIO(bytes_of(stored(data)))).mode == "RGBA"


def test_content_decides_and_never_the_name() -> None:
    data = hostile_images.encoded(hostile_images.noise(), "PNG")
    image = stored(data, name="../../x.php\0.svg")
    assert (image.extension, image.content_type) == ("webp", "image/webp")
    assert re.fullmatch(r"images/[0-9a-f]{2}/[0-9a-f]{32}\.webp", image.file.name or "")


def test_keys_cannot_be_guessed() -> None:
    data = hostile_images.encoded(hostile_images.noise(), "PNG")
    first, second = stored(data), stored(data)
    assert first.key != second.key
    assert re.fullmatch(r"[0-9a-f]{32}", first.key)


def test_what_nobody_used_for_a_day_is_swept(django_capture_on_commit_callbacks: object) -> None:
    data = hostile_images.encoded(hostile_images.noise(), "PNG")
    used, unused = stored(data), stored(data)
    keep([used], NOW)
    Image.objects.update(uploaded_at=NOW - timedelta(days=400))
    fresh = stored(data)
    Image.objects.filter(pk=fresh.pk).update(uploaded_at=NOW + timedelta(days=4_000))
    discard_unused_images()
    discard_unused_images()
    assert set(Image.objects.all()) == {used, fresh}
    assert not default_storage.exists(unused.file.name or "")
    assert default_storage.exists(used.file.name or "")


def test_a_picture_that_cannot_be_deleted_stays_and_holds_up_no_other() -> None:
    data = hostile_images.encoded(hostile_images.noise(), "PNG")
    stuck, after = stored(data), stored(data)
    Image.objects.filter(pk=stuck.pk).update(uploaded_at=NOW - timedelta(days=401))
    Image.objects.filter(pk=after.pk).update(uploaded_at=NOW - timedelta(days=400))
    path = Path(default_storage.path(stuck.file.name or ""))
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()  # a folder that holds something cannot be deleted
    discard_unused_images()
    assert list(Image.objects.all()) == [stuck]
    (path / "in the way").unlink()
    discard_unused_images()
    assert not Image.objects.exists()
    assert not path.exists()


def test_a_picture_used_just_now_is_not_swept() -> None:
    image = stored(hostile_images.encoded(hostile_images.noise(), "PNG"))
    keep([image], NOW)
    assert discard_unused(image, NOW + timedelta(days=2)) is False


def test_keeping_twice_is_the_same_as_keeping_once() -> None:
    image = stored(hostile_images.encoded(hostile_images.noise(), "PNG"))
    keep([image], NOW)
    keep([image], NOW + timedelta(days=1))
    image.refresh_from_db()
    assert image.kept_at == NOW


def test_an_endless_upload_is_cut_off_and_told(client: Client) -> None:
    client.force_login(make_fan())
    upload = SimpleUploadedFile("x.jpg", bytes(12 * 1024 * 1024), "image/jpeg")
    answer = client.post("/images/", {"picture": upload})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "This picture is larger than 8 MB. Save it smaller and try again."
    }


def test_a_picture_that_hangs_somewhere_is_never_swept() -> None:
    """Even where whoever hung it forgot to say so."""
    fan = make_fan()
    posted, worn, unused = (
        stored(hostile_images.encoded(hostile_images.noise(), "PNG")) for _ in range(3)
    )
    make_post(make_thread()).images.add(posted)
    fan.avatar = worn
    fan.save()
    later = NOW + timedelta(days=2)
    assert [discard_unused(image, later) for image in (posted, worn, unused)] == [
        False,
        False,
        True,
    ]
    assert list(Image.objects.unused(later)) == []
