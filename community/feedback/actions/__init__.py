from community.feedback.actions.answering import (
    make_request,
    next_states,
    say_whether_solved,
    take_step,
    triage,
)
from community.feedback.actions.bugs import confirm_bug, withdraw_confirmation
from community.feedback.actions.departments import department_for, name_departments
from community.feedback.actions.filing import Said, file_feedback, say_me_too, take_back_me_too
from community.feedback.actions.logs import StoredLog, discard_log, store_log
from community.feedback.actions.paper import (
    PaperForm,
    accept_batch,
    hand_in,
    open_batch,
    record_form,
    refuse_batch,
    take_out_form,
)
from community.feedback.actions.refusals import (
    AnswerMissing,
    BatchEmpty,
    BatchFull,
    BecameRequest,
    CannotBeDuplicate,
    KeptFromPublic,
    NobodyToCredit,
    NoSuchStep,
    NotOpen,
    NotTheirs,
    Refusal,
)
from community.feedback.actions.showing import hide, release, show

__all__ = [
    "AnswerMissing",
    "BatchEmpty",
    "BatchFull",
    "BecameRequest",
    "CannotBeDuplicate",
    "KeptFromPublic",
    "NoSuchStep",
    "NobodyToCredit",
    "NotOpen",
    "NotTheirs",
    "PaperForm",
    "Refusal",
    "Said",
    "StoredLog",
    "accept_batch",
    "confirm_bug",
    "department_for",
    "discard_log",
    "file_feedback",
    "hand_in",
    "hide",
    "make_request",
    "name_departments",
    "next_states",
    "open_batch",
    "record_form",
    "refuse_batch",
    "release",
    "say_me_too",
    "say_whether_solved",
    "show",
    "store_log",
    "take_back_me_too",
    "take_out_form",
    "take_step",
    "triage",
    "withdraw_confirmation",
]
