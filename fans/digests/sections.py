"""What a letter is made of. Rooms offer sections in `<room>/digest.py`; this room knows none."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from fans.accounts.models import Fan


@dataclass(frozen=True)
class Section:
    """One part of a letter, in the reader's language; what they may not see is not in it (D3)."""

    title: str
    template: str  # HTML; absolute links start with {{ site_url }}
    context: dict[str, Any] = field(default_factory=dict)
    text_template: str = ""  # the same words as text; without it `template` with `.txt`
    headline: str = ""  # a fact short enough for the subject: «5 of your votes shipped»


Offer = Callable[[Fan, datetime, datetime], Section | None]


def sections_for(reader: Fan, since: datetime, until: datetime) -> list[Section]:
    """Every section that has something to tell this reader of that time, in settings' order."""
    offers: list[Offer] = [import_string(path) for path in settings.DIGEST_SECTIONS]
    made = (offer(reader, since, until) for offer in offers)
    return [section for section in made if section is not None]
