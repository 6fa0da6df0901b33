"""What other rooms show on a fan's page, each named in settings.PROFILE_SECTIONS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from fans.accounts.models import Fan, Reader


@dataclass(frozen=True)
class Section:
    """One part of the page: a heading, a template and what that template needs.

    The rows in `context` are those `reader` may see, and bounded.
    """

    title: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)


Offer = Callable[[Fan, Reader], Section | None]


def sections_for(owner: Fan, reader: Reader) -> list[Section]:
    offers = [cast(Offer, import_string(path)) for path in settings.PROFILE_SECTIONS]
    return [section for offer in offers if (section := offer(owner, reader)) is not None]
