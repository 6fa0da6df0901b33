"""Whatever happens to wishes and fans, every column equals a count of the rows (F3, F4, the lens)."""

import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from community.feature_requests import actions, tasks
from community.feature_requests.actions import Refusal, voting
from community.feature_requests.models import FeatureRequest, Status, Vote
from fans import clock
from fans.accounts import home
from fans.accounts.models import Fan
from fans.places.models import Place, RegionLevel
from tests.community.feature_requests import (
    fresh,
    make_request,
    merge,
    move,
    recount,
    ship,
    undo,
    vote,
    walk,
)
from tests.factories import NOW, make_fan, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SEEDS = range(40 if os.environ.get("TEST_SIZE") == "full" else 3)
STEPS = 40


def make_county() -> Place:
    return Place.objects.create(
        code="X-9", name_en="Kumquat", region_level=RegionLevel.COUNTY, timezone="Asia/Shanghai"
    )


def counts(wish: FeatureRequest) -> tuple[int, int, int, int]:
    wish = fresh(wish)
    return (
        wish.vote_count,
        wish.county_count,
        wish.newcomer_count,
        wish.without_busiest_count,
    )


def test_a_voice_is_counted_through_every_lens_that_sees_it() -> None:
    county = make_county()
    wish = make_request()
    vote(wish, make_fan(place=county, consents_to_region=True), make_fan(place=county))
    vote(wish, make_fan(joined_at=NOW - 30 * DAY))
    assert counts(wish) == (3, 1, 1, 3)
    shown = fresh(wish)
    assert shown.heat == pytest.approx(3 * shown.county_heat)
    assert recount() == []


def test_a_fan_with_two_votes_in_a_cluster_counts_if_one_of_them_is_seen() -> None:
    """The newest they see decides how warm it is."""
    fan, left, right = make_fan(joined_at=NOW - 88 * DAY), make_request(), make_request()
    vote(left, fan)
    vote(right, fan, at=NOW + 7 * DAY)  # a newcomer no longer
    merge(left, right)
    shown = fresh(right)
    assert counts(right) == (1, 0, 1, 1)
    assert shown.heat == pytest.approx(2 * shown.newcomer_heat)
    undo(left)
    assert (counts(left), counts(right)) == ((1, 0, 1, 1), (1, 0, 0, 1))
    assert recount() == []


def test_a_cold_heat_is_exact_when_a_warm_vote_is_taken_back() -> None:
    """A vote of two years later weighs 2¹⁰⁴ of the first: nothing of it may stay."""
    wish, late = make_request(votes=2), make_fan()
    before = fresh(wish).heat
    vote(wish, late, at=NOW + 730 * DAY)
    actions.withdraw_vote(feature_request=wish, fan=late, at=NOW + 730 * DAY)
    assert fresh(wish).heat == pytest.approx(before, rel=1e-12)


def test_a_recount_finds_and_mends_every_column() -> None:
    wish = make_request(votes=2)
    FeatureRequest.objects.filter(pk=wish.pk).update(
        vote_count=7, county_count=1, heat=1.5, newcomer_heat=3, offline_count=5
    )
    names = ["vote_count", "county_count", "heat", "newcomer_heat", "offline_count"]
    assert sorted(wrong.name for wrong in recount(repairs=True)) == sorted(names)
    assert recount() == []
    assert fresh(wish).vote_count == 2


def test_what_has_ended_keeps_the_voices_of_those_who_were_erased() -> None:
    """A5: the rows are gone, the tally stays; a recount leaves it."""
    from community.feature_requests import personal_data

    fan, wish = make_fan(), make_request(votes=2)
    vote(wish, fan)
    walk(wish, Status.DECLINED)
    personal_data.erase(fan=fan, at=NOW, with_words=False)
    assert Vote.objects.filter(fan=fan).count() == 0
    assert recount(repairs=True) == []
    assert fresh(wish).vote_count == 3
    FeatureRequest.objects.filter(pk=wish.pk).update(vote_count=1)
    recount(repairs=True)
    assert fresh(wish).vote_count == 2


