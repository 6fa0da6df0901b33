"""Who uses a product, as staff know it from elsewhere (spec §10)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from community.products import actions
from community.products.actions import NotWhole, UserCounts
from community.products.models import Product, UserBase
from fans.audit.models import AuditEntry
from tests.factories import NOW, ProductFactory, make_fan, make_staff
from tests.locks import holding, start

TENURE = {"newcomer": 100, "first_year": 300, "longer": 600}
COUNTS = UserCounts(
    dimension="tenure", counts=TENURE, source="Sales report", counted_on=date(2026, 11, 1)
)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def known(product: Product) -> dict[str, int]:
    return dict(product.user_base.values_list("segment", "count"))


def form(**fields: Any) -> dict[str, Any]:
    wanted = {**TENURE, "source": "Sales report", "counted_on": "2026-11-01", **fields}
    return {"dimension": "tenure", **{f"tenure-{name}": value for name, value in wanted.items()}}


@pytest.mark.django_db
def test_entering_twice_is_the_same_as_once_and_the_past_is_in_the_log() -> None:
    product, actor = ProductFactory.create(), make_staff()
    for expected in (True, False):
        assert actions.enter_users(product=product, counts=COUNTS, actor=actor, at=NOW) is expected
    newer = UserCounts(**{**vars(COUNTS), "counts": {**TENURE, "longer": 900}})
    assert actions.enter_users(product=product, counts=newer, actor=actor, at=NOW) is True
    assert known(product) == {"newcomer": 100, "first_year": 300, "longer": 900}
    for expected in (True, False):
        found = actions.withdraw_users(product=product, dimension="tenure", actor=actor, at=NOW)
        assert found is expected
    entries = AuditEntry.objects.about(f"product:{product.pk}").order_by("pk")
    assert [entry.verb for entry in entries] == ["users entered"] * 2 + ["users withdrawn"]
    assert entries[0].details["counted_on"] == "2026-11-01"
    assert [entry.details["before"] for entry in entries] == [
        {},
        TENURE,
        {"newcomer": 100, "first_year": 300, "longer": 900},
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "counts",
    [{"newcomer": 1, "first_year": 1}, {**TENURE, "unknown": 3}, dict.fromkeys(TENURE, 0)],
)
def test_a_dimension_is_entered_whole(counts: dict[str, int]) -> None:
    wanted = UserCounts(**{**vars(COUNTS), "counts": counts})
    with pytest.raises(NotWhole):
        actions.enter_users(
            product=ProductFactory.create(), counts=wanted, actor=make_staff(), at=NOW
        )


@pytest.mark.django_db
def test_staff_enter_and_take_out_and_the_page_says_what_counts(staff: Client) -> None:
    product = ProductFactory.create()
    address = f"/staff/products/{product.pk}/users/"
    assert "not entered: measured against the fans" in staff.get(address).content.decode()
    assert staff.post(f"{address}counts/", form()).status_code == 302
    assert known(product) == TENURE
    assert "Sales report" in staff.get(address).content.decode()
    staff.post(f"{address}withdrawal/", {"dimension": "tenure"})
    assert known(product) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", ""),
        ("source", "\0"),
        ("source", "x" * 201),
        ("counted_on", "2999-01-01"),
        ("counted_on", "soon"),
        ("newcomer", ""),
        ("newcomer", "-1"),
        ("newcomer", "9" * 19),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_kept(staff: Client, field: str, value: str) -> None:
    product = ProductFactory.create()
    answer = staff.post(f"/staff/products/{product.pk}/users/counts/", form(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ('value="600"' in page, "field-error" in page) == (True, True)
    assert known(product) == {}


@pytest.mark.django_db
def test_nobody_at_all_is_no_count(staff: Client) -> None:
    product = ProductFactory.create()
    nobody = form(**dict.fromkeys(TENURE, 0))
    assert staff.post(f"/staff/products/{product.pk}/users/counts/", nobody).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("dimension", ["", "shoe_size", "\0"])
def test_there_are_four_dimensions(staff: Client, dimension: str) -> None:
    product = ProductFactory.create()
    actions.enter_users(product=product, counts=COUNTS, actor=make_staff(), at=NOW)
    for action in ("counts", "withdrawal"):
        address = f"/staff/products/{product.pk}/users/{action}/"
        assert staff.post(address, {"dimension": dimension}).status_code == 302
    assert known(product) == TENURE


@pytest.mark.django_db
def test_it_is_the_desk_of_staff(client: Client) -> None:
    product = ProductFactory.create()
    client.force_login(make_fan())
    assert client.get(f"/staff/products/{product.pk}/users/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_who_enter_the_same_dimension_leave_one_whole() -> None:
    product, actor = ProductFactory.create(), make_staff()
    with holding(Product, product.pk):
        entering = start(
            lambda: actions.enter_users(product=product, counts=COUNTS, actor=actor, at=NOW)
        )
        entering.waits_for_a_lock()
        for segment in TENURE:
            UserBase.objects.create(
                product=product,
                dimension="tenure",
                segment=segment,
                count=7,
                source="Another",
                counted_on=date(2026, 11, 1),
                entered_by=actor,
                entered_at=NOW,
            )
    assert entering.result() is True
    assert known(product) == TENURE
