"""What somebody tells us."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feedback.actions import Said
from community.feedback.forms.fields import LineField, LongWordsField
from community.feedback.models import Category, Frequency, Severity
from community.feedback.rules import LARGEST_LOG_BYTES
from community.products.models import Product
from community.threads.forms import KeyField, PicturesField, TitleField
from fans.accounts.models import Fan
from fans.images.models import Image

_SEVERITIES = [
    (Severity.S1, gettext_lazy("I lost data, it is dangerous, or I cannot use the product at all")),
    (Severity.S2, gettext_lazy("Something important does not work")),
    (Severity.S3, gettext_lazy("It is a nuisance, but I can work around it")),
    (Severity.S4, gettext_lazy("It only looks wrong, or I would like it otherwise")),
]
_FREQUENCIES = [
    (Frequency.Q1, gettext_lazy("Every time")),
    (Frequency.Q2, gettext_lazy("Often")),
    (Frequency.Q3, gettext_lazy("Now and then")),
    (Frequency.Q4, gettext_lazy("It happened once")),
]
_IN_PUBLIC = [
    ("yes", gettext_lazy("Everybody may read it, and say that they have it too")),
    ("no", gettext_lazy("Not in public: only the company reads it")),
]


class LogField(forms.FileField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("A log file"),
            help_text=gettext_lazy("At most 5 MB. Only the company's staff can download it."),
            required=False,
            allow_empty_file=True,
        )

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[Any] | None:
        if not isinstance(data, UploadedFile) or not data.size:
            return None
        if data.size > LARGEST_LOG_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 5 MB. Cut out the part around the fault, or pack it.")
            )
        return data


class FeedbackForm(forms.Form):
    product = forms.ModelChoiceField(
        Product.objects.none(), label=gettext_lazy("Which product?"), empty_label=None
    )
    title = TitleField()
    words = LongWordsField(
        label=gettext_lazy("Where does it happen, and how did it come about?"),
        most=5000,
        required=False,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("What kind of thing is it?"),
        choices=[(c.value, c.label) for c in Category],
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How bad is it?"), choices=_SEVERITIES, widget=forms.RadioSelect
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often does it happen?"),
        choices=_FREQUENCIES,
        widget=forms.RadioSelect,
    )
    build = LineField(
        label=gettext_lazy("Version or build"),
        help_text=gettext_lazy("As it stands in the settings of the product, and your device."),
        max_length=60,
        required=False,
    )
    pictures = PicturesField()
    kept = forms.ModelMultipleChoiceField(
        Image.objects.none(), required=False, to_field_name="key", widget=forms.MultipleHiddenInput
    )  # pictures that came with a form that had to be mended
    log = LogField()
    in_public = forms.ChoiceField(
        label=gettext_lazy("Who may read it?"),
        choices=_IN_PUBLIC,
        initial="yes",
        widget=forms.RadioSelect,
    )
    submission_key = KeyField()

    def __init__(self, *args: Any, reporter: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("What is it?")
        self.fields["title"].help_text = _("One line: “The alarm stays silent after an update”.")
        self.fields["title"].widget.attrs["data-draft"] = "feedback-title"
        self.fields["words"].widget.attrs["data-draft"] = "feedback-words"
        self.fields["product"].queryset = Product.objects.filter(retired_at=None).in_order()  # type: ignore[attr-defined]
        self.fields["kept"].queryset = Image.objects.filter(owner=reporter.pk, kept_at=None)  # type: ignore[attr-defined]

    @property
    def said(self) -> Said:
        names = ("product", "category", "severity", "frequency", "title", "words", "build")
        return Said(
            **{name: self.cleaned_data[name] for name in names},
            is_public=self.cleaned_data["in_public"] == "yes",
        )


class VerdictForm(forms.Form):
    words = LongWordsField(
        label=gettext_lazy("What is still wrong?"), most=3000, rows=3, required=False
    )
