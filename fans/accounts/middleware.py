from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from fans.accounts.models import Fan
from fans.accounts.zones import zones


class FanLanguage:
    """Whoever is signed in reads in their own language and time zone, on every device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reader = request.user
        if isinstance(reader, Fan):
            # Themselves, not the lazy stand-in: a page asks hundreds of times who is reading.
            reader = request.user = getattr(reader, "_wrapped", reader)
        # A thread of the server would keep the zone of the request before.
        timezone.deactivate()
        if isinstance(reader, Fan):
            translation.activate(reader.locale)
            request.LANGUAGE_CODE = translation.get_language()
            if reader.timezone in zones():
                timezone.activate(reader.timezone)
        return self.get_response(request)
