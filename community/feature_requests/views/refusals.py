"""Refusals in words for whoever asked: what happened, what is safe, what to do."""

from typing import Any

from django.utils.translation import gettext_lazy

from community.feature_requests import actions


def in_words(refusal: actions.Refusal) -> str:
    if isinstance(refusal, actions.MayNotWrite):
        return refusal.reason
    return str(_PLAIN[type(refusal)])


_PLAIN: dict[type[actions.Refusal], Any] = {
    actions.NotAllowed: gettext_lazy("That is not yours to do."),
    actions.StaffCastNoVotes: gettext_lazy("Staff cast no votes: the wishes are the fans'."),
    actions.VotingClosed: gettext_lazy("Voting has closed here: its count is final."),
    actions.NoVoteLeft: gettext_lazy("All your votes are in use. Take one back to vote here."),
    actions.NotInThatState: gettext_lazy("The wish has moved on meanwhile. Look again."),
    actions.ResponseMissing: gettext_lazy("Say something to those who wait: it is shown to all."),
    actions.ReasonMissing: gettext_lazy("Give the reason."),
    actions.NoSuchWeek: gettext_lazy("Write the week as 2026-W50."),
    actions.HasVotes: gettext_lazy(
        "Others stand behind this wish by now: it can no longer be taken back."
    ),
    actions.MergeCycle: gettext_lazy("That wish leads back to this one already."),
    actions.NotOpen: gettext_lazy("Only wishes that are still open can be merged."),
    actions.NotOnTheWay: gettext_lazy("Only what is planned, built or tested can ship."),
}
