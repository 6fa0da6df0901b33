"""R10: every row of the table of limits, counted exactly, for all processes together."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from pytest_django import Settings

from community.threads.models import Rule
from fans.accounts.models import Fan
from fans.limits import LIMITS, CannotCount, Rate, TooMany, client_address, counting, limited, spend
from fans.limits.table import NEWCOMER_SECONDS, Limit, allauth_rates
from tests.factories import (
    NOW,
    PASSWORD,
    make_core_fan,
    make_fan,
    make_thread,
)
from tests.fans.acts import ACTORS, Acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counting(settings: Settings) -> None:
    settings.RATE_LIMITS = True
    counting._local.clear()
    counting._absence.until = 0.0


@pytest.fixture
def _no_cache(settings: Settings) -> None:
    """The place where everybody counts is away."""
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    counting._server.cache_clear()
    counting._script.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_connection() -> Any:
    yield
    counting._server.cache_clear()
    counting._script.cache_clear()


def all_rates() -> list[tuple[str, str, Rate]]:
    """Every number in the table, with the kind of person it is for."""
    return [
        (row, kind, rate)
        for row, limit in LIMITS.items()
        for kind, rates in (
            ("usual", limit.rates),
            ("guest", limit.guest_rates),
            ("newcomer", limit.newcomer_rates),
        )
        for rate in rates
    ]


def _somebody(kind: str, limit: Limit) -> Any:
    if kind == "guest" or (kind == "usual" and limit.per != "fan"):
        return "203.0.113.7"
    joined_at = NOW if kind == "newcomer" else NOW - timedelta(days=400)
    return make_fan(joined_at=joined_at)


def _spread(rate: Rate, rates: tuple[Rate, ...]) -> timedelta:
    """So far apart that only this rate of the row is ever reached."""
    shorter = [other for other in rates if other.seconds < rate.seconds]
    return timedelta(seconds=max((other.seconds for other in shorter), default=0))


@pytest.mark.parametrize(("row", "kind", "rate"), all_rates())
def test_n_are_allowed_and_the_next_waits_until_the_window_has_passed(
    row: str, kind: str, rate: Rate
) -> None:
    limit = LIMITS[row]
    who = _somebody(kind, limit)
    rates = {"usual": limit.rates, "guest": limit.guest_rates, "newcomer": limit.newcomer_rates}
    step = _spread(rate, rates[kind])
    moments = [NOW + number * step for number in range(rate.count)]
    if moments[-1] - NOW >= timedelta(seconds=min(rate.seconds, NEWCOMER_SECONDS)):
        step = timedelta(seconds=rate.seconds) / (rate.count + 1)
        moments = [NOW + number * step for number in range(rate.count)]
    for at in moments:
        spend(row, who, at)
    end = NOW + timedelta(seconds=rate.seconds)
    with pytest.raises(TooMany) as refusal:
        spend(row, who, end - timedelta(milliseconds=1))
    assert refusal.value.retry_after >= 1
    if kind != "newcomer":  # a day later they are none
        spend(row, who, end)


def test_a_refused_act_does_not_prolong_the_wait() -> None:
    fan = make_fan()
    spend("reply", fan, NOW)
    for second in range(1, 10):
        with pytest.raises(TooMany) as refusal:
            spend("reply", fan, NOW + timedelta(seconds=second))
        assert refusal.value.retry_after == 10 - second
    spend("reply", fan, NOW + timedelta(seconds=10))


def test_fans_are_counted_apart() -> None:
    spend("thread", make_fan(), NOW)
    spend("thread", make_fan(), NOW)


def test_rows_are_counted_apart() -> None:
    fan = make_fan()
    spend("thread", fan, NOW)
    spend("reply", fan, NOW)


def test_a_newcomer_becomes_a_usual_fan_after_a_day() -> None:
    fan = make_fan(joined_at=NOW)
    spend("thread", fan, NOW)
    with pytest.raises(TooMany):
        spend("thread", fan, NOW + timedelta(seconds=60))
    later = NOW + timedelta(seconds=NEWCOMER_SECONDS)
    spend("thread", fan, later)
    spend("thread", fan, later + timedelta(seconds=60))


def test_a_refunded_act_was_never_counted() -> None:
    fan = make_fan()
    spend("thread", fan, NOW).refund()
    spend("thread", fan, NOW)


def test_one_form_sent_twice_counts_once() -> None:
    fan = make_fan()
    spend("reply", fan, NOW, form="k1")
    spend("reply", fan, NOW, form="k1")
    with pytest.raises(TooMany):
        spend("reply", fan, NOW, form="k2")


def test_switched_off_nothing_is_counted(settings: Settings) -> None:
    settings.RATE_LIMITS = False
    fan = make_fan()
    for _ in range(5):
        spend("thread", fan, NOW)


def test_two_processes_share_the_count(settings: Settings) -> None:
    """A second, real process spends what is left; after that neither may."""
    spend("flag", "198.51.100.9", NOW)
    program = f"""
