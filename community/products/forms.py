from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.products.actions import ProductDetails, TagDetails, TeamDetails, UserCounts
from community.products.models import UserBase
from community.products.users import SEGMENTS

MOST_USERS = 10**12
_ADDRESS_HELP = gettext_lazy("Small letters, digits and hyphens.")


class _WithAddress(forms.Form):
    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    def refuse_slug(self) -> None:
        self.add_error("slug", _("This address is taken. Choose another."))


class ProductForm(_WithAddress):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=60, help_text=_ADDRESS_HELP)
    tagline = forms.CharField(
        label=gettext_lazy("What it is, in one line"), max_length=160, required=False
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Release day"), choices=list(WEEKDAYS.items()), coerce=int, initial=4
    )
    hour = forms.IntegerField(
        label=gettext_lazy("Release hour"),
        min_value=0,
        max_value=23,
        initial=17,
        help_text=gettext_lazy(
            "On the platform's clock. Weeks that stand on the calendar keep their times."
        ),
    )
    cadence_weeks = forms.IntegerField(
        label=gettext_lazy("A build every … weeks"), min_value=1, max_value=52, initial=1
    )
    is_main = forms.BooleanField(
        label=gettext_lazy("The main product: the week turns around it"), required=False
    )

    @property
    def details(self) -> ProductDetails:
        return ProductDetails(**self.cleaned_data)


class TeamForm(_WithAddress):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=60, help_text=_ADDRESS_HELP)

    @property
    def details(self) -> TeamDetails:
        return TeamDetails(**self.cleaned_data)


class TagForm(_WithAddress):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    name_zh_hans = forms.CharField(
        label=gettext_lazy("In simplified Chinese"), max_length=40, required=False
    )
    name_zh_hant = forms.CharField(
        label=gettext_lazy("In traditional Chinese"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Left empty, the name above is shown."),
    )
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=60, help_text=_ADDRESS_HELP)

    @property
    def details(self) -> TagDetails:
        return TagDetails(**self.cleaned_data)


class MemberForm(forms.Form):
    handle = forms.CharField(
        label=gettext_lazy("Handle of a member of staff"), max_length=31, min_length=3
    )

    def clean_handle(self) -> str:
        return str(self.cleaned_data["handle"]).removeprefix("@")


class UsersForm(forms.Form):
    """The segments of one dimension, each with a number; where it is from, and of which day."""

    source = forms.CharField(
        label=gettext_lazy("Where the numbers are from"),
        max_length=200,
        help_text=gettext_lazy("A reader should be able to find them: «Sales report, page 4»."),
    )
    counted_on = forms.DateField(
        label=gettext_lazy("Counted on"), widget=forms.DateInput({"type": "date"})
    )

    def __init__(
        self,
        dimension: str,
        today: date,
        data: QueryDict | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=dimension, initial=initial)
        self.dimension = dimension
        self.today = today
        for segment, label in SEGMENTS[dimension].items():
            self.fields[segment] = forms.IntegerField(
                label=str(label), min_value=0, max_value=MOST_USERS
            )
        self.order_fields([*SEGMENTS[dimension], "source", "counted_on"])

    def clean_counted_on(self) -> date:
        counted_on: date = self.cleaned_data["counted_on"]
        if counted_on > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return counted_on

    def clean(self) -> None:
        if not self.errors and not any(self._counts().values()):
            self.add_error(None, _("Somebody must be counted: all of these are 0."))

    def _counts(self) -> dict[str, int]:
        return {segment: self.cleaned_data[segment] for segment in SEGMENTS[self.dimension]}

    @property
    def details(self) -> UserCounts:
        return UserCounts(
            dimension=self.dimension,
            counts=self._counts(),
            source=self.cleaned_data["source"],
            counted_on=self.cleaned_data["counted_on"],
        )


def users_forms(rows: dict[str, list[UserBase]], today: date) -> Iterable[UsersForm]:
    """One form a dimension, filled with what was said last."""
    for dimension, known in rows.items():
        initial: dict[str, Any] = {row.segment: row.count for row in known}
        if known:
            initial |= {"source": known[0].source, "counted_on": known[0].counted_on}
        yield UsersForm(dimension, today, initial=initial)
