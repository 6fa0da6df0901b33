"""Shape and clean what a plan says; the rules are with the actions."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import FeatureRequest
from community.threads.forms import KeyField, TitleField, WordsField
from events.meetups.actions import MeetupDetails
from events.meetups.local_time import FORMAT
from events.meetups.models import Meetup, MeetupKind
from fans.accounts.forms import PlaceField
from fans.accounts.models import Fan

MOST_SEATS = 10_000
MOST_WISHES = 10
_NUMBER = re.compile(r"(?:requests/|#|^)(\d{1,18})\b")


class LocalTimeField(forms.CharField):
    """`2026-11-28T14:00`: what a `datetime-local` input sends, without any zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT), **kwargs
        )

    def clean(self, value: Any) -> Any:
        words = str(super().clean(value) or "")[:16].replace(" ", "T")
        try:
            wall = datetime.strptime(words, FORMAT)  # noqa: DTZ007 - a wall clock has no zone
        except ValueError as error:
            raise forms.ValidationError(_("Give a day and a time: 2026-11-28 14:00.")) from error
        if not 2000 <= wall.year <= 2100:
            raise forms.ValidationError(_("Give a day and a time: 2026-11-28 14:00."))
        return words


class TimesForm(forms.Form):
    starts_local = LocalTimeField(label=gettext_lazy("Begins"))
    ends_local = LocalTimeField(label=gettext_lazy("Ends"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("starts_local"), given.get("ends_local")
        if starts and ends and ends <= starts:
            self.add_error("ends_local", _("It ends before it begins."))
        return given


class VenueForm(forms.Form):
    venue = WordsField(label=gettext_lazy("Venue"), max_length=120)
    address = WordsField(label=gettext_lazy("Address"), max_length=200)
    access_notes = WordsField(
        label=gettext_lazy("Getting in"),
        help_text=gettext_lazy("Steps, lifts, toilets, quiet corners: what somebody must know."),
        max_length=300,
        required=False,
    )


class MeetupForm(TimesForm, VenueForm):
    title = TitleField()
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MeetupKind.choices)
    place = PlaceField()
    address_is_for_attendees = forms.BooleanField(
        label=gettext_lazy("Show the address only to those who have a seat"), required=False
    )
    legal_capacity = forms.IntegerField(
        label=gettext_lazy("How many people the venue may legally hold"),
        min_value=1,
        max_value=MOST_SEATS,
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats, guests included"), min_value=1, max_value=MOST_SEATS
    )
    guests_allowed = forms.TypedChoiceField(
        label=gettext_lazy("Guests"),
        choices=[(0, gettext_lazy("none")), (1, gettext_lazy("one for each fan"))],
        coerce=int,
        initial=0,
    )
    reserve_share = forms.IntegerField(
        label=gettext_lazy("Percent of the seats kept for people who were never at a meetup"),
        help_text=gettext_lazy("Until 72 hours before. A city's first three meetups keep none."),
        min_value=0,
        max_value=50,
        initial=20,
    )
    description = WordsField(
        label=gettext_lazy("What happens there"),
        help_text=gettext_lazy("Markdown works. It opens the meetup's thread."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    agenda = WordsField(
        label=gettext_lazy("Wishes to talk about"),
        help_text=gettext_lazy("Their numbers or addresses, one on each line."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    submission_key = KeyField()
    field_order = (
        *("title", "kind", "place", "venue", "address", "address_is_for_attendees"),
        *("access_notes", "starts_local", "ends_local", "legal_capacity", "capacity"),
        *("guests_allowed", "reserve_share", "description", "agenda"),
    )

    def __init__(self, *args: Any, planner: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.planner = planner
        field = self.fields["place"]
        field.label, field.required = gettext_lazy("City"), True
        field.help_text = gettext_lazy("Times are those of this city.")

    def clean_agenda(self) -> tuple[FeatureRequest, ...]:
        lines = [line.strip() for line in self.cleaned_data["agenda"].splitlines() if line.strip()]
        if len(lines) > MOST_WISHES:
            raise forms.ValidationError(
                _("At most %(count)d wishes fit into one meetup.") % {"count": MOST_WISHES}
            )
        numbers = [int(found[1]) for line in lines if (found := _NUMBER.search(line))]
        visible = FeatureRequest.objects.visible_to(self.planner).listed().in_bulk(numbers)
        if len(numbers) < len(lines) or any(number not in visible for number in numbers):
            raise forms.ValidationError(_("One of these is no wish that can be seen here."))
        return tuple(visible[number] for number in dict.fromkeys(numbers))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        seats, most = given.get("capacity"), given.get("legal_capacity")
        if seats and most and seats > most:
            self.add_error("capacity", _("More than the venue may hold."))
        return given

    @property
    def details(self) -> MeetupDetails:
        kept = {
            name: value for name, value in self.cleaned_data.items() if name != "submission_key"
        }
        return MeetupDetails(**kept)


def details_of(meetup: Meetup) -> dict[str, object]:
    """What the form of a plan starts with."""
    same = (
        *("title", "kind", "venue", "address", "address_is_for_attendees", "access_notes"),
        *("starts_local", "ends_local", "legal_capacity", "capacity", "guests_allowed"),
        *("reserve_share", "description"),
    )
    wishes = meetup.agenda.order_by("position", "pk").values_list("feature_request", flat=True)
    return {
        **{name: getattr(meetup, name) for name in same},
        "place": meetup.place.label,
        "agenda": "\n".join(f"#{pk}" for pk in wishes),
    }


class ReasonForm(forms.Form):
    reason = WordsField(label=gettext_lazy("Reason"), max_length=300)
