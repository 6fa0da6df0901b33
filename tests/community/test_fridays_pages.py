"""The pages of the week: what a fan sees of it, and what staff do with it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.feature_requests.models import FeatureRequest, Status
from community.fridays import actions
from community.fridays.actions import sweep_cycle
from community.fridays.models import Cycle, CycleState, Pick, Release, ReleaseState
from community.fridays.times import snapshot_at
from community.products.models import Product
from fans import clock
from fans.accounts.models import Fan
from tests.community import feature_requests as wishes
from tests.community.fridays import (
    BEFORE,
    TARGET,
    make_cycle,
    make_draft,
    make_published,
    make_ready,
    make_team,
    on_the_way,
)
from tests.factories import ProductFactory, make_core_fan, make_fan, make_staff

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock of views."""

    def it_is(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    it_is(TARGET)
    return it_is


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def page(cycle: Cycle, client: Client | None = None) -> str:
    answer = (client or Client()).get(cycle.get_absolute_url())
    assert answer.status_code == 200
    return answer.text


# --- for everyone ------------------------------------------------------------------------------


def test_the_week_says_where_it_stands_by_its_stored_times(now: Any) -> None:
    """O1: no sweep has run since the build came out."""
    cycle = make_cycle()
    make_published(cycle)
    assert "The report opens" in page(cycle)
    cycle.refresh_from_db()
    said = {
        cycle.report_opens_at: "Report and ballot close",
        cycle.report_closes_at: "The late window closes",
        cycle.late_closes_at: "The results come",
    }
    for at, words in said.items():
        now(at)
        assert words in page(cycle)
    now(cycle.report_closes_at)
    assert "/ballot/" not in page(cycle)


def test_a_skipped_week_says_why_and_names_the_next(now: Any) -> None:
    """O8."""
    cycle = make_cycle()
    actions.skip(cycle=cycle, reason="Spring Festival", actor=make_staff(), at=BEFORE)
    [following] = actions.schedule_weeks(product=cycle.product, at=TARGET)
    shown = page(cycle)
    assert "Spring Festival" in shown
    assert following.get_absolute_url() in shown


def test_a_recalled_build_is_marked_wherever_it_is_shown(now: Any) -> None:
    cycle = make_cycle()
    release = make_published(cycle)
    actions.withdraw_release(release=release, reason="It burns.", actor=make_staff(), at=TARGET)
    assert "It burns." in page(cycle)
    assert "Do not install it" in Client().get(release.get_absolute_url()).text
    assert "recalled" in Client().get("/releases/").text


def test_a_delayed_week_says_so(now: Any) -> None:
    cycle = make_cycle()
    make_published(cycle)
    sweep_cycle(cycle_id=cycle.pk, at=cycle.late_closes_at)
    Cycle.objects.update(hold_at=TARGET, hold_reason="A number looks wrong.")
    now(cycle.publish_at)
    assert "A number looks wrong." in page(cycle)


def test_a_build_names_who_asked_for_it(now: Any) -> None:
    cycle = make_cycle()
    wish = on_the_way(wishes.make_request(product=cycle.product))
    release = make_published(cycle, wish)
    shown = Client().get(release.get_absolute_url()).text
    assert wish.author.display_name in shown
    assert wish.get_absolute_url() in shown
    assert release.thread is not None
    assert release.thread.get_absolute_url() in shown


def test_a_hidden_wish_is_not_named(now: Any) -> None:
    cycle = make_cycle()
    wish = on_the_way(wishes.make_request(product=cycle.product, title="Secret wish of somebody"))
    details = actions.ItemDetails(
        kind="new", title="Louder", team=make_team(), feature_request=wish
    )
    release = make_draft(cycle)
    actions.change_release(
        release=release,
        details=actions.ReleaseDetails(
            version="4.2", cycle=cycle, notes="New.", has_no_known_defects=True
        ),
        items=[details],
        actor=release.created_by,
        at=BEFORE,
    )
    actions.make_ready(release=release, actor=release.created_by, at=BEFORE)
    actions.publish_release(release=release, actor=None, at=TARGET)
    address = Release.objects.get().get_absolute_url()
    assert "Secret wish" in Client().get(address).text
    wish.thread.state = "hidden"
    wish.thread.save()
    assert "Secret wish" not in Client().get(address).text
    assert "Louder" in Client().get(address).text


def test_early_notes_are_for_core_fans(now: Any) -> None:
    cycle = make_cycle()
    release = make_ready(cycle)
    now(TARGET - 23 * HOUR)
    address = f"/releases/{cycle.product.slug}/{release.version}/"
    assert signed_in(make_core_fan()).get(address).status_code == 200
    assert signed_in(make_fan()).get(address).status_code == 404
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(now: Any, count: int) -> None:
    for number in range(count):
        cycle = make_cycle()
        wish = on_the_way(wishes.make_request(product=cycle.product))
        make_published(cycle, wish, version=f"{number}")
    client, last = Client(), Cycle.objects.get(pk=cycle.pk)
    for path, queries in {
        "/fridays/": 3,
        "/releases/": 5,
        last.get_absolute_url(): 7,
    }.items():
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        assert (path, len(seen)) == (path, queries)


# --- for staff ---------------------------------------------------------------------------------


def rows_of(wish: FeatureRequest | None = None) -> dict[str, str]:
    filled = {"item1-kind": "new", "item1-title": "Louder", "item1-team": str(make_team().pk)}
    if wish is not None:
        filled["item1-feature_request"] = str(wish.pk)
    return filled | {f"item{number}-kind": "new" for number in range(2, 9)}


def test_staff_take_a_build_from_the_first_word_to_its_recall(now: Any) -> None:
    cycle = make_cycle()
    wish = on_the_way(wishes.make_request(product=cycle.product))
    client = signed_in(make_staff())
    now(BEFORE)
    form = {"version": "4.2", "cycle": str(cycle.pk), "notes": "New.", **rows_of(wish)}
    client.post(f"/staff/releases/new/{cycle.product.slug}/", form)
    release = Release.objects.get()
    address = f"/staff/releases/{release.pk}/"
    client.post(f"{address}ready/")
    release.refresh_from_db()
    assert release.state == ReleaseState.DRAFT
    assert "the known defects" in client.get(address).text
    client.post(f"{address}edit/", {**form, "has_no_known_defects": "on"})
    client.post(f"{address}ready/")
    assert "<strong>1 fan</strong>" in client.get(address).text
    client.post(f"{address}publication/")
    release.refresh_from_db()
    assert release.state == ReleaseState.PUBLISHED
    assert client.post(f"{address}withdrawal/", {"reason": ""}).status_code == 422
    client.post(f"{address}withdrawal/", {"reason": "It burns."})
    release.refresh_from_db()
    assert release.state == ReleaseState.WITHDRAWN


def test_a_row_without_a_team_comes_back_with_its_words(now: Any) -> None:
    cycle = make_cycle()
    form = {"version": "4.2", "notes": "New.", **rows_of(), "item1-team": ""}
    answer = signed_in(make_staff()).post(f"/staff/releases/new/{cycle.product.slug}/", form)
    assert answer.status_code == 422
    assert "Which team made it?" in answer.text
    assert "Louder" in answer.text


def test_a_taken_version_is_refused_in_words(now: Any) -> None:
    cycle = make_cycle()
    make_draft(cycle)
    form = {"version": "4.2", **rows_of()}
    answer = signed_in(make_staff()).post(f"/staff/releases/new/{cycle.product.slug}/", form)
    assert answer.status_code == 422
    assert "There is a build of this name" in answer.text


def test_a_stopped_publication_names_the_wish(now: Any) -> None:
    """F6."""
    cycle = make_cycle()
    wish = on_the_way(wishes.make_request(product=cycle.product), Status.UNDER_REVIEW)
    release = make_ready(cycle, wish)
    client = signed_in(make_staff())
    answer = client.post(f"/staff/releases/{release.pk}/publication/", follow=True)
    assert f"“{wish.title}” (Under review)" in answer.text
    release.refresh_from_db()
    assert release.state == ReleaseState.READY


def test_the_desk_says_the_one_next_step(now: Any) -> None:
    product = ProductFactory.create()
    cycle, client = make_cycle(product), signed_in(make_staff())
    now(BEFORE)
    assert "Write down what the build of the week brings." in client.get("/staff/fridays/").text
    release = make_draft(cycle)
    assert "4.2 is a draft, and nothing is missing." in client.get("/staff/fridays/").text
    actions.make_ready(release=release, actor=release.created_by, at=BEFORE)
    assert "goes out by itself" in client.get("/staff/fridays/").text
    now(snapshot_at(cycle.friday))
    sweep_cycle(cycle_id=cycle.pk, at=snapshot_at(cycle.friday))
    assert "Choose the wishes of the week" in client.get("/staff/fridays/").text


def test_staff_skip_a_week_with_a_reason(now: Any) -> None:
    cycle, client = make_cycle(), signed_in(make_staff())
    address = f"/staff/fridays/{cycle.pk}/skipping/"
    client.post(address, {"reason": " "})
    assert Cycle.objects.get().state == CycleState.SCHEDULED
    client.post(address, {"reason": "Rest"})
    assert Cycle.objects.get().state == CycleState.SKIPPED


def test_staff_choose_five_and_say_why_the_sixth(now: Any) -> None:
    cycle, client = make_cycle(), signed_in(make_staff())
    chosen = [wishes.make_request(product=cycle.product, votes=5) for _ in range(6)]
    sweep_cycle(cycle_id=cycle.pk, at=snapshot_at(cycle.friday))
    address = f"/staff/fridays/{cycle.pk}/"
    for wish in chosen[:5]:
        client.post(f"{address}picks/{wish.pk}/")
    answer = client.post(f"{address}picks/{chosen[5].pk}/")
    assert answer.status_code == 422
    assert "The sixth needs a reason." in answer.text
    client.post(f"{address}picks/{chosen[5].pk}/", {"reason": "A small one."})
    client.post(f"{address}picks/{chosen[0].pk}/withdrawal/")
    assert set(Pick.objects.values_list("feature_request", flat=True)) == {
        wish.pk for wish in chosen[1:]
    }
    assert "A small one." in client.get(f"{address}planning/").text
    assert chosen[1].title in page(cycle)


def test_a_fan_has_no_desk(now: Any) -> None:
    cycle, client = make_cycle(), signed_in(make_fan())
    for path in ("", f"{cycle.pk}/planning/"):
        assert client.get(f"/staff/fridays/{path}").status_code == 404
    assert client.post(f"/staff/fridays/{cycle.pk}/skipping/", {"reason": "x"}).status_code == 404


def test_weeks_of_a_retired_product_are_gone(now: Any) -> None:
    cycle = make_cycle()
    Product.objects.update(retired_at=TARGET)
    assert Client().get(cycle.get_absolute_url()).status_code == 404


def test_a_week_that_ended_early_promises_no_step_that_will_not_come(now: Any) -> None:
    staff, cycle = make_staff(), make_cycle()
    actions.skip(cycle=cycle, reason="Spring Festival", actor=staff, at=BEFORE)
    desk = signed_in(staff).get(f"/staff/fridays/{cycle.pk}/")
    assert [step.title for step in desk.context["steps"]] == ["The choice of the week"]

    release = make_published(make_cycle())
    assert "The course of the week" in page(release.cycle)
    actions.withdraw_release(release=release, reason="Hot.", actor=staff, at=TARGET + HOUR)
    assert "The course of the week" not in page(release.cycle)
