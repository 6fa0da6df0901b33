"""The demo community: the same each time, consistent, and gone in one step."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from community.feature_requests.models import FeatureRequest
from community.fridays.models import Cycle
from community.importers.actions.counts import count_anew
from community.moderation.models import Case
from community.threads.models import Audience, Board, Post, State, Thread, ThreadKind
from config.demo.gathering import DOOR, FULL, move_meetups
from config.demo.opening import open_everything
from config.wish_story import newest_story
from events.check_ins.actions import check_in, is_door_open, settle
from events.check_ins.models import Way
from events.meetups.actions import begin, end
from events.meetups.models import Meetup, MeetupState
from fans import clock
from fans.accounts.models import Fan, Role
from fans.images.models import Image
from fans.ledger.scores import score
from fans.mail.models import QueuedMail
from fans.tiers.models import Tier, TierStanding, tier_of
from tests.events.meetups import make_host, make_meetup, reserve, states
from tests.factories import make_fan

ACCOUNTS = ("casual", "core", "honorary", "host", "moderator", "staff", "admin")


def seed(**options: bool) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_demo_community_is_alive_its_numbers_agree_and_it_goes_in_one_step() -> None:
    seed()
    assert Fan.objects.count() >= 200
    assert Thread.objects.count() >= 295
    assert set(Fan.objects.values_list("is_demo", flat=True)) == {True}
    _the_accounts_can_sign_in_and_hold_their_roles()
    _counts_agree_with_posts()
    _nothing_is_from_the_future()
    _there_is_something_of_everything()
    _one_wish_came_all_the_way()
    _something_is_open_now()
    assert "here already" in seed()
    _a_later_start_moves_what_is_open_and_nothing_else()
    _it_is_removed_in_one_step_with_nothing_left()


def _the_accounts_can_sign_in_and_hold_their_roles() -> None:
    tiers = {}
    for account in ACCOUNTS:
        fan = Fan.objects.get(email=f"{account}@example.com")
        assert fan.check_password("orange-friday")
        assert EmailAddress.objects.filter(user=fan, verified=True, primary=True).exists()
        tiers[account] = (fan.role, tier_of(fan))
    assert tiers == {
        "casual": (Role.FAN, Tier.CASUAL),
        "core": (Role.FAN, Tier.CORE),
        "honorary": (Role.FAN, Tier.HONORARY_DEV),
        "host": (Role.FAN, Tier.CORE),
        "moderator": (Role.MODERATOR, Tier.CORE),
        "staff": (Role.STAFF, None),
        "admin": (Role.ADMIN, None),
    }


def _counts_agree_with_posts() -> None:
    fields = ("reply_count", "answering_count", "last_floor", "last_post_at", "last_author")
    before = list(Thread.objects.order_by("pk").values(*fields))
    count_anew(list(Thread.objects.values_list("pk", flat=True)))
    assert list(Thread.objects.order_by("pk").values(*fields)) == before
    for post in Post.objects.prefetch_related("reactions"):
        kinds = [reaction.kind for reaction in post.reactions.all()]
        assert (post.like_count, post.helpful_count) == (
            kinds.count("like"),
            kinds.count("helpful"),
        )


def _nothing_is_from_the_future() -> None:
    now = clock.now()
    assert Post.objects.filter(created_at__gt=now).count() == 0
    for post in Post.objects.select_related("author", "thread"):
        assert post.author.joined_at <= post.created_at
        assert post.thread.created_at <= post.created_at
        assert "{" not in post.thread.title


def _there_is_something_of_everything() -> None:
    assert set(Thread.objects.values_list("kind", flat=True)) == set(ThreadKind.values)
    assert set(Thread.objects.values_list("language", flat=True)) == {"en", "zh-hans", "zh-hant"}
    states = set(Post.objects.values_list("state", flat=True))
    assert states == {State.PUBLISHED, State.WAITING, State.HIDDEN, State.REMOVED}
    for field in ("pinned_at", "locked_at", "featured_at", "accepted_answer"):
        assert Thread.objects.exclude(**{field: None}).count() >= 1
    assert Board.objects.filter(threads=None).count() == 2
    assert set(Board.objects.values_list("readable_by", flat=True)) == set(Audience.values)
    assert Case.objects.open().count() == 4
    assert Post.objects.filter(state=State.WAITING).exclude(release_at=None).count() == 1
    assert Post.objects.exclude(images=None).count() >= 7
    recent = Thread.objects.filter(last_post_at__gt=clock.now() - timedelta(days=7))
    assert recent.count() >= 20
    assert Fan.objects.filter(display_name__regex=r"^.{40}$").count() >= 1
    assert QueuedMail.objects.count() == 0


def _one_wish_came_all_the_way() -> None:
    story = newest_story(AnonymousUser())
    assert story is not None
    kinds = ["asked", "joined", "room", "heard", "planned", "shipped", "verdict", "credited"]
    assert [line.kind for line in story.lines] == kinds
    lines = dict(zip(kinds, story.lines, strict=True))
    assert lines["room"].words == "It was talked over in Jintang."
    assert "on paper" in lines["heard"].words
    assert "said when" not in lines["planned"].words  # no week was promised
    assert "core fan now" in lines["credited"].details[-1]
    with transaction.atomic():
        TierStanding.objects.filter(fan__feature_requests=story.pk).delete()
        cache.clear()
        fallen = newest_story(AnonymousUser())
        transaction.set_rollback(True)
    cache.clear()
    assert fallen is not None
    assert fallen.lines[-1].details == ()


def _something_is_open_now() -> None:
    now = clock.now()
    watch = Cycle.objects.collecting(now).get(product__slug="kumquat-watch")
    assert watch.takes_ballots(now + timedelta(hours=11))
    door, full = (Meetup.objects.get(title=told.title) for told in (DOOR, FULL))
    assert is_door_open(door, now)
    assert full.seats_taken == full.capacity == 20
    line = list(full.rsvps.waiting_in_order().values_list("fan__email", flat=True))
    assert (len(line), line.index("waiting@example.com")) == (7, 2)
    assert score(Fan.objects.get(email="almost@example.com"), now, 90) == 52
    grace = Fan.objects.get(email="grace@example.com").standing
    assert (grace.state, (now - grace.state_at).days) == ("grace", 14)
    assert FeatureRequest.objects.overdue(now).count() == 1


def _a_later_start_moves_what_is_open_and_nothing_else() -> None:
    later = clock.now() + timedelta(days=40)
    before = {
        model: set(model.objects.values_list("pk", "thread__state")) for model in (FeatureRequest,)
    }
    threads, posts = Thread.objects.count(), Post.objects.count()
    open_everything(later)
    assert Cycle.objects.collecting(later).filter(product__slug="kumquat-watch").count() == 1
    assert is_door_open(Meetup.objects.get(title=DOOR.title), later)
    assert Meetup.objects.get(title=FULL.title).starts_at > later
    assert score(Fan.objects.get(email="almost@example.com"), later, 90) == 52
    assert {m: set(m.objects.values_list("pk", "thread__state")) for m in before} == before
    assert Thread.objects.count() == threads + 1  # of the new build of the second product
    assert Post.objects.count() == posts + 1


def _it_is_removed_in_one_step_with_nothing_left() -> None:
    file = Image.objects.all()[0].file
    seed(remove=True)
    left = {
        model._meta.label: count
        for model in apps.get_models()
        if (count := model._base_manager.count())
        and model._meta.app_label in {"fans", "community", "events"}
    }
    assert left == {}
    assert not file.storage.exists(file.name)


@pytest.mark.django_db
def test_a_meetup_that_was_held_is_ahead_again_with_everybody_expected() -> None:
    """Who was in, who did not come and who waits: as before, and the tally agrees (M1)."""
    host = make_host(handle="host", is_demo=True)
    meetup = make_meetup(host, title=FULL.title, capacity=3)
    seats = [reserve(meetup) for _ in range(5)]
    at_door, later = meetup.starts_at, meetup.ends_at + timedelta(days=3)
    check_in(meetup=meetup, fan=seats[0].fan, by=host, way=Way.LIST, at=at_door)
    assert begin(meetup=meetup, at=at_door)
    assert end(meetup=meetup, at=meetup.ends_at)
    assert settle(meetup=meetup, at=later)
    move_meetups(later)
    meetup.refresh_from_db()
    assert (meetup.state, meetup.seats_taken) == (MeetupState.RSVP_OPEN, 3)
    assert states(meetup) == {"confirmed": 3, "waitlisted": 2}
    assert meetup.starts_at > later


@pytest.mark.django_db
@pytest.mark.parametrize("remove", [True, False])
def test_it_leaves_a_site_with_real_people_alone(remove: bool) -> None:
    make_fan(handle="real")
    with pytest.raises(CommandError, match="1 people here are not of the demo community"):
        seed(remove=remove)
    assert Fan.objects.get().handle == "real"


@pytest.mark.django_db
@pytest.mark.parametrize("remove", [True, False])
@override_settings(IN_PRODUCTION=True)
def test_it_is_for_development_alone(remove: bool) -> None:
    with pytest.raises(CommandError, match="for development alone"):
        seed(remove=remove)
    assert Fan.objects.count() == 0
