"""The Celery app, and the timetable of the sweeps.

Tasks only find due rows and hand each to one action, so a message that is lost
costs a minute and one that is delivered twice changes nothing.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("orangery")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "fans.mail",
        "community.threads",
    ]
)
