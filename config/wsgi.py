"""The door for web servers: `config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from config import process

process.die_with_supervised_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
