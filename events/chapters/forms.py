from django import forms
from django.utils.translation import gettext_lazy

from fans.accounts.forms import PlaceField


class ChapterForm(forms.Form):
    place = PlaceField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["place"]
        field.label, field.required = gettext_lazy("City"), True
        field.help_text = gettext_lazy("A city or prefecture, in any language or pinyin.")


class HostForm(forms.Form):
    handle = forms.CharField(label=gettext_lazy("Handle of a fan"), max_length=31, min_length=3)
    is_deputy = forms.BooleanField(label=gettext_lazy("As a deputy"), required=False)

    def clean_handle(self) -> str:
        return str(self.cleaned_data["handle"]).strip().removeprefix("@")
