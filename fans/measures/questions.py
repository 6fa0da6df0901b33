"""The one question staff are asked a week (spec §10). They take turns, so each comes again."""

from django.utils.translation import gettext_lazy as _

from fans.clock.weeks import monday_of

QUESTIONS = (
    _("This week I had the time to listen to fans."),
    _("What fans told us changed what I did this week."),
    _("I could answer fans honestly this week."),
    _("I would be glad to show a friend what we shipped last."),
    _("I know what we promised to fans, and we can keep it."),
    _("Working in the open felt good this week."),
)
LEAST, MOST = 1, 5


def question_of(week: str) -> str:
    return str(QUESTIONS[number_of(week)])


def number_of(week: str) -> int:
    """Which question it is; a year of 53 weeks does not repeat one."""
    return monday_of(week).toordinal() // 7 % len(QUESTIONS)
