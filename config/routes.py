"""Every route of the site with who may call it, as the resolver knows them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from config.policies import third_party_policy
from fans.policy import Who


@dataclass(frozen=True)
class Route:
    address: str  # with its placeholders: /posts/<int:pk>/
    name: str  # with its namespace: admin:index; admin: for a nameless one in it
    view: Callable[..., Any]

    @property
    def policy(self) -> Who | None:
        """From the view's own decorator; for views of others from `config/policies.py`."""
        declared: Who | None = getattr(self.view, "policy", None)
        if declared is not None:
            return declared
        return third_party_policy(self.name) or third_party_policy(self.address)

    def __str__(self) -> str:
        return f"{self.address} ({self.name or self.view.__name__})"


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), "/", ""))


def _walk(resolver: URLResolver, before: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, address, inner)
        elif isinstance(entry, URLPattern):
            yield Route(address, f"{namespace}{entry.name or ''}", entry.callback)
