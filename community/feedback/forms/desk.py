"""What the desk says of items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.forms import WishTitleField
from community.feedback.forms.fields import LongWordsField
from community.feedback.models import Category, Frequency, ItemState, Severity
from community.products.models import Team


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


_AS_IT_IS = ("", gettext_lazy("as it is"))


class BulkForm(forms.Form):
    """The same for each of the items chosen; what, says the button that was pressed."""

    SORT, ANSWER = "sort", "answer"
    MOVES = (ItemState.ASSIGNED, ItemState.IN_PROGRESS, ItemState.RESOLVED, ItemState.DECLINED)

    act = forms.ChoiceField(
        choices=[(name, name) for name in (SORT, ANSWER, ItemState.DUPLICATE.value, *MOVES)],
        error_messages={"required": gettext_lazy("Say what to do with them.")},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), choices=[_AS_IT_IS, *Category.choices], required=False
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How bad"), choices=[_AS_IT_IS, *Severity.choices], required=False
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=[_AS_IT_IS, *Frequency.choices], required=False
    )
    answer = LongWordsField(
        label=gettext_lazy("The same words to each"), most=3000, rows=2, required=False
    )
    duplicate_of = forms.IntegerField(
        label=gettext_lazy("Duplicates of number"),
        min_value=1,
        max_value=2**31,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "bulk_%s", **kwargs})

    def clean(self) -> dict[str, Any]:
        clean = self.cleaned_data
        if clean.get("act") in {self.ANSWER, ItemState.DECLINED} and not clean.get("answer"):
            self.add_error("answer", _("Say why: whoever told us reads it."))
        if clean.get("act") == ItemState.DUPLICATE and not clean.get("duplicate_of"):
            self.add_error("duplicate_of", _("Name the number of the original."))
        return clean


class PublicationForm(forms.Form):
    """Words to whoever told it in private: why everybody should read it."""

    words = LongWordsField(label=gettext_lazy("Why we ask"), most=1000, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "ask_%s", **kwargs})


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
