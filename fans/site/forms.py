from django import forms
from django.utils.translation import gettext_lazy

from fans.site.actions import Identity


class IdentityForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the community"), max_length=60)
    tagline = forms.CharField(
        label=gettext_lazy("What it is, in one line"), max_length=160, required=False
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
