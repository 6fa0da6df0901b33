"""Writes the demo community, in few and large strokes; its counts are counted at the end."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from community.importers.actions.counts import count_anew
from community.markdown import Rendered, language_of, render
from community.threads.models import (
    Post,
    PostRevision,
    State,
    Thread,
)
from community.threads.slugs import slug_of
from config.demo.community import BATCH, Demo, may_read
from config.demo.composed import composed_threads
from config.demo.fridays import build_name
from config.demo.looking import let_them_like, let_them_read
from config.demo.people import Person, everybody
from config.demo.pictures import picture
from config.demo.place import open_boards
from config.demo.script import PostScript, ThreadScript, written_threads
from fans.accounts.models import Fan, ModeratorScope
from fans.accounts.naming import fold
from fans.images.actions import Purpose, keep, store_image
from fans.images.models import Image
from fans.tiers.models import Tier, TierStanding

PASSWORD = "orange-friday"  # noqa: S105  told to everybody; the demo exists in development alone
SEED = 20_261_121

_SLOT = re.compile(
    r"\{(?:(?P<who>op|\d+)|(?P<build>build)|picture:(?P<kind>\w+)\|(?P<alt>[^}]*))\}"
)


def build(at: datetime, tell: Callable[[str], None]) -> Demo:
    """Write everything; the same rows each time, at times relative to `at`."""
    demo = Demo(at, Random(SEED))
    tell("boards and people")
    open_boards(demo)
    _let_people_in(demo)
    tell("threads")
    _let_them_talk(demo)
    tell("likes and read marks")
    let_them_like(demo)
    let_them_read(demo)
    count_anew([thread.pk for thread in demo.threads])
    return demo


# --- People ------------------------------------------------------------------------------------


def _let_people_in(demo: Demo) -> None:
    people = everybody(demo.random, demo.at)
    password = make_password(PASSWORD)
    demo.fans = Fan.objects.bulk_create(_fan(person, password) for person in people)
    demo.people = {fan.pk: person for fan, person in zip(demo.fans, people, strict=True)}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=fan, email=fan.email, verified=True, primary=True) for fan in demo.fans
    )
    TierStanding.objects.bulk_create(
        TierStanding(fan=fan, tier=person.tier, since_at=_since(demo, person))
        for fan, person in zip(demo.fans, people, strict=True)
        if person.tier != Tier.CASUAL
    )
    for fan, person in zip(demo.fans, people, strict=True):
        if person.scope:
            board = person.scope.removeprefix("board:")
            scope = f"board:{demo.boards[board].pk}" if board in demo.boards else person.scope
            ModeratorScope.objects.create(fan=fan, scope=scope)
        if person.team:
            demo.teams[person.team].members.add(fan)
        if person.has_avatar:
            fan.avatar = _store(demo, "avatar", fan, Purpose.AVATAR)
    Fan.objects.bulk_update([fan for fan in demo.fans if fan.avatar], ["avatar"])


def _fan(person: Person, password: str) -> Fan:
    return Fan(
        handle=person.handle,
        display_name=person.name,
        folded_name=fold(person.name),
        email=f"{person.account or person.handle}@example.com",
        password=password if person.account else make_password(None),
        bio=person.bio,
        locale=person.language,
        role=person.role,
        founding_since_date=person.joined_at.date() if person.is_founding else None,
        is_demo=True,
        joined_at=person.joined_at,
        verified_at=person.joined_at,
        welcomed_at=person.joined_at,
    )


def _since(demo: Demo, person: Person) -> datetime:
    return person.joined_at + (demo.at - person.joined_at) / 2


def _store(demo: Demo, kind: str, owner: Fan, purpose: Purpose = Purpose.POST) -> Image:
    upload = picture(kind, demo.random)
    image = store_image(upload=upload, owner=owner, at=demo.at, purpose=purpose)
    keep([image], demo.at)
    return image


# --- Threads -----------------------------------------------------------------------------------


def _let_them_talk(demo: Demo) -> None:
    scripts = [*written_threads(demo.random, demo.at), *composed_threads(demo.random, demo.at)]
    scripts.sort(key=lambda script: script.created_at)
    speakers = [_speakers(demo, script) for script in scripts]
    demo.threads = Thread.objects.bulk_create(
        _thread(demo, script, authors[0]) for script, authors in zip(scripts, speakers, strict=True)
    )
    scripted: list[PostScript] = []
    for script, thread, authors in zip(scripts, demo.threads, speakers, strict=True):
        demo.posts += _posts(demo, script, thread, authors)
        scripted += script.posts
    Post.objects.bulk_create(demo.posts, batch_size=BATCH)
    demo.marks = {post.pk: told.marks for post, told in zip(demo.posts, scripted, strict=True)}
    _hold_pictures(demo)
    _tie_together(demo)


def _thread(demo: Demo, script: ThreadScript, author: Fan) -> Thread:
    title = _plain(script.title, script.created_at)
    marks = script.marks
    noted_at = script.created_at + timedelta(hours=2)
    return Thread(
        board=demo.boards[script.board],
        author=author,
        kind=script.kind,
        title=title,
        slug=slug_of(title),
        language=language_of(title),
        state=_state(marks),
        created_at=script.created_at,
        last_post_at=script.created_at,
        last_author=author,
        featured_at=noted_at if "featured" in marks else None,
        pinned_at=noted_at if "pinned" in marks else None,
        locked_at=noted_at if "locked" in marks else None,
    )


def _plain(text: str, created_at: datetime) -> str:
    return text.replace("{build}", build_name(created_at))


def _state(marks: dict[str, str]) -> State:
    if "removed" in marks:
        return State.REMOVED
    return State.HIDDEN if "hidden" in marks else State.PUBLISHED


def _speakers(demo: Demo, script: ThreadScript) -> list[Fan]:
    """Who writes each post: everyone in their own language, nobody twice unless it is said."""
    authors: list[Fan] = []
    for post in script.posts:
        by = post.marks.get("by", "")
        if by == "op":
            authors.append(authors[0])
        elif by.isdecimal():
            authors.append(authors[int(by) - 1])
        elif by == "staff":
            authors.append(_member_of_staff(demo, post, authors))
        elif by:
            authors.append(demo.account(by))
        else:
            authors.append(_somebody(demo, script, post.language, authors))
    return authors


def _member_of_staff(demo: Demo, post: PostScript, authors: list[Fan]) -> Fan:
    team = post.marks.get("team", "")
    if not team:
        return demo.account("staff")
    members = [fan for fan in demo.fans if demo.people[fan.pk].team == team]
    known = [fan for fan in members if fan in authors]  # who has begun to answer goes on
    speaking = [fan for fan in members if fan.locale == post.language]
    return (known or speaking or members)[0]


def _somebody(demo: Demo, script: ThreadScript, language: str, authors: list[Fan]) -> Fan:
    able = [
        (fan, weight)
        for rank, fan in enumerate(demo.fans)
        if (weight := _eagerness(demo, fan, rank))
        and fan.locale == language
        and fan not in authors
        and may_read(demo, fan, demo.boards[script.board])
        and fan.joined_at < script.created_at
    ]
    return demo.random.choices([fan for fan, _ in able], [weight for _, weight in able])[0]


def _eagerness(demo: Demo, fan: Fan, rank: int) -> float:
    """A few write much, most write little; staff write in their office alone."""
    if fan.is_staff:
        return 0
    more = {Tier.CASUAL: 1.0, Tier.CORE: 2.2, Tier.HONORARY_DEV: 1.2}
    return 6 / (6 + rank % 60) * more[demo.people[fan.pk].tier]


def _posts(demo: Demo, script: ThreadScript, thread: Thread, authors: list[Fan]) -> list[Post]:
    times = _times(demo, script)
    return [
        _post(demo, told, thread, authors, floor, created_at)
        for floor, (told, created_at) in enumerate(zip(script.posts, times, strict=True), start=1)
    ]


def _times(demo: Demo, script: ThreadScript) -> list[datetime]:
    """Replies come quickly at first, and all of them before now."""
    gaps = [timedelta(minutes=demo.random.lognormvariate(4.2, 1.2)) for _ in script.posts[1:]]
    left = demo.at - timedelta(minutes=4) - script.created_at
    whole = sum(gaps, timedelta())
    shrink = min(1.0, left / whole) if whole else 1.0
    times = [script.created_at]
    for gap in gaps:
        times.append(times[-1] + gap * shrink)
    return times


def _post(
    demo: Demo, told: PostScript, thread: Thread, authors: list[Fan], floor: int, at: datetime
) -> Post:
    author = authors[floor - 1]
    source = _source(demo, told.text, thread, authors, author)
    state = _state(told.marks)
    team = demo.people[author.pk].team
    return Post(
        thread=thread,
        author=author,
        floor=floor,
        source=source,
        html=_rendered(demo, source).html,
        language=told.language,
        state=state,
        state_at=at if state == State.PUBLISHED else at + timedelta(hours=1),
        rule=told.marks.get("removed", ""),
        is_official=author.is_staff,
        official_team=demo.teams.get(team),
        created_at=at,
    )


def _source(demo: Demo, text: str, thread: Thread, authors: list[Fan], author: Fan) -> str:
    def filled(slot: re.Match[str]) -> str:
        if slot["build"]:
            return build_name(thread.created_at)
        if slot["kind"]:
            image = _store(demo, slot["kind"], author)
            kind = image.content_type.removeprefix("image/").replace("jpeg", "jpg")
            return f"![{slot['alt']}](/images/{image.key}.{kind})"
        return f"@{authors[0 if slot['who'] == 'op' else int(slot['who']) - 1].handle}"

    return _SLOT.sub(filled, text)


def _rendered(demo: Demo, source: str) -> Rendered:
    def known(handles: Iterable[str]) -> dict[str, str]:
        spelled = {fan.handle.lower(): fan.handle for fan in demo.fans}
        return {handle: spelled[handle] for handle in handles if handle in spelled}

    def sizes(keys: Iterable[str]) -> dict[str, tuple[int, int]]:
        rows = Image.objects.filter(key__in=list(keys)).values_list("key", "width", "height")
        return {key: (width, height) for key, width, height in rows}

    return render(source, known_handles=known, image_sizes=sizes)


def _hold_pictures(demo: Demo) -> None:
    for post in demo.posts:
        if "/images/" in post.source:
            keys = re.findall(r"/images/([0-9a-f]+)\.", post.source)
            post.images.set(Image.objects.filter(key__in=keys))


def _tie_together(demo: Demo) -> None:
    """Replies to what they answer, questions to what helped."""
    by_floor = {(post.thread_id, post.floor): post for post in demo.posts}
    answering = []
    for post in demo.posts:
        marks = demo.marks[post.pk]
        if "to" in marks:
            post.reply_to = by_floor[post.thread_id, int(marks["to"])]
            post.reply_to_floor = post.reply_to.floor
            answering.append(post)
        if "accepted" in marks:
            post.thread.accepted_answer = post
            post.thread.accepted_at = min(post.created_at + timedelta(hours=3), demo.at)
    Post.objects.bulk_update(answering, ["reply_to", "reply_to_floor"])
    Thread.objects.bulk_update(
        [thread for thread in demo.threads if thread.accepted_at],
        ["accepted_answer", "accepted_at"],
        batch_size=BATCH,
    )


def keep_history(demo: Demo) -> None:
    """The guide that is kept up to date shows how."""
    guide = next(post for post in demo.posts if "in the right order" in post.thread.title)
    earlier = guide.source.replace("5. **Codes", "5. **Bank apps and codes").replace(
        "6. Wait a week. *Then* wipe the old one.\n", ""
    )
    edited_at = guide.created_at + timedelta(days=2)
    PostRevision.objects.create(
        post=guide,
        number=1,
        title=guide.thread.title,
        source=earlier,
        html=_rendered(demo, earlier).html,
        editor=guide.author,
        reason="Added step 6, after a sad story",
        replaced_at=edited_at,
    )
    Post.objects.filter(pk=guide.pk).update(edited_at=edited_at, revision_count=1)
