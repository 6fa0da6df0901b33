from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from community.moderation.actions import LONGEST_DAYS, Decision, Verb
from community.moderation.models import SanctionKind
from community.threads.models import Rule

NO_RULE = [("", gettext_lazy("Choose a rule"))]


class FlagForm(forms.Form):
    rule = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Rule.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    note = forms.CharField(
        label=_("What should we know?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only moderators read this."),
    )


class DecisionForm(forms.Form):
    """Four verbs on one plain form: what becomes of the post, and of the person."""

    verb = forms.ChoiceField(
        label=_("What becomes of the post"), choices=Verb.choices, widget=forms.RadioSelect
    )
    rule = forms.ChoiceField(
        label=_("By which rule"),
        choices=[*NO_RULE, *Rule.choices],
        required=False,
        help_text=_("Needed for everything but keeping it. Disliking the product is no rule."),
    )
    note = forms.CharField(
        label=_("Words to the person"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read this with the rule. For «Illegal», name the law or the notice."),
    )
    sanction = forms.ChoiceField(
        label=_("And the person"),
        choices=[("", _("Nothing more")), *SanctionKind.choices],
        required=False,
        help_text=_("A ban takes effect when a second person agrees."),
    )
    days = forms.IntegerField(
        label=_("For how many days"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=_("A mute lasts 1 to 30 days, a suspension 1 to 365."),
    )

    def __init__(self, *args: Any, about_a_person: bool, may_sanction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about_a_person:
            del self.fields["verb"]
        if not may_sanction:
            del self.fields["sanction"], self.fields["days"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("sanction", "")
        takes_action = cleaned.get("verb", Verb.KEEP) != Verb.KEEP or kind
        if takes_action and not cleaned.get("rule") and "rule" not in self.errors:
            self.add_error("rule", gettext("Choose the rule that was broken."))
        if cleaned.get("rule") == Rule.ILLEGAL and takes_action and not cleaned.get("note"):
            self.add_error("note", gettext("Name the law or the notice."))  # C1
        if kind in LONGEST_DAYS and "days" not in self.errors:
            self._check_days(cleaned.get("days"), LONGEST_DAYS[SanctionKind(kind)])
        return cleaned

    def _check_days(self, days: int | None, longest: int) -> None:
        if days is None or days > longest:
            self.add_error(
                "days",
                gettext("Give a number of days from 1 to %(longest)d.") % {"longest": longest},
            )

    def decision(self) -> Decision:
        return Decision(
            verb=Verb(self.cleaned_data.get("verb", Verb.KEEP)),
            rule=self.cleaned_data["rule"],
            note=self.cleaned_data["note"],
            sanction=self.cleaned_data.get("sanction", ""),
            days=self.cleaned_data.get("days"),
        )


class WaitingForm(forms.Form):
    """A batch of waiting posts: publish them, or turn them down by a rule."""

    verb = forms.ChoiceField(choices=[("publish", ""), ("reject", "")])
    rule = forms.ChoiceField(
        label=_("By which rule"), choices=[*NO_RULE, *Rule.choices], required=False
    )
    note = forms.CharField(
        label=_("Words to the author"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, offered: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer = [(pk, str(pk)) for pk in offered]
        self.fields["posts"] = forms.TypedMultipleChoiceField(
            coerce=int,
            choices=offer,
            error_messages={
                "required": _("Choose at least one post."),
                "invalid_choice": _("A colleague has decided about one of these meanwhile."),
            },
        )

    def clean_rule(self) -> str:
        rule = str(self.cleaned_data["rule"])
        if self.data.get("verb") == "reject" and not rule:
            raise ValidationError(gettext("Choose the rule that was broken."))
        return rule


class WordForm(forms.Form):
    word = forms.CharField(
        label=_("Word to watch"),
        max_length=60,
        help_text=_("Posts with it wait for a moderator, whoever writes them."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False)
