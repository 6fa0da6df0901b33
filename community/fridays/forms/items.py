"""The rows of a build: what is in it, in an order of one's own, each with its wish and its faults."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import FeatureRequest
from community.feature_requests.similar import found
from community.feedback.models import FeedbackItem
from community.fridays.actions import ItemDetails
from community.fridays.models import ItemKind, Release, ReleaseItem
from community.products.models import Product, Team
from community.threads.forms import WordsField
from fans.accounts.models import Reader

ROWS, MORE_ROWS, MOST_ROWS = 8, 4, 40
OFFERED = 200
SUGGESTED = 5
FIXES_AT_MOST = 20
_NUMBER = re.compile(r"\A\s*(?:#|\S*/(?:requests|feedback)/)?(\d{1,9})(?:/\S*|\s*·.*|\s*)\Z", re.S)
_BETWEEN = re.compile(r"[,;，；、\n]|(?<=\d)\s+(?=#?\d)")
Row = TypeVar("Row", bound=Model)


class Finder(Generic[Row]):
    """Finds rows as people name them: by number, by address, or by words that only one holds.

    Whatever was named by number in any of the texts is fetched at once.
    """

    def __init__(
        self, rows: QuerySet[Row], search: Callable[[str], Iterable[Row]], texts: Iterable[str]
    ) -> None:
        numbers = {number for text in texts for part in parts_of(text) if (number := _named(part))}
        self._known = {row.pk: row for row in rows.filter(pk__in=numbers)} if numbers else {}
        self._search = search

    def find(self, text: str) -> Row:
        if number := _named(text):
            if number in self._known:
                return self._known[number]
            raise ValidationError(_("There is no #%(number)d here."), params={"number": number})
        rows = list(self._search(text))[: SUGGESTED + 1]
        same = [row for row in rows if str(row).casefold() == text.strip().casefold()] or rows
        if len(same) == 1:
            return same[0]
        if not rows:
            raise ValidationError(_("Nothing found for “%(words)s”."), params={"words": text})
        names = " · ".join(label_of(row) for row in rows[:SUGGESTED])
        raise ValidationError(_("Which one? Type its number: %(names)s"), params={"names": names})


def _named(text: str) -> int | None:
    match = _NUMBER.match(text)
    return int(match[1]) if match else None


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def label_of(row: Model) -> str:
    return f"#{row.pk} · {row}"


class ItemForm(forms.Form):
    """One row; left empty it says nothing."""

    place = forms.IntegerField(
        label=gettext_lazy("Place"), min_value=1, max_value=MOST_ROWS, required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices)
    title = WordsField(label=gettext_lazy("What it is"), max_length=120, required=False)
    team = forms.TypedChoiceField(label=gettext_lazy("Team"), required=False, empty_value=None)
    feature_request = forms.CharField(
        label=gettext_lazy("The wish"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "wishes", "autocomplete": "off"}),
        help_text=gettext_lazy("Words of its title, its number or its address."),
    )
    fixes = forms.CharField(
        label=gettext_lazy("Faults it mends"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Numbers, addresses or words of feedback, with commas between."),
    )

    def __init__(
        self,
        *args: Any,
        teams: dict[str, Team],
        wishes: Finder[FeatureRequest],
        faults: Finder[FeedbackItem],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._wishes, self._faults = wishes, faults
        team = cast(forms.TypedChoiceField, self.fields["team"])
        team.choices = [("", "—"), *((key, row.name) for key, row in teams.items())]
        team.coerce = teams.__getitem__

    def clean_feature_request(self) -> FeatureRequest | None:
        text = self.cleaned_data["feature_request"]
        return self._wishes.find(text) if text else None

    def clean_fixes(self) -> tuple[FeedbackItem, ...]:
        """What was told twice is mended where it was told first."""
        told = [self._faults.find(part) for part in parts_of(self.cleaned_data["fixes"])]
        first = {one.duplicate_of_id or one.pk: one.duplicate_of or one for one in told}
        if len(first) > FIXES_AT_MOST:
            raise ValidationError(_("At most %(count)d in a row."), params={"count": FIXES_AT_MOST})
        return tuple(first.values())

    @property
    def says_something(self) -> bool:
        data = self.cleaned_data
        return bool(data.get("title") or data.get("feature_request") or data.get("fixes"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wish = data.get("feature_request")
        if wish and not data.get("title"):
            data["title"] = wish.title
        if self.says_something and not data.get("title") and "title" not in self.errors:
            self.add_error("title", _("What is it?"))
        if self.says_something and not data.get("team") and "team" not in self.errors:
            self.add_error("team", _("Which team made it?"))
        return data

    @property
    def details(self) -> ItemDetails:
        names = ("kind", "title", "team", "feature_request", "fixes")
        return ItemDetails(**{name: self.cleaned_data[name] for name in names})


class ItemRows:
    """The rows of a build: as many as it has things, and some to spare."""

    def __init__(
        self, product: Product, reader: Reader, data: Any = None, release: Release | None = None
    ) -> None:
        self._product, self._reader = product, reader
        initial = [_initial(item) for item in _items_of(release)]
        self.count = _count(data, len(initial))
        teams = Team.objects.visible_to(reader).order_by("name", "pk")
        texts = data or {}
        self._choices: dict[str, Any] = {
            "teams": {str(team.pk): team for team in teams},
            "wishes": Finder(
                self._all_wishes(),
                self._search_wishes,
                [texts.get(f"item{n}-feature_request", "") for n in range(1, self.count + 1)],
            ),
            "faults": Finder(
                self._all_faults().select_related("duplicate_of"),
                lambda words: self._open_faults().filter(title__icontains=words),
                [texts.get(f"item{n}-fixes", "") for n in range(1, self.count + 1)],
            ),
        }
        blank = [{"place": number} for number in range(len(initial) + 1, self.count + 1)]
        self.rows = [
            ItemForm(data, prefix=f"item{number}", initial=said, **self._choices)
            for number, said in enumerate([*initial, *blank], 1)
        ]

    @classmethod
    def with_more(cls, product: Product, reader: Reader, data: Any) -> "ItemRows":
        """What is typed so far, unread, and further rows below it."""
        made = cls(product, reader)
        made.count = min(MOST_ROWS, _count(data, 0) + MORE_ROWS)
        made.rows = []
        for number in range(1, made.count + 1):
            prefix = f"item{number}"
            said = {name: data.get(f"{prefix}-{name}", "") for name in ItemForm.base_fields}
            said["place"] = said["place"] or number
            made.rows.append(ItemForm(prefix=prefix, initial=said, **made._choices))
        return made

    @property
    def may_grow(self) -> bool:
        return self.count < MOST_ROWS

    @property
    def offered(self) -> list[str]:
        """What the browser completes to: what is on the way first, then what is most wanted."""
        wishes = self._all_wishes().listed().open().order_by("-vote_count", "-pk")
        return [label_of(wish) for wish in wishes.only("pk", "title")[:OFFERED]]

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
        """In the order of their places; rows that share one, as they stand."""
        said = [row for row in self.rows if row.says_something]
        return [row.details for row in sorted(said, key=lambda row: row.cleaned_data["place"] or 0)]

    def _all_wishes(self) -> Any:
        return FeatureRequest.objects.visible_to(self._reader).filter(product=self._product)

    def _search_wishes(self, words: str) -> Iterable[FeatureRequest]:
        pks = found(words, self._reader)
        here = self._all_wishes().open().in_bulk(pks)
        return [here[pk] for pk in pks if pk in here]

    def _all_faults(self) -> Any:
        return FeedbackItem.objects.visible_to(self._reader).filter(product=self._product)

    def _open_faults(self) -> Any:
        return self._all_faults().open().order_by("-created_at", "-pk")


def _items_of(release: Release | None) -> list[ReleaseItem]:
    if release is None:
        return []
    items = release.items.select_related("feature_request").prefetch_related("fixes")
    return list(items.order_by("number"))


def _count(data: Any, items: int) -> int:
    typed = (data or {}).get("rows", "")
    wanted = int(typed) if re.fullmatch(r"\d{1,4}", typed, re.ASCII) else items + 2
    return min(MOST_ROWS, max(wanted, ROWS, items))


def _initial(item: ReleaseItem) -> dict[str, Any]:
    wish = item.feature_request
    return {
        "place": item.number,
        "kind": item.kind,
        "title": item.title,
        "team": item.team_id,
        "feature_request": label_of(wish) if wish else "",
        "fixes": ", ".join(f"#{fault.pk}" for fault in item.fixes.all()),
    }
