from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from community.feature_requests import indexing
from community.feature_requests.models import FeatureRequest
from fans.search.actions import forget
from fans.search.models import SearchEntry

AT_ONCE = 200


class Command(BaseCommand):
    help = "Write everything that can be found into the search index anew."

    def handle(self, *args: Any, **options: Any) -> None:
        entries = SearchEntry.objects.filter(kind=indexing.KIND)
        wishes = FeatureRequest.objects.order_by("pk").values_list("pk", flat=True)
        gone = entries.exclude(key__in=wishes.order_by()).values_list("key", flat=True)
        forget(kind=indexing.KIND, keys=list(gone))
        written_count, last = 0, 0
        while pks := list(wishes.filter(pk__gt=last)[:AT_ONCE]):
            with transaction.atomic():
                batch = FeatureRequest.objects.filter(pk__in=pks)
                indexing.write_down(list(batch.select_related("thread__board")))
            written_count, last = written_count + len(pks), pks[-1]
        self.stdout.write(f"{written_count} wishes can be found, {len(gone)} entries were old")
