"""Products, and teams that answer in the company's name (spec §1)."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from community.products import actions
from community.products.actions import NotStaff, ProductDetails, SlugTaken, TeamDetails
from community.products.models import Product, Team
from fans.audit.models import AuditEntry
from tests.factories import NOW, ProductFactory, make_admin, make_fan, make_moderator, make_staff

pytestmark = pytest.mark.django_db

PHONE = ProductDetails(name="Phone", slug="phone", is_main=True)
CARE = TeamDetails(name="Care", slug="care")


def signed_in(fan: Any) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_naming_a_product_twice_is_the_same_as_once() -> None:
    admin = make_admin()
    first = actions.create_product(details=PHONE, actor=admin, at=NOW)
    assert actions.create_product(details=PHONE, actor=admin, at=NOW) == first
    assert verbs() == ["product created"]


def test_a_taken_address_is_refused() -> None:
    admin = make_admin()
    actions.create_product(details=PHONE, actor=admin, at=NOW)
    watch = actions.create_product(
        details=ProductDetails(name="Watch", slug="watch"), actor=admin, at=NOW
    )
    with pytest.raises(SlugTaken):
        actions.create_product(details=replace(PHONE, name="Other"), actor=admin, at=NOW)
    with pytest.raises(SlugTaken):
        actions.change_product(product=watch, details=PHONE, actor=admin, at=NOW)


def test_there_is_one_main_product() -> None:
    admin = make_admin()
    phone = actions.create_product(details=PHONE, actor=admin, at=NOW)
    watch = ProductFactory.create(name="Watch", slug="watch")
    details = ProductDetails(name="Watch", slug="watch", is_main=True)
    assert actions.change_product(product=watch, details=details, actor=admin, at=NOW) is True
    assert actions.change_product(product=watch, details=details, actor=admin, at=NOW) is False
    phone.refresh_from_db()
    assert phone.is_main is False
    assert Product.objects.get(is_main=True) == watch


def test_retiring_and_resuming_twice_is_the_same_as_once() -> None:
    product, admin = ProductFactory.create(), make_admin()
    for expected in (True, False):
        assert actions.retire_product(product=product, actor=admin, at=NOW) is expected
    assert list(Product.objects.visible_to(make_fan())) == []
    for expected in (True, False):
        assert actions.resume_product(product=product, actor=admin, at=NOW) is expected
    assert verbs() == ["product retired", "product resumed"]


def test_a_team_is_of_staff() -> None:
    team = actions.create_team(details=CARE, actor=make_admin(), at=NOW)
    for outsider in (make_fan(), make_moderator()):
        with pytest.raises(NotStaff):
            actions.join_team(team=team, fan=outsider, actor=make_admin(), at=NOW)
    assert team.members.count() == 0


def test_joining_and_leaving_twice_is_the_same_as_once() -> None:
    admin, member = make_admin(), make_staff()
    team = actions.create_team(details=CARE, actor=admin, at=NOW)
    assert actions.create_team(details=CARE, actor=admin, at=NOW) == team
    for expected in (True, False):
        assert actions.join_team(team=team, fan=member, actor=admin, at=NOW) is expected
    for expected in (True, False):
        assert actions.leave_team(team=team, fan=member, actor=admin, at=NOW) is expected
    assert verbs() == ["team created", "team joined", "team left"]


def test_an_admin_keeps_products() -> None:
    client = signed_in(make_admin())
    fields = {"name": "Phone", "slug": "Phone", "cadence_weeks": "1", "is_main": "on"}
    fields |= {"weekday": "2", "hour": "9"}
    assert client.post("/staff/products/creation/", fields).status_code == 302
    product = Product.objects.get()
    assert (product.slug, product.is_main) == ("phone", True)
    fields["cadence_weeks"] = "4"
    assert client.post(f"/staff/products/{product.pk}/details/", fields).status_code == 302
    assert client.post(f"/staff/products/{product.pk}/retirement/").status_code == 302
    product.refresh_from_db()
    assert (product.cadence_weeks, product.retired_at is None) == (4, False)
    assert (product.weekday, product.hour) == (2, 9)
    client.post(f"/staff/products/{product.pk}/retirement/withdrawal/")
    product.refresh_from_db()
    assert product.retired_at is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slug": "taken"}, "This address is taken"),
        ({"name": ""}, "This field is required"),
        ({"cadence_weeks": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_kept(fields: dict[str, str], words: str) -> None:
    ProductFactory.create(slug="taken")
    right = {"name": "Phone", "slug": "phone", "cadence_weeks": "1", "tagline": "Kept words"}
    right |= {"weekday": "4", "hour": "17"}
    answer = signed_in(make_admin()).post("/staff/products/creation/", {**right, **fields})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Kept words" in answer.content.decode()


def test_an_admin_keeps_teams() -> None:
    client, member = signed_in(make_admin()), make_staff(handle="Mikan")
    assert (
        client.post("/staff/teams/creation/", {"name": "Care", "slug": "care"}).status_code == 302
    )
    team = Team.objects.get()
    client.post(f"/staff/teams/{team.pk}/members/", {"handle": "@mikan"})
    assert list(team.members.all()) == [member]
    assert "Mikan" in client.get(f"/staff/teams/{team.pk}/").content.decode()
    client.post(f"/staff/teams/{team.pk}/members/{member.pk}/removal/")
    assert team.members.count() == 0
    client.post(f"/staff/teams/{team.pk}/details/", {"name": "Service", "slug": "care"})
    team.refresh_from_db()
    assert team.name == "Service"


@pytest.mark.parametrize("handle", ["nobody", "fan-of-it", ""])
def test_only_staff_are_added_to_a_team(handle: str) -> None:
    make_fan(handle="fan-of-it")
    team = Team.objects.create(name="Care", slug="care")
    answer = signed_in(make_admin()).post(f"/staff/teams/{team.pk}/members/", {"handle": handle})
    assert answer.status_code == 422
    assert team.members.count() == 0


def test_staff_look_and_admins_change() -> None:
    product = ProductFactory.create()
    team = Team.objects.create(name="Care", slug="care")
    client = signed_in(make_staff())
    for address in ("products/", "products/new/", f"products/{product.pk}/", f"teams/{team.pk}/"):
        assert client.get(f"/staff/{address}").status_code == 200
    for address in (
        "products/creation/",
        f"products/{product.pk}/details/",
        f"products/{product.pk}/retirement/",
        "teams/creation/",
        f"teams/{team.pk}/details/",
        f"teams/{team.pk}/members/",
    ):
        assert client.post(f"/staff/{address}").status_code == 404
    assert AuditEntry.objects.count() == 0
