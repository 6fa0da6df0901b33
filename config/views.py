"""Pages that show everything: home, how it works, the rules, and how pages look."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from community.feature_requests.models import FeatureRequest, Status
from config import front
from config import home as parts
from config.forms import PreferencesForm, return_address
from config.guidelines import GUIDELINES
from config.samples import samples
from config.wish_story import newest_story
from fans import clock, policy
from fans.accounts import actions as accounts
from fans.accounts.models import Fan
from fans.limits import limited

ABOUT_SECONDS = 600
LEAST_NUMBER = 10  # a smaller one says nothing yet: the promise stands there instead
COOKIE_SECONDS = 365 * 24 * 3600


@require_safe
@policy.anyone
def home(request: HttpRequest) -> HttpResponse:
    reader, at = request.user, clock.now()
    rest = parts.unless_resting
    boards = rest("boards", partial(parts.boards, reader))
    context: dict[str, object] = {
        "step": rest("step", partial(parts.due_step, reader, at)),
        "wish": rest("wish", partial(newest_story, reader)),
        "weeks": rest("weeks", partial(front.weeks, at)),
        "said": rest("said", front.newest_results),
        "wanted": rest("wanted", partial(front.wanted, reader)),
        "meetup": rest("meetup", partial(front.next_meetup, reader, at)),
        "awards": rest("awards", front.newest_awards),
        "latest": rest("latest", partial(parts.latest, reader)),
        "unanswered": rest("unanswered", partial(parts.unanswered, reader, at)),
        "boards": boards,
    }
    if not reader.is_authenticated:
        context["products"] = rest("products", front.products)
    if context["latest"] == []:
        context["founding"] = rest("founding", partial(parts.founding, reader, bool(boards)))
    return render(request, "home.html", context)


@require_safe
@policy.anyone
def about(request: HttpRequest) -> HttpResponse:
    numbers = cache.get_or_set("about-numbers", partial(_numbers, clock.now()), ABOUT_SECONDS)
    return render(request, "about.html", {"numbers": numbers, "products": front.products()})


def _numbers(at: datetime) -> dict[str, int]:
    """What anyone can recount on the public pages, where it is large enough to tell something."""
    wishes = FeatureRequest.objects.visible_to(AnonymousUser()).listed()
    counted = {
        "fans": Fan.objects.active(at).count(),
        "wishes": wishes.count(),
        "answered_wishes": wishes.filter(answered_at__isnull=False).count(),
        "shipped": wishes.filter(status=Status.SHIPPED).count(),
    }
    return {name: count for name, count in counted.items() if count >= LEAST_NUMBER}


@require_safe
@policy.anyone
def guidelines(request: HttpRequest) -> HttpResponse:
    return render(request, "guidelines.html", {"guidelines": GUIDELINES})


@require_safe
@policy.anyone
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html")


@require_safe
@policy.anyone
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide/index.html", samples(clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@policy.anyone
@limited("settings")
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and theme: in cookies for guests, and in the settings of who is signed in."""
    if request.method == "POST":
        form = PreferencesForm(request.POST)
        if form.is_valid():
            return _remembered(request, form.cleaned_data["language"], form.cleaned_data["theme"])
    else:
        form = PreferencesForm(initial=_present_choices(request))
    context = {"form": form, "next": return_address(request)}
    return render(request, "preferences.html", context, status=422 if form.errors else 200)


def _present_choices(request: HttpRequest) -> dict[str, str]:
    reader = request.user
    theme = reader.theme if isinstance(reader, Fan) else request.COOKIES.get("theme", "system")
    return {"language": getattr(request, "LANGUAGE_CODE", "en"), "theme": theme}


def _remembered(request: HttpRequest, language: str, theme: str) -> HttpResponse:
    reader = request.user
    if isinstance(reader, Fan):
        accounts.choose_preferences(
            fan=reader,
            locale=language or reader.locale,
            timezone=reader.timezone,
            theme=theme or None,
        )
    response = redirect(return_address(request))
    for cookie, value in ((settings.LANGUAGE_COOKIE_NAME, language), ("theme", theme)):
        if value:
            response.set_cookie(
                cookie,
                value,
                max_age=COOKIE_SECONDS,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    return response
