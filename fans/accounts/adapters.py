"""Where allauth asks how this site does things."""

import logging
import secrets
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fans import clock
from fans.accounts import actions, naming
from fans.accounts.models import Fan, JoinChannel
from fans.limits import client_address
from fans.mail.letters import letter
from fans.site.models import SiteIdentity

logger = logging.getLogger(__name__)
PROVIDER_TIMEOUT_SECONDS = 5
_LOCALES = dict(settings.LANGUAGES)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up, sign-in and their mails as the specification wants them (spec §1)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and this password do not belong together. Check both, "
            "or have a one-time code mailed to you."
        ),
        "incorrect_code": _("This is not the code we mailed. Check it, or ask for a new one."),
        "incorrect_password": _("This is not your password. Try again."),
        "enter_current_password": _("This is not your current password. Try again."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
        "email_taken": _("This address belongs to another account here."),
        "duplicate_email": _("This is your address already."),
        "same_as_current": _("This is what it is already."),
    }

    def new_user(self, request: HttpRequest) -> Fan:
        return Fan(joined_at=clock.now(), join_channel=JoinChannel.OPEN)

    def save_user(
        self, request: HttpRequest, user: Fan, form: BaseForm, commit: bool = True
    ) -> Fan:
        data = form.cleaned_data
        user.display_name = data["display_name"]
        user.locale = data["locale"]
        user.timezone = data.get("timezone") or user.timezone
        user.wants_weekly = data["wants_weekly"]
        super().save_user(request, user, form, commit=False)
        if commit:
            actions.let_in(fan=user, at=clock.now())
        return user

    def populate_username(self, request: HttpRequest, user: Fan) -> None:
        user.folded_name = naming.fold(user.display_name)
        user.handle = user.handle or actions.propose_handle(user.display_name, at=clock.now())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        try:
            with transaction.atomic():
                confirmed = super().confirm_email(request, email_address)
        except IntegrityError:
            # Somebody else signed up with this address since it was asked for.
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email_address.email})
            return False
        if confirmed:
            fan = email_address.user
            actions.note_verified(fan=fan, at=clock.now())
            if request.user.is_authenticated and request.user.pk == fan.pk:
                self._keep_only_this_session(request, fan)
        return bool(confirmed)

    def _keep_only_this_session(self, request: HttpRequest, fan: Fan) -> None:
        """A new address ends every other session, as a new password does."""
        actions.end_sessions(fan=fan)
        update_session_auth_hash(request, fan)
        UserSession.objects.create_from_request(request)

    def post_login(self, request: HttpRequest, user: Fan, **kwargs: Any) -> HttpResponse:
        # Whoever comes in has a verified address (it is mandatory), by whatever way it was proved.
        actions.note_verified(fan=user, at=clock.now())
        if kwargs.get("signup") and kwargs.get("redirect_url"):
            # First steps first; they lead on to the page where the guest pressed a button.
            query = urlencode({"next": kwargs["redirect_url"]})
            kwargs["redirect_url"] = f"{reverse('welcome')}?{query}"
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("welcome" if request.user.welcomed_at is None else "home")  # type: ignore[union-attr]

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("welcome")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings_security")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count for whoever typed them: nobody else is locked out by them."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{client_address(request)}:{key}"

    # --- Mail ---------------------------------------------------------------------------

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, token = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return settings.SITE_URL + path

    def send_account_already_exists_mail(self, email: str) -> None:
        self._sign_somebody_up_in_vain(email)
        super().send_account_already_exists_mail(email)

    def _sign_somebody_up_in_vain(self, email: str) -> None:
        """The work of a real sign-up, for nothing: else the clock would tell who has an account."""
        with transaction.atomic():
            nobody = self.new_user(self.request)
            nobody.display_name, nobody.email = "nobody", f"{secrets.token_hex(8)}.{email}"[-254:]
            nobody.set_password("the same work")
            self.populate_username(self.request, nobody)
            nobody.save()
            EmailAddress.objects.create(user=nobody, email=email, primary=False, verified=False)
            transaction.set_rollback(True)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix == "account/email/unknown_account":
            # What a link to set a new password costs, for nobody.
            app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(Fan(pk=0))
        with translation.override(_language_of(email)):
            self.render_mail(template_prefix, email, context).send()

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        recipients = [email] if isinstance(email, str) else email
        return letter(template_prefix, recipients, {**context, "site": SiteIdentity.current()})


def _language_of(email: str) -> str:
    """The language of whoever has this address; for strangers that of the page they used."""
    fan = Fan.objects.get_queryset().filter(email=email.lower()).order_by("pk").first()
    return fan.locale if fan else translation.get_language() or settings.LANGUAGE_CODE


class ProviderSession(requests.Session):
    """Talks to a provider; when it does not answer, the person is told and nothing breaks."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            return super().request(*args, **{"timeout": PROVIDER_TIMEOUT_SECONDS, **kwargs})
        except requests.RequestException as error:
            logger.warning("The sign-in provider does not answer.", exc_info=True)
            raise ImmediateHttpResponse(redirect("socialaccount_login_error")) from error


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in through a company's own OpenID Connect."""

    def get_requests_session(self) -> requests.Session:
        return ProviderSession()

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Fan:
        fan: Fan = sociallogin.user
        fan.email = (data.get("email") or "").lower()
        name = data.get("name") or f"{data.get('first_name', '')} {data.get('last_name', '')}"
        try:
            fan.display_name = actions.legal_display_name(name)
        except naming.NameRefused:
            fan.display_name = ""
        language = translation.get_language() or ""
        fan.locale = language if language in _LOCALES else settings.LANGUAGE_CODE
        return fan

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Fan:
        fan: Fan = sociallogin.user
        try:
            actions.let_in(
                fan=fan,
                at=clock.now(),
                save=lambda: super(SocialAccountAdapter, self).save_user(
                    request, sociallogin, form
                ),
            )
        except actions.AddressTaken as taken:
            answer = prevent_enumeration(request, email=fan.email)
            raise ImmediateHttpResponse(answer) from taken
        return fan

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(sociallogin.user.display_name) and super().is_auto_signup_allowed(
            request, sociallogin
        )

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return {"email": sociallogin.user.email, "display_name": sociallogin.user.display_name}


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator apps, passkeys and recovery codes."""

    def _get_site_name(self) -> str:
        return SiteIdentity.current().name

    # Whoever reads a copy of the database holds no second factor by that.
    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


@cache
def _cipher() -> MultiFernet:
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(
        Fernet(urlsafe_b64encode(sha256(f"second factor:{secret}".encode()).digest()))
        for secret in secrets
    )
