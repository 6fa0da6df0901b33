"""Shape and clean what is told, sorted and typed in from paper."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.forms import WishTitleField
from community.feature_requests.models import FeatureRequest
from community.feedback.actions import PaperForm, Said
from community.feedback.models import Category, Frequency, Severity
from community.feedback.rules import LARGEST_LOG_BYTES
from community.products.models import Product, Team
from community.threads.forms import KeyField, PicturesField, TitleField, WordsField
from fans.accounts.forms import PlaceField
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
_MOST_NUMBERS = 3
_WEEK = re.compile(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])")


class LongWordsField(WordsField):
    def __init__(self, *, most: int, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(
            max_length=most,
            widget=forms.Textarea(attrs={"rows": rows, "data-count": most}),
            **kwargs,
        )


class LineField(WordsField):
    """One line; what was pasted with line breaks becomes one."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


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


class TriageForm(forms.Form):
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), choices=[(c.value, c.label) for c in Category]
    )
    severity = forms.ChoiceField(label=gettext_lazy("How bad"), choices=Severity.choices)
    frequency = forms.ChoiceField(label=gettext_lazy("How often"), choices=Frequency.choices)


class StepForm(forms.Form):
    became = forms.ChoiceField(label=gettext_lazy("It is now"))
    answer = LongWordsField(
        label=gettext_lazy("Answer"),
        help_text=gettext_lazy("Read by whoever told us, and by everybody where it is public."),
        most=3000,
        required=False,
    )
    duplicate_of = forms.IntegerField(
        label=gettext_lazy("Duplicate of number"),
        min_value=1,
        max_value=2**31,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["became"].choices = choices  # type: ignore[attr-defined]


class WishForm(forms.Form):
    """The title of the wish that is made of an item; its own, where it will do."""

    title = WishTitleField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "wish_%s", **kwargs})


class DepartmentsForm(forms.Form):
    """One team for each category."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category in Category:
            self.fields[category.value] = forms.ModelChoiceField(
                Team.objects.order_by("name", "pk"), label=category.label, empty_label=None
            )

    @property
    def teams(self) -> dict[str, Team]:
        return {name: team for name, team in self.cleaned_data.items() if team is not None}


# --- On paper ------------------------------------------------------------------------


class NumbersField(forms.CharField):
    """«1, 3»: at most three numbers as they stand on the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=60,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        words = re.split(r"[\s,;、，；]+", super().clean(value).strip())
        numbers = list(dict.fromkeys(word for word in words if word))
        if any(not (word.isascii() and word.isdigit() and len(word) < 10) for word in numbers):
            raise forms.ValidationError(_("Only numbers here, like: 1, 3"))
        if len(numbers) > _MOST_NUMBERS:
            raise forms.ValidationError(_("At most three numbers."))
        return [int(word) for word in numbers]


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

    def __init__(self, *args: Any, recorder: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._recorder = recorder

    def clean_wishes(self) -> list[int]:
        named: list[int] = self.cleaned_data["wishes"]
        known = set(
            FeatureRequest.objects.visible_to(self._recorder)
            .filter(pk__in=named)
            .values_list("pk", flat=True)
        )
        if unknown := [str(number) for number in named if number not in known]:
            raise forms.ValidationError(
                _("There is no wish with this number: %(numbers)s")
                % {"numbers": ", ".join(unknown)}
            )
        return named

    @property
    def paper(self) -> PaperForm:
        values = {
            name: value for name, value in self.cleaned_data.items() if name != "submission_key"
        }
        return PaperForm(**values)


class RefusalForm(forms.Form):
    reason = LineField(label=gettext_lazy("Why they cannot be counted"), max_length=300)
