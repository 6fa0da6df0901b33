from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.utils import timezone, translation

from fans.accounts.models import Fan, Role
from fans.images.models import Image
from fans.templatetags import display
from fans.tiers.models import Tier, TierStanding

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # Friday 17:00 in Shanghai


@pytest.fixture(autouse=True)
def _at_five_on_friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: NOW)


def words(html: str) -> str:
    return html.split(">", 1)[1].removesuffix("</time>")


def fan(name: str = "Lin Wei", tier: Tier = Tier.CASUAL, **fields: object) -> Fan:
    someone = Fan(pk=1, handle="lin", display_name=name, joined_at=NOW, **fields)
    someone.standing = TierStanding(fan=someone, tier=tier, since_at=NOW)
    return someone


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "13 Nov 2026"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(days=-2), "in 2 days"),
        (timedelta(days=-8), "28 Nov 2026"),
    ],
)
def test_a_time_is_told_as_people_would(ago: timedelta, expected: str) -> None:
    assert words(display.when(NOW - ago)) == expected


@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles"])
def test_a_time_at_the_end_of_the_calendar_is_shown(at: datetime, zone: str) -> None:
    with timezone.override(zone):
        for shown in (display.when(at), display.moment(at), display.day(at)):
            assert str(at.year) in words(shown)


def test_a_time_carries_its_exact_moment() -> None:
    html = display.when(NOW - timedelta(hours=1))
    assert 'datetime="2026-11-20T08:00:00+00:00"' in html
    assert 'title="Fri 20 Nov 2026, 16:00"' in html


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Fri 20 Nov 2026, 17:00"),
        ("zh-hans", "2026年11月20日（周五）17:00"),
        ("zh-hant", "2026年11月20日（週五）17:00"),
    ],
)
def test_a_moment_is_written_as_each_language_does(language: str, expected: str) -> None:
    with translation.override(language):
        assert words(display.moment(NOW)) == expected


def test_a_moment_is_told_in_the_zone_of_who_reads() -> None:
    with timezone.override("America/New_York"):
        assert words(display.moment(NOW)) == "Fri 20 Nov 2026, 04:00"
    assert words(display.moment(NOW)) == "Fri 20 Nov 2026, 17:00"


@pytest.mark.parametrize(
    ("left", "expected", "ticks"),
    [
        (timedelta(hours=5), "in 5 h · Fri 20 Nov 2026, 22:00", True),
        (timedelta(days=28), "in 28 days · Fri 18 Dec 2026, 17:00", False),
        (timedelta(hours=-1), "just now · Fri 20 Nov 2026, 16:00", True),
    ],
)
def test_a_countdown_says_what_is_left_and_until_when(
    left: timedelta, expected: str, ticks: bool
) -> None:
    html = display.countdown(NOW + left)
    assert words(html) == expected
    assert ("data-countdown" in html) == ticks


def test_where_the_clock_was_moved_no_browser_counts_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.offset", lambda: timedelta(days=7))
    assert "data-countdown" not in display.countdown(NOW + timedelta(hours=5))


def test_no_time_is_nothing() -> None:
    assert [display.when(None), display.moment(None), display.day(None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Lin Wei", "LW"),
        ("橙子", "橙"),
        ("mara", "M"),
        ("Ada (Camera)", "A"),
        ("   ", "·"),
        ("", "·"),
    ],
)
def test_initials_stand_for_a_name(name: str, initials: str) -> None:
    assert display.initials_of(name) == initials


def test_a_picture_takes_the_place_of_initials() -> None:
    avatar = Image(pk=3, key="a" * 32, content_type="image/webp")
    html = display.avatar(fan(avatar=avatar), "large")
    assert f'src="/images/{"a" * 32}.webp" width="88" height="88" alt=""' in html


def test_a_name_is_never_markup() -> None:
    html = display.fan_link(fan("<script>alert(1)</script>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("tier", "badge"),
    [(Tier.CASUAL, "Casual"), (Tier.CORE, "Core"), (Tier.HONORARY_DEV, "Honorary")],
)
def test_a_tier_is_a_shape_and_a_word(tier: Tier, badge: str) -> None:
    html = display.tier_badge(fan(tier=tier))
    assert (html.endswith(f"{badge}</span>"), 'aria-hidden="true"' in html) == (True, True)


def test_staff_hold_no_tier() -> None:
    html = display.tier_badge(fan(tier=Tier.CORE, role=Role.STAFF))
    assert ("Staff" in html, "Core" in html) == (True, False)


def test_an_erased_fan_has_neither_name_nor_page() -> None:
    gone = fan("Lin Wei", erased_at=NOW)
    html = display.fan_link(gone) + display.avatar(gone) + display.tier_badge(gone)
    assert "deleted fan" in html
    assert [word for word in ("Lin", "/fans/", "LW", "Casual") if word in html] == []


@pytest.mark.parametrize(
    ("tags", "address"),
    [
        ("undo:/posts/42/restoration/", "/posts/42/restoration/"),
        ("", ""),
        ("undo://evil.example/", ""),
        ("undo:https://evil.example/", ""),
    ],
)
def test_undo_leads_to_an_address_of_ours(tags: str, address: str) -> None:
    assert display.undo_address(Message(constants.SUCCESS, "Deleted.", tags)) == address


def test_a_day_without_an_hour_is_written_like_any_other() -> None:
    shown = display.day(date(2026, 11, 19))
    assert shown == '<time datetime="2026-11-19">19 Nov 2026</time>'
