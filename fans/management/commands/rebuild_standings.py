from typing import Any

from django.core.management import BaseCommand, CommandError

from fans.tiers.actions import rebuild_standings


class Command(BaseCommand):
    help = (
        "Works out from the ledger's decisions where everybody stands, puts right what differs "
        "and names it; exits 0 when nothing did."
    )

    def handle(self, **options: Any) -> None:
        differences = rebuild_standings()
        for line in differences:
            self.stdout.write(line)
        if differences:
            raise CommandError(f"{len(differences)} standings differed and were put right.")
        self.stdout.write("Every standing is as the ledger has it.")
