from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.products.actions import ProductDetails, TagDetails, TeamDetails

_ADDRESS_HELP = gettext_lazy("Small letters, digits and hyphens.")


class _WithAddress(forms.Form):
    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    def refuse_slug(self) -> None:
        self.add_error("slug", _("This address is taken. Choose another."))


class ProductForm(_WithAddress):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=60, help_text=_ADDRESS_HELP)
    tagline = forms.CharField(
        label=gettext_lazy("What it is, in one line"), max_length=160, required=False
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Release day"), choices=list(WEEKDAYS.items()), coerce=int, initial=4
    )
    hour = forms.IntegerField(
        label=gettext_lazy("Release hour"),
        min_value=0,
        max_value=23,
        initial=17,
        help_text=gettext_lazy(
            "On the platform's clock. Weeks that stand on the calendar keep their times."
        ),
    )
    cadence_weeks = forms.IntegerField(
        label=gettext_lazy("A build every … weeks"), min_value=1, max_value=52, initial=1
    )
    is_main = forms.BooleanField(
        label=gettext_lazy("The main product: the week turns around it"), required=False
    )

    @property
    def details(self) -> ProductDetails:
        return ProductDetails(**self.cleaned_data)


class TeamForm(_WithAddress):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=60, help_text=_ADDRESS_HELP)

    @property
    def details(self) -> TeamDetails:
        return TeamDetails(**self.cleaned_data)


class TagForm(_WithAddress):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    name_zh_hans = forms.CharField(
        label=gettext_lazy("In simplified Chinese"), max_length=40, required=False
    )
    name_zh_hant = forms.CharField(
        label=gettext_lazy("In traditional Chinese"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Left empty, the name above is shown."),
    )
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=60, help_text=_ADDRESS_HELP)

    @property
    def details(self) -> TagDetails:
        return TagDetails(**self.cleaned_data)


class MemberForm(forms.Form):
    handle = forms.CharField(
        label=gettext_lazy("Handle of a member of staff"), max_length=31, min_length=3
    )

    def clean_handle(self) -> str:
        return str(self.cleaned_data["handle"]).removeprefix("@")
