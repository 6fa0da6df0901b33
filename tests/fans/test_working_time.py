"""The company's working calendar: holidays, weekends on which it works, the platform's hour."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from fans.audit.models import AuditEntry
from fans.site.actions import forget_holiday, note_holiday
from fans.site.models import Holiday
from fans.site.working_time import working_days_after
from tests.factories import NOW, make_fan, make_staff

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 17, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("began", "days", "due"),
    [
        (at(18), 1, at(19)),  # Wednesday → Thursday
        (at(20), 1, at(23)),  # Friday → Monday
        (at(20), 3, at(25)),
        (at(20), 7, at(1, month=12)),
        (at(21, 9), 1, at(23, 9)),  # Saturday counts for nothing
        (at(22, 9), 3, at(25, 9)),
    ],
)
def test_working_days_end_at_the_same_hour(began: datetime, days: int, due: datetime) -> None:
    assert working_days_after(began, days) == due


def test_holidays_do_not_count_and_open_weekends_do() -> None:
    Holiday.objects.create(date=date(2026, 11, 23), name="Monday off")
    Holiday.objects.create(date=date(2026, 11, 28), is_open=True)
    assert working_days_after(at(20), 1) == at(24)
    assert working_days_after(at(27), 1) == at(28)
    assert working_days_after(at(27), 2) == at(30)


def test_the_golden_week_of_2026_is_stepped_over() -> None:
    for day in range(1, 8):
        Holiday.objects.create(date=date(2026, 10, day))
    assert working_days_after(at(30, month=9), 1) == at(8, month=10)


def test_a_reader_elsewhere_gets_the_platforms_answer() -> None:
    """23:00 on Friday in Shanghai is Friday morning in New York."""
    began = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    with timezone.override("America/New_York"):
        assert working_days_after(began, 1) == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    late = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # already Friday 01:00 in Shanghai
    with timezone.override("America/New_York"):
        assert working_days_after(late, 1) == at(23, 1)


def test_noting_a_day_again_changes_what_it_says() -> None:
    staff, day = make_staff(), date(2027, 2, 5)
    note_holiday(day=day, name="", is_open=False, actor=staff, at=NOW)
    note_holiday(day=day, name="Spring Festival", is_open=False, actor=staff, at=NOW)
    assert list(Holiday.objects.values_list("name", "is_open")) == [("Spring Festival", False)]
    assert forget_holiday(day=day, actor=staff, at=NOW) is True
    assert forget_holiday(day=day, actor=staff, at=NOW) is False
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["holiday noted", "holiday noted", "holiday forgotten"]


def test_staff_keep_the_list_of_holidays() -> None:
    client = Client()
    client.force_login(make_staff())
    sent = {"day": "2099-01-01", "name": "New Year", "is_open": "no"}
    assert client.post("/staff/holidays/noting/", sent).status_code == 302
    assert "New Year" in client.get("/staff/holidays/").text
    assert client.post("/staff/holidays/noting/", {"day": "soon"}).status_code == 422
    client.post(f"/staff/holidays/{Holiday.objects.get().pk}/removal/")
    assert Holiday.objects.count() == 0


def test_a_fan_keeps_no_list_of_holidays() -> None:
    client = Client()
    client.force_login(make_fan())
    assert client.post("/staff/holidays/noting/", {"day": "2099-01-01"}).status_code == 404
    assert Holiday.objects.count() == 0
