"""Everything that writes to wishes, by verb."""

from community.feature_requests.actions.answering import (
    assign_team,
    change_status,
    promise,
    write_note,
)
from community.feature_requests.actions.asking import (
    answer_question,
    close_stale,
    note_answer,
    withdraw_request,
)
from community.feature_requests.actions.filing import file_request
from community.feature_requests.actions.following import follow, mute, unfollow, unmute
from community.feature_requests.actions.locking import lock_open_wishes
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
from community.feature_requests.actions.shipping import reopen_broken, ship, unship
from community.feature_requests.actions.standing import (
    count_young_vote,
    forget_region,
    set_votes_aside,
    stand_again,
    withdraw_all_votes,
)
from community.feature_requests.actions.supporting import (
    add_offline_support,
    record_offline_support,
    withdraw_offline_support,
)
from community.feature_requests.actions.tagging import set_tags
from community.feature_requests.actions.telling import record_step, take_back_steps
from community.feature_requests.actions.voting import cast_vote, swap_vote, withdraw_vote

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
    "assign_team",
    "cast_vote",
    "change_status",
    "close_stale",
    "count_young_vote",
    "file_request",
    "follow",
    "forget_region",
    "lock_open_wishes",
    "merge",
    "mute",
    "note_answer",
    "promise",
    "record_offline_support",
    "record_step",
    "reopen_broken",
    "set_tags",
    "set_votes_aside",
    "ship",
    "stand_again",
    "swap_vote",
    "take_back_steps",
    "undo_merge",
    "unfollow",
    "unmute",
    "unship",
    "withdraw_all_votes",
    "withdraw_offline_support",
    "withdraw_request",
    "withdraw_vote",
    "write_note",
]
