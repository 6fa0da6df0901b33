"""What staff type about the words of a week."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.fridays.models import Grid
from community.threads.forms import WordsField

LARGEST = 2**31 - 1


class _OfReport(forms.Form):
    report = forms.IntegerField(min_value=1, max_value=LARGEST)


class QuoteForm(_OfReport):
    grid = forms.ChoiceField(choices=[(Grid.LOVED.value, ""), (Grid.NOT_GOOD.value, "")])
    words = WordsField(max_length=500)


class WishForm(_OfReport):
    title = WordsField(max_length=120, required=False)


class AnswerForm(forms.Form):
    """What the company says to one complaint; to which, stands in hidden fields."""

    item = forms.IntegerField(
        min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput
    )
    area = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    words = WordsField(
        label=_("The company's answer"),
        help_text=_("Markdown. Everyone reads it beside the complaint."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
