"""What keeps the site from starting: unsafe settings in production, a route without a policy."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from config.routes import all_routes

LEAST_SECRET_LENGTH = 50
LEAST_SECRET_CHARACTERS = 10  # different ones
HOW_TO_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
OUR_OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}

Reason = tuple[str, str, str]  # an id, what is wrong, what to do


@register("orangery")
def settings_are_safe(**kwargs: Any) -> list[CheckMessage]:
    """All reasons at once, so that nobody mends them one start at a time."""
    found: list[CheckMessage] = [
        Error(message, id="orangery.E001") for message in settings.CONFIGURATION_PROBLEMS
    ]
    if settings.IN_PRODUCTION:
        found += [
            Error(message, hint, id=f"orangery.{number}") for number, message, hint in _unsafe()
        ]
        found += [
            Warning(message, hint, id=f"orangery.{number}") for number, message, hint in _doubtful()
        ]
    return found


@register("orangery")
def every_route_declares_a_policy(**kwargs: Any) -> list[CheckMessage]:
    """Who may call it is said at the view, or in `config/policies.py` for the views of others."""
    return [
        Error(
            f"The route {route} does not say who may call it.",
            "Put one decorator of fans.policy on the view, or name it in config/policies.py.",
            id="orangery.E020",
        )
        for route in all_routes()
        if route.policy is None
    ]


def refuse_unsafe_start() -> None:
    """For servers that load the site without any of Django's commands. Raises ImproperlyConfigured."""
    found = [message for message in settings_are_safe() if message.level >= Error("").level]
    if found:
        reasons = "\n".join(f" - {message.msg} {message.hint or ''}" for message in found)
        raise ImproperlyConfigured(f"Orangery does not start like this:\n{reasons}")


def _unsafe() -> Iterator[Reason]:
    yield from _secret()
    yield from _address()
    if not settings.EMAIL_URL:
        yield (
            "E006",
            "EMAIL_URL is not set: nobody could confirm an address or get back into an account.",
            "For example smtp://USER:PASSWORD@HOST:587?tls=on",
        )
    elif urlsplit(settings.EMAIL_URL).scheme != "smtp":
        yield ("E006", "EMAIL_URL must begin with smtp://.", "")
    if not settings.RATE_LIMITS:
        yield ("E007", "RATE_LIMITS is off: anybody may try passwords without end.", "")
    if settings.DEBUG or os.environ.get("DEBUG", "off") != "off":
        yield ("E008", "DEBUG is on: errors would show the inside of the site to everybody.", "")


def _secret() -> Iterator[Reason]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        yield ("E002", "SECRET_KEY is not set.", f"Make one: {HOW_TO_MAKE_ONE}")
        return
    if len(key) < LEAST_SECRET_LENGTH or len(set(key)) < LEAST_SECRET_CHARACTERS:
        yield (
            "E002",
            f"SECRET_KEY is easy to guess ({len(key)} characters).",
            f"Make one: {HOW_TO_MAKE_ONE}",
        )
    elif key.startswith("development-only"):
        yield ("E002", "SECRET_KEY is the one of development.", f"Make one: {HOW_TO_MAKE_ONE}")


def _address() -> Iterator[Reason]:
    site = urlsplit(settings.SITE_URL)
    is_local = site.hostname in OUR_OWN_MACHINE
    if site.scheme not in {"http", "https"} or not site.hostname or site.path:
        yield (
            "E003",
            f"SITE_URL is {settings.SITE_URL!r}.",
            "It looks like https://fans.example.com",
        )
        return
    if site.scheme != "https" and not is_local:
        yield (
            "E003",
            "SITE_URL is not https: passwords and sessions would cross the network in the open.",
            "Put a proxy with a certificate in front, and set SITE_URL=https://…",
        )
    if site.scheme == "https" and settings.TRUSTED_PROXIES < 1:
        yield (
            "E004",
            "SITE_URL is https, but TRUSTED_PROXIES is 0: the site speaks plain HTTP itself, would not "
            "believe the proxy in front, and would send everybody round in circles.",
            "Set TRUSTED_PROXIES to the number of proxies in front, usually 1.",
        )
    if not settings.ALLOWED_HOSTS or any("*" in host for host in settings.ALLOWED_HOSTS):
        yield (
            "E005",
            "ALLOWED_HOSTS must name the hosts the site answers to, without a star.",
            f"For example ALLOWED_HOSTS={site.hostname}",
        )


def _doubtful() -> Iterator[Reason]:
    if settings.USES_SQLITE and settings.WEB_WORKERS > 2:
        yield (
            "W001",
            "Several web processes write to one SQLite file: they take turns.",
            "A busy site is better off with PostgreSQL: DATABASE_URL.",
        )
