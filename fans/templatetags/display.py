"""How people, times and pictures look, everywhere. Cheap enough for a page of a hundred posts:
what a tag returns follows from its few arguments alone, and is kept."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from django import template
from django.contrib.messages.storage.base import Message
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from fans import clock
from fans.accounts.models import Fan
from fans.clock.weeks import monday_of
from fans.images.models import Image
from fans.tiers.models import Tier, tier_of

register = template.Library()

_WEEK = 7 * 24 * 3600
_HAN_DAYS = "一二三四五六日"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


# --- Time ---------------------------------------------------------------------


@register.simple_tag
def when(at: datetime | None) -> SafeString | str:
    """How long ago (or how soon), for a week; after that the date. The exact time is its title."""
    if at is None:
        return ""
    seconds = int((clock.now() - at).total_seconds())
    return _when(
        at, _rounded(seconds), get_language() or "en", timezone.get_current_timezone_name()
    )


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """The exact time in words, for facts that must be exact."""
    if at is None:
        return ""
    return _exact_time(at, get_language() or "en", timezone.get_current_timezone_name())


@register.simple_tag
def day(at: date | None) -> SafeString | str:
    """Only the date: for «joined» and the like."""
    if at is None:
        return ""
    if not isinstance(at, datetime):
        return _date(at, get_language() or "en")
    return _day(at, get_language() or "en", timezone.get_current_timezone_name())


def _rounded(seconds: int) -> int | None:
    """Seconds to whole minutes, hours or days, so equal words are made once; None past a week."""
    size = abs(seconds)
    if size >= _WEEK:
        return None
    unit = 60 if size < 3600 else 3600 if size < 86400 else 86400
    return (size // unit) * unit * (1 if seconds >= 0 else -1)


def _local(at: datetime) -> datetime:
    """On the reader's clock; at the ends of the calendar, where no zone fits, as it is."""
    try:
        return timezone.localtime(at)
    except OverflowError:
        return at


@lru_cache(maxsize=4096)
def _when(at: datetime, seconds: int | None, language: str, zone: str) -> SafeString:
    local = _local(at)
    words = date_words(local, language) if seconds is None else _relative(seconds)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        time_words(local, language),
        words,
    )


@lru_cache(maxsize=1024)
def _exact_time(at: datetime, language: str, zone: str) -> SafeString:
    local = _local(at)
    return format_html(
        '<time datetime="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        time_words(local, language),
    )


@lru_cache(maxsize=1024)
def _day(at: datetime, language: str, zone: str) -> SafeString:
    local = _local(at)
    return format_html(
        '<time datetime="{}">{}</time>', local.date().isoformat(), date_words(local, language)
    )


@lru_cache(maxsize=1024)
def _date(at: date, language: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_words(at, language))


def _relative(seconds: int) -> str:
    minutes, hours, days = abs(seconds) // 60, abs(seconds) // 3600, abs(seconds) // 86400
    if minutes == 0:
        return gettext("just now") if seconds >= 0 else gettext("in a moment")
    if seconds > 0:
        if hours == 0:
            return ngettext("%(count)d min ago", "%(count)d min ago", minutes) % {"count": minutes}
        if days == 0:
            return ngettext("%(count)d h ago", "%(count)d h ago", hours) % {"count": hours}
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    if hours == 0:
        return ngettext("in %(count)d min", "in %(count)d min", minutes) % {"count": minutes}
    if days == 0:
        return ngettext("in %(count)d h", "in %(count)d h", hours) % {"count": hours}
    return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}


def date_words(local: date, language: str) -> str:
    """`20 Nov 2026`, `2026年11月20日`."""
    if language.startswith("zh"):
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def week_words(week: str, language: str) -> str:
    """The days of «2026-W50»: `7–13 Dec 2026`, `2026年12月7日至13日`."""
    first = monday_of(week)
    last = first + timedelta(days=6)
    if language.startswith("zh"):
        end = date_words(last, language)
        if last.year == first.year:
            end = end.removeprefix(f"{first.year}年")
        if (last.year, last.month) == (first.year, first.month):
            end = end.removeprefix(f"{first.month}月")
        return f"{date_words(first, language)}至{end}"
    beginning = date_words(first, language)
    if last.year == first.year:
        beginning = beginning.removesuffix(f" {first.year}")
    if (last.year, last.month) == (first.year, first.month):
        return f"{first.day}–{date_words(last, language)}"
    return f"{beginning} – {date_words(last, language)}"


@register.filter
def week(name: str) -> str:
    """An ISO week by its days; what is none stays as it is written."""
    try:
        return week_words(name, get_language() or "en")
    except ValueError:
        return name


def time_words(local: datetime, language: str) -> str:
    """`Fri 20 Nov 2026, 17:00`, `2026年11月20日（周五）17:00`."""
    if language.startswith("zh"):
        week = "周" if language == "zh-hans" else "週"
        weekday = f"（{week}{_HAN_DAYS[local.weekday()]}）"
        return f"{date_words(local, language)}{weekday}{local:%H:%M}"
    return f"{_DAYS[local.weekday()]} {date_words(local, language)}, {local:%H:%M}"


