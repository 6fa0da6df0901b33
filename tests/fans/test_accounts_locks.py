"""Rules about accounts that need a lock: the lock is held, and PostgreSQL asked who waits."""

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from fans.accounts import actions
from fans.accounts.actions import LastAdmin
from fans.accounts.models import Fan, Role
from fans.accounts.naming import HandleRefused
from tests.factories import NOW, make_admin, make_fan
from tests.fans.accounts import make_account, sign_up_form
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_admins_who_demote_each_other_leave_one() -> None:
    one, other = make_admin(folded_name="a"), make_admin(folded_name="b")

    def demote(fan: Fan) -> bool:
        return actions.change_role(fan=fan, role=Role.FAN, actor=fan, reason="x", at=NOW)

    with holding(Fan, one.pk):
        started = start(lambda: demote(other))
        started.waits_for_a_lock()
        demote(one)
    with pytest.raises(LastAdmin):
        started.result()
    assert list(Fan.objects.get_queryset().filter(role=Role.ADMIN)) == [other]


def test_a_handle_given_up_a_moment_ago_is_not_snatched() -> None:
    owner, other = make_fan(handle="wanted"), make_fan(handle="other")
    with holding(Fan, owner.pk):
        actions.change_handle(fan=owner, handle="elsewhere", at=NOW)
        started = start(lambda: actions.change_handle(fan=other, handle="wanted", at=NOW))
        started.waits_for_a_lock()
    with pytest.raises(HandleRefused):
        started.result()


def test_a_handle_changes_under_the_lock_on_its_fan() -> None:
    fan = make_fan()
    with holding(Fan, fan.pk):
        started = start(lambda: actions.change_handle(fan=fan, handle="another", at=NOW))
        started.waits_for_a_lock()
    started.result()


def press_sign_up() -> HttpResponse:
    return Client().post("/accounts/signup/", sign_up_form())  # type: ignore[return-value]


def test_pressing_sign_up_twice_at_once_makes_one_fan(mailoutbox: list[EmailMessage]) -> None:
    with transaction.atomic():
        make_account(email="lilei@example.com")  # the first press, not yet committed
        started = start(press_sign_up)
        started.waits_for_a_lock()
    answer, known = started.result(), press_sign_up()
    assert Fan.objects.get_queryset().filter(email="lilei@example.com").count() == 1
    assert EmailAddress.objects.count() == 1
    assert (answer.status_code, answer.headers["Location"]) == (302, known.headers["Location"])
    assert sorted(answer.headers) == sorted(known.headers)
    assert len({mail.subject for mail in mailoutbox}) == 1


def test_two_of_one_name_who_sign_up_at_the_same_instant_get_two_handles() -> None:
    with transaction.atomic():
        make_fan(handle="li-lei")
        started = start(press_sign_up)
        started.waits_for_a_lock()
    assert started.result().status_code == 302
    assert Fan.objects.get(email="lilei@example.com").handle == "li-lei2"
