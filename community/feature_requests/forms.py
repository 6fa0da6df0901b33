from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.graph import steps_from
from community.feature_requests.models import LIGHTEST_TITLE, FeatureRequest, Stage, Status
from community.feature_requests.similar import named_in
from community.products.models import Product
from community.screening.rules import LIGHTEST_BODY, weight
from community.threads.forms import KeyField, TitleField, WordsField
from fans.accounts.models import Fan

LONGEST_WORDS = 5000
LONGEST_RESPONSE = 3000
LONGEST_REASON = 300


class WishTitleField(TitleField):
    def validate(self, value: str) -> None:
        super().validate(value)
        if weight(value) < LIGHTEST_TITLE:
            raise forms.ValidationError(_("Say in a few words what you wish for."))


class ProblemField(WordsField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 6}), max_length=LONGEST_WORDS, **kwargs
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.required and weight(value) < LIGHTEST_BODY:
            raise forms.ValidationError(_("That is very short. Say a little more."))


class RequestForm(forms.Form):
    """Problem first: what is wished for follows from it."""

    title = WishTitleField(
        help_text=gettext_lazy("One line, as you would say it to a friend."),
    )
    problem = ProblemField(
        label=gettext_lazy("What is the problem?"),
        help_text=gettext_lazy("When does it happen, to whom, and what do you do instead today?"),
        error_messages={"required": gettext_lazy("Tell what the problem is.")},
    )
    proposal = ProblemField(
        label=gettext_lazy("What do you propose?"),
        required=False,
        help_text=gettext_lazy("Leave it empty if you only know the problem: that is enough."),
    )
    product = forms.ModelChoiceField(
        Product.objects.none(),
        label=gettext_lazy("Product"),
        empty_label=gettext_lazy("Choose a product"),
        error_messages={"required": gettext_lazy("Choose the product it is about.")},
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=[
            (Stage.DESIGN, gettext_lazy("How it should be (design)")),
            (Stage.BUILD, gettext_lazy("How it is made (build)")),
            (Stage.RELEASE, gettext_lazy("How it reaches us (release)")),
            (Stage.SERVICE, gettext_lazy("How we are helped with it (service)")),
        ],
        initial=Stage.DESIGN,
        widget=forms.RadioSelect,
    )
    submission_key = KeyField()

    def __init__(self, *args: Any, author: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product = self.fields["product"]
        assert isinstance(product, forms.ModelChoiceField)  # noqa: S101
        product.queryset = Product.objects.visible_to(author).in_order()
        if len(made := list(product.queryset[:2])) == 1:
            product.initial = made[0].pk


class StatusForm(forms.Form):
    became = forms.ChoiceField(label=gettext_lazy("New status"))
    response = WordsField(
        label=gettext_lazy("Official answer"),
        required=False,
        max_length=LONGEST_RESPONSE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Public, with your team's name. Needed to ask, plan or decline."),
    )
    reason = WordsField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Needed to decline, and to go back to review."),
    )
    promised_for = forms.CharField(
        label=gettext_lazy("Promised for the week"),
        required=False,
        max_length=8,
        help_text=gettext_lazy("As 2026-W50. Kept, or publicly overdue."),
    )

    def __init__(self, *args: Any, wish: FeatureRequest, actor: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "status_%s", **kwargs})
        steps = steps_from(wish.status, is_staff=actor.is_staff)
        became = self.fields["became"]
        assert isinstance(became, forms.ChoiceField)  # noqa: S101
        became.choices = [(step.value, step.label) for step in steps]
        if Status.PLANNED not in steps:
            del self.fields["promised_for"]


class NoteForm(forms.Form):
    words = WordsField(
        label=gettext_lazy("Progress note"),
        max_length=LONGEST_RESPONSE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "note_%s", **kwargs})


class MergeForm(forms.Form):
    """The other wish, by its number or its address."""

    target = forms.CharField(
        label=gettext_lazy("Asks for the same as"),
        max_length=300,
        help_text=gettext_lazy("The number or the address of the wish it is to count with."),
        error_messages={"required": gettext_lazy("Name the other wish.")},
    )
    reason = WordsField(label=gettext_lazy("Reason"), required=False, max_length=LONGEST_REASON)

    def __init__(self, *args: Any, wish: FeatureRequest, actor: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "merge_%s", **kwargs})
        self.actor = actor

    def clean_target(self) -> FeatureRequest:
        number = named_in(self.cleaned_data["target"]) or 0
        found = FeatureRequest.objects.visible_to(self.actor).filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no wish of that number."))
        return found
