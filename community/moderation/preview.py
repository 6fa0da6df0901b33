from datetime import datetime, timedelta

from community.moderation import notices
from community.moderation.actions import Decision, Verb
from community.moderation.models import Case, SanctionKind
from community.threads.models import State

_BECOMES = {Verb.HIDE: State.HIDDEN, Verb.REMOVE: State.REMOVED}


def preview_of(case: Case, decision: Decision, at: datetime) -> list[notices.Message]:
    """What the person would read, in their language; nothing when nothing happens to them."""
    shown = []
    if case.post is not None and decision.verb in _BECOMES:
        shown.append(
            notices.about_post(
                post=case.post,
                became=_BECOMES[decision.verb],
                rule=decision.rule,
                note=decision.note,
            )
        )
    if decision.sanction:
        until = at + timedelta(days=decision.days) if decision.days else None
        shown.append(
            notices.about_person(
                person=case.person,
                kind=SanctionKind(decision.sanction),
                rule=decision.rule,
                note=decision.note,
                until=until,
            )
        )
    return shown
