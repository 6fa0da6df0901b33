"""What fans note for Tuesday, and where a note can be made (O2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from community.fridays.models import Cycle, Grid, Pin, Release, ReleaseState
from community.products.models import Product
from community.threads.models import Post
from community.threads.rendering import plain
from fans.accounts.models import Fan, Reader

EXCERPT_LENGTH = 160
_RUNS, _RUNS_SECONDS = "a-week-runs", 60


def running_week(product: Product | None, at: datetime) -> Cycle | None:
    """The week of this product, else of the main one, that notes can be made for now."""
    running = Cycle.objects.taking_pins(at).select_related("product")
    found = running.filter(product=product).newest_first().first() if product else None
    return found or running.filter(product__is_main=True).newest_first().first()


def a_week_runs(at: datetime) -> bool:
    """Whether anybody can note anything; asked once a minute at most."""

    def ask() -> bool:
        return Cycle.objects.taking_pins(at).exists()

    return bool(cache.get_or_set(_RUNS, ask, _RUNS_SECONDS))


def offer_pins(
    rows: Sequence[dict[str, Any]], release: Release, reader: Reader, at: datetime
) -> bool:
    """Put what the reader noted of each item of a build beside it; whether they can note it now."""
    cycle = release.cycle
    takes = (
        isinstance(reader, Fan)
        and not reader.is_staff
        and release.state == ReleaseState.PUBLISHED
        and cycle is not None
        and cycle.takes_pins(at)
    )
    if takes:
        own = Pin.objects.visible_to(reader).filter(cycle=cycle, item__isnull=False)
        pins = {pin.item_id: pin for pin in own}
        for row in rows:
            row["pin"] = pins.get(row["item"].pk)
    return takes


@dataclass(frozen=True)
class Note:
    """A pin as it waits in the form."""

    pin: Pin
    title: str
    words: str  # to be put into a field
    language: str
    url: str = ""


def notes_of(fan: Fan, cycle: Cycle) -> list[Note]:
    """What a fan noted this week and can still read, in the order they came upon it."""
    own = Pin.objects.visible_to(fan).filter(cycle=cycle).select_related("item", "post__thread")
    pins = list(own.order_by("pinned_at", "pk"))
    posts = [pin.post_id for pin in pins if pin.post_id]
    shown = set(Post.objects.visible_to(fan).filter(pk__in=posts).values_list("pk", flat=True))
    return [_note(pin) for pin in pins if pin.post_id is None or pin.post_id in shown]


def _note(pin: Pin) -> Note:
    if pin.post is None:
        title = pin.item.title if pin.item else ""
        return Note(pin, title, pin.note, "")
    words = plain(pin.post.html, EXCERPT_LENGTH)
    title = pin.post.thread.title
    return Note(pin, title, words, pin.post.language, pin.post.get_absolute_url())


def marked(notes: Sequence[Note]) -> dict[str, list[str]]:
    """The items a fan marked, for the first look at an empty form: at most three of each."""
    found: dict[str, list[str]] = {}
    for grid in (Grid.LOVED, Grid.NOT_GOOD):
        of_grid = [str(note.pin.item_id) for note in notes if note.pin.grid == grid]
        found[grid.value] = of_grid[:3]
    return found
