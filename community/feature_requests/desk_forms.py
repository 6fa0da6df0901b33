"""What moderators and staff say to a wish; every form keeps its words when something is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from community.feature_requests.forms import TagsField
from community.feature_requests.graph import steps_from
from community.feature_requests.models import ON_THE_WAY, Channel, FeatureRequest
from community.feature_requests.similar import named_in
from community.products.models import Team
from community.threads.forms import KeyField, WordsField
from fans.accounts.forms import PlaceField
from fans.accounts.models import Fan
from fans.clock.weeks import platform_date, week_of
from fans.templatetags.display import week_words

LONGEST_RESPONSE = 3000
LONGEST_REASON = 300
WEEKS_AHEAD = 26
MOST_VOICES = 5000  # on one sheet


class ReasonField(WordsField):
    def __init__(self, help_text: Any = "") -> None:
        super().__init__(
            label=gettext_lazy("Reason"),
            required=False,
            max_length=LONGEST_REASON,
            help_text=help_text,
        )


class WeekField(forms.ChoiceField):
    """One of the coming weeks, by its days."""

    def __init__(self, *, required: bool, help_text: Any = "") -> None:
        wrong = gettext_lazy("Choose one of the coming weeks.")
        super().__init__(
            label=gettext_lazy("Promised for the week"),
            required=required,
            help_text=help_text,
            error_messages={"invalid_choice": wrong, "required": wrong},
        )

    def offer(self, at: datetime, nothing: Any) -> None:
        days = (platform_date(at) + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD))
        language = get_language() or "en"
        weeks = [week_of(day) for day in days]
        self.choices = [("", nothing), *((week, week_words(week, language)) for week in weeks)]


class StatusForm(forms.Form):
    became = forms.ChoiceField(
        label=gettext_lazy("New status"),
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    response = WordsField(
        label=gettext_lazy("Official answer"),
        required=False,
        max_length=LONGEST_RESPONSE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Public, with your team's name. Needed to ask, plan or decline."),
    )
    reason = ReasonField(
        gettext_lazy("Needed to decline, to open again, to go back and to move a promise.")
    )
    promised_for = WeekField(
        required=False,
        help_text=gettext_lazy("For what is planned or on its way. Kept, or publicly overdue."),
    )

    def __init__(
        self, *args: Any, wish: FeatureRequest, actor: Fan, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": "status_%s", **kwargs})
        steps = steps_from(wish.status, is_staff=actor.is_staff)
        became, week = self.fields["became"], self.fields["promised_for"]
        assert isinstance(became, forms.ChoiceField)  # noqa: S101
        assert isinstance(week, WeekField)  # noqa: S101
        became.choices = [(step.value, step.label) for step in steps]
        if len(steps) > 1:  # nobody is told of a step that nobody chose
            became.choices = [("", _("Choose")), *became.choices]
        week.offer(at, _("No week named") if not wish.owed_week else _("As promised already"))
        if not set(ON_THE_WAY).intersection(steps):
            del self.fields["promised_for"]


class PromiseForm(forms.Form):
    week = WeekField(required=True)
    reason = ReasonField(gettext_lazy("Needed to move a week that was named already."))

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "promise_%s", **kwargs})
        week = self.fields["week"]
        assert isinstance(week, WeekField)  # noqa: S101
        week.offer(at, gettext_lazy("Choose a week"))


class NoteForm(forms.Form):
    words = WordsField(
        label=gettext_lazy("Progress note"),
        max_length=LONGEST_RESPONSE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "note_%s", **kwargs})


class TagsForm(forms.Form):
    tags = TagsField()

    def __init__(self, *args: Any, wish: FeatureRequest, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "tags_%s", **kwargs})
        self.fields["tags"].initial = [tag.pk for tag in wish.tags.all()]


class TeamForm(forms.Form):
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Which team answers for it?"),
        required=False,
        empty_label=gettext_lazy("Not yet with a team"),
    )

    def __init__(self, *args: Any, wish: FeatureRequest, actor: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "team_%s", **kwargs})
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)  # noqa: S101
        team.queryset = Team.objects.visible_to(actor).order_by("name", "pk")
        team.initial = wish.team_id


class VoicesForm(forms.Form):
    """Heard on paper, by telephone or in a room."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How they reached us"),
        choices=Channel.choices,
        initial=Channel.PAPER,
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many people"),
        min_value=1,
        max_value=MOST_VOICES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Say how many people asked for it.")},
    )
    place = PlaceField()
    source = WordsField(
        label=gettext_lazy("Where it can be looked up"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A folder, a day, the number of a call. Seen by the team alone."),
    )
    submission_key = KeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "voices_%s", **kwargs})
        self.fields["place"].label = _("City or county")
        self.fields["place"].help_text = _("Where they were heard. Leave it empty if nobody knows.")


class MergeForm(forms.Form):
    """The other wish, by its number or its address."""

    target = forms.CharField(
        max_length=300,
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Name the other wish.")},
    )
    reason = ReasonField()

    def __init__(self, *args: Any, actor: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "merge_%s", **kwargs})
        self.actor = actor

    def clean_target(self) -> FeatureRequest:
        number = named_in(self.cleaned_data["target"]) or 0
        found = FeatureRequest.objects.visible_to(self.actor).filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no wish of that number."))
        return found
