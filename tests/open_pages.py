"""The pages somebody can open, and the forms on them, found by walking the routes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from config.routes import all_routes
from tests import matrix


def pages_open_to(actor: matrix.Actor, world: matrix.World) -> Iterator[tuple[str, str]]:
    """Address and HTML of one page of each route that answers this person with one.

    Django's admin is left to Django.
    """
    for route in all_routes():
        if route.name.startswith("admin:"):
            continue
        for sample in matrix.samples_of(route, world, actor):
            path = matrix.path_of(route, sample)
            answer = actor.client().get(path)
            if answer.streaming:
                b"".join(answer)  # a file; read to its end, it is closed
                break
            if "sandbox" in answer.headers.get("Content-Security-Policy", ""):
                break  # a mail shown as it is, in which nothing may run, no checker either
            is_html = answer.status_code == 200 and "html" in answer.headers["Content-Type"]
            if is_html and "<html" in answer.text:  # not a piece of a page
                yield path, answer.text
                break


@dataclass
class Field:
    name: str
    kind: str  # text, textarea, file, hidden, select, checkbox …
    value: str = ""


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        """Whether somebody may have thought about what they wrote into it."""
        return any(given.kind == "textarea" for given in self.fields)

    def filled(self, hostile: str) -> dict[str, str]:
        """Whatever can be typed holds `hostile`; the rest stays as it was shown."""
        typed = {"text", "textarea", "email", "password", "search", "url", "number", "date"}
        return {
            given.name: hostile if given.kind in typed else given.value for given in self.fields
        }


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.select: Field | None = None
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self.forms.append(Form(given.get("action") or self.page, method))
            self.is_open = True
        if not self.is_open or (not given.get("name") and tag != "option"):
            return
        fields = self.forms[-1].fields
        if tag == "textarea":
            fields.append(Field(given["name"], "textarea"))
        elif tag == "select":
            self.select = Field(given["name"], "select")
            fields.append(self.select)
        elif tag == "option" and self.select and (not self.select.value or "selected" in given):
            self.select.value = given.get("value", "")
        elif tag == "input":
            kind = given.get("type", "text")
            if kind not in {"checkbox", "radio"} or "checked" in given:
                fields.append(Field(given["name"], kind, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_open = False


def forms_on(page: str, html: str) -> list[Form]:
    reader = _Reader(page)
    reader.feed(html)
    return [form for form in reader.forms if form.method == "post"]
