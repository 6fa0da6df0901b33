from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from fans.accounts.models import Theme


class PreferencesForm(forms.Form):
    """Language and theme; what is not sent stays as it is."""

    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, required=False, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(
        label=_("Appearance"), choices=Theme, required=False, widget=forms.RadioSelect
    )


def return_address(request: HttpRequest) -> str:
    """Where the person was, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"
