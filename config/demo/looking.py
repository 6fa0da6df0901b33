"""Likes and read marks."""

from community.threads.models import (
    Post,
    Reaction,
    ReactionKind,
    ReadPosition,
    State,
)
from config.demo.community import BATCH, Demo, may_read

READ_LATELY = 90  # threads the seven accounts have looked at


def let_them_like(demo: Demo) -> None:
    reactions = []
    for post in demo.posts:
        marks = demo.marks[post.pk]
        if post.state != State.PUBLISHED:
            continue
        for kind, wanted in (
            (ReactionKind.LIKE, int(marks.get("likes", demo.random.randint(0, 3)))),
            (ReactionKind.HELPFUL, int(marks.get("helpful", "0"))),
        ):
            given = _reactions(demo, post, kind, wanted)
            setattr(post, f"{kind}_count", len(given))
            reactions += given
    Reaction.objects.bulk_create(reactions, batch_size=BATCH)
    liked = [post for post in demo.posts if post.like_count or post.helpful_count]
    Post.objects.bulk_update(liked, ["like_count", "helpful_count"], batch_size=BATCH)


def _reactions(demo: Demo, post: Post, kind: ReactionKind, wanted: int) -> list[Reaction]:
    asked = demo.random.sample(demo.fans, min(3 * wanted, len(demo.fans)))
    able = [
        fan
        for fan in asked
        if fan.pk != post.author_id
        and fan.joined_at < post.created_at
        and may_read(demo, fan, post.thread.board)
    ]
    return [
        Reaction(
            post=post,
            fan=fan,
            kind=kind,
            reacted_at=post.created_at + (demo.at - post.created_at) * demo.random.random() ** 3,
        )
        for fan in able[:wanted]
    ]


def let_them_read(demo: Demo) -> None:
    """Some threads read to the end, some to the middle, some never: dots show at once."""
    last_floors: dict[int, int] = {}
    for post in demo.posts:
        last_floors[post.thread_id] = max(post.floor, last_floors.get(post.thread_id, 0))
    positions = []
    for fan in demo.fans:
        if not demo.people[fan.pk].account:
            continue
        for thread in demo.threads[-READ_LATELY:]:
            read = demo.random.random()
            if read < 0.35:
                continue
            last = last_floors[thread.pk]
            floor = last if read < 0.75 else demo.random.randint(1, last)
            positions.append(ReadPosition(fan=fan, thread=thread, floor=floor, read_at=demo.at))
    ReadPosition.objects.bulk_create(positions, batch_size=BATCH)
