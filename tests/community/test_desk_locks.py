"""Two admins at once: each rule that locks waits for whoever holds the row."""

from collections.abc import Callable

import pytest
from django.db import models

from community.products import actions as products
from community.products.actions import NotStaff, ProductDetails, TeamDetails
from community.products.models import Product, Team
from community.threads.actions import boards
from community.threads.actions.boards import BoardDetails
from community.threads.models import Board
from fans.accounts.models import Fan, Role
from fans.images.actions import discard_unused, keep
from fans.images.models import Image
from fans.site.actions import Identity, rename_site
from fans.site.models import SiteIdentity
from tests.factories import NOW, BoardFactory, ProductFactory, make_admin, make_fan, make_staff
from tests.locks import holding, start

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def made() -> dict[str, tuple[models.Model, Callable[[], object]]]:
    """Each act, with the row it must wait for."""
    admin, board, product = make_admin(), BoardFactory.create(), ProductFactory.create()
    team = Team.objects.create(name="Care", slug="care")
    site = SiteIdentity.objects.get_or_create(pk=1)[0]
    by = {"actor": admin, "at": NOW}
    details = BoardDetails(name="B", slug="b")
    main = ProductDetails(name="P", slug="p", is_main=True)
    care = TeamDetails(name="Service", slug="service")
    return {
        "open a board": (board, lambda: boards.create_board(details=details, **by)),
        "change a board": (board, lambda: boards.change_board(board=board, details=details, **by)),
        "place a board": (
            board,
            lambda: boards.place_board(board=BoardFactory.create(), before=board, **by),
        ),
        "add a product": (product, lambda: products.create_product(details=main, **by)),
        "change a product": (
            product,
            lambda: products.change_product(product=product, details=main, **by),
        ),
        "add a team": (team, lambda: products.create_team(details=care, **by)),
        "change a team": (team, lambda: products.change_team(team=team, details=care, **by)),
        "leave a team": (team, lambda: products.leave_team(team=team, fan=admin, **by)),
        "rename the site": (site, lambda: rename_site(identity=Identity(name="S"), **by)),
    }


NAMES = (
    "open a board",
    "change a board",
    "place a board",
    "add a product",
    "change a product",
    "add a team",
    "change a team",
    "leave a team",
    "rename the site",
)


@pytest.mark.parametrize("name", NAMES)
def test_an_act_waits_for_its_row(name: str) -> None:
    row, act = made()[name]
    with holding(type(row), row.pk):
        started = start(act)
        started.waits_for_a_lock()
    started.result()


def test_every_act_is_tried() -> None:
    assert set(made()) == set(NAMES)


def test_whoever_loses_the_role_meanwhile_joins_no_team() -> None:
    admin, member = make_admin(), make_staff()
    team = Team.objects.create(name="Care", slug="care")
    with holding(Fan, member.pk):
        started = start(lambda: products.join_team(team=team, fan=member, actor=admin, at=NOW))
        started.waits_for_a_lock()
        Fan.objects.filter(pk=member.pk).update(role=Role.FAN)
    with pytest.raises(NotStaff):
        started.result()
    assert team.members.count() == 0


def test_a_picture_put_somewhere_meanwhile_is_not_swept() -> None:
    image = Image.objects.create(
        key="0" * 32, owner=make_fan(), file="images/none.webp", content_type="image/webp",
        width=1, height=1, byte_count=1, uploaded_at=NOW.replace(year=2025),
    )  # fmt: skip
    with holding(Image, image.pk):
        started = start(lambda: discard_unused(image, NOW))
        started.waits_for_a_lock()
        keep([image], NOW)
    assert started.result() is False
    assert Image.objects.get().kept_at == NOW


def test_the_order_of_boards_is_one_whoever_sorts() -> None:
    admin = make_admin()
    first, second, third = (BoardFactory.create(slug=slug) for slug in "abc")
    with holding(Board, first.pk):
        started = start(lambda: boards.place_board(board=third, before=first, actor=admin, at=NOW))
        started.waits_for_a_lock()
        boards.place_board(board=second, before=first, actor=admin, at=NOW)
    started.result()
    order = list(Board.objects.in_order().values_list("slug", flat=True))
    assert sorted(order) == ["a", "b", "c"]
    assert order.index("c") + 1 == order.index("a")
    assert Product.objects.count() == 0