import os
import django
django.setup()
from datetime import datetime
from fans.limits import TooMany, spend
spent = 0
try:
    for number in range(20):
        spend("flag", "198.51.100.9", datetime.fromisoformat({NOW.isoformat()!r}))
        spent += 1
except TooMany:
    print("spent", spent)
"""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "REDIS_URL": settings.REDIS_URL,
        "RATE_LIMITS": "on",
    }
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert result.stdout == "spent 9\n"
    with pytest.raises(TooMany):
        spend("flag", "198.51.100.9", NOW)


# --- Without a cache -----------------------------------------------------------------


@pytest.mark.usefixtures("_no_cache")
def test_signing_in_and_mailing_stop_while_nobody_can_be_counted() -> None:
    closed = {row for row, limit in LIMITS.items() if limit.fails_closed}
    assert closed == {
        "sign_up",
        "login",
        "login_failed",
        "login_code",
        "password_reset",
        "verify",
        "passkey",
        "email_change",
        "password_change",
        "reauthenticate",
        "account_write",
    }
    for row in closed:
        with pytest.raises(CannotCount):
            spend(row, "203.0.113.7", NOW)


@pytest.mark.usefixtures("_no_cache")
def test_reading_goes_on_without_a_cache_and_is_counted_by_the_process_itself() -> None:
    for _ in range(20):
        spend("read_as_guest", "203.0.113.7", NOW)
    with pytest.raises(TooMany) as refusal:
        spend("read_as_guest", "203.0.113.7", NOW)
    assert refusal.value.retry_after == 1
    spend("read_as_guest", "203.0.113.7", NOW + timedelta(seconds=1))
    spend("read_as_guest", "203.0.113.8", NOW)


@pytest.mark.usefixtures("_no_cache")
def test_a_cache_that_is_away_keeps_nobody_waiting_in_a_row() -> None:
    spend("write", "203.0.113.7", NOW)
    assert counting._absence.lasts()
    began = time.monotonic()
    for number in range(50):
        spend("write", f"203.0.113.{number}", NOW)
    assert time.monotonic() - began < 1


@pytest.mark.usefixtures("_no_cache")
def test_a_refund_is_noted_without_a_cache_too() -> None:
    spend("thread", "203.0.113.7", NOW).refund()
    spend("thread", "203.0.113.7", NOW)


# --- Whose address it is ---------------------------------------------------------------


def address_of(**headers: str) -> str:
    return client_address(RequestFactory().get("/", **headers))  # type: ignore[arg-type]


SPOOFS = [
    "1.2.3.4",
    "1.2.3.4, 5.6.7.8",
    "127.0.0.1",
    "unknown",
    "",
    ",,,",
    "1.2.3.4:80",
    "[2001:db8::1]:443",
    "::1",
    "<script>",
]


@pytest.mark.parametrize("forged", SPOOFS)
def test_without_a_proxy_no_header_is_believed(forged: str) -> None:
    assert address_of(HTTP_X_FORWARDED_FOR=forged, REMOTE_ADDR="203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize("forged", SPOOFS)
def test_behind_one_proxy_only_what_it_appended_is_believed(
    forged: str, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    forwarded = f"{forged}, 203.0.113.7" if forged else "203.0.113.7"
    assert address_of(HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1") == "203.0.113.7"


def test_behind_two_proxies_the_last_but_one_is_the_client(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    forwarded = "6.6.6.6, 203.0.113.7, 10.0.0.2"
    assert address_of(HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1") == "203.0.113.7"


def test_a_proxy_that_says_nothing_is_the_client_itself(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert address_of(REMOTE_ADDR="10.0.0.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("called_from", "counted_as"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::"),
        ("", "0.0.0.0"),  # noqa: S104
        ("nonsense", "0.0.0.0"),  # noqa: S104
    ],
)
def test_one_household_is_one_address(called_from: str, counted_as: str) -> None:
    assert address_of(REMOTE_ADDR=called_from) == counted_as


@pytest.mark.parametrize("forged", SPOOFS)
def test_a_forged_header_buys_no_more_reports(client: Client, forged: str) -> None:
    post = make_thread().posts.get()
    for _ in range(5):
        client.post(f"/posts/{post.pk}/flags/", {"rule": "spam"})
    answer = client.post(
        f"/posts/{post.pk}/flags/", {"rule": "spam"}, headers={"X-Forwarded-For": forged}
    )
    assert answer.status_code == 429


# --- The decorator -----------------------------------------------------------------------


def a_view(answer: HttpResponseBase, row: str = "thread") -> Callable[..., HttpResponseBase]:
    @limited(row)
    def view(request: HttpRequest) -> HttpResponseBase:
        return answer

    return view


def request_by(fan: Fan, method: str = "post") -> HttpRequest:
    request = getattr(RequestFactory(), method)("/threads/new/", {"source": "My long words"})
    request.user = fan
    request.session = {}
    return request  # type: ignore[no-any-return]


def test_a_form_that_came_back_with_an_error_spent_nothing() -> None:
    fan = make_fan()
    view = a_view(HttpResponse("too short", status=200))
    assert [view(request_by(fan)).status_code for _ in range(3)] == [200, 200, 200]


def test_a_post_that_was_made_is_counted() -> None:
    fan = make_fan()
    view = a_view(HttpResponse(status=302))
    assert [view(request_by(fan)).status_code for _ in range(2)] == [302, 429]


def test_reading_the_form_is_not_counted() -> None:
    fan = make_fan()
    view = a_view(HttpResponse(status=200))
    assert [view(request_by(fan, "get")).status_code for _ in range(30)] == [200] * 30


def test_a_view_may_answer_with_its_form_and_the_text() -> None:
    def refused(request: HttpRequest, refusal: TooMany) -> HttpResponse:
        return HttpResponse(f"{request.POST['source']}, wait {refusal.retry_after}")

    @limited("thread", refused)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=302)

    fan = make_fan()
    view(request_by(fan))
    answer = view(request_by(fan))
    assert answer.content == b"My long words, wait 60"
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_the_refusal_keeps_the_words_and_says_how_long_to_wait() -> None:
    fan = make_fan()
    view = a_view(HttpResponse(status=302))
    view(request_by(fan))
    answer = view(request_by(fan))
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 429
    assert "My long words</textarea>" in answer.text
    assert "60 seconds" in answer.text
    assert answer["Retry-After"] == answer["RateLimit-Reset"] == "60"
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("1", "0")
    assert answer["Cache-Control"] == "private, no-store"


def test_no_password_is_ever_shown_again(client: Client) -> None:
    for _ in range(60):
        spend("account_write", "127.0.0.1", datetime.now(tz=NOW.tzinfo))
    answer = client.post(reverse("account_login"), {"login": "a@b.c", "password": "hunter two"})
    assert answer.status_code == 429
    assert "hunter" not in answer.text


# --- Everything together ------------------------------------------------------------------


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(at: datetime) -> None:
        monkeypatch.setattr("fans.clock.now", lambda: at)

    set_to(NOW)
    return set_to


def statuses(
    client: Client, number: int, method: str = "get", address: str = "/about/"
) -> set[int]:
    return {getattr(client, method)(address).status_code for _ in range(number)}


def test_a_stranger_reads_twenty_pages_a_second(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    assert statuses(client, 20) == {200}
    assert statuses(client, 1) == {429}
    set_clock(NOW + timedelta(seconds=1))
    assert statuses(client, 1) == {200}


def test_a_stranger_reads_120_pages_a_minute(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    for second in range(6):
        set_clock(NOW + timedelta(seconds=second))
        assert statuses(client, 20) == {200}
    set_clock(NOW + timedelta(seconds=59))
    assert statuses(client, 1) == {429}
    set_clock(NOW + timedelta(seconds=60))
    assert statuses(client, 1) == {200}


def test_somebody_signed_in_asks_240_times_a_minute(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    client.force_login(make_fan())
    assert statuses(client, 240) == {200}
    answer = client.get("/about/")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"


def test_somebody_signed_in_writes_60_times_a_minute(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    client.force_login(make_fan())
    assert 429 not in statuses(client, 60, "post", "/nowhere/")
    assert statuses(client, 1, "post", "/nowhere/") == {429}


def test_health_is_asked_without_end(client: Client, set_clock: Callable[[datetime], None]) -> None:
    assert 429 not in statuses(client, 130, address="/healthz")


def test_pictures_do_not_eat_up_a_readers_pages(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    assert 429 not in statuses(client, 90, address=f"/images/{'a' * 32}.webp")
    assert statuses(client, 1) == {200}


# --- Rows through their real addresses -----------------------------------------------------


# allauth counts these by its own clock (below), and nothing is searched or claimed yet.
ELSEWHERE = {
    *("sign_up", "login", "login_failed", "login_code", "password_reset", "verify", "passkey"),
    *("email_change", "password_change", "reauthenticate"),
    *("search", "claim"),
}


def test_every_row_has_an_address_at_which_it_is_tried() -> None:
    tried = {row for row in LIMITS if hasattr(Acts, row)}
    assert tried | ELSEWHERE == set(LIMITS)
    assert tried & ELSEWHERE == set()


def test_every_row_a_view_names_is_in_the_table() -> None:
    named = {view.limit_key for view in all_views() if hasattr(view, "limit_key")}
    assert {row for row in named if isinstance(row, str)} <= set(LIMITS)
    assert named  # the walk found them


def all_views() -> list[Any]:
    def walk(patterns: Any) -> Any:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            else:
                yield pattern.callback

    return list(walk(get_resolver().url_patterns))


@pytest.mark.parametrize("row", sorted(set(LIMITS) - ELSEWHERE))
def test_at_its_address_n_are_allowed_and_the_next_is_told_when_to_come_back(
    row: str, client: Client, set_clock: Callable[[datetime], None]
) -> None:
    person = ACTORS.get(row, make_fan)()
    if LIMITS[row].per == "fan":
        client.force_login(person)
    act, rate = getattr(Acts(client, person), row), LIMITS[row].rates[0]
    for _ in range(rate.count):
        assert act().status_code not in {429, 503, 500}
    answer = act()
    assert (answer.status_code, answer["Retry-After"]) == (429, str(rate.seconds))
    set_clock(NOW + timedelta(seconds=rate.seconds, milliseconds=-1))
    assert act().status_code == 429
    set_clock(NOW + timedelta(seconds=rate.seconds))
    assert act().status_code not in {429, 503, 500}


@pytest.mark.parametrize(("row", "wait"), [("thread", 300), ("reply", 10)])
def test_a_newcomer_waits_longer(
    row: str, wait: int, client: Client, set_clock: Callable[[datetime], None]
) -> None:
    newcomer = make_fan(joined_at=NOW)
    client.force_login(newcomer)
    act = getattr(Acts(client, newcomer), row)
    assert act().status_code == 302
    answer = act()
    assert (answer.status_code, answer["Retry-After"]) == (429, str(wait))


def test_a_preview_neither_waits_for_a_post_nor_counts_as_one(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    client.force_login(make_fan())
    thread, typed = make_thread(), {"source": "Words to look at first.", "preview": "1"}
    for _ in range(30):
        assert client.post(f"/threads/{thread.pk}/replies/", typed).status_code == 200
    assert client.post(f"/threads/{thread.pk}/replies/", typed).status_code == 429


def test_pressing_twice_on_a_slow_phone_is_not_told_off(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    """C3."""
    client.force_login(make_fan())
    thread = make_thread()
    typed = {"source": "Words from a slow phone.", "submission_key": "one-form-shown-once-only"}
    answers = [client.post(f"/threads/{thread.pk}/replies/", typed) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert len({answer["Location"] for answer in answers}) == 1
    assert thread.posts.count() == 2


def test_a_day_of_replies_ends_at_a_hundred(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    fan = make_fan()
    client.force_login(fan)
    for number in range(99):
        spend("reply", fan, NOW + timedelta(seconds=10 * number))
    act = Acts(client, fan).reply
    set_clock(NOW + timedelta(hours=1))
    assert act().status_code == 302
    set_clock(NOW + timedelta(hours=2))
    answer = act()
    assert (answer.status_code, answer["Retry-After"]) == (429, str(22 * 3600))


def test_a_guest_files_five_reports_an_hour(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    post = make_thread().posts.get()
    address = f"/posts/{post.pk}/flags/"
    for _ in range(5):
        assert client.post(address, {"rule": "spam"}).status_code == 302
    answer = client.post(address, {"rule": "spam"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    set_clock(NOW + timedelta(hours=1))
    assert client.post(address, {"rule": "spam"}).status_code == 302


@pytest.mark.parametrize(("make", "allowed"), [(make_fan, 10), (make_core_fan, 20)])
def test_a_fan_files_ten_reports_a_day_and_a_core_fan_twenty(
    make: Callable[[], Fan],
    allowed: int,
    client: Client,
    set_clock: Callable[[datetime], None],
) -> None:
    client.force_login(make())
    posts = (make_thread().posts.get() for _ in count())
    for _ in range(allowed):
        answer = client.post(f"/posts/{next(posts).pk}/flags/", {"rule": Rule.SPAM})
        assert answer.status_code == 302
    assert client.post(f"/posts/{next(posts).pk}/flags/", {"rule": "spam"}).status_code == 429


def test_a_report_with_an_error_is_not_counted(
    client: Client, set_clock: Callable[[datetime], None]
) -> None:
    post = make_thread().posts.get()
    for _ in range(8):
        assert client.post(f"/posts/{post.pk}/flags/", {}).status_code == 200
    assert client.post(f"/posts/{post.pk}/flags/", {"rule": "spam"}).status_code == 302


def test_thirty_may_sign_up_from_one_address_in_an_hour(client: Client) -> None:
    address = reverse("account_signup")
    for _ in range(30):
        assert client.post(address, {}).status_code == 200
    answer = client.post(address, {})
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")


@pytest.mark.parametrize("forged", SPOOFS[:3])
def test_a_forged_header_buys_no_more_attempts_to_sign_in(client: Client, forged: str) -> None:
    address = reverse("account_login")
    typed = {"login": "nobody@example.com", "password": "wrong-password"}
    for number in range(10):
        answer = client.post(
            address,
            typed | {"login": f"n{number}@example.com"},
            headers={"X-Forwarded-For": forged},
        )
        assert answer.status_code == 200
    answer = client.post(address, typed, headers={"X-Forwarded-For": "9.9.9.9"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"


def test_what_allauth_counts_comes_from_the_table(settings: Settings) -> None:
    assert allauth_rates() == settings.ACCOUNT_RATE_LIMITS
    assert allauth_rates() == {
        "signup": "30/3600s/ip",
        "login": "10/600s/ip",
        "login_failed": "10/600s/ip,5/900s/key",
        "request_login_code": "5/3600s/ip,20/3600s/key",
        "reset_password": "5/3600s/ip,20/3600s/key",
        "reset_password_from_key": "10/600s/ip",
        "confirm_email": "30/3600s/ip,3/3600s/key",
        "manage_email": "5/3600s/user",
        "change_password": "5/600s/user",
        "reauthenticate": "5/600s/user",
    }


# --- What allauth counts ----------------------------------------------------------------------


def attempts(client: Client, name: str, number: int, **typed: str) -> list[tuple[int, str | None]]:
    """What came of so many attempts; `#` stands for their number."""
    answers = [
        client.post(
            reverse(name), {key: value.replace("#", str(n)) for key, value in typed.items()}
        )
        for n in range(number)
    ]
    return [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers]


@pytest.mark.parametrize(
    ("name", "typed", "allowed", "wait"),
    [
        ("account_reset_password", {"email": "n#@example.com"}, 5, "3600"),
        ("account_login", {"login": "n#@example.com", "password": "wrong-words"}, 10, "600"),
    ],
)
def test_strangers_are_counted_by_allauth(
    name: str, typed: dict[str, str], allowed: int, wait: str, client: Client
) -> None:
    *before, last = attempts(client, name, allowed + 1, **typed)
    assert {status for status, _ in before} <= {200, 302}
    assert last == (429, wait)


@pytest.mark.parametrize(
    ("name", "typed", "wait"),
    [
        ("account_email", {"email": "n#@example.com", "action_add": "1"}, "3600"),
        ("account_change_password", {"oldpassword": "wrong#"}, "600"),
        ("account_reauthenticate", {"password": "wrong#"}, "600"),
    ],
)
def test_somebody_signed_in_is_counted_by_allauth(
    name: str, typed: dict[str, str], wait: str, client: Client
) -> None:
    fan = make_fan()
    fan.set_password(PASSWORD)
    fan.save()
    client.force_login(fan)
    *before, last = attempts(client, name, 6, **typed)
    assert {status for status, _ in before} <= {200, 302}
    assert last == (429, wait)


def with_password() -> Fan:
    fan = make_fan()
    fan.set_password(PASSWORD)
    fan.save()
    EmailAddress.objects.create(user=fan, email=fan.email, verified=True, primary=True)
    return fan


def test_five_wrong_passwords_close_an_account_to_their_address_for_a_while() -> None:
    """A right one meanwhile clears nothing; a code by mail still opens the door."""
    fan = with_password()
    wrong = {"login": fan.email, "password": "wrong-password"}
    right = {"login": fan.email, "password": PASSWORD}
    for _ in range(4):
        Client().post(reverse("account_login"), wrong)
    assert Client().post(reverse("account_login"), right).status_code == 302
    Client().post(reverse("account_login"), wrong)
    assert Client().post(reverse("account_login"), right).status_code == 200
    answer = Client().post(reverse("account_request_login_code"), {"email": fan.email})
    assert answer.status_code == 302


def test_wrong_passwords_of_strangers_never_lock_the_owner_out() -> None:
    fan = with_password()
    wrong = {"login": fan.email, "password": "wrong-password"}
    for stranger in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        attempts(Client(REMOTE_ADDR=stranger), "account_login", 6, **wrong)
    owner = Client(REMOTE_ADDR="198.51.100.7")
    answer = owner.post(reverse("account_login"), {"login": fan.email, "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_mails_strangers_ask_for_leave_the_owner_theirs(name: str) -> None:
    fan = with_password()
    for stranger in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        attempts(Client(REMOTE_ADDR=stranger), name, 6, email=fan.email)
    owner = Client(REMOTE_ADDR="198.51.100.7")
    assert owner.post(reverse(name), {"email": fan.email}).status_code == 302


def test_a_mailbox_is_not_flooded_from_however_many_addresses() -> None:
    fan = with_password()
    asked = [
        attempts(Client(REMOTE_ADDR=f"192.0.2.{n}"), "account_reset_password", 5, email=fan.email)
        for n in range(5)
    ]
    assert [status for answers in asked for status, _ in answers].count(302) == 20
