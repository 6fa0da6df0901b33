"""How much comes in, drawn."""

from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.feedback.figures import Volume, spikes
from fans.charts import LineChart, Point


def hours_chart(hours: Sequence[Volume]) -> LineChart:
    return LineChart(
        title=_("Complaints in the last 24 hours"),
        summary=_summary(hours),
        rows=[Point(f"{each.began_at:%H:%M}", each.count, _note(each)) for each in hours],
    )


def days_chart(days: Sequence[Volume]) -> LineChart:
    return LineChart(
        title=_("Complaints in the last 28 days"),
        summary=_summary(days),
        rows=[
            Point(formats.date_format(each.began_at, "MONTH_DAY_FORMAT"), each.count, _note(each))
            for each in days
        ],
    )


def _summary(volumes: Sequence[Volume]) -> str:
    total = sum(each.count for each in volumes)
    words = ngettext("%(count)d complaint in all.", "%(count)d complaints in all.", total)
    words %= {"count": total}
    if times := len(spikes(volumes)):
        words += " " + ngettext(
            "Once it was three times the usual.",
            "%(times)d times it was three times the usual.",
            times,
        ) % {"times": times}
    return words


def _note(volume: Volume) -> str:
    usual = formats.number_format(volume.usual, 0 if volume.usual % 1 == 0 else 1)
    if volume.is_spike:
        return _("three times the usual %(usual)s") % {"usual": usual}
    return _("usually %(usual)s") % {"usual": usual}
