"""A city forms, meets, rests and wakes (spec §7); who belongs to it is nobody's business (A4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from community.feedback.models import OfflineBatch
from events.chapters import actions
from events.chapters.models import Chapter, ChapterState
from events.chapters.tasks import end_terms_of_hosts, let_idle_chapters_sleep
from events.meetups.models import Meetup
from fans import clock
from fans.accounts.models import Hosting
from fans.accounts.withdrawal import Because, withdraw_everything
from fans.audit.models import AuditEntry
from fans.ledger.models import SiteSize
from fans.places.models import Place
from tests import matrix
from tests.events.meetups import (
    STARTS,
    at_local,
    make_draft,
    make_host,
    make_meetup,
    make_place,
)
from tests.factories import NOW, make_batch, make_core_fan, make_fan, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def chapter(place: Place) -> Chapter:
    return actions.found_chapter(place=place, actor=make_staff(), at=NOW)


@pytest.mark.parametrize(("size", "needed"), [(99, 3), (100, 5)])
def test_enough_members_make_it_active(chapter: Chapter, size: int, needed: int) -> None:
    SiteSize.objects.create(day=NOW.date(), active_count=size)
    for member in range(needed):
        chapter.refresh_from_db()
        assert (chapter.state, chapter.member_count) == (ChapterState.FORMING, member)
        fan = make_fan()
        for _ in range(2):
            actions.join(chapter=chapter, fan=fan, at=NOW)
    chapter.refresh_from_db()
    assert (chapter.state, chapter.member_count) == (ChapterState.ACTIVE, needed)
    for _ in range(2):
        actions.leave(chapter=chapter, fan=fan)
    chapter.refresh_from_db()
    assert (chapter.state, chapter.member_count) == (ChapterState.ACTIVE, needed - 1)


def test_who_may_not_write_does_not_join(chapter: Chapter) -> None:
    with pytest.raises(actions.MayNotWrite):
        actions.join(chapter=chapter, fan=make_fan(verified_at=None), at=NOW)


def test_staff_name_hosts_for_a_year(chapter: Chapter) -> None:
    fan, staff = make_fan(), make_staff()
    hosting = actions.name_host(chapter=chapter, fan=fan, actor=staff, at=NOW)
    assert hosting.ends_at == NOW.replace(year=2027)
    with pytest.raises(actions.HostsAlready):
        actions.name_host(chapter=chapter, fan=fan, actor=staff, at=NOW)
    later = hosting.ends_at + timedelta(days=1)
    actions.name_host(chapter=chapter, fan=fan, actor=staff, at=later)
    actions.end_hosting(hosting=Hosting.objects.get(ended_at=None), actor=staff, at=later)
    assert not fan.hostings.standing(later).exists()
    with pytest.raises(actions.NotAllowed):
        actions.name_host(chapter=chapter, fan=make_fan(), actor=make_core_fan(), at=NOW)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["chapter founded", "host named", "host named", "hosting ended"]


def test_who_is_banned_is_no_longer_listed_as_host(
    chapter: Chapter, django_capture_on_commit_callbacks: Any
) -> None:
    host, other = make_fan(display_name="Host Hua"), make_fan(display_name="Host Ho")
    at = clock.now()
    for fan in (host, other):
        actions.name_host(chapter=chapter, fan=fan, actor=make_staff(), at=at)
    assert "Host Hua" in Client().get(chapter.get_absolute_url()).text
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_everything(fan=host, at=at, because=Because.BANNED)
    page = Client().get(chapter.get_absolute_url()).text
    assert ("Host Hua" in page, "Host Ho" in page) == (False, True)


def test_a_host_whose_term_ran_out_sees_no_more_than_others(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = make_host(place)
    draft, batch = make_draft(), make_batch(place=place)
    ends_at = host.hostings.get().ends_at
    for at, sees in ((ends_at - timedelta(hours=1), True), (ends_at, False)):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        end_terms_of_hosts()
        assert Meetup.objects.visible_to(host).filter(pk=draft.pk).exists() is sees
        assert OfflineBatch.objects.visible_to(host).filter(pk=batch.pk).exists() is sees
    assert host.hostings.get().ended_at == ends_at


def test_ninety_idle_days_put_it_to_sleep_and_a_core_fan_wakes_it(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    Chapter.objects.update(state=ChapterState.ACTIVE, active_at=NOW)
    for days, state in ((89, ChapterState.ACTIVE), (90, ChapterState.DORMANT)):
        monkeypatch.setattr(clock, "now", lambda days=days: NOW + timedelta(days=days))
        let_idle_chapters_sleep()
        chapter.refresh_from_db()
        assert chapter.state == state
    at = NOW + timedelta(days=91)
    with pytest.raises(actions.NotAllowed):
        actions.wake(chapter=chapter, actor=make_fan(), at=at)
    assert actions.wake(chapter=chapter, actor=make_core_fan(), at=at)
    let_idle_chapters_sleep()
    chapter.refresh_from_db()
    assert chapter.state == ChapterState.ACTIVE


def test_a_chapters_first_three_meetups_keep_no_seats_back(chapter: Chapter) -> None:
    """M2."""
    shares = [
        make_meetup(reserve_share=20, **at_local(STARTS + timedelta(days=day), 1)).reserve_share
        for day in range(4)
    ]
    assert shares == [0, 0, 0, 20]
    assert Meetup.objects.filter(chapter=chapter).count() == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_city_shows_numbers_and_no_members(  # type: ignore[no-untyped-def]
    chapter: Chapter, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        fan = make_fan(display_name=f"Member Mo {number}")
        actions.join(chapter=chapter, fan=fan, at=NOW)
        host = make_fan(display_name=f"Host Hua {number}")
        actions.name_host(chapter=chapter, fan=host, actor=make_staff(), at=clock.now())
    client = Client()
    client.get("/cities/")
    with django_assert_num_queries(6):
        page = client.get(chapter.get_absolute_url()).text
    assert ("Member Mo" in page, page.count("Host Hua")) == (False, count)
    with django_assert_num_queries(3):
        assert f"{count}" in client.get("/cities/").text


def test_joining_by_the_button_can_be_taken_back(chapter: Chapter) -> None:
    fan = make_fan()
    client = Client()
    client.force_login(fan, backend=matrix.BACKEND)
    page = client.post(f"/cities/{chapter.slug}/membership/", follow=True).text
    assert f"/cities/{chapter.slug}/membership/withdrawal/" in page
    client.post(f"/cities/{chapter.slug}/membership/withdrawal/")
    assert fan.memberships.count() == 0
