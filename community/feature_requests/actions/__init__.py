"""Everything that writes to wishes, by verb."""

from community.feature_requests.actions.answering import (
    answer_question,
    change_status,
    close_stale,
    note_answer,
    withdraw_request,
    write_note,
)
from community.feature_requests.actions.filing import file_request
from community.feature_requests.actions.following import follow, mute, unfollow, unmute
from community.feature_requests.actions.merging import merge, undo_merge
from community.feature_requests.actions.refusals import (
    HasVotes,
    MayNotWrite,
    MergeCycle,
    NoSuchWeek,
    NotAllowed,
    NotInThatState,
    NotOnTheWay,
    NotOpen,
    NoVoteLeft,
    ReasonMissing,
    Refusal,
    ResponseMissing,
    StaffCastNoVotes,
    VotingClosed,
)
from community.feature_requests.actions.shipping import add_offline_support, ship, unship
from community.feature_requests.actions.telling import record_step
from community.feature_requests.actions.voting import (
    cast_vote,
    count_young_vote,
    lock_open_wishes,
    set_votes_aside,
    withdraw_all_votes,
    withdraw_vote,
)

__all__ = [
    "HasVotes",
    "MayNotWrite",
    "MergeCycle",
    "NoSuchWeek",
    "NoVoteLeft",
    "NotAllowed",
    "NotInThatState",
    "NotOnTheWay",
    "NotOpen",
    "ReasonMissing",
    "Refusal",
    "ResponseMissing",
    "StaffCastNoVotes",
    "VotingClosed",
    "add_offline_support",
    "answer_question",
    "cast_vote",
    "change_status",
    "close_stale",
    "count_young_vote",
    "file_request",
    "follow",
    "lock_open_wishes",
    "merge",
    "mute",
    "note_answer",
    "record_step",
    "set_votes_aside",
    "ship",
    "undo_merge",
    "unfollow",
    "unmute",
    "unship",
    "withdraw_all_votes",
    "withdraw_request",
    "withdraw_vote",
    "write_note",
]
