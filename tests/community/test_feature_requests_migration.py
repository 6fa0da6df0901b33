"""A site with wishes and votes moves to lenses and back; what stood there says the same."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from community.feature_requests.actions import add_offline_support
from community.feature_requests.models import FeatureRequest, OfflineSupport, Vote
from tests.community.feature_requests import count, make_request, merge, recount
from tests.factories import NOW

BEFORE = "0002_wishes_fridays_and_feedback"

# An upgrade that has been out for a while: with --full alone.
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def _back_at_the_newest() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def through_the_past() -> None:
    for target in (
        BEFORE,
        MigrationExecutor(connection).loader.graph.leaf_nodes("community")[0][1],
    ):
        call_command("migrate", "community", target, verbosity=0)


@pytest.mark.usefixtures("_back_at_the_newest")
def test_wishes_of_before_are_counted_through_every_lens() -> None:
    wish, same, quiet = make_request(votes=3), make_request(votes=2), make_request()
    Vote.objects.filter(feature_request=wish).update(region_level="county", is_newcomer=True)
    busy = Vote.objects.filter(feature_request=same).order_by("pk")[0]
    Vote.objects.filter(pk=busy.pk).update(is_busiest=True)
    add_offline_support(feature_request=same, count=9, at=NOW, key="batch:1")
    add_offline_support(feature_request=wish, count=4, at=NOW, key="batch:1")
    merge(same, wish)
    recount(repairs=True)
    before = list(FeatureRequest.objects.order_by("pk").values())
    through_the_past()
    assert list(OfflineSupport.objects.order_by("pk").values_list("key", "count")) == [
        ("batch:1", 9),
        ("batch:1", 4),
    ]
    assert recount() == []
    shown = FeatureRequest.objects.get(pk=wish.pk)
    assert (shown.vote_count, shown.county_count, shown.newcomer_count) == (5, 3, 3)
    assert (shown.without_busiest_count, shown.offline_count) == (4, 13)
    assert shown.heat == pytest.approx(next(row["heat"] for row in before if row["id"] == wish.pk))
    assert count(quiet) == 0
