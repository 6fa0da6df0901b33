"""The four grids as a form (O2), under the same numbers as on paper."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import FeatureRequest
from community.feedback.models import Frequency, Severity
from community.fridays.actions.reporting import LEAST_GRIDS, Grids
from community.fridays.listing import NumberedItem
from community.fridays.models import Quoting, Works
from community.threads.forms import WordsField

MOST_CHOICES = 3
LONGEST_WORDS = 500
ANOTHER = "another"  # build: what is none of the week
VERDICT = "verdict_"  # and the number of the wish
RATINGS = [
    ("1", gettext_lazy("bad")),
    ("2", gettext_lazy("poor")),
    ("3", gettext_lazy("fair")),
    ("4", gettext_lazy("good")),
    ("5", gettext_lazy("great")),
]


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
            widget=forms.Textarea(attrs={"rows": 2, "data-count": LONGEST_WORDS}),
        )


class _OneOf(forms.ChoiceField):
    """Of a few, as rows to tap; none is an answer too."""

    def __init__(self, label: Any, choices: Any) -> None:
        super().__init__(label=label, required=False, choices=choices, widget=forms.RadioSelect)


class ReportForm(forms.Form):
    overall = forms.ChoiceField(
        label=gettext_lazy("All in all, how was this build?"),
        choices=RATINGS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how it was, all in all.")},
    )
    loved = _Choices(gettext_lazy("What you loved most, up to three"))
    loved_why = _Why(gettext_lazy("Why"))
    not_good = _Choices(gettext_lazy("What is not good enough, up to three"))
    not_good_area = WordsField(
        label=gettext_lazy("Or somewhere else: where?"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "areas", "autocomplete": "off"}),
    )
    not_good_severity = _OneOf(gettext_lazy("How bad"), Severity.choices)
    not_good_frequency = _OneOf(gettext_lazy("How often"), Frequency.choices)
    not_good_why = _Why(gettext_lazy("What happens"))
    anticipated = _Choices(gettext_lazy("What you wait for most, up to three"))
    new_need = _Why(gettext_lazy("What you need and nobody has asked for"))
    build = WordsField(
        label=gettext_lazy("Build you used"),
        required=False,
        max_length=60,
        widget=forms.RadioSelect,
    )
    other_build = WordsField(label=gettext_lazy("Which one"), required=False, max_length=60)
    device = WordsField(label=gettext_lazy("Device"), required=False, max_length=80)
    quoting = _OneOf(gettext_lazy("May we quote you in the results?"), Quoting.choices)
    would_recommend = forms.TypedChoiceField(
        label=gettext_lazy("Would you recommend it to a friend? 0 is never, 10 is at once."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(str(n), str(n)) for n in range(11)],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        items: list[NumberedItem],
        wishes: list[FeatureRequest],
        builds: Sequence[str],
        asks_to_recommend: bool,
        asked: Sequence[FeatureRequest] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        of_items = [(str(item.pk), item.label) for item in items]
        self._offer("overall", [(n, format_html("<b>{}</b> {}", n, word)) for n, word in RATINGS])
        self._offer("loved", of_items)
        self._offer("not_good", of_items)
        self._offer("anticipated", [(str(wish.pk), _wish_words(wish)) for wish in wishes])
        widget = self.fields["build"].widget
        assert isinstance(widget, forms.RadioSelect)  # noqa: S101
        widget.choices = [*((build, build) for build in builds), (ANOTHER, _("another"))]
        if not asks_to_recommend:
            del self.fields["would_recommend"]
        for wish in asked:
            self.fields[f"{VERDICT}{wish.pk}"] = _OneOf(_title(wish), Works.choices)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        is_not_good = any(clean.get(name) for name in ("not_good", "not_good_area", "not_good_why"))
        for name, words in (
            ("not_good_severity", _("Say how bad it is.")),
            ("not_good_frequency", _("Say how often it happens.")),
        ):
            if not is_not_good:
                clean[name] = ""  # answered, and then there was nothing to answer for
            elif not clean.get(name) and name not in self.errors:
                self.add_error(name, words)
        if not self.errors and self.grids.filled_count < LEAST_GRIDS:
            self.add_error(None, _("Fill in at least two of the four fields. Nothing is lost."))
        return clean

    @property
    def verdicts(self) -> list[BoundField]:
        """One question for each wish of theirs that shipped (F8)."""
        return [self[name] for name in self.fields if name.startswith(VERDICT)]

    @property
    def grids(self) -> Grids:
        said = {name: value for name, value in self.cleaned_data.items() if name in _OF_GRIDS}
        if said["build"] == ANOTHER:
            said["build"] = self.cleaned_data["other_build"]
        verdicts = tuple(
            (int(field.name.removeprefix(VERDICT)), self.cleaned_data[field.name])
            for field in self.verdicts
            if self.cleaned_data[field.name]
        )
        return Grids(
            **{
                **said,
                "overall": int(said["overall"]),
                "quoting": said["quoting"] or Quoting.UNNAMED,
                "verdicts": verdicts,
            }
        )


_OF_GRIDS = set(ReportForm.base_fields) - {"other_build"}


def _wish_words(wish: FeatureRequest) -> str:
    return format_html('{} <span class="muted nums">#{}</span>', _title(wish), wish.pk)


def _title(wish: FeatureRequest) -> str:
    return format_html('<span lang="{}">{}</span>', wish.language, wish.title)


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


class NoteForm(forms.Form):
    """A few words beside a mark."""

    note = WordsField(label=gettext_lazy("Note"), required=False, max_length=300)


class ReasonForm(forms.Form):
    """Why figures are held back, or what a correction corrects."""

    reason = WordsField(label=gettext_lazy("Reason, shown in public"), max_length=300)
