"""The one place that reads the time; everything else is handed `at=`."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant, in UTC."""
    return timezone.now()