@register.simple_tag
def countdown(until: datetime) -> SafeString:
    """`in 5 h · Fri 20 Nov 2026, 17:00`; a script keeps the first half ticking.

    By the browser's clock, so it is left out where ours was moved; and past a week, which is
    told in days.
    """
    left = int(max(until - clock.now(), timedelta()).total_seconds())
    rounded = _rounded(left)
    days = left // 86400 * 86400
    return format_html(
        '<time class="countdown"{} datetime="{}">{} · {}</time>',
        "" if rounded is None or clock.offset() else mark_safe(" data-countdown"),
        until.isoformat(timespec="seconds"),
        _relative(-(days if rounded is None else rounded)),
        time_words(_local(until), get_language() or "en"),
    )


# --- People -------------------------------------------------------------------


@register.simple_tag
def avatar(fan: Fan, size: str = "") -> SafeString:
    """A fan's picture, or their initials on one of eight tints. Beside the name, so it is silent.

    `size` is empty, `small` or `large`. The caller fetches `avatar` with the fan.
    """
    if fan.avatar_id and fan.avatar is not None and fan.erased_at is None:
        return _picture(image_address(fan.avatar), size)
    return _initials(
        initials_of("" if fan.erased_at else fan.display_name), (fan.pk or 0) % 8, size
    )


def image_address(image: Image) -> str:
    extension = image.content_type.removeprefix("image/").replace("jpeg", "jpg")
    return f"/images/{image.key}.{extension}"


@lru_cache(maxsize=2048)
def _picture(address: str, size: str) -> SafeString:
    side = {"small": 28, "large": 88}.get(size, 40)
    return format_html(
        '<img class="avatar{}" src="{}" width="{}" height="{}" alt="" loading="lazy">',
        f" is-{size}" if size else "",
        address,
        side,
        side,
    )


@lru_cache(maxsize=2048)
def _initials(letters: str, tint: int, size: str) -> SafeString:
    return format_html(
        '<span class="avatar tint-{}{}" aria-hidden="true">{}</span>',
        tint,
        f" is-{size}" if size else "",
        letters,
    )


def initials_of(name: str) -> str:
    """`Lin Wei` → LW, `橙子` → 橙, nothing → ·."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "·"
    first = words[0][0]
    if ord(first) > 0x2E80 or len(words) == 1:
        return first.upper()
    return (first + words[-1][0]).upper()


@register.simple_tag
def fan_link(fan: Fan) -> SafeString:
    """The name, leading to their page, and what they are here: tier, or staff."""
    if fan.erased_at is not None:
        return format_html('<span class="fan is-gone">{}</span>', gettext("deleted fan"))
    return _fan_link(fan.handle, fan.display_name, _standing(fan), get_language() or "en")


@register.simple_tag
def fan_name(fan: Fan) -> SafeString:
    """The name alone, leading to their page."""
    if fan.erased_at is not None:
        return format_html('<span class="fan is-gone">{}</span>', gettext("deleted fan"))
    return _name_link(fan.handle, fan.display_name)


@register.simple_tag
def tier_badge(fan: Fan) -> SafeString:
    """A shape and a word, never colour alone. The caller fetches `standing` with the fan."""
    return SafeString("") if fan.erased_at else _badge(_standing(fan), get_language() or "en")


def _standing(fan: Fan) -> str:
    if fan.is_staff:
        return "staff"
    return "imported" if fan.imported_as else str(tier_of(fan) or Tier.CASUAL)


@lru_cache(maxsize=4096)
def _fan_link(handle: str, name: str, standing: str, language: str) -> SafeString:
    badge = _badge(standing, language)
    return mark_safe(f"{_name_link(handle, name)} {badge}" if badge else _name_link(handle, name))


@lru_cache(maxsize=4096)
def _name_link(handle: str, name: str) -> SafeString:
    return format_html('<a class="fan" href="/fans/{}/"><bdi>{}</bdi></a>', quote(handle), name)


@lru_cache(maxsize=64)
def _badge(standing: str, language: str) -> SafeString:
    if standing == "imported":
        return SafeString("")
    kind, shape, word = {
        "staff": ("is-staff", "", pgettext("badge", "Staff")),
        Tier.CORE.value: ("is-core", "▲", pgettext("badge", "Core")),
        Tier.HONORARY_DEV.value: ("is-honorary", "★", pgettext("badge", "Honorary")),
    }.get(standing, ("is-plain", "○", pgettext("badge", "Casual")))
    return format_html(
        '<span class="pill {}">{}{}</span>',
        kind,
        format_html('<span aria-hidden="true">{}</span>', shape) if shape else "",
        word,
    )


# --- Signs ----------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A sign from the sprite; always beside a word or a hidden label."""
    return _icon(name, size)


@lru_cache(maxsize=256)
def _icon(name: str, size: str) -> SafeString:
    large = " icon-l" if size == "large" else ""
    turning = " icon-turn" if name == "chevron-down" else ""
    return mark_safe(
        f'<svg class="icon{large}{turning}" width="20" height="20" aria-hidden="true">'
        f'<use href="{escape(static("img/icons.svg"))}#{escape(name)}"/></svg>'
    )


@register.filter
def undo_address(message: Message) -> str:
    """Where pressing Undo beside this message posts to; empty when there is nothing to undo."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:/") and not tag.startswith("undo://"):
            return tag.removeprefix("undo:")
    return ""


@register.filter
def alert_kind(message: Message) -> str:
    """The class of the box a message stands in."""
    return {"success": "is-ok", "warning": "is-warn", "error": "is-bad"}.get(
        message.level_tag, "is-info"
    )
