"""What opens an account, and what closes it again at once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.test import Client

from fans.accounts import actions
from fans.accounts.models import Fan, Role
from fans.accounts.tasks import forget_expired_sessions
from tests.factories import NOW, PASSWORD, make_admin, make_fan
from tests.fans.accounts import NEW_PASSWORD, code_in, make_account, sign_in

pytestmark = pytest.mark.django_db

Mailbox = list[EmailMessage]
SECURITY_QUERIES = 6


def is_signed_in(client: Client) -> bool:
    return client.get("/me/settings/privacy/").status_code == 200


def two_devices(fan: Fan) -> tuple[Client, Client]:
    here, there = Client(), Client(headers={"user-agent": "Old phone"})
    sign_in(here, fan)
    sign_in(there, fan)
    return here, there


@pytest.fixture
def fan() -> Fan:
    return make_account(password=PASSWORD, welcomed_at=NOW)


def test_a_password_signs_in_and_out(client: Client, fan: Fan) -> None:
    sign_in(client, fan)
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_signing_out_takes_a_button_and_not_a_link(client: Client, fan: Fan) -> None:
    client.force_login(fan)
    client.get("/accounts/logout/")
    assert is_signed_in(client)


def test_a_code_by_mail_signs_in_once(client: Client, fan: Fan, mailoutbox: Mailbox) -> None:
    client.post("/accounts/login/code/", {"email": fan.email})
    code = code_in(mailoutbox[0])
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert is_signed_in(client)
    other = Client()
    other.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_signed_in(other)


def test_an_unverified_account_must_confirm_before_it_gets_in(
    client: Client, mailoutbox: Mailbox
) -> None:
    fan = make_account(password=PASSWORD, verified_at=None, welcomed_at=NOW)
    EmailAddress.objects.update(verified=False)
    sign_in(client, fan)
    assert not is_signed_in(client)
    client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    assert is_signed_in(client)
    fan.refresh_from_db()
    assert fan.verified_at is not None


def test_a_new_password_ends_every_other_session(fan: Fan, mailoutbox: Mailbox) -> None:
    here, there = two_devices(fan)
    response = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert response.headers["Location"] == "/me/settings/security/"
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert [mail.subject for mail in mailoutbox] == ["Your password was changed"]


def test_a_password_reset_ends_every_session_and_its_link_works_once(
    client: Client, fan: Fan, mailoutbox: Mailbox
) -> None:
    here, there = two_devices(fan)
    client.post("/accounts/password/reset/", {"email": fan.email})
    link = next(word for word in str(mailoutbox[0].body).split() if "/reset/key/" in word)
    path = link.removeprefix("http://localhost:8000")
    assert path.startswith("/accounts/")
    Client().get(path)  # a link scanner: GET spends nothing
    form = client.get(path).headers["Location"]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    fan.refresh_from_db()
    assert fan.check_password(NEW_PASSWORD)
    assert (is_signed_in(here), is_signed_in(there)) == (False, False)
    assert Client().get(path).status_code == 200  # the page that says it is spent


def test_a_new_address_is_proved_by_code_and_ends_every_other_session(
    fan: Fan, mailoutbox: Mailbox
) -> None:
    here, there = two_devices(fan)
    prove_it_is_me(here)
    here.post("/accounts/email/", {"email": "New@example.com", "action_add": ""})
    fan.refresh_from_db()
    assert fan.email != "new@example.com"
    here.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    fan.refresh_from_db()
    assert fan.email == "new@example.com"
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert [address.email for address in EmailAddress.objects.filter(user=fan)] == [fan.email]


def test_an_address_somebody_signed_up_with_meanwhile_is_refused_and_breaks_nothing(
    fan: Fan, mailoutbox: Mailbox
) -> None:
    client = Client()
    sign_in(client, fan)
    prove_it_is_me(client)
    client.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    other = make_fan(email="New@example.com")
    answer = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])}, follow=True)
    assert answer.status_code == 200
    fan.refresh_from_db()
    assert fan.email != "new@example.com"
    assert Fan.objects.get(email__iexact="new@example.com") == other


def test_changing_to_an_address_of_somebody_else_tells_nothing(fan: Fan) -> None:
    make_account(email="taken@example.com")
    pages = []
    for address in ("taken@example.com", "free@example.com"):
        client = Client()
        sign_in(client, fan)
        prove_it_is_me(client)
        answer = client.post("/accounts/email/", {"email": address, "action_add": ""})
        pages.append((answer.status_code, answer.headers.get("Location")))
    assert pages[0] == pages[1]


def test_a_ban_ends_every_session_at_once(fan: Fan) -> None:
    here, there = two_devices(fan)
    Fan.objects.get_queryset().filter(pk=fan.pk).update(banned_at=NOW)
    assert (is_signed_in(here), is_signed_in(there)) == (False, False)
    response = Client().post("/accounts/login/", {"login": fan.email, "password": PASSWORD})
    assert response.headers["Location"] == "/accounts/inactive/"


def test_a_session_from_before_a_ban_stays_ended_when_the_ban_is_lifted(fan: Fan) -> None:
    here, _ = two_devices(fan)
    actions.end_sessions(fan=fan)
    assert not is_signed_in(here)


def test_another_role_ends_every_session_at_once(fan: Fan) -> None:
    here, there = two_devices(fan)
    actions.change_role(fan=fan, role=Role.STAFF, actor=make_admin(), reason="hired", at=NOW)
    assert (is_signed_in(here), is_signed_in(there)) == (False, False)


def test_sessions_are_listed_and_each_can_be_ended(fan: Fan) -> None:
    here, there = two_devices(fan)
    page = here.get("/me/settings/security/").content.decode()
    assert "Old phone" in page
    theirs = UserSession.objects.get(user=fan, user_agent="Old phone")
    here.post(f"/me/settings/security/sessions/{theirs.pk}/end/")
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert "Old phone" not in here.get("/me/settings/security/").content.decode()


@pytest.mark.parametrize("devices", [1, 3])
def test_the_page_of_sessions_asks_as_often_for_three_as_for_one(
    devices: int, fan: Fan, django_assert_num_queries: Any
) -> None:
    clients = [Client() for _ in range(devices)]
    for client in clients:
        sign_in(client, fan)
    clients[0].get("/me/settings/security/")
    with django_assert_num_queries(SECURITY_QUERIES):
        page = clients[0].get("/me/settings/security/")
    assert len(page.context["sessions"]) == devices


def test_the_fifty_newest_sessions_are_listed(fan: Fan) -> None:
    client = Client()
    sign_in(client, fan)
    fan.refresh_from_db()
    for _ in range(51):
        store = SessionStore()
        store[HASH_SESSION_KEY] = fan.get_session_auth_hash()
        store.create()
        UserSession.objects.create(
            user=fan, session_key=store.session_key, ip="192.0.2.1", user_agent="Old phone"
        )
    sessions = client.get("/me/settings/security/").context["sessions"]
    assert len(sessions) == 50
    assert not any(session["is_current"] for session in sessions)  # the oldest of 52


def test_expired_sessions_are_forgotten_and_no_other(fan: Fan) -> None:
    here, there = two_devices(fan)
    key = there.session.session_key
    Session.objects.filter(pk=key).update(expire_date=NOW - timedelta(days=4_000))
    forget_expired_sessions()
    forget_expired_sessions()
    assert not Session.objects.filter(pk=key).exists()
    assert not UserSession.objects.filter(session_key=key).exists()
    assert is_signed_in(here)


def test_all_other_sessions_can_be_ended_together(fan: Fan) -> None:
    here, there = two_devices(fan)
    here.post("/me/settings/security/sessions/end/")
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_nobody_ends_a_session_of_somebody_else(client: Client, fan: Fan) -> None:
    here, _ = two_devices(fan)
    client.force_login(make_fan())
    theirs = UserSession.objects.filter(user=fan).first()
    assert theirs is not None
    response = client.post(f"/me/settings/security/sessions/{theirs.pk}/end/")
    assert response.status_code == 404
    assert is_signed_in(here)


def test_the_session_has_another_key_after_signing_in(client: Client, fan: Fan) -> None:
    planted = client.session
    planted["by"] = "somebody who wants to share it"
    planted.save()
    before = client.session.session_key
    sign_in(client, fan)
    assert client.session.session_key != before


def prove_it_is_me(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def activate_totp(client: Client) -> str:
    """Switch an authenticator app on; returns its secret."""
    prove_it_is_me(client)
    client.get("/accounts/2fa/totp/activate/")
    secret: str = client.session["mfa.totp.secret"]
    response = client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)})
    assert response.status_code == 302, response.content.decode()
    return secret


def totp_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_an_authenticator_app_is_asked_for_after_the_password(
    fan: Fan, mailoutbox: Mailbox, django_capture_on_commit_callbacks: Any
) -> None:
    here = Client()
    sign_in(here, fan)
    with django_capture_on_commit_callbacks(execute=True):
        secret = activate_totp(here)
    assert [mail.subject for mail in mailoutbox] == ["An authenticator app was added"]
    there = Client()
    sign_in(there, fan)
    assert not is_signed_in(there)
    there.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(there)
    # A code is good once, so the test forgets that this one was used to switch it on.
    from django.core.cache import cache

    cache.clear()
    there.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert is_signed_in(there)


def test_a_recovery_code_signs_in_once(fan: Fan) -> None:
    here = Client()
    sign_in(here, fan)
    activate_totp(here)
    codes = Authenticator.objects.get(user=fan, type=Authenticator.Type.RECOVERY_CODES)
    code = codes.wrap().get_unused_codes()[0]
    assert "10 codes left" in here.get("/me/settings/security/").content.decode()
    there = Client()
    sign_in(there, fan)
    there.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_signed_in(there)
    again = Client()
    sign_in(again, fan)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert not is_signed_in(again)


def test_a_secret_of_an_authenticator_is_not_readable_in_the_database(fan: Fan) -> None:
    here = Client()
    sign_in(here, fan)
    secret = activate_totp(here)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    app = Authenticator.objects.get(user=fan, type=Authenticator.Type.TOTP)
    assert isinstance(app.wrap(), TOTP)


def test_a_key_to_the_account_is_changed_only_after_signing_in_anew(
    client: Client, fan: Fan
) -> None:
    client.force_login(fan)
    for page in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        response = client.get(f"/accounts/2fa/{page}")
        assert "/accounts/reauthenticate/" in response.headers["Location"]


def test_the_admin_is_for_admins_and_has_no_way_in_of_its_own(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    for role, status in (
        (Role.FAN, 404),
        (Role.MODERATOR, 404),
        (Role.STAFF, 404),
        (Role.ADMIN, 200),
    ):
        client.force_login(make_fan(role=role, folded_name=f"name {role}"))
        answer: Any = client.get("/admin/", follow=True)
        assert (role, answer.status_code) == (role, status)
