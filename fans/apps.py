from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FansConfig(AppConfig):
    name = "fans"

    def ready(self) -> None:
        from fans.ledger import triggers
        from fans.search import fulltext

        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="written once")
        post_migrate.connect(fulltext.after_migrate, sender=self, dispatch_uid="full text")
