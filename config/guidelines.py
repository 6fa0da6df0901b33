"""The rule codes in plain words: what each means, and what happens (spec §9)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.threads.models import Rule


@dataclass(frozen=True)
class Guideline:
    rule: Rule
    meaning: str | Promise
    outcome: str | Promise


GUIDELINES = (
    Guideline(
        Rule.SPAM,
        _("The same words again and again, or links nobody here asked for."),
        _("We take it away. An account made for nothing else is closed."),
    ),
    Guideline(
        Rule.ABUSE,
        _("Words meant to hurt a person or a group: insults, threats, hounding."),
        _("We take the words away. Who goes on is muted, then suspended."),
    ),
    Guideline(
        Rule.SCALPING,
        _("Buying up seats, codes or devices to sell them on at a higher price."),
        _("We take the offer away, and what it sells is no longer valid where we can see to it."),
    ),
    Guideline(
        Rule.VOTE_RIGGING,
        _("More than one account, or people paid or pressed, to make one wish look bigger."),
        _("Those votes no longer count. The wish itself stays."),
    ),
    Guideline(
        Rule.LEAKED_BUILD,
        _("Files or pictures of a build that its testers were asked to keep to themselves."),
        _("We take them away and ask where they came from. Access to early builds can end."),
    ),
    Guideline(
        Rule.PERSONAL_DATA,
        _("Somebody's address, number, face or private message, shown without their yes."),
        _("It is hidden at once. If it was your own, tell us and it goes."),
    ),
    Guideline(
        Rule.ILLEGAL,
        _("What the law forbids us to show, wherever this community is at home."),
        _("We take it away, and hand it on only where the law requires it."),
    ),
    Guideline(
        Rule.SALES_POST,
        _("Selling or advertising where people come to talk."),
        _("We take the post away. There is no harm in saying once that you make something."),
    ),
    Guideline(
        Rule.UNDISCLOSED_SPONSORSHIP,
        _("A review of something you were lent, given or paid for, without saying so."),
        _("We ask you to add it. A review that hides it on purpose comes down."),
    ),
    Guideline(
        Rule.PLAGIARISM,
        _("Somebody else's words or pictures, passed off as your own."),
        _("We take it away. Quoting with the name of who said it is always welcome."),
    ),
)
