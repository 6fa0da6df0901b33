"""Paper forms, typed in or read from a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feedback.actions import PaperForm
from community.feedback.forms.fields import (
    LineField,
    NumbersField,
    no_such_wish,
    unknown_wishes,
)
from community.feedback.models import Frequency, OfflineBatch, Severity
from community.feedback.paper_file import MOST_BYTES
from community.products.models import Product
from community.threads.forms import KeyField
from fans.accounts.forms import PlaceField
from fans.accounts.models import Fan

_NUMBERS = ("loved", "not_good", "wishes")
_TYPED = ("overall", *_NUMBERS, "not_good_words", "words")  # kept on the device meanwhile
_WEEK = re.compile(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])")


class BatchForm(forms.Form):
    product = forms.ModelChoiceField(
        Product.objects.none(), label=gettext_lazy("Product"), empty_label=None
    )
    week = forms.CharField(
        label=gettext_lazy("Week of the form"),
        help_text=gettext_lazy("As printed on it: 2026-W47. Empty where there is none."),
        max_length=8,
        required=False,
    )
    place = PlaceField()
    gathered_on = forms.DateField(
        label=gettext_lazy("Gathered on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    submission_key = KeyField()

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["product"].queryset = Product.objects.filter(retired_at=None).in_order()  # type: ignore[attr-defined]
        place = self.fields["place"]
        place.label, place.required = _("City or county"), True
        place.help_text = _("Where the forms were filled in.")

    def clean_week(self) -> str:
        week = str(self.cleaned_data["week"]).strip().upper()
        if week and not _WEEK.fullmatch(week):
            raise forms.ValidationError(_("A week looks like 2026-W47."))
        return week

    def clean_gathered_on(self) -> Any:
        if self.cleaned_data["gathered_on"] > self._today:
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["gathered_on"]


class PaperFormForm(forms.Form):
    """One row of the batch: the same numbers as on the printed form, in its order."""

    overall = forms.TypedChoiceField(
        label=gettext_lazy("Overall, 1 to 5"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        coerce=int,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "maxlength": 1, "autofocus": True, "autocomplete": "off"}
        ),
        error_messages={"invalid_choice": gettext_lazy("A number from 1 to 5.")},
    )
    loved = NumbersField(label=gettext_lazy("① Loved most: numbers"))
    not_good = NumbersField(label=gettext_lazy("② Not good enough: numbers"))
    not_good_words = LineField(label=gettext_lazy("② In words"), max_length=1000, required=False)
    severity = forms.ChoiceField(
        label=gettext_lazy("② How bad"), choices=Severity.choices, initial=Severity.S3
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("② How often"), choices=Frequency.choices, initial=Frequency.Q3
    )
    wishes = NumbersField(label=gettext_lazy("③ Most anticipated: wishes"))
    words = LineField(
        label=gettext_lazy("④ What is missing, in words"), max_length=1000, required=False
    )
    consents = forms.BooleanField(
        label=gettext_lazy("They agreed to be counted by city (box ticked on the form)"),
        required=False,
    )
    submission_key = KeyField()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        recorder: Fan,
        batch: OfflineBatch | None = None,
        known: Collection[int] | None = None,
        **kwargs: Any,
    ) -> None:
        """`known`: the wishes there are, where many forms are read at once."""
        super().__init__(_spread(data), **kwargs)
        self._recorder, self._known = recorder, known
        if batch is not None:
            for name in _TYPED:
                self.fields[name].widget.attrs["data-draft"] = f"{batch.subject}"

    def clean_wishes(self) -> list[int]:
        named: list[int] = self.cleaned_data["wishes"]
        if self._known is None:
            unknown = unknown_wishes(named, self._recorder)
        else:
            unknown = [number for number in named if number not in self._known]
        if unknown:
            raise no_such_wish(unknown)
        return named

    @property
    def paper(self) -> PaperForm:
        values = {
            name: value for name, value in self.cleaned_data.items() if name != "submission_key"
        }
        return PaperForm(**values)


def _spread(data: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """«1 3 / 2 / 14» in the first field of numbers is all three of them."""
    if data is None:
        return None
    typed = {name: data[name] for name in data}
    parts = str(typed.get("loved", "")).split("/")
    if len(parts) == len(_NUMBERS) and not typed.get("not_good") and not typed.get("wishes"):
        typed.update(zip(_NUMBERS, parts, strict=True))
    return typed


class FileForm(forms.Form):
    """A table of forms from a spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("At most 200 forms and 1 MB, in UTF-8 or GB18030."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> UploadedFile[Any]:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 1 MB: divide it."))
        return upload


class RefusalForm(forms.Form):
    reason = LineField(label=gettext_lazy("Why they cannot be counted"), max_length=300)
