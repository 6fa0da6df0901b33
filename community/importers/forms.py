from django import forms
from django.utils.translation import gettext_lazy as _


class ClaimForm(forms.Form):
    message = forms.CharField(
        label=_("How can we tell?"),
        help_text=_(
            "Only staff read this. The address you used there, or something only you would know "
            "about your posts, helps."
        ),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("It goes into the log. When you decline, the person reads it."),
        max_length=300,
        error_messages={"required": _("Say how you decided.")},
    )
