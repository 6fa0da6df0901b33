"""Every form of the site against what nobody should type: a clear answer, nothing lost, no 500."""

import os
from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from config.routes import all_routes
from tests import matrix
from tests.open_pages import Form, forms_on, pages_open_to

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

HOSTILE = {
    "nothing": "",
    "spaces": "   \t  ",
    "zero width": "\u200b\u200d\ufeff\u2060",
    "direction marks": "\u202egnp.exe\u202c",
    "too long": "长" * 20_001,
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "nested Markdown": "> " * 4_000 + "[" * 4_000,
    "NUL": "before\x00after",
    "lone surrogate": "before\ud800after",
    "header": "a@example.com\r\nBcc: b@example.com",
    "wrong type": "[object Object]",
    "template": "{{ settings.SECRET_KEY }}{% load x %}",
    "quotes": "'; DROP TABLE fans_fan; --",
}
IS_FULL = os.environ.get("TEST_SIZE") == "full"
PARTS = 1 if IS_FULL else 3  # in the gate each form meets every third, the next form the next ones


def bomb() -> bytes:
    """A picture of 81 megapixels in a few kilobytes."""
    file = BytesIO()
    Image.new("1", (9_000, 9_000)).save(file, "PNG")
    return file.getvalue()


FILES = {
    "empty.png": b"",
    "page.html.jpg": b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "bomb.png": bomb(),
    "large.jpg": b"\xff\xd8\xff" + b"0" * (8 * 1024 * 1024 + 1),
}


def send(actor: matrix.Actor, form: Form, data: dict[str, Any]) -> Any:
    return actor.client().post(form.action, data)


def encoded(value: str) -> Any:
    """As a hostile client would put it on the wire, past what a browser refuses to send."""
    return value.encode("utf-8", "surrogatepass") if "\ud800" in value else value


FormsOf = Callable[[str], list[Form]]
PEOPLE = ("anonymous", "casual", "moderator of the site", "admin")


def actor_of(world: matrix.World, name: str) -> matrix.Actor:
    return next(actor for actor in world.actors if actor.name == name)


@pytest.fixture(scope="module")
def forms_of(world: matrix.World) -> FormsOf:
    """Every form somebody of this name finds on the site; looked for once."""
    for name in PEOPLE:
        for route in all_routes():  # what a form is about outlives the test that found it
            matrix.samples_of(route, world, actor_of(world, name))

    @cache
    def found(name: str) -> list[Form]:
        return [
            form
            for page, html in pages_open_to(actor_of(world, name), world)
            for form in forms_on(page, html)
        ]

    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_no_form_breaks_and_none_loses_what_was_typed(
    name: str, world: matrix.World, forms_of: FormsOf
) -> None:
    actor = actor_of(world, name)
    forms = {form.action: form for form in forms_of(name)}
    if not IS_FULL and name not in {"anonymous", "casual"}:
        common = {form.action for form in forms_of("casual")}  # tried by that fan already
        forms = {action: form for action, form in forms.items() if action not in common}
    forms.pop("/accounts/logout/", None)  # it ends the session
    assert len(forms) >= 5
    wrong = []
    for number, form in enumerate(forms.values()):
        for what, hostile in list(HOSTILE.items())[number % PARTS :: PARTS]:
            filled = {key: encoded(value) for key, value in form.filled(hostile).items()}
            answer = send(actor, form, filled)
            if answer.status_code >= 500:
                wrong.append(f"{form.action}: {what}: {answer.status_code}")
            is_shown_again = answer.status_code in {200, 400, 422} and form.has_words
            is_text = what in {"script", "template", "quotes"}
            if is_shown_again and is_text and escape(hostile) not in answer.content.decode():
                wrong.append(f"{form.action}: {what}: the text is gone")
    assert wrong == []


@pytest.mark.parametrize("what", ["nothing", "spaces", "zero width", "too long"])
def test_words_that_cannot_stand_are_refused_beside_their_field(
    what: str, world: matrix.World, forms_of: FormsOf
) -> None:
    actor = actor_of(world, "casual")
    composers = [
        form for form in forms_of("casual") if any(field.name == "source" for field in form.fields)
    ]
    assert len(composers) >= 3  # a thread, a reply, an edit
    for form in composers:
        answer = send(actor, form, form.filled(HOSTILE[what]))
        assert answer.status_code == 422, form.action
        assert 'aria-invalid="true"' in answer.text
        assert what != "too long" or HOSTILE[what] in answer.text


@pytest.mark.parametrize("file_name", FILES)
def test_no_file_breaks_a_form(file_name: str, world: matrix.World, forms_of: FormsOf) -> None:
    actor = actor_of(world, "casual")
    with_files = [
        form for form in forms_of("casual") if any(field.kind == "file" for field in form.fields)
    ]
    assert len(with_files) >= 3
    for form in with_files:
        data: dict[str, Any] = form.filled("A sentence that is long enough to stand.")
        for field in form.fields:
            if field.kind == "file":
                data[field.name] = SimpleUploadedFile(file_name, FILES[file_name], "image/png")
        answer = send(actor, form, data)
        assert answer.status_code in {200, 400, 413, 422}, form.action
        if form.has_words:
            assert "A sentence that is long enough to stand." in answer.content.decode()
