from typing import Any, cast

from django import template
from django.forms import Form

from community.threads.forms import new_key

register = template.Library()


@register.simple_tag(takes_context=True)
def submission_key(context: dict[str, Any], form: Form | str | None) -> str:
    """The key of the form that is shown: kept when it comes back with an error (C3).

    A form made once for many readers holds a place for each reader's key instead.
    """
    if place := context.get("place_of_key"):
        return cast(str, place)
    if isinstance(form, Form) and form.is_bound:
        return str(form.data.get("submission_key") or new_key())
    return new_key()
