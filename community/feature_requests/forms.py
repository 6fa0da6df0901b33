from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.feature_requests.models import LIGHTEST_TITLE, Stage
from community.products.models import Product, Tag
from community.screening.rules import LIGHTEST_BODY, weight
from community.threads.forms import KeyField, TitleField, WordsField
from fans.accounts.models import Fan

LONGEST_WORDS = 5000
TAGS_AT_MOST = 3


class TagsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The subjects in use."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Tag.objects.filter(retired_at=None).in_order(),
            label=gettext_lazy("Subjects"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """A number larger than SQLite holds is none of theirs."""
        return super().clean([pk for pk in value or () if len(str(pk)) < 19])


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
    tags = TagsField(help_text=gettext_lazy("Up to three, if they fit: they help others find it."))
    submission_key = KeyField()

    def __init__(self, *args: Any, author: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "problem", "proposal"):
            self.fields[name].widget.attrs["data-draft"] = "wish"
        product = self.fields["product"]
        assert isinstance(product, forms.ModelChoiceField)  # noqa: S101
        product.queryset = Product.objects.visible_to(author).in_order()
        if len(made := list(product.queryset[:2])) == 1:
            product.initial = made[0].pk
        tags = self.fields["tags"]
        assert isinstance(tags, TagsField)  # noqa: S101
        if not tags.queryset:
            del self.fields["tags"]

    def clean_tags(self) -> list[Tag]:
        tags = list(self.cleaned_data["tags"])
        if len(tags) > TAGS_AT_MOST:
            raise forms.ValidationError(_("Choose three at most."))
        return tags
