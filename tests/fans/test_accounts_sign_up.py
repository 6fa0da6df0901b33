import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from fans.accounts.actions import reserve_name
from fans.accounts.models import Fan
from tests.factories import make_staff
from tests.fans.accounts import code_in, make_account, sign_up_form

pytestmark = pytest.mark.django_db

Mailbox = list[EmailMessage]


def sign_up(client: Client, **fields: str) -> Fan:
    response = client.post("/accounts/signup/", sign_up_form(**fields))
    assert response.status_code == 302, response.content.decode()
    return Fan.objects.get_queryset().latest("pk")


def test_signing_up_proposes_a_handle_by_pinyin_and_asks_for_a_code(
    client: Client, mailoutbox: Mailbox
) -> None:
    fan = sign_up(client, display_name="王小明", locale="zh-hans", timezone="Europe/Paris")
    assert (fan.display_name, fan.handle, fan.email) == (
        "王小明",
        "wangxiaoming",
        "lilei@example.com",
    )
    assert (fan.locale, fan.timezone, fan.wants_weekly) == ("zh-hans", "Europe/Paris", True)
    assert fan.verified_at is None
    assert [mail.to for mail in mailoutbox] == [["lilei@example.com"]]


def test_the_right_code_confirms_the_address_and_leads_to_the_first_steps(
    client: Client, mailoutbox: Mailbox
) -> None:
    fan = sign_up(client)
    response = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    assert response.headers["Location"] == "/welcome/"
    fan.refresh_from_db()
    assert fan.verified_at is not None
    assert EmailAddress.objects.get().verified
    assert client.get("/me/settings/").status_code == 200


def test_five_wrong_codes_and_the_right_one_is_worth_nothing(
    client: Client, mailoutbox: Mailbox
) -> None:
    fan = sign_up(client)
    for _ in range(5):
        client.post("/accounts/confirm-email/", {"code": "000-000"})
    client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    fan.refresh_from_db()
    assert fan.verified_at is None


def test_before_the_address_is_confirmed_nobody_is_signed_in_or_may_write(client: Client) -> None:
    fan = sign_up(client)
    assert client.get("/me/settings/").status_code == 302
    assert fan.writing_refusal(fan.joined_at) != ""


def test_a_guest_who_pressed_a_button_comes_back_to_that_page(
    client: Client, mailoutbox: Mailbox
) -> None:
    client.post("/accounts/signup/", sign_up_form(next="/threads/7/-/"))
    response = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    assert response.headers["Location"] == "/welcome/?next=%2Fthreads%2F7%2F-%2F"
    response = client.post("/welcome/skipping/", {"next": "/threads/7/-/"})
    assert response.headers["Location"] == "/threads/7/-/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_after_signing_in_nobody_is_led_to_another_site(client: Client, elsewhere: str) -> None:
    fan = make_account(password="orange-friday")
    answer = client.post(
        "/accounts/login/", {"login": fan.email, "password": "orange-friday", "next": elsewhere}
    )
    assert answer.headers["Location"] == "/welcome/"
    answer = client.post("/welcome/skipping/", {"next": elsewhere})
    assert answer.headers["Location"] == "/welcome/next/"


def test_two_of_one_name_get_two_handles(client: Client) -> None:
    handles = [
        sign_up(Client(), email=f"ming{number}@example.com", display_name="王小明").handle
        for number in range(3)
    ]
    assert handles == ["wangxiaoming", "wangxiaoming2", "wangxiaoming3"]


def test_a_guess_of_the_zone_that_is_no_zone_is_passed_over(client: Client) -> None:
    assert sign_up(client, timezone="Mars/Olympus").timezone == "Asia/Shanghai"


def test_nobody_signs_up_under_a_name_like_one_of_the_staff_or_a_team(client: Client) -> None:
    make_staff(display_name="Zhou Nan", folded_name="zhounan")
    reserve_name(name="Battery Team", kept_for="team:1")
    for name in ("Zhоu Nаn", "ZHOU-NAN", "Bаttery Tеam", "官方客服"):
        response = client.post("/accounts/signup/", sign_up_form(display_name=name))
        assert response.status_code == 200
        assert "reads like somebody of the company" in response.content.decode()
        assert f'value="{name}"' in response.content.decode()
    assert not Fan.objects.get_queryset().filter(email="lilei@example.com").exists()


HOSTILE = {
    "empty": "",
    "spaces": "   ",
    "zero width": "\u200b\u200b",
    "too long": "x" * 10_000,
    "script": "<script>alert(1)</script>",
    "nul": "a\x00b",
    "bidi": "a\u202eb",
    "lone surrogate": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
}


@pytest.mark.parametrize("field", ["display_name", "email", "password1", "locale"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_is_typed_at_sign_up_is_answered_in_place(
    client: Client, field: str, kind: str
) -> None:
    response = client.post("/accounts/signup/", sign_up_form(**{field: HOSTILE[kind]}))
    page = response.content.decode()
    if response.status_code == 302:  # a strange but legal password, or a name in angle brackets
        assert (field, kind) in LEGAL
        return
    assert response.status_code == 200
    assert "field-error" in page
    assert "<script>alert" not in page
    assert 'value="lilei@example.com"' in page or field == "email"


LEGAL = {
    ("display_name", "script"),
    ("password1", "script"),
    ("password1", "too long"),
}


def test_a_name_in_angle_brackets_is_shown_as_text(client: Client, mailoutbox: Mailbox) -> None:
    sign_up(client, display_name="<b>Li</b>")
    client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    page = client.get("/me/settings/").content.decode()
    assert "<b>Li</b>" not in page
    assert "&lt;b&gt;Li&lt;/b&gt;" in page


def test_a_list_where_a_word_belongs_breaks_nothing(client: Client) -> None:
    form = {**sign_up_form(), "email": ["a@example.com", "lilei@example.com"], "locale[]": "en"}
    assert client.post("/accounts/signup/", form).status_code == 302


def test_handles_are_never_made_from_the_address(client: Client) -> None:
    assert sign_up(client, display_name="Иван", email="secret.name@example.com").handle == "fan"
