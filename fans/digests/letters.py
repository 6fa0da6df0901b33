"""One fan's letter, from the sections that had something to tell (spec §8 D2)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fans.accounts.models import Fan
from fans.digests.models import Issue
from fans.digests.sections import Section
from fans.digests.tokens import unsubscribe_address
from fans.site.models import SiteIdentity

MOST_BYTES = 60_000
SUBJECT_LENGTH = 50


@dataclass(frozen=True)
class Part:
    title: str
    html: str
    text: str


def message_id_of(issue: Issue, fan: Fan) -> str:
    """The same for the same letter, whoever writes it and however often."""
    return f"<weekly-{issue.week}-{fan.pk}@{_host()}>"


def letter_for(issue: Issue, fan: Fan, sections: list[Section]) -> EmailMultiAlternatives:
    """In the active language; sections from the end are left out until it is small enough."""
    shared = {
        "site": SiteIdentity.current(),
        "site_url": settings.SITE_URL,
        "language": get_language(),
        "reader": fan,
        "week": issue.week,
        "stop_address": unsubscribe_address(fan),
    }
    parts = [_part(section, shared) for section in sections]
    subject = _subject(sections, issue)
    while True:
        message = _message(fan, subject, {**shared, "parts": parts})
        if len(parts) == 1 or len(message.message().as_bytes()) <= MOST_BYTES:
            return message
        parts.pop()


def _part(section: Section, shared: dict[str, Any]) -> Part:
    context = {**shared, **section.context}
    text = section.text_template or section.template.removesuffix(".html") + ".txt"
    return Part(
        title=section.title,
        html=render_to_string(section.template, context),
        text=_as_text(text, context),
    )


def _as_text(template: str, context: dict[str, Any]) -> str:
    """Plain text is nobody's markup: nothing in it is escaped."""
    found: Any = get_template(template)
    written: str = found.template.render(Context(context, autoescape=False))
    return written.strip()


def _message(fan: Fan, subject: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    everything = {**context, "subject": subject}
    message = EmailMultiAlternatives(
        subject,
        _as_text("digests/mail/letter.txt", everything) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [fan.email],
        headers={
            "List-Unsubscribe": f"<{context['stop_address']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<weekly.{_host()}>",
        },
    )
    message.attach_alternative(
        render_to_string("digests/mail/letter.html", everything), "text/html"
    )
    return message


def _subject(sections: list[Section], issue: Issue) -> str:
    """The fact first; whatever a title holds, it is one short line."""
    headline = next((section.headline for section in sections if section.headline), "")
    number = int(issue.week.rpartition("W")[2])
    words = headline or _("Your week: Orange weekly %(number)s") % {"number": number}
    line = " ".join(words.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1].rstrip()}…"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
