"""What every page knows."""

from typing import Any

from django.http import HttpRequest

from config import chrome


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": chrome.identity(request), "theme": chrome.theme_of(request)}
