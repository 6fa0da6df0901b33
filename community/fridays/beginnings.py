"""What stands on the form when it is opened, and what of a form is kept."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from community.fridays.forms.report import ANOTHER, LONGEST_WORDS, VERDICT, ReportForm
from community.fridays.listing import builds_of
from community.fridays.models import Cycle, Quoting, Report
from community.fridays.pins import marked, notes_of
from community.threads.forms import without_controls
from fans.accounts.models import Fan

Content = dict[str, list[str]]
_MANY = ("loved", "not_good", "anticipated")
_MOST_VALUES = 20


def beginning_of(fan: Fan, cycle: Cycle, *, with_marks: bool = False) -> dict[str, Any]:
    """An empty form: the newest build, the device and the wish of last time; on the first look
    the marks of the week too.
    """
    builds = builds_of(cycle, fan)
    reports = Report.objects.visible_to(fan).select_related("cycle").order_by("-sent_at", "-pk")
    last = reports.filter(cycle__product=cycle.product_id).first() or reports.first()
    beginning = {
        "build": builds[0] if builds else ANOTHER,
        "device": last.device if last and last.cycle.product_id == cycle.product_id else "",
        "quoting": last.quoting if last else Quoting.UNNAMED.value,
    }
    return beginning | (marked(notes_of(fan, cycle)) if with_marks else {})


def content_of(report: Report, builds: Sequence[str]) -> dict[str, Any]:
    """A report as it was sent last, for its form."""
    newest = report.revisions.order_by("-number").first()
    content: dict[str, Any] = dict(newest.content) if newest else {}
    for wish, answer in content.pop("verdicts", []):
        content[f"{VERDICT}{wish}"] = answer
    if content.get("build") and content["build"] not in builds:
        content |= {"build": ANOTHER, "other_build": content["build"]}
    content.setdefault("quoting", report.quoting)
    return content


def from_content(content: Content) -> dict[str, Any]:
    """What was kept, for its form."""
    return {name: value if name in _MANY else value[0] for name, value in content.items()}


def typed_in(posted: QueryDict) -> Content:
    """What the form knows, cut to size; nothing else is kept."""
    verdicts = [name for name in posted if name.startswith(VERDICT) and _is_number(name)]
    return {
        name: [without_controls(value)[:LONGEST_WORDS] for value in values[: _most(name)]]
        for name in [*ReportForm.base_fields, *verdicts[:_MOST_VALUES]]
        if (values := posted.getlist(name))
    }


def _most(name: str) -> int:
    return _MOST_VALUES if name in _MANY else 1


def _is_number(name: str) -> bool:
    digits = name.removeprefix(VERDICT)
    return digits.isascii() and digits.isdigit() and len(digits) < 19
