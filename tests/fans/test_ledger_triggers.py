"""L1: the database refuses what the model refuses, whoever asks."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from fans.audit.actions import record as record_act
from fans.audit.models import AuditEntry
from fans.ledger import triggers
from fans.ledger.actions import record, reverse
from fans.ledger.models import Contribution
from fans.tiers.models import Tier, TierChange
from tests.factories import NOW, make_fan

ALL = {f"{table}_no_{verb}" for table in triggers.WRITTEN_ONCE for verb in ("update", "delete")}


def write_one_of_each() -> None:
    fan, giver = make_fan(), make_fan()
    record(fan=fan, kind="answer.accepted", subject="t:1", effective_at=NOW, at=NOW, givers=[giver])
    TierChange.objects.create(
        fan=fan, was=Tier.CASUAL, became=Tier.CORE, reason="run", changed_at=NOW
    )
    record_act(actor=None, verb="removed", subject="post:1", at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("table", triggers.WRITTEN_ONCE)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_and_to_delete(table: str, sql: str) -> None:
    """L1"""
    write_one_of_each()
    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="written once"),
        transaction.atomic(),
    ):
        cursor.execute(sql.format(table))


@pytest.mark.django_db
def test_the_triggers_are_there_after_a_migrate() -> None:
    """L1: as this test database was made."""
    assert triggers.triggers() == ALL


@pytest.mark.django_db
def test_a_migrate_puts_back_what_was_dropped() -> None:
    """L1: SQLite drops triggers when it rebuilds a table."""
    triggers.take_down()
    assert triggers.triggers() == set()
    call_command("migrate", verbosity=0)
    assert triggers.triggers() == ALL


@pytest.mark.django_db(transaction=True)
def test_emptying_a_database_lifts_the_triggers_and_puts_them_back() -> None:
    """L1"""
    write_one_of_each()
    call_command("flush", interactive=False, verbosity=0)
    assert (Contribution.objects.count(), AuditEntry.objects.count()) == (0, 0)
    assert triggers.triggers() == ALL


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write_on",
    [
        lambda: reverse(kind="answer.accepted", subject="t:1", at=NOW, reason="no"),
        lambda: write_one_of_each(),
    ],
)
def test_writing_on_is_open(write_on: Callable[[], object]) -> None:
    write_one_of_each()
    write_on()
    assert Contribution.objects.count() == 2
