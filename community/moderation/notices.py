"""What a person is told about their post or themselves: the same words in preview and mail."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from community.moderation.models import SanctionKind
from community.threads.models import Post, Rule, State
from fans.accounts.models import Fan
from fans.mail.letters import letter
from fans.site.models import SiteIdentity
from fans.templatetags.display import time_words


@dataclass(frozen=True)
class Message:
    subject: str
    paragraphs: tuple[str, ...]


def about_post(*, post: Post, became: State, rule: str, note: str) -> Message:
    """Their post was hidden, removed or turned down; in the language of its author."""
    with translation.override(post.author.locale):
        words = {"title": post.thread.title, "rule": Rule(rule).label}
        happened = {
            State.HIDDEN: _("Your post in “%(title)s” was hidden. The rule: %(rule)s."),
            State.REMOVED: _("Your post in “%(title)s” was removed. The rule: %(rule)s."),
            State.REJECTED: _("Your post in “%(title)s” was not published. The rule: %(rule)s."),
        }[became]
        mend = _("You can mend it and send it again.") if became == State.REJECTED else ""
        return Message(
            _("A moderator has decided about your post"),
            _without_gaps(happened % words, _in_their_words(note), mend),
        )


def about_person(
    *, person: Fan, kind: SanctionKind, rule: str, note: str, until: datetime | None
) -> Message:
    """They were warned, muted, suspended or banned; in their language and time zone."""
    with translation.override(person.locale), timezone.override(person.timezone):
        words = {
            "rule": Rule(rule).label,
            "until": _in_their_time(until, person) if until else "",
        }
        happened = {
            SanctionKind.WARN: _("A moderator has warned you. The rule: %(rule)s."),
            SanctionKind.MUTE: _("You cannot write until %(until)s. The rule: %(rule)s."),
            SanctionKind.SUSPEND: _(
                "Your account is suspended until %(until)s. You can read, but not write. "
                "The rule: %(rule)s."
            ),
            SanctionKind.BAN: _("Your account is banned. The rule: %(rule)s."),
        }[kind]
        subject = (
            _("A warning from the moderators")
            if kind == SanctionKind.WARN
            else _("A moderator has limited your account")
        )
        return Message(
            subject,
            _without_gaps(happened % words, _in_their_words(note), _("Nobody else is shown this.")),
        )


def tell(person: Fan, message: Message) -> None:
    """Put the mail into the queue, in the transaction of the decision."""
    if not person.email or person.imported_as or person.erased_at is not None:
        return
    with translation.override(person.locale):
        letter(
            "moderation/mail/decided",
            [person.email],
            {"site": SiteIdentity.current(), "message": message, "name": person.display_name},
        ).send()


def _in_their_time(at: datetime, person: Fan) -> str:
    return f"{time_words(timezone.localtime(at), person.locale)} ({person.timezone})"


def _in_their_words(note: str) -> str:
    return _("The moderator writes: “%(note)s”") % {"note": note} if note else ""


def _without_gaps(*paragraphs: str) -> tuple[str, ...]:
    return tuple(paragraph for paragraph in paragraphs if paragraph)
