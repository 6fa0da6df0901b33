"""What stands between an address and its view."""

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from fans import policy


@policy.anyone
def page(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(name)


def test_an_address_with_a_nul_in_it_leads_nowhere(rf: RequestFactory) -> None:
    assert page(rf.get("/"), name="4.2").content == b"4.2"
    with pytest.raises(Http404):
        page(rf.get("/"), name="4.2\0")
