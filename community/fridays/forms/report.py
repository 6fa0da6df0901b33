"""The four grids as a form (O2), under the same numbers as on paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import FeatureRequest
from community.feedback.models import Frequency, Severity
from community.fridays.actions.reporting import LEAST_GRIDS, Grids
from community.fridays.listing import NumberedItem
from community.threads.forms import WordsField

MOST_CHOICES = 3
LONGEST_WORDS = 500
_RATINGS = [
    ("5", gettext_lazy("5 · excellent")),
    ("4", gettext_lazy("4 · good")),
    ("3", gettext_lazy("3 · fair")),
    ("2", gettext_lazy("2 · poor")),
    ("1", gettext_lazy("1 · bad")),
]
_UNSAID = ("", gettext_lazy("Choose"))


class _Choices(forms.MultipleChoiceField):
    """At most three of what is listed."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": gettext_lazy("One of these is no longer listed. Choose again.")
            },
        )

    def clean(self, value: Any) -> tuple[int, ...]:
        chosen = tuple(sorted({int(pk) for pk in super().clean(value)}))
        if len(chosen) > MOST_CHOICES:
            raise forms.ValidationError(_("Choose three at most."))
        return chosen


class _Why(WordsField):
    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class ReportForm(forms.Form):
    overall = forms.ChoiceField(
        label=gettext_lazy("All in all, how was this build?"),
        choices=_RATINGS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how it was, all in all.")},
    )
    loved = _Choices(gettext_lazy("What you loved most, up to three"))
    loved_why = _Why(gettext_lazy("Why"))
    not_good = _Choices(gettext_lazy("What is not good enough, up to three"))
    not_good_area = WordsField(
        label=gettext_lazy("Or somewhere else: where?"), required=False, max_length=80
    )
    not_good_severity = forms.ChoiceField(
        label=gettext_lazy("How bad"), required=False, choices=[_UNSAID, *Severity.choices]
    )
    not_good_frequency = forms.ChoiceField(
        label=gettext_lazy("How often"), required=False, choices=[_UNSAID, *Frequency.choices]
    )
    not_good_why = _Why(gettext_lazy("What happens"))
    anticipated = _Choices(gettext_lazy("What you wait for most, up to three"))
    new_need = _Why(gettext_lazy("What you need and nobody has asked for"))
    build = WordsField(label=gettext_lazy("Build you used"), required=False, max_length=60)
    device = WordsField(label=gettext_lazy("Device"), required=False, max_length=80)
    would_recommend = forms.TypedChoiceField(
        label=gettext_lazy("Would you recommend it to a friend? 0 is never, 10 is at once."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("Choose")), *((str(n), str(n)) for n in range(11))],
    )

    def __init__(
        self,
        *args: Any,
        items: list[NumberedItem],
        wishes: list[FeatureRequest],
        asks_to_recommend: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        of_items = [(str(item.pk), item.label) for item in items]
        of_wishes = [(str(wish.pk), wish.title) for wish in wishes]
        for name, choices in (
            *(("loved", of_items), ("not_good", of_items)),
            ("anticipated", of_wishes),
        ):
            field = self.fields[name]
            assert isinstance(field, _Choices)  # noqa: S101
            field.choices = choices
        if not asks_to_recommend:
            del self.fields["would_recommend"]

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        is_not_good = any(clean.get(name) for name in ("not_good", "not_good_area", "not_good_why"))
        for name, words in (
            ("not_good_severity", _("Say how bad it is.")),
            ("not_good_frequency", _("Say how often it happens.")),
        ):
            if is_not_good and not clean.get(name):
                self.add_error(name, words)
        if not self.errors and self.grids.filled_count < LEAST_GRIDS:
            self.add_error(None, _("Fill in at least two of the four fields. Nothing is lost."))
        return clean

    @property
    def grids(self) -> Grids:
        return Grids(**{**self.cleaned_data, "overall": int(self.cleaned_data["overall"])})


class BallotForm(forms.Form):
    item = forms.ChoiceField(
        label=gettext_lazy("What deserves it"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one."),
            "invalid_choice": gettext_lazy("This is not one of the candidates. Choose another."),
        },
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices


class ReasonForm(forms.Form):
    """Why figures are held back, or what a correction corrects."""

    reason = WordsField(label=gettext_lazy("Reason, shown in public"), max_length=300)
