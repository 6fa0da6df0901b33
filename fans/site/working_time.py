"""The company's working calendar: Monday to Friday, but for what `Holiday` says (spec §6)."""

from datetime import datetime, timedelta

from django.utils import timezone

from fans.site.models import Holiday

LONGEST_CLOSED_DAYS = 60  # nobody is closed longer; bounds the look ahead


def working_days_after(at: datetime, days: int) -> datetime:
    """The same platform hour so many working days later. Days off count for nothing, the one on
    which it began among them; whoever asks from another zone gets the platform's answer.
    """
    local = timezone.localtime(at, timezone.get_default_timezone())
    horizon = local.date() + timedelta(days=days * 2 + LONGEST_CLOSED_DAYS)
    differing = dict(
        Holiday.objects.filter(date__range=(local.date(), horizon)).values_list("date", "is_open")
    )
    remaining, day = days, local.date()
    while remaining > 0 and day < horizon:
        day += timedelta(days=1)
        if differing.get(day, day.weekday() < 5):
            remaining -= 1
    return local + (day - local.date())
