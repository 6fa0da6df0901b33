"""What the made-up company does with a counted week: pays, quotes, answers, sorts."""

from datetime import datetime, timedelta

from community.feature_requests.models import FeatureRequest
from community.feedback import actions as feedback
from community.feedback.models import Channel, FeedbackItem, ItemState
from community.fridays.actions import pick
from community.fridays.actions.answering import answer_complaint
from community.fridays.actions.passing_on import pass_on
from community.fridays.actions.paying import pay_reports
from community.fridays.actions.publishing import newest_report
from community.fridays.actions.quoting import quote
from community.fridays.complaints import complaints_of
from community.fridays.models import Cycle, Grid, Report
from community.fridays.times import snapshot_at
from community.markdown import language_of
from config.demo.community import Demo

QUOTED = ((Grid.NOT_GOOD, 3), (Grid.LOVED, 2))  # the first is never the shorter (O7)
ANSWERED = 3  # of the five most named complaints
LEFT_UNSORTED = 4  # complaints of the newest week that wait at the desk
_ANSWERS = {
    "en": (
        "We saw it on our own phones after reading your reports. Mended in the next build.",
        "Two of us sat down with it on Monday. It takes longer than a week: we say on the roadmap when.",
        "You are right that it hides. It moves to the first page of the settings.",
        "We measured it on the oldest phone we support, and you are right. The next build is as fast as before.",
        "It was meant to ask once. A flag was forgotten after a restart; that is mended and tested now.",
        "We tried three ways and none is good yet. Until one is, it can be switched off.",
        "Half of you want it this way and half the other. From next week it is a choice.",
    ),
    "zh-hans": (
        "看到了。原因已经找到，下周的版本会改。",
        "我们照着大家的步骤复现出来了，正在改，改好先给内测。",
        "是我们考虑不周，小屏幕上没有试过。下个版本补上。",
        "这个要动底层，得花两三周，进度写在路线图里。",
    ),
    "zh-hant": (
        "這個我們也覺得不夠好，正在重做，下個版本先給一個暫時的辦法。",
        "謝謝指出來。長輩模式下的字級會跟著放大。",
    ),
}  # fmt: skip
_SORTED = "Thank you: it is on the list of the team, with what you wrote."


def choose(demo: Demo, cycle: Cycle, wishes: list[FeatureRequest]) -> None:
    """What the company takes from Monday's board."""
    at = snapshot_at(cycle.friday) + timedelta(hours=1)
    for wish in wishes:
        pick(cycle=cycle, feature_request=wish, actor=demo.account("staff"), at=at)


def see_to(demo: Demo, cycle: Cycle, *, passes_on: bool) -> None:
    """After the freeze and before Friday noon. Complaints of long ago went to no desk."""
    cycle.refresh_from_db()
    if cycle.frozen_at is None:
        return
    pay_reports(cycle_id=cycle.pk, at=cycle.frozen_at)
    at = cycle.frozen_at + timedelta(hours=5)
    _quote(demo, cycle, at)
    _answer(demo, cycle, at)
    if passes_on:
        pass_on(cycle_id=cycle.pk, at=cycle.frozen_at)
        _sort(demo, cycle, at)
    else:
        Cycle.objects.filter(pk=cycle.pk).update(passed_on_at=cycle.frozen_at)


def _quote(demo: Demo, cycle: Cycle, at: datetime) -> None:
    desk = demo.account("staff")
    for grid, most in QUOTED:
        why = f"{grid}_why"
        seen: set[str] = set()
        said = Report.objects.filter(cycle=cycle).exclude(**{why: ""}).order_by("pk")
        for report in said:
            words = getattr(report, why)
            if words not in seen and len(seen) < most:
                quote(report=report, grid=grid, words=words, actor=desk, at=at)
                seen.add(words)


def _answer(demo: Demo, cycle: Cycle, at: datetime) -> None:
    named = complaints_of(cycle, newest_report(cycle).figures)[:ANSWERED]
    for place, complaint in enumerate(named):
        answers = _ANSWERS[language_of(complaint.title)]
        answer_complaint(
            cycle=cycle,
            item=complaint.item,
            area=complaint.area,
            words=answers[(cycle.pk + place) % len(answers)],
            actor=demo.account("staff"),
            at=at + timedelta(minutes=9 * place),
        )


def _sort(demo: Demo, cycle: Cycle, at: datetime) -> None:
    cells = FeedbackItem.objects.filter(
        channel=Channel.REPORT_CELL, created_at__gte=cycle.late_closes_at
    )
    for item in list(cells.order_by("pk"))[LEFT_UNSORTED:]:
        feedback.take_step(
            item=item,
            became=ItemState.ASSIGNED,
            actor=demo.account("overdue"),
            at=at,
            answer=_SORTED,
        )
