"""The Celery app: which rooms have tasks. The timetable stands in `timetable.py`.

Tasks only find due rows and hand each to one action, so a message that is lost
costs a minute and one that is delivered twice changes nothing.
"""

import os
import warnings
from typing import Any

from celery import Celery, signals

from config import process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Whom the worker runs as is the operator's to choose; nine lines at each start say it too loudly.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("orangery")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "config",
        "fans.accounts",
        "fans.digests",
        "fans.images",
        "fans.ledger",
        "fans.mail",
        "fans.notifications",
        "fans.tiers",
        "community.fridays",
        "community.feature_requests",
        "community.feedback",
        "community.moderation",
        "community.threads",
        "events.chapters",
        "events.check_ins",
        "events.meetups",
        "events.rsvps",
    ]
)


@signals.setup_logging.connect
def leave_logging_to_settings(**kwargs: Any) -> None:
    """Somebody listening here keeps Celery from laying its own format over ours."""


@signals.worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    process.die_with_supervised_parent()


@signals.worker_ready.connect
def give_the_first_sign_of_life(**kwargs: Any) -> None:
    from config import health  # needs the apps
    from fans import clock

    health.note_worker(clock.real_now())
