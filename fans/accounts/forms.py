"""Shape and clean what people type about themselves. Nothing here is imported from allauth:
its own forms inherit from `NewFanForm` while they are being loaded."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fans.accounts import actions, naming
from fans.accounts.models import Fan, Theme
from fans.accounts.zones import zone_choices, zones
from fans.places.models import Place

BIO_LENGTH = 500
NAMED_IN_ERROR = 6
MOST_OF_ONE_NAME = 30  # there are ten districts called 城关


def _refused(error: Exception) -> forms.ValidationError:
    return forms.ValidationError(str(error))


class DisplayNameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Your name here"),
            help_text=gettext_lazy("Any script, at most 40 characters. You can change it later."),
            widget=forms.TextInput(attrs={"autocomplete": "nickname", "maxlength": 40}),
            **kwargs,
        )


class NewFanForm(forms.Form):
    """What sign-up asks besides address and password; allauth's forms inherit from it."""

    display_name = DisplayNameField()
    locale = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    wants_weekly = forms.BooleanField(
        label=gettext_lazy("Send me the weekly letter"),
        help_text=gettext_lazy("One mail on Fridays: what fans asked for and what became of it."),
        required=False,
        initial=True,
    )
    timezone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-guess-zone": ""})
    )
    field_order = ("display_name", "email", "password1", "locale", "wants_weekly", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locale"].initial = get_language()

    def clean_display_name(self) -> str:
        try:
            return actions.legal_display_name(self.cleaned_data["display_name"])
        except naming.NameRefused as error:
            raise _refused(error) from error

    def clean_timezone(self) -> str:
        """A guess by a script: what is no zone is no guess."""
        guess: str = self.cleaned_data["timezone"]
        return guess if guess in zones() else ""

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """allauth asks for this; the adapter has written everything already."""


class PlaceField(forms.CharField):
    """A place by its name in any language or pinyin; a script suggests while one types."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Where you live"),
            help_text=gettext_lazy(
                "A city or county, for meetups near you. Nobody sees it but you."
            ),
            required=False,
            max_length=120,
            widget=forms.TextInput(
                attrs={
                    "list": "place-options",
                    "autocomplete": "off",
                    "hx-get": reverse_lazy("places"),
                    "hx-trigger": "input changed delay:200ms",
                    "hx-target": "#place-options",
                }
            ),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        words: str = super().clean(value)
        return _place_called(words) if words else None


def _place_called(words: str) -> Place:
    """The one place of this name or label; else the one that begins so. At most two queries."""
    found = list(Place.objects.called(words)[:MOST_OF_ONE_NAME])
    whole = [place for place in found if place.label.casefold() == words.casefold()]
    if len(whole) == 1:
        return whole[0]
    found = found or list(Place.objects.beginning_with(words)[: NAMED_IN_ERROR + 1])
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(
            _("We do not know this place yet. Choose a larger one nearby, or leave it empty.")
        )
    raise forms.ValidationError(
        _("Several places begin like this: %(places)s. Type one of them.")
        % {"places": " / ".join(place.label for place in found[:NAMED_IN_ERROR])}
    )


class IntroductionForm(forms.Form):
    """The public face of a fan: on the first steps and in the settings."""

    handle = forms.CharField(
        label=gettext_lazy("Handle"),
        help_text=gettext_lazy(
            "How others mention you: @handle. 3 to 30 letters a to z, digits, - or _. "
            "It can be changed once in 30 days."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    bio = forms.CharField(
        label=gettext_lazy("A few words about you"),
        help_text=gettext_lazy("Shown on your page, at most 500 characters."),
        required=False,
        max_length=BIO_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = PlaceField()
    consents_to_region = forms.BooleanField(
        label=gettext_lazy("Count my votes also for my kind of place"),
        help_text=gettext_lazy(
            "Wishes can be ranked by those who live in counties and townships. Your votes then "
            "carry that and nothing more; take it back and it comes off all of them."
        ),
        required=False,
    )
    avatar = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG, WebP or GIF. It is shown as a circle."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )

    def clean_handle(self) -> str:
        try:
            return naming.clean_handle(self.cleaned_data["handle"])
        except naming.NameRefused as error:
            raise _refused(error) from error

    def introduction(self) -> actions.Introduction:
        data = self.cleaned_data
        return actions.Introduction(
            handle=data["handle"],
            bio=data["bio"],
            place=data["place"],
            consents_to_region=data["consents_to_region"],
            avatar=data["avatar"],
            name=data.get("display_name"),
            drops_avatar=data.get("drops_avatar", False),
        )


def introduction_of(fan: Fan) -> dict[str, object]:
    """What the forms start with. Fetch `place__parent` with the fan."""
    return {
        "display_name": fan.display_name,
        "handle": fan.handle,
        "bio": fan.bio,
        "place": fan.place.label if fan.place else "",
        "consents_to_region": fan.consents_to_region,
    }


class ProfileForm(IntroductionForm):
    display_name = DisplayNameField()
    drops_avatar = forms.BooleanField(
        label=gettext_lazy("Show my initials instead of a picture"), required=False
    )
    field_order = (
        "display_name",
        "handle",
        "bio",
        "avatar",
        "drops_avatar",
        "place",
        "consents_to_region",
    )

    def __init__(self, *args: Any, has_avatar: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_avatar:
            del self.fields["drops_avatar"]


class LanguageForm(forms.Form):
    locale = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Times are shown in it."),
        choices=zone_choices,
    )


class WelcomeForm(LanguageForm, IntroductionForm):
    """The first steps, all of them optional."""

    field_order = ("locale", "timezone", "handle", "place", "consents_to_region", "avatar", "bio")


class PreferencesForm(LanguageForm):
    theme = forms.ChoiceField(label=gettext_lazy("Appearance"), choices=Theme.choices)
    shortcuts_off = forms.BooleanField(
        label=gettext_lazy("Switch keyboard shortcuts off"), required=False
    )
    field_order = ("locale", "timezone", "theme", "shortcuts_off")
