"""The form of a build: what it is, and up to eight things in it."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import FeatureRequest
from community.fridays.actions import ItemDetails, ReleaseDetails
from community.fridays.models import Cycle, ItemKind, Release, ReleaseItem
from community.products.models import Product, Team
from community.threads.forms import WordsField
from fans.accounts.models import Reader

ROWS = 8
WISHES_OFFERED = 200
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


class ItemForm(forms.Form):
    """One row; left empty it says nothing. Its choices are fetched once for all rows."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices)
    title = WordsField(label=gettext_lazy("What it is"), max_length=120, required=False)
    feature_request = forms.TypedChoiceField(
        label=gettext_lazy("The wish"), required=False, empty_value=None
    )
    team = forms.TypedChoiceField(label=gettext_lazy("Team"), required=False, empty_value=None)

    def __init__(
        self,
        *args: Any,
        wishes: dict[str, FeatureRequest],
        teams: dict[str, Team],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("feature_request", wishes, _("nobody's wish"))
        self._offer("team", teams, "—")

    def _offer(self, name: str, rows: Mapping[str, Any], nothing: str) -> None:
        field = cast(forms.TypedChoiceField, self.fields[name])
        field.choices = [("", nothing), *((key, _label(row)) for key, row in rows.items())]
        field.coerce = rows.__getitem__

    @property
    def says_something(self) -> bool:
        data = self.cleaned_data
        return bool(data.get("title") or data.get("feature_request"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wish = data.get("feature_request")
        if wish and not data.get("title"):
            data["title"] = wish.title
        if self.says_something and not data.get("team") and "team" not in self.errors:
            self.add_error("team", _("Which team made it?"))
        return data


def _label(row: FeatureRequest | Team) -> str:
    if isinstance(row, FeatureRequest):
        return f"{row.title} · {row.get_status_display()}"
    return row.name


class ItemRows:
    """The eight rows of a build."""

    def __init__(
        self, product: Product, reader: Reader, data: Any = None, release: Release | None = None
    ) -> None:
        items = list(release.items.order_by("number")) if release else []
        named = [item.feature_request_id for item in items if item.feature_request_id]
        wishes = FeatureRequest.objects.visible_to(reader)
        offered = wishes.listed().open().filter(product=product)
        rows = [
            *wishes.filter(pk__in=named).order_by("pk"),
            *offered.exclude(pk__in=named).order_by("-vote_count", "-pk")[:WISHES_OFFERED],
        ]
        teams = Team.objects.visible_to(reader).order_by("name", "pk")
        choices = {
            "wishes": {str(row.pk): row for row in rows},
            "teams": {str(team.pk): team for team in teams},
        }
        self.rows = [
            ItemForm(
                data,
                prefix=f"item{number}",
                initial=_initial(items[number - 1]) if number <= len(items) else None,
                **choices,
            )
            for number in range(1, ROWS + 1)
        ]

    def is_valid(self) -> bool:
        are_valid = [row.is_valid() for row in self.rows]  # each says its own errors
        return all(are_valid) and not self._names_a_wish_twice()

    def _names_a_wish_twice(self) -> bool:
        seen: set[int] = set()
        for row in self.rows:
            wish = row.cleaned_data.get("feature_request")
            if wish is not None and wish.pk in seen:
                row.add_error("feature_request", _("This wish is in another row already."))
                return True
            if wish is not None:
                seen.add(wish.pk)
        return False

    @property
    def items(self) -> list[ItemDetails]:
        return [ItemDetails(**row.cleaned_data) for row in self.rows if row.says_something]


def _initial(item: ReleaseItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "title": item.title,
        "feature_request": item.feature_request_id,
        "team": item.team_id,
    }


class PickForm(forms.Form):
    feature_request = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = WordsField(max_length=300, required=False)
