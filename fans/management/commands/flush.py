from typing import Any

from django.core.management.commands import flush

from fans.ledger.triggers import lifted


class Command(flush.Command):
    """Django's own, which empties a whole database: of tests, or of a demo that moves out.

    On SQLite it deletes row by row, and what is written once would refuse (L1).
    """

    def handle(self, **options: Any) -> None:
        with lifted(options["database"]):
            super().handle(**options)
