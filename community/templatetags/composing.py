from django import template
from django.forms import Form

from community.threads.forms import new_key

register = template.Library()


@register.simple_tag
def submission_key(form: Form | str | None) -> str:
    """The key of the form that is shown: kept when it comes back with an error (C3)."""
    if isinstance(form, Form) and form.is_bound:
        return str(form.data.get("submission_key") or new_key())
    return new_key()
