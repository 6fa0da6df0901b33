"""What the tests of accounts share: somebody with a proved address, and reading one's mail."""

import re

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from fans.accounts.models import Fan
from tests.factories import PASSWORD, make_fan

NEW_PASSWORD = "mandarin-tuesday-9"


def make_account(password: str = "", **fields: object) -> Fan:
    """A fan with a verified address and, when the test signs in for real, a password."""
    fan = make_fan(**fields)
    if password:
        fan.set_password(password)
        fan.save()
    EmailAddress.objects.create(user=fan, email=fan.email, verified=True, primary=True)
    return fan


def sign_up_form(**fields: str) -> dict[str, str]:
    return {
        "display_name": "Li Lei",
        "email": "lilei@example.com",
        "password1": NEW_PASSWORD,
        "locale": "en",
        "wants_weekly": "on",
        **fields,
    }


def code_in(mail: EmailMessage) -> str:
    """The code a mail shows on a line of its own."""
    found = re.search(r"^([0-9A-Z]{3,8}(?:-[0-9A-Z]{3,8})?)$", str(mail.body), re.MULTILINE)
    assert found, mail.body
    return found[1]


def sign_in(client: Client, fan: Fan, password: str = PASSWORD) -> None:
    response = client.post("/accounts/login/", {"login": fan.email, "password": password})
    assert response.status_code == 302, response.content.decode()
