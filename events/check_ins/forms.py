from django import forms
from django.utils.translation import gettext_lazy

from community.threads.forms import BodyField, KeyField, TitleField, WordsField


class DoorForm(forms.Form):
    """A scanned or typed code, or somebody chosen from the list."""

    code = forms.CharField(
        label=gettext_lazy("Ticket code"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    fan = forms.CharField(required=False, max_length=31, widget=forms.HiddenInput)


class SurveyForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=gettext_lazy("How was it?"),
        choices=[
            (5, gettext_lazy("wonderful")),
            (4, gettext_lazy("good")),
            (3, gettext_lazy("fair")),
            (2, gettext_lazy("poor")),
            (1, gettext_lazy("bad")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )
    words = WordsField(
        label=gettext_lazy("What should be different next time?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RecapForm(forms.Form):
    title = TitleField()
    source = BodyField(label=gettext_lazy("What it was like"))
    submission_key = KeyField()
