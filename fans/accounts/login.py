from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from fans.accounts.actions import AddressTaken
from fans.accounts.models import Fan


class SignUpForm(AllauthSignupForm):  # type: ignore[misc]
    """Pressed twice at once, the second is answered like any address that has an account."""

    def try_save(self, request: HttpRequest) -> tuple[Fan | None, HttpResponse | None]:
        try:
            saved: tuple[Fan | None, HttpResponse | None] = super().try_save(request)
        except AddressTaken:
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Stays signed in unless one says otherwise, in words one understands on a shared computer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = _("Keep me signed in on this device")
        self.fields["remember"].initial = True