class World:
    """A few fans and wishes to whom anything happens, one moment after the other."""

    def __init__(self, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.random, self.at, self.staff = random.Random(seed), NOW, make_staff()
        county = make_county()
        self.fans = [
            make_fan(
                place=county if number % 2 else None,
                consents_to_region=number % 3 > 0,
                joined_at=NOW - timedelta(days=[400, 88, 2][number % 3]),
            )
            for number in range(9)
        ]
        self.wishes = [make_request() for _ in range(4)]
        self.is_busy = False
        monkeypatch.setattr(clock, "now", lambda: self.at)
        monkeypatch.setattr(voting, "is_busiest", lambda fan: self.is_busy)
        self.deeds: list[Callable[[], object]] = [
            *(self.cast, self.cast, self.cast, self.withdraw),
            *(self.swap, self.merge, self.merge, self.undo, self.undo, self.end, self.reopen),
            *(self.suspend, self.come_back, self.leave, self.forget, self.consent, self.sweep),
            *(self.paper, self.let_go),
        ]
        for _ in range(4):
            self.cast()

    def step(self) -> None:
        self.at += timedelta(hours=self.random.choice([1, 30, 24 * 9]))
        with suppress(Refusal):
            self.random.choice(self.deeds)()

    @property
    def fan(self) -> Fan:
        chosen = self.random.choice(self.fans)
        return Fan.objects.get_queryset().select_related("place").get(pk=chosen.pk)

    @property
    def wish(self) -> FeatureRequest:
        return fresh(self.random.choice(self.wishes))

    def cast(self) -> None:
        for fan in self.random.sample(self.fans, 5):
            self.is_busy = self.random.random() < 0.3
            with suppress(Refusal):
                vote(self.wish, fan, at=self.at)

    def withdraw(self) -> None:
        actions.withdraw_vote(feature_request=self.wish, fan=self.fan, at=self.at)

    def swap(self) -> None:
        actions.swap_vote(give=self.wish, take_back=self.wish, fan=self.fan, at=self.at)

    def merge(self) -> None:
        standing = list(FeatureRequest.objects.open())
        if len(standing) > 1:
            merge(*self.random.sample(standing, 2), actor=self.staff, at=self.at)

    def undo(self) -> None:
        for wish in FeatureRequest.objects.filter(status=Status.MERGED).order_by("-status_at")[:1]:
            undo(wish, actor=self.staff, at=self.at)

    def end(self) -> None:
        wish = self.wish
        if self.random.random() < 0.5:
            move(wish, Status.DECLINED, actor=self.staff, at=self.at)
        elif wish.status == Status.SUBMITTED:
            ship(walk(wish, Status.PLANNED, actor=self.staff), actor=self.staff, at=self.at)

    def reopen(self) -> None:
        for wish in FeatureRequest.objects.filter(status__in=[Status.DECLINED, Status.SHIPPED]):
            if wish.status == Status.DECLINED:
                move(wish, Status.REOPENED, actor=self.staff, at=self.at)
            else:
                actions.unship(feature_request=wish, reason="", actor=self.staff, at=self.at)

    def suspend(self) -> None:
        fan = self.fan
        people = Fan.objects.get_queryset().filter(pk=fan.pk)
        people.update(suspended_until=self.at + timedelta(days=self.random.choice([2, 60])))
        actions.set_votes_aside(fan=fan)

    def come_back(self) -> None:
        Fan.objects.get_queryset().update(suspended_until=None, leaving_at=None)
        self.sweep()

    def leave(self) -> None:
        fan = self.fan
        Fan.objects.get_queryset().filter(pk=fan.pk).update(leaving_at=self.at)
        actions.set_votes_aside(fan=fan)

    def let_go(self) -> None:
        actions.withdraw_all_votes(fan=self.fan)

    def forget(self) -> None:
        home.withdraw_region_consent(fan=self.fan)

    def consent(self) -> None:
        home.consent_to_region(fan=self.fan)

    def sweep(self) -> None:
        tasks.count_young_votes()

    def paper(self) -> None:
        actions.add_offline_support(feature_request=self.wish, count=3, at=self.at)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_the_columns_equal_a_recount(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(seed, monkeypatch)
    for number in range(STEPS):
        world.step()
        assert recount() == [], number
        assert_only_the_active_are_counted(world.at)


def assert_only_the_active_are_counted(at: datetime) -> None:
    """F3: in what is open nobody is counted who is suspended or leaves."""
    counted = Vote.objects.counted().on_open_wishes()
    assert not counted.exclude(fan__leaving_at=None).exists()
    assert not counted.filter(fan__suspended_until__gt=at).exists()
