"""What a week asks of people, for pages of rooms that know nothing of weeks too."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop

from community.fridays import pins
from fans import clock

register = template.Library()

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HAN_DAYS = "一二三四五六日"
_HOUR = 3600
gettext_noop("Shanghai")  # the zone of the platform, unless a company says another


@register.simple_tag
def a_week_runs() -> bool:
    """Whether notes can be made for a report."""
    return pins.a_week_runs(clock.now())


@register.simple_tag
def closes(at: datetime) -> SafeString:
    """`5 h 12 min · Tue 24:00 Shanghai · 18:00 yours`; a script keeps the first part ticking.

    The hour in words stands on every page, whatever runs there.
    """
    seconds = int(max(at - clock.now(), timedelta()).total_seconds())
    platform, own = timezone.get_default_timezone(), timezone.get_current_timezone()
    parts = [_left(seconds), _hour(timezone.localtime(at, platform))]
    if platform != own:
        parts[-1] += f" {_city(str(platform))}"
        parts.append(gettext("%(hour)s yours") % {"hour": _hour(timezone.localtime(at, own))})
    return format_html(
        '<time class="countdown{}"{} datetime="{}">{}</time>',
        " is-soon" if seconds < _HOUR else "",
        "" if clock.offset() else mark_safe(" data-countdown"),
        at.isoformat(timespec="seconds"),
        " · ".join(parts),
    )


def _left(seconds: int) -> str:
    hours, minutes = seconds // _HOUR, seconds // 60 % 60
    if hours:
        return gettext("{h} h {m} min").format(h=hours, m=minutes)
    return gettext("{m} min {s} s").format(m=minutes, s=seconds % 60)


def _hour(local: datetime) -> str:
    """Midnight ends the day it closes."""
    is_midnight = (local.hour, local.minute) == (0, 0)
    weekday = (local - timedelta(minutes=1) if is_midnight else local).weekday()
    language = get_language() or "en"
    day = _DAYS[weekday]
    if language.startswith("zh"):
        day = ("周" if language == "zh-hans" else "週") + _HAN_DAYS[weekday]
    return f"{day} 24:00" if is_midnight else f"{day} {local:%H:%M}"


def _city(zone: str) -> str:
    """«Asia/Shanghai» as people call it."""
    return gettext(zone.rpartition("/")[2].replace("_", " "))
