"""Nobody learns from a form whether an address has an account (spec §1, R11)."""

import re
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from fans.accounts.models import Fan
from tests.fans.accounts import NEW_PASSWORD, make_account, sign_up_form

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "known@example.com", "nobody@example.com"


def seen(client: Client, path: str, form: dict[str, str]) -> list[Any]:
    """All that a stranger sees of the answer and of the page it leads to."""
    first = client.post(path, form)
    answers = [first]
    if first.status_code == 302:
        answers.append(client.get(first.headers["Location"]))
    return [_without_noise(answer) for answer in answers]


def _without_noise(answer: HttpResponse) -> tuple[int, str, dict[str, str], list[str]]:
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    body = body.replace(KNOWN, "ADDRESS").replace(UNKNOWN, "ADDRESS")
    headers = {
        key: value
        for key, value in answer.headers.items()
        if key not in {"Content-Length", "Expires", "X-Request-ID"}
    }
    return answer.status_code, body, headers, sorted(answer.cookies)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts/signup/", sign_up_form()),
        ("/accounts/login/", {"login": "", "password": "wrong-password-1"}),
        ("/accounts/login/code/", {"email": ""}),
        ("/accounts/password/reset/", {"email": ""}),
    ],
    ids=["sign-up", "sign-in", "sign-in by code", "password reset"],
)
@pytest.mark.parametrize("state", ["verified", "unverified", "banned", "imported"])
def test_a_known_and_an_unknown_address_get_the_same_answer(
    path: str, form: dict[str, str], state: str, mailoutbox: list[EmailMessage]
) -> None:
    fan = make_account(email=KNOWN, password="orange-friday")
    if state == "banned":
        Fan.objects.get_queryset().filter(pk=fan.pk).update(banned_at=fan.joined_at)
    elif state == "unverified":
        fan.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
    elif state == "imported":
        Fan.objects.get_queryset().filter(pk=fan.pk).update(imported_as="discourse:1")
    field = "login" if "login" in form else "email"
    answers = [seen(Client(), path, {**form, field: address}) for address in (KNOWN, UNKNOWN)]
    assert answers[0] == answers[1]
    if "password" not in form:
        assert sorted(mail.to[0] for mail in mailoutbox) == [KNOWN, UNKNOWN]


def test_a_wrong_code_for_an_unknown_address_is_answered_like_one_for_a_known() -> None:
    make_account(email=KNOWN)
    answers = []
    for address in (KNOWN, UNKNOWN):
        client = Client()
        client.post("/accounts/login/code/", {"email": address})
        answers.append(
            [seen(client, "/accounts/login/code/confirm/", {"code": "000000"}) for _ in range(4)]
        )
    assert answers[0] == answers[1]


def test_a_wrong_code_after_signing_up_with_a_known_address_tells_nothing() -> None:
    make_account(email=KNOWN)
    answers = []
    for address in (KNOWN, UNKNOWN):
        client = Client()
        client.post("/accounts/signup/", sign_up_form(email=address))
        answers.append(
            [seen(client, "/accounts/confirm-email/", {"code": "000000"}) for _ in range(6)]
        )
    assert answers[0] == answers[1]


def test_signing_up_with_a_known_address_changes_nothing_and_tells_its_owner(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    fan = make_account(email=KNOWN, locale="zh-hans")
    client.post("/accounts/signup/", sign_up_form(email=KNOWN))
    assert Fan.objects.get_queryset().count() == 1
    fan.refresh_from_db()
    assert not fan.has_usable_password()
    assert "/accounts/password/reset/" in str(mailoutbox[0].body)


@pytest.mark.parametrize("address", [KNOWN, UNKNOWN])
def test_signing_up_costs_one_hashing_whether_or_not_the_address_is_known(
    address: str, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    make_account(email=KNOWN)
    hashed: list[int] = []
    encode = PBKDF2PasswordHasher.encode

    def counting(self: PBKDF2PasswordHasher, password: str, salt: str, *rest: Any) -> str:
        hashed.append(1)
        return encode(self, password, salt, 1)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    client.post("/accounts/signup/", sign_up_form(email=address, password1=NEW_PASSWORD))
    assert len(hashed) == 1


@pytest.mark.parametrize("address", [KNOWN, UNKNOWN])
def test_signing_in_costs_one_hashing_whether_or_not_the_address_is_known(
    address: str, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    make_account(email=KNOWN, password="orange-friday")
    hashed: list[int] = []
    encode = PBKDF2PasswordHasher.encode

    def counting(self: PBKDF2PasswordHasher, password: str, salt: str, *rest: Any) -> str:
        hashed.append(1)
        return encode(self, password, salt, *rest)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    client.post("/accounts/login/", {"login": address, "password": "wrong-password-1"})
    assert len(hashed) == 1
