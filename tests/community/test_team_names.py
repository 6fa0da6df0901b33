import pytest

from community.products.actions import TeamDetails, change_team, create_team
from fans.accounts.actions import legal_display_name
from fans.accounts.naming import NameRefused
from tests.factories import NOW, make_admin

pytestmark = pytest.mark.django_db


def test_no_fan_takes_the_name_of_a_team_old_or_new() -> None:
    admin = make_admin()
    details = TeamDetails(name="Battery", slug="battery")
    team = create_team(details=details, actor=admin, at=NOW)
    with pytest.raises(NameRefused):
        legal_display_name("Bаttеry")
    change_team(team=team, details=TeamDetails(name="Power", slug="power"), actor=admin, at=NOW)
    with pytest.raises(NameRefused):
        legal_display_name("POWER")
    assert legal_display_name("Battery") == "Battery"
