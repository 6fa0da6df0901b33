"""«A new need» of a report becomes a wish, in the name of whoever has it (O2)."""

from datetime import datetime

from django.db import transaction

from community.feature_requests.actions import file_request
from community.feature_requests.models import LIGHTEST_TITLE, FeatureRequest
from community.fridays.actions.cycles import lock_cycle
from community.fridays.models import Cycle, Quoting, Report
from community.screening.rules import HEAVIEST_TITLE, LIGHTEST_BODY, weight
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.notifications.actions import tell


class Refusal(Exception):
    """Why no wish was made of it."""


class NotCountedYet(Refusal):
    """The words of a week are read once it is frozen."""


class NothingWritten(Refusal):
    """The fourth grid is empty."""


class NotInTheirName(Refusal):
    """A wish is public and named; they allowed no quotation with their name, so they are asked."""


class BecameRequest(Refusal):
    """A wish was made of it already."""


class TitleUnfit(Refusal):
    """A wish has a title of 10 to 120 characters."""


def key_of(report: Report) -> str:
    """What ties the wish to the report: one a report, whoever presses twice (C3). With a colon, as
    no form sends it.
    """
    return f"need:{report.pk}"


@transaction.atomic
def make_request(*, report: Report, title: str, actor: Fan, at: datetime) -> FeatureRequest:
    """File the need as a wish of its fan, who is told. Refuses as `file_request` does, too."""
    cycle, written = _read(report)
    if written.quoting != Quoting.NAMED:
        raise NotInTheirName
    if FeatureRequest.objects.filter(author=written.fan, submission_key=key_of(written)).exists():
        raise BecameRequest
    title = " ".join(title.split())
    if not LIGHTEST_TITLE <= weight(title) <= HEAVIEST_TITLE:
        raise TitleUnfit
    need = written.new_need
    wish = file_request(
        author=written.fan,
        product=cycle.product,
        title=title,
        problem=need if weight(need) >= LIGHTEST_BODY else f"{title}\n\n{need}",
        submission_key=key_of(written),
        at=at,
    )
    record(
        actor=actor, verb="request made of a report", subject=cycle.subject, at=at, request=wish.pk
    )  # fmt: skip
    tell(
        kind="need_became_request",
        subject=wish.subject,
        key=f"need_became_request:{written.pk}",
        at=at,
        actor=actor,
        to=[(written.fan, "author")],
        facts={"title": wish.title, "url": wish.get_absolute_url(), "request": wish.pk},
    )
    return wish


@transaction.atomic
def ask_for_request(*, report: Report, actor: Fan, at: datetime) -> bool:
    """Ask whoever has the need to make it a wish themselves; False when they were asked."""
    cycle, written = _read(report)
    told = tell(
        kind="need_wanted",
        subject=cycle.subject,
        key=asking_key(written.pk),
        at=at,
        to=[(written.fan, "author")],
        facts={"product": cycle.product.name, "slug": cycle.product.slug, "week": cycle.week},
    )
    if told.occurred_at != at:
        return False
    record(actor=actor, verb="fan asked for a request", subject=cycle.subject, at=at)
    return True


def asking_key(report: int) -> str:
    return f"need_wanted:{report}"


def _read(report: Report) -> tuple[Cycle, Report]:
    cycle = lock_cycle(report.cycle_id)
    written = Report.objects.select_related("fan").get(pk=report.pk)
    if cycle.frozen_at is None:
        raise NotCountedYet
    if not written.new_need.strip() or written.fan.erased_at is not None:
        raise NothingWritten
    return cycle, written
