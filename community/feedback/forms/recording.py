"""What somebody said who is not online, written down by those who heard it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import FeatureRequest
from community.feedback.actions import CHANNELS, Said
from community.feedback.forms.fields import (
    LineField,
    LongWordsField,
    NumbersField,
    no_such_wish,
    unknown_wishes,
)
from community.feedback.models import Category, Channel, Frequency, Severity
from community.products.models import Product
from community.threads.forms import KeyField, TitleField
from fans.accounts.forms import PlaceField
from fans.accounts.models import Fan


class RecordingForm(forms.Form):
    channel = forms.TypedChoiceField(
        label=gettext_lazy("Where was it said?"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        coerce=Channel,
        widget=forms.RadioSelect,
    )
    product = forms.ModelChoiceField(
        Product.objects.none(), label=gettext_lazy("Product"), empty_label=None
    )
    title = TitleField()
    words = LongWordsField(
        label=gettext_lazy("Where does it happen, and how did it come about?"),
        most=5000,
        required=False,
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices)
    severity = forms.ChoiceField(
        label=gettext_lazy("How bad"), choices=Severity.choices, initial=Severity.S3
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=Frequency.choices, initial=Frequency.Q3
    )
    build = LineField(label=gettext_lazy("Version or build"), max_length=60, required=False)
    wishes = NumbersField(
        label=gettext_lazy("Wishes they support: numbers"),
        help_text=gettext_lazy("Each gains a voice from outside, shown beside the votes."),
    )
    consents = forms.BooleanField(
        label=gettext_lazy("They agreed to be counted by city"), required=False
    )
    place = PlaceField()
    submission_key = KeyField()

    def __init__(self, *args: Any, recorder: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._recorder = recorder
        self.fields["title"].label = _("What is it?")
        self.fields["title"].help_text = _("One line, in their words.")
        for name in ("title", "words"):
            self.fields[name].widget.attrs["data-draft"] = "feedback-recorded"
        self.fields["product"].queryset = Product.objects.filter(retired_at=None).in_order()  # type: ignore[attr-defined]
        self.fields["place"].label = _("City or county")
        self.fields["place"].help_text = _("Kept only where they agreed.")

    def clean_wishes(self) -> list[int]:
        named: list[int] = self.cleaned_data["wishes"]
        if unknown := unknown_wishes(named, self._recorder):
            raise no_such_wish(unknown)
        return named

    @property
    def said(self) -> Said:
        names = ("product", "category", "severity", "frequency", "title", "words", "build")
        return Said(**{name: self.cleaned_data[name] for name in names}, is_public=False)

    @property
    def supported(self) -> list[FeatureRequest]:
        wishes = FeatureRequest.objects.visible_to(self._recorder)
        return list(wishes.filter(pk__in=self.cleaned_data["wishes"]))
