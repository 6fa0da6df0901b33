"""Sign-in through a company's own OpenID Connect, against a provider on a real socket."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from config.oidc import oidc_apps
from fans.accounts.adapters import SocialAccountAdapter
from fans.accounts.models import Fan
from tests.factories import NOW
from tests.fans.accounts import make_account

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """Says of everybody what the test wrote into `person`."""

    person: dict[str, object] = {}

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path.startswith("/.well-known"):
            self._say(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/me",
                    "jwks_uri": f"{here}/keys",
                }
            )
        else:
            self._say(self.person)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._say({"access_token": "token", "token_type": "Bearer"})

    def _say(self, words: dict[str, object]) -> None:
        body = json.dumps(words).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def provider(settings: Settings) -> Iterator[type[Provider]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    text = json.dumps(
        [
            {
                "id": "kumquat",
                "name": "Kumquat ID",
                "client_id": "fans",
                "secret": "s",
                "server_url": f"http://127.0.0.1:{server.server_port}",
            }
        ]
    )
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc_apps(text)}}
    Provider.person = {
        "sub": "42",
        "name": "王小明",
        "email": "Ming@example.com",
        "email_verified": True,
    }
    yield Provider
    server.shutdown()
    server.server_close()
    thread.join()


def come_back(client: Client) -> HttpResponse:
    """Go to the provider and return from it, as a browser would."""
    away = client.get("/accounts/oidc/kumquat/login/").headers["Location"]
    state = parse_qs(urlsplit(away).query)["state"][0]
    return client.get("/accounts/oidc/kumquat/login/callback/", {"code": "c", "state": state})


def test_the_provider_stands_on_the_pages_of_joining_and_signing_in(
    client: Client, provider: type[Provider]
) -> None:
    for page in ("/accounts/login/", "/accounts/signup/"):
        assert "Continue with Kumquat ID" in client.get(page).content.decode()


def test_without_settings_no_provider_is_offered(client: Client) -> None:
    assert "Continue with" not in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/kumquat/login/").status_code == 404


def test_whoever_comes_with_a_proved_address_has_an_account_at_once(
    client: Client, provider: type[Provider]
) -> None:
    assert come_back(client).headers["Location"] == "/welcome/"
    fan = Fan.objects.get_queryset().get()
    assert (fan.display_name, fan.handle, fan.email) == (
        "王小明",
        "wangxiaoming",
        "ming@example.com",
    )
    assert fan.verified_at is not None
    assert client.get("/me/settings/security/").status_code == 200


def test_coming_again_is_the_same_account(client: Client, provider: type[Provider]) -> None:
    come_back(client)
    come_back(Client())
    assert Fan.objects.get_queryset().count() == 1


def test_an_address_the_provider_has_not_proved_is_proved_by_our_code(
    client: Client, provider: type[Provider], mailoutbox: list[EmailMessage]
) -> None:
    provider.person["email_verified"] = False
    assert come_back(client).headers["Location"] == "/accounts/confirm-email/"
    assert Fan.objects.get_queryset().get().verified_at is None
    assert [mail.to for mail in mailoutbox] == [["ming@example.com"]]


def test_a_name_nobody_may_have_is_asked_for_again(
    client: Client, provider: type[Provider]
) -> None:
    provider.person["name"] = "官方客服"
    assert come_back(client).headers["Location"] == "/accounts/3rdparty/signup/"
    page = client.get("/accounts/3rdparty/signup/")
    assert page.status_code == 200
    assert not Fan.objects.get_queryset().exists()


def test_a_provider_does_not_take_over_an_account_by_its_address(
    client: Client, provider: type[Provider]
) -> None:
    make_account(email="ming@example.com")
    come_back(client)
    assert Fan.objects.get_queryset().count() == 1
    assert client.get("/me/settings/security/").status_code == 302


@pytest.mark.parametrize("taken", ["handle", "address"])
def test_what_was_taken_while_the_provider_was_asked_breaks_nothing(
    taken: str, client: Client
) -> None:
    """As after `process_signup` has looked: the row of somebody else is there when it writes."""
    if taken == "handle":
        make_account(handle="ming")
    else:
        make_account(email="ming@example.com")
    request = client.get("/accounts/login/").wsgi_request
    newcomer = Fan(handle="ming", display_name="Ming", email="ming@example.com", joined_at=NOW)
    login = SocialLogin(user=newcomer, account=SocialAccount(provider="kumquat", uid="42"))
    with request_context(request):
        if taken == "handle":
            newcomer.email = "other.ming@example.com"
            assert SocialAccountAdapter().save_user(request, login).handle == "ming2"
            assert SocialAccount.objects.get().user == newcomer
        else:
            with pytest.raises(ImmediateHttpResponse) as answer:
                SocialAccountAdapter().save_user(request, login)
            assert answer.value.response.headers["Location"] == "/accounts/confirm-email/"
            assert not SocialAccount.objects.exists()


def test_a_provider_that_is_out_of_reach_is_told_in_words(
    client: Client, settings: Settings
) -> None:
    text = json.dumps(
        [
            {
                "id": "kumquat",
                "name": "K",
                "client_id": "f",
                "secret": "s",
                "server_url": "http://127.0.0.1:9",
            }
        ]
    )
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc_apps(text)}}
    response = client.get("/accounts/oidc/kumquat/login/", follow=True)
    assert "does not answer" in response.content.decode()


@pytest.mark.parametrize("text", ["{", '{"id": 1}', '[{"id": "x"}]', "[1]", '"x"'])
def test_settings_that_make_no_sense_stop_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        oidc_apps(text)
