"""«This was me»: imported posts come to the fan who wrote them, once staff agree."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from community.importers.actions.authors import bring_authors
from community.importers.actions.claims import (
    AlreadyDecided,
    NotImported,
    OwnClaim,
    claim_account,
    decline_claim,
    join_accounts,
)
from community.importers.actions.discourse import Added
from community.importers.models import AccountClaim
from community.importers.survey import SeenAuthor
from community.threads.models import Thread
from fans.accounts.models import Fan
from fans.audit.models import AuditEntry
from tests.factories import NOW, make_fan, make_moderator, make_post, make_staff, make_thread

pytestmark = pytest.mark.django_db
KEY = "discourse:42"


@pytest.fixture
def imported() -> Fan:
    return make_fan(
        handle="old-mandarin", display_name="Mandarin", imported_as=KEY, email="", verified_at=None
    )


@pytest.fixture
def claim(imported: Fan) -> AccountClaim:
    fan = make_fan(handle="mandarin")
    return claim_account(fan=fan, imported=imported, message="My cat is in it.", at=NOW)


def test_claiming_twice_is_the_same_as_claiming_once(claim: AccountClaim, imported: Fan) -> None:
    again = claim_account(fan=claim.fan, imported=imported, message="Once more", at=NOW)
    assert again == claim
    assert AccountClaim.objects.get().message == "My cat is in it."


def test_only_imported_authors_can_be_claimed() -> None:
    with pytest.raises(NotImported):
        claim_account(fan=make_fan(), imported=make_fan(), message="", at=NOW)


def test_joining_moves_words_and_keeps_counts_right(claim: AccountClaim, imported: Fan) -> None:
    theirs = make_thread(author=imported, replies=1)
    make_post(theirs, author=claim.fan)  # by now a reply to oneself
    make_post(theirs, author=make_fan())
    elsewhere = make_thread()
    make_post(elsewhere, author=imported)
    Thread.objects.filter(pk=elsewhere.pk).update(last_author=imported)
    join_accounts(claim=claim, by=make_staff(), reason="The address matches", at=NOW)
    theirs.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (theirs.author, theirs.reply_count, theirs.answering_count) == (claim.fan, 3, 1)
    assert (elsewhere.last_author, elsewhere.answering_count) == (claim.fan, 1)
    assert imported.posts.count() == 0
    assert claim.fan.posts.count() == 4


def test_the_old_address_leads_to_the_new_page(
    claim: AccountClaim, imported: Fan, client: Client
) -> None:
    address = reverse("fan", args=["old-mandarin"])
    join_accounts(claim=claim, by=make_staff(), reason="Sure", at=NOW)
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, reverse("fan", args=["mandarin"]))
    imported.refresh_from_db()
    assert (imported.imported_as, imported.erased_at) == ("", NOW)


def test_joining_twice_is_the_same_as_joining_once(claim: AccountClaim) -> None:
    staff = make_staff()
    for _time in range(2):
        join_accounts(claim=claim, by=staff, reason="Sure", at=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject, entry.actor) == (
        "accounts joined",
        f"fan:{claim.fan.pk}",
        staff,
    )
    assert entry.details == {"imported_as": KEY, "imported_name": "Mandarin", "posts": 0}


def test_a_later_import_gives_new_posts_to_who_claimed_the_name(claim: AccountClaim) -> None:
    join_accounts(claim=claim, by=make_staff(), reason="Sure", at=NOW)
    seen = {KEY: SeenAuthor((NOW, 1, 1), "old-mandarin", "Mandarin", NOW)}
    added = Added()
    assert bring_authors(seen, added)[KEY].pk == claim.fan.pk
    assert added.authors == 0


def test_when_two_claim_one_name_the_other_is_closed(claim: AccountClaim, imported: Fan) -> None:
    other = claim_account(fan=make_fan(), imported=imported, message="", at=NOW)
    staff = make_staff()
    join_accounts(claim=claim, by=staff, reason="Sure", at=NOW)
    other.refresh_from_db()
    assert (other.decided_at, other.joined) == (NOW, False)
    with pytest.raises(AlreadyDecided):
        join_accounts(claim=other, by=staff, reason="Sure", at=NOW)


def test_a_declined_claim_says_why_and_may_be_made_again(
    claim: AccountClaim, imported: Fan, client: Client
) -> None:
    make_thread(author=imported)
    staff = make_staff()
    decline_claim(claim=claim, by=staff, reason="The cat is not in it.", at=NOW)
    decline_claim(claim=claim, by=staff, reason="Another reason", at=NOW)
    assert imported.posts.count() == 1
    client.force_login(claim.fan)
    page = client.get(reverse("claim_account", args=[imported.handle])).content.decode()
    assert "The cat is not in it." in page
    again = claim_account(
        fan=claim.fan, imported=imported, message="Really", at=NOW + timedelta(days=1)
    )
    assert again != claim


def test_a_decision_stands(claim: AccountClaim) -> None:
    staff = make_staff()
    decline_claim(claim=claim, by=staff, reason="No", at=NOW)
    with pytest.raises(AlreadyDecided):
        join_accounts(claim=claim, by=staff, reason="Yes", at=NOW)


def test_staff_do_not_decide_their_own_claim(imported: Fan) -> None:
    staff = make_staff()
    own = claim_account(fan=staff, imported=imported, message="", at=NOW)
    with pytest.raises(OwnClaim):
        join_accounts(claim=own, by=staff, reason="Me", at=NOW)


def test_pressing_the_button_asks_staff(imported: Fan, client: Client) -> None:
    fan = make_fan()
    client.force_login(fan)
    address = reverse("claim_account", args=[imported.handle])
    assert client.post(address, {"message": "I am"}).status_code == 302
    assert AccountClaim.objects.get().fan == fan
    assert "nothing more to do" in client.get(address).content.decode()


@pytest.mark.parametrize("message", ["x" * 501, "a\0b"])
def test_a_message_that_does_not_fit_comes_back(
    imported: Fan, client: Client, message: str
) -> None:
    client.force_login(make_fan())
    response = client.post(reverse("claim_account", args=[imported.handle]), {"message": message})
    assert response.status_code == 422
    assert AccountClaim.objects.count() == 0


def test_a_person_of_today_cannot_be_claimed(client: Client) -> None:
    other = make_fan(handle="somebody")
    client.force_login(make_fan())
    assert client.get(reverse("claim_account", args=[other.handle])).status_code == 404


def test_staff_join_and_decline_on_their_desk(claim: AccountClaim, client: Client) -> None:
    client.force_login(make_staff())
    assert "My cat is in it." in client.get(reverse("staff_claims")).content.decode()
    joining = reverse("claim_joining", args=[claim.pk])
    refused = client.post(joining, {"reason": ""})
    assert refused.status_code == 422
    assert "My cat is in it." in refused.content.decode()
    client.post(joining, {"reason": "The address matches"})
    claim.refresh_from_db()
    assert (claim.joined, claim.reason) == (True, "The address matches")


def test_claims_are_for_staff_alone(claim: AccountClaim, client: Client) -> None:
    client.force_login(make_moderator())
    assert client.get(reverse("staff_claims")).status_code == 404
    declining = reverse("claim_refusal", args=[claim.pk])
    assert client.post(declining, {"reason": "No"}).status_code == 404
    claim.refresh_from_db()
    assert claim.decided_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same_with_many_claims(
    count: int, client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(count):
        author = make_fan(imported_as=f"discourse:{number}")
        claim_account(fan=make_fan(), imported=author, message="", at=NOW)
    client.force_login(make_staff())
    client.get(reverse("staff_claims"))
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get(reverse("staff_claims"))
