"""Everything that writes to threads and posts, by verb."""

from community.threads.actions.answering import accept_answer, withdraw_answer
from community.threads.actions.companions import open_companion, say_what_it_is_about
from community.threads.actions.deleting import delete_post, restore_post
from community.threads.actions.earning import count_post
from community.threads.actions.editing import edit_post, hide_revision, wording_of
from community.threads.actions.moderating import hide, reinstate, remove, restore
from community.threads.actions.posting import reply, start_thread
from community.threads.actions.reacting import react, unreact
from community.threads.actions.reading import (
    mark_all_read,
    mark_read,
    read_own_words,
    undo_mark_all_read,
)
from community.threads.actions.recounting import Wrong, recount_thread
from community.threads.actions.refusals import (
    AlreadyPosted,
    BoardClosed,
    EditedMeanwhile,
    MayNotWrite,
    NotAllowed,
    NotAnAnswer,
    NotInThatState,
    OnlyStaffAnnounce,
    OthersStandBehindIt,
    Refusal,
    RuleMissing,
    SlowMode,
    ThreadLocked,
    TooLate,
)
from community.threads.actions.steering import feature, lock, move, pin, unfeature, unlock, unpin
from community.threads.actions.waiting import (
    publish_approved,
    publish_waiting,
    reject,
    release_waiting,
)

__all__ = [
    "AlreadyPosted",
    "BoardClosed",
    "EditedMeanwhile",
    "MayNotWrite",
    "NotAllowed",
    "NotAnAnswer",
    "NotInThatState",
    "OnlyStaffAnnounce",
    "OthersStandBehindIt",
    "Refusal",
    "RuleMissing",
    "SlowMode",
    "ThreadLocked",
    "TooLate",
    "Wrong",
    "accept_answer",
    "count_post",
    "delete_post",
    "edit_post",
    "feature",
    "hide",
    "hide_revision",
    "lock",
    "mark_all_read",
    "mark_read",
    "move",
    "open_companion",
    "pin",
    "publish_approved",
    "publish_waiting",
    "react",
    "read_own_words",
    "recount_thread",
    "reinstate",
    "reject",
    "release_waiting",
    "remove",
    "reply",
    "restore",
    "restore_post",
    "say_what_it_is_about",
    "start_thread",
    "undo_mark_all_read",
    "unfeature",
    "unlock",
    "unpin",
    "unreact",
    "withdraw_answer",
    "wording_of",
]
