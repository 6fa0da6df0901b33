from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fans.notifications.kinds import kinds


class TellingForm(forms.Form):
    """What may reach somebody: a switch for each kind of notice, and the weekly letter."""

    kinds = forms.MultipleChoiceField(required=False)
    wants_weekly = forms.BooleanField(
        required=False, label=_("Send me the Orange weekly on Fridays")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, kind.label) for name, kind in kinds().items()]
        self.fields["kinds"].choices = choices  # type: ignore[attr-defined]
