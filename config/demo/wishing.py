"""The wishes of the demo community: asked for, voted for, answered, by the real actions."""

from datetime import datetime, timedelta

from django.utils import translation

from community.feature_requests import actions as requests
from community.feature_requests.actions.voting import NEWCOMER_FOR
from community.feature_requests.lenses import SMALL_PLACES
from community.feature_requests.models import FeatureRequest, Lens, Status
from community.products.actions import TagDetails, create_tag
from community.products.models import Product, Tag
from community.threads import actions as threads
from community.threads.models import State
from config.demo.community import Demo
from config.demo.wishes import (
    FOLLOWED,
    FOLLOWED_TWIN,
    OTHERS,
    OVERDUE,
    SHIPPED_TOO,
    SUBJECTS,
    TALK,
    Wish,
)
from fans.accounts.models import Fan
from fans.clock.weeks import week_at

VOTES_EACH = 9  # one stays free, so that everybody can try it
VOTES_OF = {"casual": 7, "almost": 0}

# The way a wish comes to where it stands.
_PATHS = {
    Status.UNDER_REVIEW: [Status.UNDER_REVIEW],
    Status.NEEDS_INFO: [Status.NEEDS_INFO],
    Status.DECLINED: [Status.UNDER_REVIEW, Status.DECLINED],
    Status.PLANNED: [Status.UNDER_REVIEW, Status.PLANNED],
    Status.IN_DEVELOPMENT: [Status.UNDER_REVIEW, Status.PLANNED, Status.IN_DEVELOPMENT],
    Status.IN_TESTING: [
        Status.UNDER_REVIEW,
        Status.PLANNED,
        Status.IN_DEVELOPMENT,
        Status.IN_TESTING,
    ],
}
_SPEAKS = {Status.PLANNED, Status.DECLINED, Status.NEEDS_INFO}


def make_wishes(demo: Demo) -> dict[str, FeatureRequest]:
    """Every wish by its title; the order of votes and answers is that of their dates."""
    authors = authors_by_language(demo)
    wishes = {}
    for number, told in enumerate((FOLLOWED, FOLLOWED_TWIN, *SHIPPED_TOO, *OTHERS, OVERDUE)):
        author = demo.account("county") if told is FOLLOWED else authors[told.language][number]
        asked_at = demo.at - timedelta(days=told.days, minutes=demo.random.randrange(600))
        wishes[told.title] = ask(demo, told, author, asked_at)
        _vote(demo, told, wishes[told.title])
        _write_on_paper(told, wishes[told.title])
        _talk(demo, wishes[told.title], authors[told.language], number)
    _merge(demo, wishes)
    for told in (FOLLOWED, *SHIPPED_TOO, *OTHERS):
        _answer(demo, told, wishes[told.title])
    _tag(demo, wishes)
    return wishes


def authors_by_language(demo: Demo) -> dict[str, list[Fan]]:
    """Fans who have been here for a while, by language; nobody with an account of the demo."""
    oldest = sorted(demo.fans, key=lambda fan: (fan.joined_at, fan.pk))
    plain = [fan for fan in oldest if not fan.is_staff and not demo.people[fan.pk].account]
    return {
        language: [fan for fan in plain if fan.locale == language]
        for language in ("en", "zh-hans", "zh-hant")
    }


def ask(demo: Demo, told: Wish, author: Fan, at: datetime) -> FeatureRequest:
    with translation.override(told.language):  # as the page they wrote it on
        wish = requests.file_request(
            author=author,
            product=Product.objects.get(slug=told.product),
            title=told.title,
            problem=told.problem,
            proposal=told.proposal,
            at=at,
        )
    if wish.thread.state == State.WAITING:  # who has not written before (A1)
        words = wish.thread.posts.get(floor=1)
        threads.publish_waiting(post=words, by=demo.account("moderator"), at=at)
    return wish


