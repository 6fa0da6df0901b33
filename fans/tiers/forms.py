from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fans.accounts.models import Role


class PeopleSearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name, handle or e-mail address"), max_length=100)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the audit log."),
        max_length=300,
    )

    def __init__(self, *args: Any, scope_choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"] = forms.MultipleChoiceField(
            label=gettext_lazy("Where a moderator keeps order"),
            required=False,
            choices=scope_choices,
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(["role", "scopes", "reason"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("role") == Role.MODERATOR and not data.get("scopes"):
            self.add_error("scopes", _("Say where this person keeps order."))
        return data


class NominationForm(forms.Form):
    statement = forms.CharField(
        label=gettext_lazy("Why this person"),
        help_text=gettext_lazy("What they did and what came of it. Both reviewers read it."),
        min_length=20,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the audit log."),
        max_length=300,
    )


class RulesForm(forms.Form):
    seat_limit = forms.IntegerField(
        label=gettext_lazy("Seats for honorary developers"),
        help_text=gettext_lazy("Lowering it takes a seat or an offer from nobody."),
        min_value=0,
        max_value=10_000,
    )
