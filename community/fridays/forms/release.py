"""The form of a build, and of what is done with it."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.fridays.actions import ReleaseDetails
from community.fridays.actions.crediting import GIVEN_BY_HAND
from community.fridays.models import Cycle
from community.threads.forms import WordsField
from fans.accounts.models import Fan

_VERSION = RegexValidator(
    r"\A[0-9A-Za-z][0-9A-Za-z.+_-]*\Z", gettext_lazy("Letters, digits, dots and hyphens.")
)


class _WeekField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, cycle: Any) -> str:
        return f"{cycle.week} · {cycle.get_state_display()}"


class ReleaseForm(forms.Form):
    version = forms.CharField(label=gettext_lazy("Version"), max_length=40, validators=[_VERSION])
    cycle = _WeekField(label=gettext_lazy("Week"), queryset=Cycle.objects.none(), required=False)
    notes = WordsField(
        label=gettext_lazy("Notes"),
        max_length=10000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What a fan should know of it. Markdown."),
    )
    known_defects = WordsField(
        label=gettext_lazy("Known defects"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    has_no_known_defects = forms.BooleanField(label=gettext_lazy("None known"), required=False)

    def __init__(self, *args: Any, weeks: QuerySet[Cycle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = weeks  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("has_no_known_defects") and data.get("known_defects"):
            self.add_error("has_no_known_defects", _("There are some above. Which is it?"))
        return data

    @property
    def details(self) -> ReleaseDetails:
        return ReleaseDetails(**self.cleaned_data)

    def refuse_version(self) -> None:
        self.add_error("version", _("There is a build of this name. Choose another."))


class PickForm(forms.Form):
    reason = WordsField(max_length=300, required=False)


class PlanForm(forms.Form):
    response = WordsField(max_length=3000)


class CreditForm(forms.Form):
    """A tester or a translator, by handle."""

    role = forms.ChoiceField(
        label=gettext_lazy("For what"), choices=[(role.value, role.label) for role in GIVEN_BY_HAND]
    )
    fan = forms.CharField(
        label=gettext_lazy("Handle of the fan"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def clean_fan(self) -> Fan:
        handle = self.cleaned_data["fan"].strip().removeprefix("@")
        found = Fan.objects.active(self._at).filter(handle__iexact=handle).first()
        if found is None or found.is_staff:
            raise forms.ValidationError(_("There is no fan of that handle."))
        return found
