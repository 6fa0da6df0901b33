"""A nomination that nobody can decide says whom it waits for (T12)."""

import pytest
from django.test import Client

from fans import clock
from fans.tiers import actions
from tests.factories import make_moderator, make_staff
from tests.fans.tiers import THURSDAY, make_eligible_fan

pytestmark = pytest.mark.django_db

NO_MODERATOR = "There is no moderator of the whole site outside this nomination"
NO_STAFF = "There is nobody of the staff outside this nomination"


def test_the_page_names_the_office_that_has_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: THURSDAY)
    nominator, client = make_moderator(), Client()
    actions.nominate(
        nominee=make_eligible_fan(), nominator=nominator, statement="Kind.", at=THURSDAY
    )
    client.force_login(nominator)

    def said() -> tuple[bool, bool]:
        page = client.get("/moderation/nominations/").content.decode()
        return NO_MODERATOR in page, NO_STAFF in page

    assert said() == (True, True)
    make_moderator()
    assert said() == (False, True)
    make_staff()
    assert said() == (False, False)
