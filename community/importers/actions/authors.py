"""The people of an old forum: a page with their posts, and no way in until somebody claims it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Lower

from community.importers.models import AccountClaim
from community.importers.survey import SeenAuthor
from fans.accounts import naming
from fans.accounts.actions import legal_display_name
from fans.accounts.models import Fan, PastHandle
from fans.accounts.naming import NameRefused

CHUNK = 500


class _Counts(Protocol):
    authors: int


@dataclass(frozen=True, slots=True)
class Author:
    """Who stands here for a person there: their imported page, or the fan who claimed it."""

    pk: int
    handle: str
    username: str


def bring_authors(seen: Mapping[str, SeenAuthor], added: _Counts) -> dict[str, Author]:
    """Each author as a fan without address, password or points; known ones are left alone."""
    authors: dict[str, Author] = {}
    everyone = iter(seen.items())
    while piece := dict(islice(everyone, CHUNK)):
        with transaction.atomic():
            known = _known(piece)
            new = _new({key: author for key, author in piece.items() if key not in known})
            for fan in Fan.objects.bulk_create(new):
                known[fan.imported_as] = (fan.pk, fan.handle)
        added.authors += len(new)
        for key, (pk, handle) in known.items():
            authors[key] = Author(pk, handle, seen[key].username)
    return authors


def _known(keys: Iterable[str]) -> dict[str, tuple[int, str]]:
    wanted = list(keys)
    fans = Fan.objects.filter(imported_as__in=wanted).values_list("imported_as", "pk", "handle")
    claimed = AccountClaim.objects.filter(imported_as__in=wanted, joined=True).values_list(
        "imported_as", "fan", "fan__handle"
    )
    return {key: (pk, handle) for key, pk, handle in [*fans, *claimed]}


def _new(seen: Mapping[str, SeenAuthor]) -> list[Fan]:
    handles = _free_handles([_handle_for(author) for author in seen.values()])
    return [
        _fan(key, author, handle)
        for (key, author), handle in zip(seen.items(), handles, strict=True)
    ]


def _fan(key: str, author: SeenAuthor, handle: str) -> Fan:
    name = _name_for(author, handle)
    return Fan(
        handle=handle,
        display_name=name,
        folded_name=naming.fold(name),
        password=make_password(None),
        joined_at=author.first_post_at,
        wants_weekly=False,
        imported_as=key,
    )


def _handle_for(author: SeenAuthor) -> str:
    try:
        return naming.clean_handle(author.username)
    except NameRefused:
        return naming.handle_from(author.username or author.name)


def _free_handles(wanted: list[str]) -> Iterator[str]:
    """The same handles, with a number behind those that somebody has already."""
    taken = _taken({handle.lower() for handle in wanted})
    for base in wanted:
        handle, number = base, 2
        while handle.lower() in taken:
            handle = f"{base[: naming.MAX_HANDLE_LENGTH - 6]}-{number}"
            taken |= _taken({handle.lower()})
            number += 1
        taken.add(handle.lower())
        yield handle


def _taken(handles: set[str]) -> set[str]:
    return {
        handle.lower()
        for model in (Fan, PastHandle)
        for handle in model._default_manager.annotate(lower=Lower("handle"))
        .filter(lower__in=handles)
        .values_list("handle", flat=True)
    }


def _name_for(author: SeenAuthor, handle: str) -> str:
    """The name they had, unless it would pass for somebody of the company or cannot be shown."""
    for name in filter(None, (author.name, author.username)):
        try:
            return legal_display_name(name[: naming.MAX_NAME_LENGTH])
        except NameRefused:
            continue
    return handle
