from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FansConfig(AppConfig):
    name = "fans"

    def ready(self) -> None:
        from fans.ledger.triggers import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="written once")
