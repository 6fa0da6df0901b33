"""What waits for the moderators of the demo community, and what they did: by the real actions."""

from datetime import timedelta

from community.moderation.actions.flagging import flag_fan, flag_post
from community.threads import actions as threads
from community.threads.models import Post, Rule, State, ThreadKind
from config.demo.community import Demo
from fans.accounts.models import Fan
from fans.tiers.models import Tier

# By people who have not written before (A1): with a link it waits for a moderator, with a
# watched word too, and without either it appears by itself in some minutes.
FIRST_THREAD = (
    "Hello, and a question about cases",
    "I got my K2 yesterday and like it very much. Does the leather case from "
    "https://shop.example/k2-leather block wireless charging? The shop does not say.",
)
FIRST_REPLIES = (
    "刚注册，先谢谢这里的攻略，昨天照着搬完家了。",
    "I know a place with the cheapest price for these, if somebody is interested.",
)


def keep_order(demo: Demo) -> None:
    by_mark = {
        mark: [post for post in demo.posts if mark in demo.marks[post.pk]]
        for mark in ("removed", "hidden")
    }
    moderator = demo.account("moderator")
    for post in by_mark["removed"]:
        rule = demo.marks[post.pk]["removed"]
        threads.remove(post=post, by=moderator, rule=rule, at=post.created_at + timedelta(hours=1))
    for post in by_mark["hidden"]:
        _flag_until_hidden(demo, post)
    _flag_others(demo)
    _first_posts(demo)


def _flag_until_hidden(demo: Demo, post: Post) -> None:
    """Three core fans name the same rule: it is out of sight until somebody has looked."""
    for minutes, fan in enumerate(_core_fans(demo, 3, about=post.author), start=20):
        flag_post(
            post=post,
            reporter=fan,
            rule=Rule.ABUSE,
            at=min(post.created_at + timedelta(minutes=minutes), demo.at),
            note="Calls everybody here bought." if minutes == 20 else "",
        )


def _core_fans(demo: Demo, count: int, *, about: Fan) -> list[Fan]:
    fans = [
        fan
        for fan in demo.fans
        if demo.people[fan.pk].tier == Tier.CORE
        and not demo.people[fan.pk].account
        and fan != about
    ]
    return fans[:count]


def _flag_others(demo: Demo) -> None:
    doubtful = next(post for post in demo.posts if "flea market" in post.source)
    flag_post(
        post=doubtful,
        reporter=_core_fans(demo, 2, about=doubtful.author)[1],
        rule=Rule.SALES_POST,
        at=demo.at - timedelta(hours=30),
        note="Might be a hidden offer? I am not sure.",
    )
    quoted = next(post for post in demo.posts if "I once posted my whole street" in post.source)
    flag_post(
        post=quoted,
        reporter=_core_fans(demo, 1, about=quoted.author)[0],
        rule=Rule.PERSONAL_DATA,
        at=demo.at - timedelta(hours=3),
    )
    seller = next(post.author for post in demo.posts if "removed" in demo.marks[post.pk])
    flag_fan(
        fan=seller,
        reporter=_core_fans(demo, 3, about=seller)[2],
        rule=Rule.SPAM,
        at=demo.at - timedelta(hours=5),
        note="Third time this month, always the same text.",
    )


def _first_posts(demo: Demo) -> None:
    quiet = _who_never_wrote(demo)
    threads.start_thread(
        board=demo.boards["questions"],
        author=quiet[0],
        kind=ThreadKind.QUESTION,
        title=FIRST_THREAD[0],
        source=FIRST_THREAD[1],
        submission_key=None,
        at=demo.at - timedelta(minutes=50),
    )
    guides = [thread for thread in demo.threads if thread.board == demo.boards["guides"]]
    for number, source in enumerate(FIRST_REPLIES, start=1):
        threads.reply(
            thread=guides[-number],
            author=quiet[number],
            source=source,
            submission_key=None,
            at=demo.at - timedelta(minutes=5 - number),
        )


def _who_never_wrote(demo: Demo) -> list[Fan]:
    wrote = {post.author_id for post in demo.posts if post.state == State.PUBLISHED}
    quiet = [fan for fan in demo.fans if fan.pk not in wrote and not fan.moderates_anything]
    return sorted(quiet, key=lambda fan: fan.joined_at, reverse=True)
