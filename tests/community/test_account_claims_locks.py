"""Joining two accounts waits for whoever is at the claim, a rival claim, the threads, the people."""

import pytest

from community.importers.actions.claims import claim_account, join_accounts
from community.importers.models import AccountClaim
from community.threads.models import Thread
from fans.accounts.models import Fan
from tests.factories import NOW, make_fan, make_staff, make_thread
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("held", ["claim", "rival", "thread", "imported", "claimant"])
def test_joining_waits_for_whoever_holds_the(held: str) -> None:
    imported = make_fan(imported_as="discourse:42")
    thread = make_thread(author=imported)
    rival = claim_account(fan=make_fan(), imported=imported, message="", at=NOW)
    claim = claim_account(fan=make_fan(), imported=imported, message="", at=NOW)
    model, pk = {
        "claim": (AccountClaim, claim.pk),
        "rival": (AccountClaim, rival.pk),
        "thread": (Thread, thread.pk),
        "imported": (Fan, imported.pk),
        "claimant": (Fan, claim.fan.pk),
    }[held]
    staff = make_staff()
    with holding(model, pk):
        joining = start(lambda: join_accounts(claim=claim, by=staff, reason="Sure", at=NOW))
        joining.waits_for_a_lock()
    joining.result()
    thread.refresh_from_db()
    assert thread.author == claim.fan
