"""Pages that show everything: home, health."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from fans import policy


@policy.anyone
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


@policy.anyone
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@policy.anyone
def readyz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"database": "ok"})


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse("stale form", status=419)
