"""A fan's own account: first steps and settings. Sign-up and sign-in are allauth's pages."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fans import clock, policy
from fans.accounts import actions
from fans.accounts.devices import open_sessions
from fans.accounts.forms import (
    IntroductionForm,
    PreferencesForm,
    ProfileForm,
    WelcomeForm,
    introduction_of,
)
from fans.accounts.home import PlaceChangedLately, withdraw_region_consent
from fans.accounts.models import Fan, FanRequest
from fans.accounts.naming import NameRefused
from fans.images.actions import ImageRefused
from fans.limits import limited

# --- First steps ---------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@policy.signed_in
@limited("settings")
def welcome(request: FanRequest) -> HttpResponse:
    """Language, zone, place, picture and handle, or nothing of it."""
    if request.method == "POST":
        return _take_first_steps(request)
    return _welcome_page(request, WelcomeForm(initial=_everything_about(request.user)))


def _take_first_steps(request: FanRequest) -> HttpResponse:
    fan = request.user
    form = WelcomeForm(request.POST, request.FILES)
    if refusal := fan.silence(clock.now()):
        form.add_error(None, refusal)
    if not form.is_valid() or not _introduced(fan, form):
        return _welcome_page(request, form)
    actions.choose_preferences(
        fan=fan, locale=form.cleaned_data["locale"], timezone=form.cleaned_data["timezone"]
    )
    actions.finish_welcome(fan=fan, at=clock.now())
    return redirect(_page_after_welcome(request) or "welcome_done")


@require_POST
@policy.signed_in
def welcome_skipped(request: FanRequest) -> HttpResponse:
    actions.finish_welcome(fan=request.user, at=clock.now())
    return redirect(_page_after_welcome(request) or "welcome_done")


def _welcome_page(request: FanRequest, form: WelcomeForm) -> HttpResponse:
    context = {"form": form, "next": _page_after_welcome(request)}
    status = 422 if form.errors else 200
    return render(request, "accounts/welcome.html", context, status=status)


def _page_after_welcome(request: FanRequest) -> str:
    """The page of this site where somebody pressed «Join»; empty when they just came."""
    wanted = str((request.POST if request.method == "POST" else request.GET).get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else ""


@require_GET
@policy.signed_in
def welcome_done(request: FanRequest) -> HttpResponse:
    return render(request, "accounts/welcome_done.html")


def _everything_about(fan: Fan) -> dict[str, object]:
    return {
        **introduction_of(fan),
        "locale": fan.locale,
        "timezone": fan.timezone,
        "theme": fan.theme,
        "shortcuts_off": fan.shortcuts_off,
    }


def _introduced(fan: Fan, form: IntroductionForm) -> bool:
    """Whether the new face was accepted; a refusal is said beside its field."""
    try:
        actions.introduce(fan=fan, words=form.introduction(), at=clock.now())
    except (NameRefused, PlaceChangedLately) as refusal:
        form.add_error(refusal.field, str(refusal))
    except ImageRefused as refusal:
        form.add_error("avatar", str(refusal))
    return form.is_valid()


# --- Settings --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@policy.signed_in
@limited("settings")
def settings(request: FanRequest) -> HttpResponse:
    fan = request.user
    if request.method != "POST":
        return _settings_page(request)
    form = ProfileForm(request.POST, request.FILES, has_avatar=fan.avatar_id is not None)
    if refusal := fan.silence(clock.now()):
        form.add_error(None, refusal)
        if "consents_to_region" not in form.data:  # a consent is taken back at any time
            withdraw_region_consent(fan=fan)
    # A refused change must not show in the head of the page that says so.
    if not form.is_valid() or not _introduced(_fresh(fan), form):
        return _settings_page(request, profile=form)
    messages.success(request, _("Your profile is saved."))
    return redirect("settings")


@require_POST
@policy.signed_in
@limited("settings")
def settings_preferences(request: FanRequest) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, preferences=form)
    actions.choose_preferences(fan=request.user, **form.cleaned_data)
    with translation.override(request.user.locale):
        messages.success(request, _("Your preferences are saved."))
    return redirect("settings")


def _settings_page(
    request: FanRequest, profile: Form | None = None, preferences: Form | None = None
) -> HttpResponse:
    fan = _fresh(request.user)
    initial = _everything_about(fan)
    context = {
        "profile": profile or ProfileForm(initial=initial, has_avatar=fan.avatar_id is not None),
        "preferences": preferences or PreferencesForm(initial=initial),
        "refused": profile or preferences,
    }
    status = 422 if profile or preferences else 200
    return render(request, "accounts/settings.html", context, status=status)


def _fresh(fan: Fan) -> Fan:
    return (
        Fan.objects.get_queryset()
        .select_related("standing", "avatar", "place__parent")
        .get(pk=fan.pk)
    )


@require_GET
@policy.signed_in
def settings_security(request: FanRequest) -> HttpResponse:
    """What opens this account, and where it is open now."""
    fan = request.user
    keys = Authenticator.objects.filter(user=fan).order_by("pk")
    recovery = next((key for key in keys if key.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "has_password": fan.has_usable_password(),
        "has_totp": any(key.type == Authenticator.Type.TOTP for key in keys),
        "passkeys": [key.wrap() for key in keys if key.type == Authenticator.Type.WEBAUTHN],
        "recovery_codes_left": len(recovery.wrap().get_unused_codes()) if recovery else None,
        "address": EmailAddress.objects.get_primary_email(fan) or fan.email,
        "connections": SocialAccount.objects.filter(user=fan).order_by("pk"),
        "sessions": open_sessions(fan, clock.real_now()),
    }
    return render(request, "accounts/security.html", context)


@require_POST
@policy.signed_in
@limited("settings")
def session_end(request: FanRequest, pk: int) -> HttpResponse:
    """Sign one device out; a session of somebody else does not exist."""
    get_object_or_404(UserSession, pk=pk, user=request.user).end()
    messages.success(request, _("That device is signed out."))
    return redirect("settings_security")


@require_POST
@policy.signed_in
@limited("settings")
def sessions_end(request: FanRequest) -> HttpResponse:
    """Sign every other device out, known to the list or not."""
    actions.end_sessions(fan=request.user)
    update_session_auth_hash(request, request.user)
    UserSession.objects.create_from_request(request)
    messages.success(request, _("All other devices are signed out."))
    return redirect("settings_security")


@require_GET
@policy.signed_in
def settings_privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html")
