"""Refusals in words for whoever asked: what happened, what is safe, what to do."""

from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.threads import actions
from fans import clock


def in_words(refusal: actions.Refusal) -> str:
    match refusal:
        case actions.MayNotWrite():
            return refusal.reason
        case actions.AlreadyPosted():
            return format_html(
                '{} <a href="{}">{}</a>',
                _("You posted the same words a moment ago."),
                refusal.post.get_absolute_url(),
                _("See your post"),
            )
        case actions.SlowMode():
            return _slow_mode(refusal)
        case actions.EditedMeanwhile():
            return _(
                "This post was changed while you were writing. Both texts are below: bring them together and save again."
            )
        case _:
            return str(_PLAIN[type(refusal)])


def _slow_mode(refusal: actions.SlowMode) -> str:
    seconds = max(1, round((refusal.until - clock.now()).total_seconds()))
    return _(
        "This board takes things slowly: you can post again in %(seconds)d seconds, at %(time)s."
    ) % {"seconds": seconds, "time": f"{timezone.localtime(refusal.until):%H:%M:%S}"}


_PLAIN: dict[type[actions.Refusal], Any] = {
    actions.NotAllowed: gettext_lazy("That is not yours to do."),
    actions.BoardClosed: gettext_lazy("This board takes no new posts. Choose another."),
    actions.OnlyStaffAnnounce: gettext_lazy("Only staff open announcements."),
    actions.ThreadLocked: gettext_lazy("This thread is closed: it can be read, but not answered."),
    actions.NotInThatState: gettext_lazy("Something changed meanwhile. Look again."),
    actions.TooLate: gettext_lazy("It was deleted more than a day ago and cannot be brought back."),
    actions.OthersStandBehindIt: gettext_lazy(
        "Others stand behind this by now. It can be edited here, and ended on its own page."
    ),
    actions.NotAnAnswer: gettext_lazy("Only a reply to a question can be its answer."),
    actions.RuleMissing: gettext_lazy("Name the rule."),
}
