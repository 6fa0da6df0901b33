from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fans import policy
from fans.places.models import Place

SUGGESTED = 12
LONGEST_QUERY = 80


@policy.signed_in
def places(request: HttpRequest) -> HttpResponse:
    """Suggestions for a place field: the options of its list."""
    words = request.GET.get("place", "").replace("\0", "")[:LONGEST_QUERY].strip()
    found = Place.objects.beginning_with(words)[:SUGGESTED] if words else []
    return render(request, "places/_options.html", {"places": found})
