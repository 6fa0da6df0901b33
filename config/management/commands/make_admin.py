"""The first admin of a site; the next ones are made at the staff's desk."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from fans import clock
from fans.accounts.models import Fan, Role
from fans.tiers.actions import change_role


class Command(BaseCommand):
    help = "Make an admin of somebody who has signed up and confirmed their address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        fan = Fan.objects.get_queryset().filter(email__iexact=email).first()
        if fan is None or fan.verified_at is None:
            raise CommandError(
                f"Nobody has signed up and confirmed {email}. Sign up on the site first."
            )
        changed = change_role(
            fan=fan,
            role=Role.ADMIN,
            scopes=frozenset(),
            actor=fan,
            reason="from the command line of the site's own machine",
            at=clock.now(),
        )
        self.stdout.write(f"@{fan.handle} {'is now' if changed else 'already was'} an admin.")
