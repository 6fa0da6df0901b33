from datetime import datetime

from django.db import transaction
from django.db.models import Q

from community.moderation.actions.refusals import OwnWords
from community.moderation.models import SAFETY_RULES, Case, Flag, Outcome, due_at
from community.threads import actions as threads
from community.threads.models import Post, Rule, State
from fans.accounts.models import Fan, Role
from fans.tiers.models import Tier

HIDING_FLAGS = 3


@transaction.atomic
def flag_post(*, post: Post, reporter: Fan | None, rule: str, at: datetime, note: str = "") -> Case:
    """Report a post. A guest is `None`. Reporting twice is the same as once.

    Three core or founding fans who name the same safety rule hide it until somebody looks,
    for 24 hours at most (spec §9); what staff wrote is never hidden this way.
    """
    if reporter is not None and post.author_id == reporter.pk:
        raise OwnWords
    case = _open_case(post=post, about=post.author, rule=rule, at=at)
    if _flag(case, reporter, rule, note, at) and _is_hidden_by_flags(case, rule):
        _hide(case, rule, at)
    return case


@transaction.atomic
def flag_fan(*, fan: Fan, reporter: Fan | None, rule: str, at: datetime, note: str = "") -> Case:
    """Report a person. Reporting twice is the same as once."""
    if reporter is not None and fan.pk == reporter.pk:
        raise OwnWords
    case = _open_case(post=None, about=fan, rule=rule, at=at)
    _flag(case, reporter, rule, note, at)
    return case


def _open_case(*, post: Post | None, about: Fan, rule: str, at: datetime) -> Case:
    """The one open case, locked: flags that come together are counted one after the other."""
    due = due_at(rule, at)
    beginning = {"about": about, "opened_at": at, "due_at": due}
    of_person = {} if post else {"about": about}
    while True:
        case, is_new = Case.objects.get_or_create(
            post=post, decided_at=None, **of_person, defaults=beginning
        )
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if locked.decided_at is None:
            break
        # Decided between the two lines: what is said now is said about what stands now, together
        # with whoever else came just then.
    if not is_new and due < locked.due_at:
        locked.due_at = due
        locked.save(update_fields=["due_at"])
    return locked


def _flag(case: Case, reporter: Fan | None, rule: str, note: str, at: datetime) -> bool:
    """Whether this is a new flag."""
    if reporter is None:
        Flag.objects.create(case=case, rule=rule, note=note, flagged_at=at)
        return True
    _, is_new = Flag.objects.get_or_create(
        case=case,
        reporter=reporter,
        defaults={"rule": rule, "note": note, "flagged_at": at},
    )
    return is_new


def _is_hidden_by_flags(case: Case, rule: str) -> bool:
    if rule not in SAFETY_RULES or case.person.is_staff or case.hidden_by_flags_at is not None:
        return False
    counts = Q(reporter__founding_since_date__isnull=False) | Q(
        reporter__standing__tier__in=[Tier.CORE, Tier.HONORARY_DEV],
        reporter__role__in=[Role.FAN, Role.MODERATOR],  # staff hold no tier
    )
    # Whoever was told before that this post may stand does not take it away again.
    overruled = Flag.objects.filter(
        case__post=case.post, case__outcome=Outcome.NO_ACTION, reporter__isnull=False
    )
    counting = case.flags.filter(counts, rule=rule).exclude(
        reporter__in=overruled.values("reporter")
    )
    return counting.count() >= HIDING_FLAGS


def _hide(case: Case, rule: str, at: datetime) -> None:
    if case.post is None or case.post.state != State.PUBLISHED:
        return
    threads.hide(post=case.post, by=None, at=at, rule=Rule(rule))
    case.hidden_by_flags_at = at
    case.save(update_fields=["hidden_by_flags_at"])


@transaction.atomic
def show_again(*, case: Case, at: datetime) -> bool:
    """A post that flags alone have hidden for 24 hours comes back; the case stays open."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if not Case.objects.hidden_too_long(at).filter(pk=locked.pk).exists():
        return False
    if locked.post is not None and locked.post.state == State.HIDDEN:
        threads.restore(post=locked.post, by=None, at=at)
    locked.shown_again_at = at
    locked.save(update_fields=["shown_again_at"])
    return True
