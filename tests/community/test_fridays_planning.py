"""Monday's board through every lens, and the five of the week (spec §6)."""

from datetime import timedelta
from typing import Any

import pytest

from community.feature_requests.actions import add_offline_support
from community.feature_requests.models import FeatureRequest, Lens, Status, Vote
from community.fridays import actions
from community.fridays.actions import NoSnapshotYet, NotToBePicked, SixthNeedsReason, sweep_cycle
from community.fridays.models import Cycle, Pick
from community.fridays.times import snapshot_at
from tests.community import feature_requests as wishes
from tests.community.fridays import make_cycle
from tests.factories import NOW, make_staff
from tests.locks import holding, start

pytestmark = pytest.mark.django_db


def board(cycle: Cycle, lens: Lens) -> list[tuple[int, int, int | None]]:
    rows = cycle.snapshot.filter(lens=lens).order_by("-count", "feature_request")
    return list(rows.values_list("feature_request", "count", "rank"))


def planned_cycle() -> Cycle:
    cycle = make_cycle()
    sweep_cycle(cycle_id=cycle.pk, at=snapshot_at(cycle.friday))
    cycle.refresh_from_db()
    return cycle


def test_each_lens_has_its_own_order() -> None:
    cycle = make_cycle()
    first = wishes.make_request(product=cycle.product, votes=8)
    second = wishes.make_request(product=cycle.product, votes=6)
    third = wishes.make_request(product=cycle.product, votes=6)
    elsewhere = wishes.make_request(votes=9)
    Vote.objects.filter(feature_request=second).update(region_level="county", is_busiest=True)
    of_first = Vote.objects.filter(feature_request=first).values_list("pk", flat=True)
    Vote.objects.filter(pk__in=list(of_first[:4])).update(is_newcomer=True)
    wishes.recount(repairs=True)
    add_offline_support(feature_request=third, count=40, at=NOW)
    sweep_cycle(cycle_id=cycle.pk, at=snapshot_at(cycle.friday))
    assert board(cycle, Lens.EVERYONE) == [
        (first.pk, 8, 1),
        (second.pk, 6, 2),
        (third.pk, 6, 2),  # equal counts share a rank
    ]
    assert board(cycle, Lens.COUNTY) == [(second.pk, 6, 1)]
    assert board(cycle, Lens.NEWCOMERS) == [(first.pk, 4, None)]  # under five: no rank
    assert board(cycle, Lens.OFFLINE) == [(third.pk, 40, 1)]
    assert board(cycle, Lens.WITHOUT_BUSIEST) == [(first.pk, 8, 1), (third.pk, 6, 2)]
    assert not cycle.snapshot.filter(feature_request=elsewhere).exists()


def test_a_merged_wish_counts_with_the_one_it_is_shown_as_a_fan_once() -> None:
    """F4."""
    cycle = make_cycle()
    wish = wishes.make_request(product=cycle.product, votes=5)
    same = wishes.make_request(product=cycle.product, votes=2)
    on_both = Vote.objects.filter(feature_request=wish).select_related("fan")[0].fan
    wishes.vote(same, on_both)
    wishes.merge(same, wish)
    sweep_cycle(cycle_id=cycle.pk, at=snapshot_at(cycle.friday))
    assert board(cycle, Lens.EVERYONE) == [(wish.pk, 7, 1)]


def test_the_board_is_kept_once() -> None:
    cycle = planned_cycle()
    wishes.make_request(product=cycle.product, votes=5)
    sweep_cycle(cycle_id=cycle.pk, at=snapshot_at(cycle.friday) + timedelta(hours=1))
    cycle.refresh_from_db()
    assert board(cycle, Lens.EVERYONE) == []
    assert cycle.snapshot_at == snapshot_at(cycle.friday)


def pick(cycle: Cycle, wish: FeatureRequest, **fields: Any) -> Pick:
    return actions.pick(
        cycle=cycle,
        feature_request=wish,
        actor=fields.pop("actor", None) or make_staff(),
        at=snapshot_at(cycle.friday),
        **fields,
    )


def test_five_are_chosen_and_the_sixth_needs_a_reason() -> None:
    cycle = planned_cycle()
    chosen = [wishes.make_request(product=cycle.product) for _ in range(6)]
    for wish in chosen[:5]:
        pick(cycle, wish)
    assert pick(cycle, chosen[0]).pk == Pick.objects.order_by("pk")[0].pk  # again is the same
    with pytest.raises(SixthNeedsReason):
        pick(cycle, chosen[5], reason="  ")
    assert pick(cycle, chosen[5], reason="A small thing beside the fifth.").reason
    assert Pick.objects.count() == 6


def test_leaving_one_out_makes_room() -> None:
    cycle, staff = planned_cycle(), make_staff()
    chosen = [wishes.make_request(product=cycle.product) for _ in range(6)]
    for wish in chosen[:5]:
        pick(cycle, wish)
    leave = {"cycle": cycle, "feature_request": chosen[0], "actor": staff, "at": cycle.publish_at}
    assert actions.withdraw_pick(**leave) is True  # type: ignore[arg-type]
    assert actions.withdraw_pick(**leave) is False  # type: ignore[arg-type]
    pick(cycle, chosen[5])


def test_nothing_is_chosen_before_monday() -> None:
    cycle = make_cycle()
    with pytest.raises(NoSnapshotYet):
        pick(cycle, wishes.make_request(product=cycle.product))


def test_only_open_wishes_of_the_product_are_chosen() -> None:
    cycle = planned_cycle()
    declined = wishes.make_request(product=cycle.product, status=Status.DECLINED)
    for wish in (declined, wishes.make_request()):
        with pytest.raises(NotToBePicked):
            pick(cycle, wish)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_choose_the_fifth_at_once_do_not_choose_six() -> None:
    cycle, staff = planned_cycle(), make_staff()
    wish = wishes.make_request(product=cycle.product)
    with holding(Cycle, cycle.pk):
        choosing = start(lambda: pick(cycle, wish, actor=staff))
        choosing.waits_for_a_lock()
    assert choosing.result().feature_request == wish
