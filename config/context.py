"""What every page knows."""

from typing import Any

from django.http import HttpRequest

from fans.site.models import SiteIdentity


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": SiteIdentity.current()}
