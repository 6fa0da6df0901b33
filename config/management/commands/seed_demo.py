"""Moves the demo community in, and out again."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction

from community.threads.models import Post, Thread
from config.demo.building import PASSWORD, build, keep_history
from config.demo.living import live
from config.demo.opening import open_everything
from config.demo.order import keep_order
from fans import clock
from fans.accounts.models import Fan
from fans.images.models import Image


class Command(BaseCommand):
    help = (
        "Fills an empty site with a made-up company and 200 fans. With --remove it empties the "
        "whole database again, as long as nobody but demo fans is in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="empty the whole database")
        parser.add_argument(
            "--refresh", action="store_true", help="move what is open there to today, nothing else"
        )

    def handle(self, *, remove: bool, refresh: bool, **options: Any) -> None:
        if settings.IN_PRODUCTION:
            raise CommandError("The demo community is for development alone.")
        if refresh:
            self._refresh()
            return
        others = Fan.objects.get_queryset().filter(is_demo=False).count()
        if others:
            raise CommandError(
                f"{others:,} people here are not of the demo community, so it is left as it is."
            )
        if remove:
            self._move_out()
        else:
            self._move_in()

    def _move_in(self) -> None:
        if Fan.objects.get_queryset().exists():
            self.stdout.write("The demo community is here already.")
            return
        began_at = time.monotonic()
        with transaction.atomic():
            demo = build(clock.now(), lambda step: self.stdout.write(f"  {step}"))
            keep_history(demo)
            keep_order(demo)
            live(demo, lambda step: self.stdout.write(f"  {step}"))
            open_everything(demo.at)
        self.stdout.write(
            f"  {len(demo.fans):,} fans, {Thread.objects.count():,} threads, "
            f"{Post.objects.count():,} posts in {time.monotonic() - began_at:.1f} s. "
            f"Each demo account has the password {PASSWORD}"
        )

    def _refresh(self) -> None:
        if Fan.objects.filter(is_demo=True).exists():
            open_everything(clock.now())
            self.stdout.write("What is open in the demo community is open today.")

    def _move_out(self) -> None:
        for image in Image.objects.iterator():
            image.file.delete(save=False)
        call_command("flush", interactive=False, verbosity=0)
        cache.delete("site-identity")
        clock.back_to_now()
        self.stdout.write("The database is empty.")
