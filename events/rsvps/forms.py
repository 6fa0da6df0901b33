from django import forms
from django.utils.translation import gettext_lazy

from events.meetups.forms import MOST_SEATS


class ReplyForm(forms.Form):
    guest_count = forms.IntegerField(min_value=0, max_value=1, required=False)
    shows_name = forms.BooleanField(required=False)

    @property
    def guests(self) -> int:
        return self.cleaned_data.get("guest_count") or 0


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats, guests included"), min_value=1, max_value=MOST_SEATS
    )
