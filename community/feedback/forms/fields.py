"""Fields that several forms of this room have."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from community.feature_requests.models import FeatureRequest
from community.threads.forms import WordsField
from fans.accounts.models import Fan

_MOST_NUMBERS = 3


class LongWordsField(WordsField):
    def __init__(self, *, most: int, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(
            max_length=most,
            widget=forms.Textarea(attrs={"rows": rows, "data-count": most}),
            **kwargs,
        )


class LineField(WordsField):
    """One line; what was pasted with line breaks becomes one."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class NumbersField(forms.CharField):
    """«1, 3»: at most three numbers as they stand on the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=60,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        words = _words_in(super().clean(value))
        if not all(map(_is_number, words)):
            raise forms.ValidationError(_("Only numbers here, like: 1, 3"))
        if len(words) > _MOST_NUMBERS:
            raise forms.ValidationError(_("At most three numbers."))
        return [int(word) for word in words]


def numbers_in(text: str) -> list[int]:
    """What of it is a number."""
    return [int(word) for word in _words_in(text) if _is_number(word)]


def _words_in(text: str) -> list[str]:
    words = [word.lstrip("#") for word in re.split(r"[\s,;、，；/]+", text.strip())]
    return list(dict.fromkeys(filter(None, words)))


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 10


def unknown_wishes(numbers: list[int], reader: Fan) -> list[int]:
    """Those that are no wish this reader may see; one question for any number of them."""
    wishes = FeatureRequest.objects.visible_to(reader).filter(pk__in=numbers)
    known = set(wishes.values_list("pk", flat=True))
    return [number for number in numbers if number not in known]


def no_such_wish(numbers: list[int]) -> forms.ValidationError:
    named = ", ".join(map(str, numbers))
    return forms.ValidationError(
        _("There is no wish with this number: %(numbers)s") % {"numbers": named}
    )
