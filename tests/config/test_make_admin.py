import pytest
from django.core.management import CommandError, call_command

from fans.accounts.models import Role
from tests.factories import make_core_fan, make_fan

pytestmark = pytest.mark.django_db


def test_somebody_who_signed_up_becomes_the_first_admin() -> None:
    fan = make_core_fan(email="first@example.com")
    call_command("make_admin", "First@example.com")
    call_command("make_admin", "first@example.com")
    fan.refresh_from_db()
    assert fan.role == Role.ADMIN


@pytest.mark.parametrize("email", ["unverified@example.com", "nobody@example.com"])
def test_nobody_else_does(email: str) -> None:
    make_fan(email="unverified@example.com", verified_at=None)
    with pytest.raises(CommandError, match="Sign up on the site first"):
        call_command("make_admin", email)
