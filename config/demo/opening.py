"""What is open in the demo community, moved to today at every start; nothing else is touched."""

from datetime import datetime, timedelta

from django.db import transaction

from community.feature_requests.models import FeatureRequest, Status
from community.fridays import actions as fridays
from community.fridays.models import (
    Award,
    Cycle,
    CycleState,
    ItemKind,
    Release,
    ReleaseState,
    WeeklyReport,
)
from community.products.models import Product, Team
from config.demo.earning import keep_situations
from config.demo.gathering import move_meetups
from config.demo.weeks import WATCH_ITEMS
from config.demo.wishes import OTHERS, OVERDUE, WATCH
from fans.accounts.models import Fan, Role
from fans.clock.weeks import platform_date, week_of

OPEN_FOR = timedelta(hours=12)
OLD_AFTER = timedelta(days=12)  # then the open week is a new one


@transaction.atomic
def open_everything(at: datetime) -> None:
    for product in Product.objects.filter(slug=WATCH):
        _open_form(product, at)
    move_meetups(at)
    keep_situations(at)
    _owe_one_answer(at)


def _owe_one_answer(at: datetime) -> None:
    """One answer is overdue; the others are due soon."""
    owed = FeatureRequest.objects.filter(answered_at=None, author__is_demo=True)
    owed.filter(title=OVERDUE.title).update(answer_due_at=at - timedelta(days=2))
    others = owed.exclude(title=OVERDUE.title).filter(title__in=[wish.title for wish in OTHERS])
    others.filter(answer_due_at__lt=at).update(answer_due_at=at + timedelta(days=3))


def _open_form(product: Product, at: datetime) -> None:
    """The form and the ballot of the second product are open for the next twelve hours."""
    newest = (
        Release.objects.filter(product=product, state=ReleaseState.PUBLISHED)
        .exclude(cycle=None)
        .select_related("cycle")
        .order_by("-published_at", "-pk")
        .first()
    )
    if newest is not None and newest.cycle and at - newest.cycle.release_target_at < OLD_AFTER:
        cycle = newest.cycle
    else:
        cycle = _new_week(product, at)
    WeeklyReport.objects.filter(cycle=cycle).delete()
    Award.objects.filter(cycle=cycle).delete()
    Cycle.objects.filter(pk=cycle.pk).update(
        state=CycleState.COLLECTING,
        report_opens_at=at - OPEN_FOR,
        report_closes_at=at + OPEN_FOR,
        late_closes_at=at + 2 * OPEN_FOR,
        publish_at=at + timedelta(days=3),
        close_at=at + timedelta(days=4),
        hold_at=None,
        frozen_at=None,
        published_at=None,
        closed_at=None,
    )


def _new_week(product: Product, at: datetime) -> Cycle:
    """A build that came out three days ago."""
    out_at = at - timedelta(days=3)
    friday = platform_date(out_at)
    cycle, _ = Cycle.objects.update_or_create(
        product=product,
        week=week_of(friday),
        defaults={
            "friday": friday,
            "state": CycleState.SCHEDULED,
            "release_target_at": out_at,
            "skip_deadline_at": at,
            "report_opens_at": at - OPEN_FOR,
            "report_closes_at": at + OPEN_FOR,
            "late_closes_at": at + 2 * OPEN_FOR,
            "publish_at": at + timedelta(days=3),
            "close_at": at + timedelta(days=4),
            "skipped_at": None,
            "reason": "",
        },
    )
    _publish_build(cycle, out_at)
    fridays.sweep_cycle(cycle_id=cycle.pk, at=at)
    cycle.refresh_from_db()
    if cycle.held_at is None:
        Cycle.objects.filter(pk=cycle.pk).update(held_at=at - OPEN_FOR)
    return cycle


def _publish_build(cycle: Cycle, at: datetime) -> None:
    member = Fan.objects.get_queryset().filter(role=Role.STAFF, teams__slug="watch").first()
    if member is None:
        return
    team = Team.objects.get(slug="watch")
    tested = FeatureRequest.objects.filter(product=cycle.product, status=Status.IN_TESTING).first()
    items = [
        fridays.ItemDetails(kind=kind, title=title, team=team) for kind, title, _ in WATCH_ITEMS
    ]
    if tested is not None:
        items.insert(
            0,
            fridays.ItemDetails(
                kind=ItemKind.NEW, title=tested.title, team=team, feature_request=tested
            ),
        )
    release = fridays.draft_release(
        product=cycle.product,
        details=fridays.ReleaseDetails(
            version=_free_version(cycle),
            cycle=cycle,
            notes="A calmer watch: it sleeps when you do.",
            known_defects="The tide face is not in it yet.",
        ),
        items=items,
        actor=member,
        at=at - timedelta(days=1),
    )
    fridays.make_ready(release=release, actor=member, at=at - timedelta(days=1))
    fridays.publish_release(release=release, actor=member, at=at)


def _free_version(cycle: Cycle) -> str:
    """A build of this week may have been recalled."""
    version = f"{cycle.week[2:4]}.{cycle.week[6:]}"
    made = Release.objects.filter(product=cycle.product, version__startswith=version).count()
    return f"{version}.{made}" if made else version
