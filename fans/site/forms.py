from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

from fans.clock.weeks import week_of
from fans.site.actions import Identity


class HolidayForm(forms.Form):
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=80, required=False)
    is_open = forms.ChoiceField(
        label=gettext_lazy("On this day"),
        choices=[
            ("no", gettext_lazy("we are closed")),
            ("yes", gettext_lazy("we work, although it is a weekend")),
        ],
        initial="no",
        widget=forms.RadioSelect,
    )

    def clean_is_open(self) -> bool:
        return bool(self.cleaned_data["is_open"] == "yes")


class RestWeekForm(forms.Form):
    day = forms.DateField(
        label=gettext_lazy("A day of that week"),
        help_text=gettext_lazy("Any day: the whole week rests, from Monday to Sunday."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, for everyone to read"),
        help_text=gettext_lazy("“Spring Festival”, for example."),
        max_length=120,
    )

    @property
    def week(self) -> str:
        return week_of(self.cleaned_data["day"])


class IdentityForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the community"), max_length=60)
    tagline = forms.CharField(
        label=gettext_lazy("What it is, in one line"), max_length=160, required=False
    )
    tagline_zh_hans = forms.CharField(
        label=gettext_lazy("The same line in Simplified Chinese"), max_length=160, required=False
    )
    tagline_zh_hant = forms.CharField(
        label=gettext_lazy("The same line in Traditional Chinese"), max_length=160, required=False
    )
    footer = forms.CharField(
        label=gettext_lazy("At the foot of every page"),
        help_text=gettext_lazy("The company's name and postal address, a licence number."),
        max_length=300,
        required=False,
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Contact address"),
        help_text=gettext_lazy(
            "Shown to everyone: for questions about data and for finders of holes."
        ),
        required=False,
    )

    @property
    def identity(self) -> Identity:
        return Identity(**self.cleaned_data)
