from django import forms

from fans.measures.questions import LEAST, MOST


class PulseForm(forms.Form):
    score = forms.TypedChoiceField(
        choices=[(score, str(score)) for score in range(LEAST, MOST + 1)], coerce=int
    )