def _vote(demo: Demo, told: Wish, wish: FeatureRequest) -> None:
    able = [
        fan
        for fan in demo.fans
        if not fan.is_staff
        and fan.pk != wish.author_id
        and fan.joined_at < wish.created_at - timedelta(days=7)
        and demo.votes.get(fan.pk, 0) < VOTES_OF.get(demo.people[fan.pk].account, VOTES_EACH)
    ]
    voters = demo.random.sample(able, len(able))
    voters.sort(key=lambda fan: not _sees(told.eyes, fan, wish.created_at))
    del voters[told.voices :]
    demo.random.shuffle(voters)
    span = min(timedelta(days=6), (demo.at - wish.created_at) / 2)
    for number, fan in enumerate(voters, start=1):
        at = wish.created_at + span * number / (len(voters) + 1)
        requests.cast_vote(feature_request=wish, fan=fan, at=at)
        demo.votes[fan.pk] = demo.votes.get(fan.pk, 0) + 1


def _sees(eyes: Lens, fan: Fan, at: datetime) -> bool:
    """Whether a vote of this fan would be seen through a lens."""
    if eyes == Lens.NEWCOMERS:
        return at - fan.joined_at < NEWCOMER_FOR
    return eyes == Lens.COUNTY and fan.consents_to_region and fan.region_level in SMALL_PLACES


def _write_on_paper(told: Wish, wish: FeatureRequest) -> None:
    if told.offline:
        requests.add_offline_support(
            feature_request=wish,
            count=told.offline,
            at=wish.created_at + timedelta(days=2),
            key="demo",
        )


def _talk(demo: Demo, wish: FeatureRequest, people: list[Fan], number: int) -> None:
    """A few words of others below most wishes."""
    said = TALK[wish.thread.language]
    able = [fan for fan in people if fan.pk != wish.author_id]
    for turn in range(number % 4):
        at = wish.created_at + (demo.at - wish.created_at) * (turn + 1) / 8
        words = threads.reply(
            thread=wish.thread,
            author=able[(7 * number + turn) % len(able)],
            source=said[(3 * number + turn) % len(said)],
            submission_key=None,
            at=at,
        )
        if words.state == State.WAITING:
            threads.publish_waiting(post=words, by=demo.account("moderator"), at=at)


def _tag(demo: Demo, wishes: dict[str, FeatureRequest]) -> None:
    found: dict[str, list[Tag]] = {}
    for subject in SUBJECTS:
        details = TagDetails(
            slug=subject.slug,
            name=subject.name,
            name_zh_hans=subject.name_zh_hans,
            name_zh_hant=subject.name_zh_hant,
        )
        tag = create_tag(details=details, actor=demo.account("staff"), at=demo.at)
        for title in wishes:
            if title.startswith(subject.titles):
                found.setdefault(title, []).append(tag)
    for title, tags in found.items():
        requests.set_tags(
            feature_request=wishes[title], tags=tags, actor=demo.account("moderator"), at=demo.at
        )


def _merge(demo: Demo, wishes: dict[str, FeatureRequest]) -> None:
    twin, followed = wishes[FOLLOWED_TWIN.title], wishes[FOLLOWED.title]
    requests.merge(
        source=twin,
        target=followed,
        actor=demo.account("moderator"),
        at=twin.created_at + timedelta(days=7),
        reason="Both ask for the same switch.",
    )


def _answer(demo: Demo, told: Wish, wish: FeatureRequest) -> None:
    """A team moves it along, a day or two for each step."""
    member = demo.member(told.team)
    at = wish.created_at + timedelta(days=min(7, told.days / 3), hours=3)
    for status in _PATHS.get(told.status, []):
        requests.change_status(
            feature_request=wish,
            became=status,
            response=told.response if status in _SPEAKS else "",
            reason=told.reason if status == Status.DECLINED else "",
            promised_for=_week(demo, told) if status == Status.PLANNED else "",
            actor=member,
            at=min(at, demo.at - timedelta(hours=1)),
        )
        at += timedelta(days=2)


def _week(demo: Demo, told: Wish) -> str:
    return "" if told.promised is None else week_at(demo.at + timedelta(weeks=told.promised))
