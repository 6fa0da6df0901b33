"""A mail from its templates: `<name>_subject.txt` and `<name>_message.txt`.

The HTML version is made from the written text, so that both say the same: a paragraph that is
one address of ours becomes a button, one that is a code is shown large, all else is escaped.
Nothing else becomes a link, so a name like «pay-here.example» stays a name.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

_CODE = re.compile(r"[0-9A-Z]{3,8}(-[0-9A-Z]{3,8})?")


def letter(
    template_prefix: str, recipients: Sequence[str], context: Mapping[str, Any]
) -> EmailMultiAlternatives:
    """A mail in the active language, ready to be sent. `context` holds `site`, as on every page."""
    everything = {**context, "site_url": settings.SITE_URL}
    subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", everything).split())
    written = render_to_string(f"{template_prefix}_message.txt", everything).strip()
    text = re.sub(r"\n{3,}", "\n\n", written) + "\n"
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, list(recipients))
    page = {
        **everything,
        "subject": subject,
        "paragraphs": [_paragraph(part) for part in text.strip().split("\n\n")],
        "language": get_language(),
    }
    message.attach_alternative(render_to_string("mail/letter.html", page), "text/html")
    return message


def _paragraph(words: str) -> dict[str, object]:
    return {
        "words": words,
        "is_link": words.startswith(f"{settings.SITE_URL}/") and len(words.split()) == 1,
        "is_code": bool(_CODE.fullmatch(words)),
    }
