"""Everything that keeps order, by verb."""

from community.moderation.actions.claiming import claim, withdraw_claim
from community.moderation.actions.deciding import Decision, Verb, decide, show_post
from community.moderation.actions.flagging import flag_fan, flag_post, show_again
from community.moderation.actions.refusals import (
    DecidedByColleague,
    HeldByColleague,
    NotAllowed,
    OwnWords,
    Refusal,
    RuleMissing,
    SamePerson,
    TooLong,
    WordTooShort,
)
from community.moderation.actions.sanctioning import (
    LONGEST_DAYS,
    confirm_ban,
    let_ban_stand,
    lift_sanction,
    sanction,
)
from community.moderation.actions.screening import publish_post, reject_post
from community.moderation.actions.watching import unwatch_word, watch_word

__all__ = [
    "LONGEST_DAYS",
    "DecidedByColleague",
    "Decision",
    "HeldByColleague",
    "NotAllowed",
    "OwnWords",
    "Refusal",
    "RuleMissing",
    "SamePerson",
    "TooLong",
    "Verb",
    "WordTooShort",
    "claim",
    "confirm_ban",
    "decide",
    "flag_fan",
    "flag_post",
    "let_ban_stand",
    "lift_sanction",
    "publish_post",
    "reject_post",
    "sanction",
    "show_again",
    "show_post",
    "unwatch_word",
    "watch_word",
    "withdraw_claim",
]
