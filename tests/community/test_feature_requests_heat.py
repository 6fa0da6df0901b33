"""What trends is an order of stored numbers; python and both engines weigh alike."""

from datetime import timedelta

import pytest
from django.db.models import Max, Sum

from community.feature_requests.heat import EPOCH, Weight, weight
from community.feature_requests.lenses import COLUMNS, seen_by, sees
from community.feature_requests.models import FeatureRequest, Lens, Vote
from fans.places.models import RegionLevel
from tests.community.feature_requests import make_request
from tests.factories import NOW, make_fan

pytestmark = pytest.mark.django_db


def test_a_vote_weighs_twice_as_much_as_one_cast_a_week_before() -> None:
    assert weight(EPOCH) == 1
    assert weight(EPOCH + timedelta(days=7)) == 2
    assert weight(EPOCH - timedelta(days=14)) == 0.25
    assert weight(NOW + timedelta(days=7)) == pytest.approx(2 * weight(NOW), rel=1e-12)


@pytest.mark.parametrize("after", ["0 0", "0 1", "0 123456", "40000000 999999", "-999999 7"])
def test_the_database_weighs_as_python_does(after: str) -> None:
    seconds, microseconds = map(int, after.split())
    cast_at = EPOCH + timedelta(seconds=seconds, microseconds=microseconds)
    Vote.objects.create(
        feature_request=make_request(), fan=make_fan(), cast_at=cast_at, counts_from=cast_at
    )
    newest = Vote.objects.values("fan").annotate(newest=Max("cast_at"))
    total = newest.aggregate(heat=Sum(Weight("newest")))["heat"]
    assert total == pytest.approx(weight(cast_at), rel=1e-12)


def test_every_lens_asks_a_vote_and_the_table_the_same() -> None:
    wish = make_request()
    for level in RegionLevel.values:
        for marks in range(4):
            Vote.objects.create(
                feature_request=wish, fan=make_fan(), cast_at=NOW, counts_from=NOW,
                region_level=level, is_newcomer=bool(marks & 1), is_busiest=bool(marks & 2),
            )  # fmt: skip
    for lens in Lens:
        seen = set(Vote.objects.filter(seen_by(lens)))
        assert seen == {vote for vote in Vote.objects.all() if sees(lens, vote)}, lens


def test_every_lens_has_its_columns() -> None:
    names = {field.name for field in FeatureRequest._meta.get_fields()}
    columns = {column for pair in COLUMNS.values() for column in pair if column}
    assert list(COLUMNS) == list(Lens)
    assert columns == {name for name in names if name.endswith(("_count", "heat"))}
