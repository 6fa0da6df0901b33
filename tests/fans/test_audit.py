from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from fans.audit.actions import record
from fans.audit.models import AuditEntry, NeverChanged
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def rewrite(entry: AuditEntry) -> None:
    entry.reason = "another"
    AuditEntry.objects.bulk_update([entry], ["reason"])


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry(pk=entry.pk, acted_at=NOW).save(),
        lambda entry: AuditEntry.objects.update(reason="another"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        rewrite,
    ],
    ids=["save", "delete", "save over it", "update", "delete many", "update many"],
)
def test_what_was_written_down_is_never_changed_and_never_deleted(
    change: Callable[[AuditEntry], object],
) -> None:
    entry = record(actor=None, verb="removed", subject="post:1", at=NOW, reason="spam")
    with pytest.raises((NeverChanged, IntegrityError)), transaction.atomic():
        change(entry)
    assert AuditEntry.objects.values_list("reason", flat=True).get() == "spam"
