"""Threads made of phrases: a year of Fridays, and what people say about parts of a phone."""

from datetime import datetime, timedelta
from random import Random

from config.demo.fridays import build_name, last_friday
from config.demo.phrases import (
    APPS,
    CHANGES,
    LOVED,
    NOT_GOOD,
    PARTS,
    PATTERNS,
    PLACES,
    Part,
    Pattern,
)
from config.demo.script import PostScript, ThreadScript

WEEKS = 24
THREADS_ABOUT_PARTS = 176


def composed_threads(random: Random, at: datetime) -> list[ThreadScript]:
    weeks = range(3, WEEKS + 1)
    return [
        *(_announcement(random, at, week) for week in weeks),
        *(_impressions(random, at, week) for week in weeks),
        *_about_parts(random, at),
    ]


def _announcement(random: Random, at: datetime, week: int) -> ThreadScript:
    build = build_name(last_friday(at, week))
    parts = random.sample(PARTS, 5)
    changes = [f"- {_change(random, part)}" for part in parts]
    opening = "Out now on the weekly channel, in waves until Saturday noon.\n"
    text = "\n".join([opening, *changes])
    replies = random.sample(
        ("Installed, 11 minutes, no surprises.", "更新好了，目前一切正常。", "收到，晚上更新。", "更新完成，一切正常。",
         "Waiting for my wave with coffee.", "First! No, third.", "谢谢，更新说明写得越来越像人话了。"),
        random.randint(1, 4),
    )  # fmt: skip
    return ThreadScript(
        board="announcements",
        kind="announcement",
        title=f"Kumquat OS {build}: {parts[0].en} and {parts[1].en}",
        posts=[
            PostScript(text, {"by": "staff", "likes": str(random.randint(8, 30)), "lang": "en"}),
            *(PostScript(words) for words in replies),
        ],
        created_at=last_friday(at, week),
    )


def _change(random: Random, part: Part) -> str:
    words = random.choice(CHANGES)
    language = "zh-hant" if "繁體" in words else "zh-hans" if words.startswith("{part}") else "en"
    return _filled(words, part, language)


def _impressions(random: Random, at: datetime, week: int) -> ThreadScript:
    build = build_name(last_friday(at, week))
    language = random.choice(("en", "zh-hans"))
    loved = random.sample(LOVED[language], 3)
    bad = random.sample(NOT_GOOD[language], 2)
    if language == "en":
        title = f"Impressions of {build}"
        text = f"Liked most: {', '.join(loved)}.\n\nNot good enough: {', '.join(bad)}.\n\nYours?"
    else:
        title = f"{build} 使用感受"
        text = f"最喜欢：{'、'.join(loved)}。\n\n不够好：{'、'.join(bad)}。\n\n大家呢？"
    replies = []
    for _number in range(random.randint(2, 7)):
        tongue = language if random.random() < 0.7 else random.choice(("en", "zh-hans"))
        like, dislike = random.choice(LOVED[tongue]), random.choice(NOT_GOOD[tongue])
        replies.append(
            random.choice(
                (f"Liked: {like}. Not good: {dislike}.", f"For me {like}, but {dislike}.", f"> {bad[0]}\n\nSame here. Apart from that, {like}.")
                if tongue == "en"
                else (f"最喜欢{like}，不够好的是{dislike}。", f"{like}，这点给好评；{dislike}，扣一分。", f"> {bad[1]}\n\n同感。不过{like}，总体满意。")
            )
        )  # fmt: skip
    return ThreadScript(
        board="weekly-build",
        kind="discussion",
        title=title,
        posts=[
            PostScript(text, {"likes": str(random.randint(2, 14)), "lang": language}),
            *(PostScript(words) for words in replies),
        ],
        created_at=last_friday(at, week) + timedelta(hours=random.uniform(3, 40)),
    )


def _about_parts(random: Random, at: datetime) -> list[ThreadScript]:
    pairs = [(part, pattern) for part in PARTS for pattern in PATTERNS]
    chosen = random.sample(pairs, THREADS_ABOUT_PARTS)
    return [_about(random, at, part, pattern) for part, pattern in chosen]


def _about(random: Random, at: datetime, part: Part, pattern: Pattern) -> ThreadScript:
    created_at = at - timedelta(days=min(300.0, 0.1 + random.expovariate(1 / 60)))
    fill = {
        "build": build_name(created_at),
        "n": random.randint(2, 9),
        "m": random.randint(11, 40),
        "place": random.choice(PLACES[pattern.language]),
        "app": random.choice(APPS[pattern.language]),
    }
    kept = sorted(
        random.sample(range(len(pattern.replies)), random.randint(1, len(pattern.replies) - 1))
    )
    if random.random() < 0.08:
        kept = []  # some are still waiting for an answer
    return ThreadScript(
        board=part.board,
        kind=pattern.kind,
        title=_filled(random.choice(pattern.titles), part, pattern.language, **fill),
        posts=[
            PostScript(
                _filled(random.choice(pattern.bodies), part, pattern.language, **fill),
                {"lang": pattern.language, "likes": str(random.randint(0, 9))},
            ),
            *_replies(random, [pattern.replies[number] for number in kept], part, pattern, fill),
        ],
        created_at=created_at,
    )


def _replies(
    random: Random, phrases: list[str], part: Part, pattern: Pattern, fill: dict[str, object]
) -> list[PostScript]:
    replies = []
    has_answer = False
    for phrase in phrases:
        speaker, colon, words = phrase.partition(":")
        by = speaker if colon and speaker in {"staff", "op"} else ""
        text = words if by else phrase
        marks = {"likes": str(random.randint(0, 5))}
        if by:
            marks |= {"by": by, "lang": pattern.language}
        if text.startswith(">") and not text.startswith("> "):
            text = text[1:]
            if not has_answer and random.random() < 0.8:
                has_answer = True
                marks |= {"accepted": "yes", "helpful": str(random.randint(1, 8))}
        replies.append(PostScript(_filled(text, part, pattern.language, **fill), marks))
    return replies


def _filled(words: str, part: Part, language: str, **fill: object) -> str:
    name = {"en": part.en, "zh-hans": part.hans, "zh-hant": part.hant}[language]
    return words.format(part=name, Part=name[0].upper() + name[1:], **fill)
