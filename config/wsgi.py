"""The door for web servers: `config.wsgi:application`."""

import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

from config import process

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

process.die_with_supervised_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _safe_application() -> "WSGIHandler":
    application = get_wsgi_application()
    from config.checks import refuse_unsafe_start  # needs the apps

    refuse_unsafe_start()
    return application


application = _safe_application()
