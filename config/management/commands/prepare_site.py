"""What `bin/run` does before it opens the door: checks, tables, places, demo, static files."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.checks import Error, run_checks
from django.core.management import BaseCommand, call_command, get_commands
from django.db import OperationalError, connection

from fans.accounts.models import Fan

DEMO_ROLES = ("casual", "core", "honorary", "host", "moderator", "staff", "admin")
DEMO_SITUATIONS = {
    "almost": "52 of the 60 points that core asks for",
    "grace": "a core fan on day 14 of grace",
    "waiting": "third of seven in line for a full meetup",
    "overdue": "staff who owe an answer",
}
DATABASE_PATIENCE_SECONDS = 20


class Command(BaseCommand):
    help = "Make the site ready to start, and say why not where it is not safe to."
    requires_system_checks: list[str] = []  # ours are told in words, all at once

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="no demo community")

    def handle(self, *args: Any, empty: bool, **options: Any) -> None:
        self._refuse_unsafe_start()
        self._wait_for_database()
        self.stdout.write("Bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
        self._call_if_there("load_places", "Loading cities and counties")
        if settings.IN_PRODUCTION:
            self._refuse_demo()
            self.stdout.write("Gathering static files")
            call_command("collectstatic", interactive=False, verbosity=0)
        elif not empty and not Fan.objects.all().exists():
            self._call_if_there(
                "seed_demo", "Moving the demo community in (once; --empty for none)"
            )
        elif not empty:
            call_command("seed_demo", refresh=True)
        (settings.VAR_DIR / "welcome.txt").write_text(self._welcome())

    def _refuse_unsafe_start(self) -> None:
        problems = [found for found in run_checks() if found.level >= Error("").level]
        if not problems:
            return
        self.stdout.write("Orangery does not start like this:")
        for found in problems:
            self.stdout.write(f" - {found.msg}")
            if found.hint:
                self.stdout.write(f"   {found.hint}")
        self.stdout.write("Every variable is described in docs/operations.md.")
        raise SystemExit(1)

    def _refuse_demo(self) -> None:
        if Fan.objects.filter(is_demo=True).exists():
            self.stdout.write(
                "The demo community lives in this database, and everybody knows its passwords.\n"
                "Take it out:  ENVIRONMENT=development .venv/bin/python manage.py seed_demo --remove"
            )
            raise SystemExit(1)

    def _wait_for_database(self) -> None:
        limit = time.monotonic() + DATABASE_PATIENCE_SECONDS
        while True:
            try:
                connection.ensure_connection()
            except OperationalError as problem:
                if time.monotonic() > limit:
                    self.stdout.write(f"The database does not answer: {problem}")
                    raise SystemExit(1) from None
                self.stdout.write("Waiting for the database")
                time.sleep(2)
            else:
                return

    def _call_if_there(self, command: str, words: str) -> None:
        if command in get_commands():
            self.stdout.write(words)
            call_command(command)

    def _welcome(self) -> str:
        lines = ["", f"Orangery is ready:  {settings.SITE_URL}/"]
        if Fan.objects.filter(is_demo=True).exists():
            lines += [
                "",
                "Demo accounts, each with the password  orange-friday",
                *(f"  {role}@example.com" for role in DEMO_ROLES),
                *(f"  {name}@example.com  {what}" for name, what in DEMO_SITUATIONS.items()),
            ]
        if settings.IN_DEVELOPMENT:
            lines += ["", f"Mail the site would send:  {settings.SITE_URL}/dev/mail/"]
        return "\n".join([*lines, "", "Ctrl-C stops everything.", ""])
