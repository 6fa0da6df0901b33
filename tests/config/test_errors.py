import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from config import errors
from tests.factories import make_fan


def plain(html: bytes) -> str:
    return re.sub(r"\s+", " ", html.decode())


def bare_request(path: str = "/") -> HttpRequest:
    return RequestFactory().get(path)


@pytest.mark.django_db
def test_a_missing_page_says_so_and_leads_on(client: Client) -> None:
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "There is nothing here for you to see" in plain(response.content)


@pytest.mark.django_db
def test_missing_and_forbidden_look_the_same(rf: RequestFactory) -> None:
    request = rf.get("/staff/")
    pages = [errors.not_found(request, reason) for reason in (Http404(), PermissionDenied())]
    assert {page.status_code for page in pages} == {404}
    assert pages[0].content == pages[1].content


def test_a_failure_is_told_without_a_single_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    request = bare_request()
    request.id = "8f2c41d09b7e4a11"  # type: ignore[attr-defined]
    response = errors.server_error(request)  # no database is allowed in this test
    assert (response.status_code, "8f2c41d09b7e4a11" in plain(response.content)) == (500, True)


def test_a_failure_keeps_the_theme() -> None:
    request = bare_request()
    request.COOKIES["theme"] = "dark"
    assert 'data-theme="dark"' in plain(errors.server_error(request).content)


@pytest.mark.django_db
def test_a_view_that_fails_is_a_page_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("config.views._numbers", broken)
    response = Client(raise_request_exception=False).get("/about/")
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in plain(response.content)


def test_too_much_at_once_is_named() -> None:
    response = errors.bad_request(bare_request(), RequestDataTooBig())
    assert (response.status_code, "That was too large" in plain(response.content)) == (413, True)


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused_with_413() -> None:
    client = Client()
    client.force_login(make_fan())
    response = client.post("/preferences/", {"next": "x" * (2 * 1024 * 1024 + 1)})
    assert response.status_code == 413


@pytest.mark.django_db
def test_an_unknown_host_gets_a_page_that_asks_nothing_of_the_request() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert (response.status_code, "We did not understand that" in plain(response.content)) == (
        400,
        True,
    )


@pytest.mark.django_db
class TestStaleForm:
    WORDS = "My words, <b>three</b> paragraphs of them"

    def answer(self, path: str = "/preferences/", **extra: str) -> tuple[int, str]:
        client = Client(enforce_csrf_checks=True)
        fields = {"source": self.WORDS, "csrfmiddlewaretoken": "old", "kind": "question", **extra}
        response = client.post(path, fields, headers={"referer": "http://testserver/threads/new/"})
        return response.status_code, response.content.decode()

    def test_gives_the_words_back(self) -> None:
        status, page = self.answer()
        assert status == 419
        assert "My words, &lt;b&gt;three&lt;/b&gt; paragraphs of them</textarea>" in page

    def test_leads_back_to_the_form(self) -> None:
        assert 'href="/threads/new/">Open the page again' in self.answer()[1]

    def test_repeats_no_secret(self) -> None:
        kept = [
            "correct horse battery" in self.answer(password="correct horse battery")[1],
            "correct horse battery"
            in self.answer("/accounts/login/", q="correct horse battery")[1],
        ]
        assert kept == [False, False]

    def test_leads_to_no_other_site(self) -> None:
        client = Client(enforce_csrf_checks=True)
        response = client.post("/preferences/", {}, headers={"referer": "https://evil.example/x"})
        assert b"evil.example" not in response.content
