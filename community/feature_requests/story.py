"""The story of a wish: one line from the first voice to the verdict (spec §5).

Told from what this room knows, and from the steps other rooms wrote down; each reader is told
what they may see. What has not happened yet stands at its end, as what comes next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from community import markdown
from community.feature_requests.crowd import crowd_of, named_groups
from community.feature_requests.models import (
    Channel,
    FeatureRequest,
    Lens,
    OfflineSupport,
    StatusChange,
    StoryStep,
)
from community.feature_requests.moves import told_of_change, told_of_judgement, told_of_verdict
from community.feature_requests.promises import promise_of
from community.feature_requests.upcoming import ahead, ending
from community.threads.models import Post
from community.threads.rendering import plain
from fans.accounts.models import Fan, Reader
from fans.places.models import Place, RegionLevel
from fans.tiers.models import Tier, TierChange

CLUSTER_AT_MOST = 60
STEPS_AT_MOST = 60
QUOTE_LENGTH = 240  # characters; the whole is where the line leads
NAMES_AT_MOST = 5


@dataclass(frozen=True)
class Line:
    """One line of the story; `until` where it took its time, no moment where it is to come."""

    kind: str
    words: str
    at: datetime | None = None
    until: datetime | None = None
    url: str = ""
    said: str = ""
    details: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return name_of_kind(self.kind)

    @property
    def language(self) -> str:
        return markdown.language_of(self.said)


@dataclass(frozen=True)
class Story:
    lines: list[Line]
    ahead: list[Line]
    ending: str  # in words, where it ended without a verdict
    steps: list[int]  # numbers of the written steps it was told from

    @property
    def is_complete(self) -> bool:
        """Asked, answered, shipped, judged, and nothing is to come."""
        has_build = any(line.kind == "shipped" and line.url for line in self.lines)
        has_plan = any(line.kind == "planned" for line in self.lines)
        return has_build and has_plan and not self.ahead and not self.ending

    @property
    def day_count(self) -> int:
        """From the first word to the verdict."""
        moments = [line.at for line in self.lines if line.at]
        return (moments[-1] - moments[0]).days if moments else 0


def name_of_kind(kind: str) -> str:
    """What a mark on the line is called."""
    return {
        "asked": _("Asked"),
        "same": pgettext("step of a story", "Asked too"),
        "joined": _("Voted"),
        "heard": pgettext("step of a story", "Heard"),
        "room": pgettext("step of a story", "Argued"),
        "question": pgettext("step of a story", "Asked back"),
        "answered": pgettext("step of a story", "Answered"),
        "planned": _("Planned"),
        "built": pgettext("step of a story", "In work"),
        "shipped": _("Shipped"),
        "recalled": pgettext("step of a story", "Recalled"),
        "returned": pgettext("step of a story", "Taken back"),
        "reopened": _("Reopened"),
        "declined": _("Declined"),
        "closed": _("Closed"),
        "withdrawn": _("Withdrawn"),
        "merged": _("Merged"),
        "judged": pgettext("step of a story", "Judged"),
        "verdict": _("Verdict"),
        "answer": pgettext("step of a story", "Answer"),
        "build": pgettext("step of a story", "Build"),
        "credited": pgettext("step of a story", "Thanks"),
    }[kind]


def story(wish: FeatureRequest, reader: Reader, at: datetime) -> Story:
    """The joint story of a wish and of what is merged into it. At most ten queries."""
    cluster = _cluster(wish, reader)
    steps = list(
        StoryStep.objects.visible_to(reader)
        .filter(feature_request__in=[each.pk for each in cluster])
        .order_by("happened_at", "pk")[:STEPS_AT_MOST]
    )
    heard = _heard_rows(cluster)
    places = _places(heard, steps)
    told = [
        *_asked(cluster, reader),
        *_joined(wish),
        *_heard(heard, places),
        *(_room(step, places) for step in steps if step.kind == "room"),
        *(_judged(step) for step in steps if step.kind == "judged"),  # before what came of it
        *_moves(wish, steps),
        *(_verdict(step) for step in steps if step.kind == "verdict"),
    ]
    lines = sorted(told, key=lambda line: line.at or wish.created_at)
    lines += _thanks(steps)
    coming = ahead(wish, at, is_judged=_is_judged(lines))
    return Story(
        lines=lines,
        ahead=[Line(kind, words) for kind, words in coming],
        ending=ending(wish),
        steps=[step.pk for step in steps],
    )


def _cluster(wish: FeatureRequest, reader: Reader) -> list[FeatureRequest]:
    seen = FeatureRequest.objects.visible_to(reader)
    here = seen.shown_with(wish.pk).select_related("author")
    return list(here.order_by("created_at", "pk")[:CLUSTER_AT_MOST])


def _is_judged(lines: Sequence[Line]) -> bool:
    kinds = [line.kind for line in lines]
    return "verdict" in kinds and "shipped" not in kinds[kinds.index("verdict") :]


# --- Who wanted it ---------------------------------------------------------------------------


def _asked(cluster: Sequence[FeatureRequest], reader: Reader) -> Iterator[Line]:
    """Whoever said it first, in their own words, and those who asked for the same since."""
    first, others = cluster[0], [w for w in cluster if w.author_id != cluster[0].author_id]
    words = Post.objects.visible_to(reader).filter(thread=first.thread_id, floor=1).first()
    yield Line(
        "asked",
        _("%(name)s asked for it.") % {"name": _name_of(first.author)},
        first.created_at,
        url=first.get_absolute_url(),
        said=plain(words.html.partition("</p>")[0], QUOTE_LENGTH) if words else "",
    )
    if others:
        people = list({each.author_id: each.author for each in others}.values())
        yield Line(
            "same",
            _("%(names)s asked for the same.") % {"names": _names_of(people)},
            others[0].created_at,
            url=others[0].get_absolute_url(),
        )


def _joined(wish: FeatureRequest) -> Iterator[Line]:
    crowd = crowd_of(wish)
    if crowd is None or not wish.vote_count:
        return
    labels: dict[str, str] = {
        Lens.COUNTY: _("%(count)d from counties and townships"),
        RegionLevel.PREFECTURE: _("%(count)d from prefecture-level cities"),
        RegionLevel.MUNICIPALITY: _("%(count)d from municipalities"),
        Lens.NEWCOMERS: _("%(count)d had joined less than 90 days before"),
    }
    words = ngettext("%(count)d fan voted for it.", "%(count)d fans voted for it.", wish.vote_count)
    yield Line(
        "joined",
        words % {"count": wish.vote_count},
        crowd.first_at,
        until=crowd.last_at,
        url=wish.get_absolute_url(),
        details=tuple(labels[key] % {"count": n} for key, n in crowd.groups.items()),
    )


def _heard_rows(cluster: Sequence[FeatureRequest]) -> list[dict[str, Any]]:
    rows = OfflineSupport.objects.filter(feature_request__in=cluster, withdrawn_at=None)
    sums = rows.order_by().values("channel", "place")
    found = sums.annotate(voices=Sum("count"), since=Min("recorded_at"))
    return [dict(row) for row in found.order_by("channel", "-voices", "place")]


def _heard(rows: Sequence[dict[str, Any]], places: dict[int, Place]) -> Iterator[Line]:
    """Voices from paper, the telephone and a room: beside the votes, never among them (F3)."""
    for channel in Channel:
        here = [row for row in rows if row["channel"] == channel]
        if not here:
            continue
        total = sum(row["voices"] for row in here)
        known = {row["place"]: row["voices"] for row in here if row["place"]}
        named = list(named_groups(known, total).items())[:NAMES_AT_MOST]
        yield Line(
            "heard",
            _heard_words(channel, total),
            min(row["since"] for row in here),
            details=tuple(
                _("%(count)d from %(place)s") % {"count": count, "place": places[pk]}
                for pk, count in named
            ),
        )


def _heard_words(channel: Channel, count: int) -> str:
    match channel:
        case Channel.PAPER:
            words = ngettext(
                "%(count)d voice came on paper.", "%(count)d voices came on paper.", count
            )
        case Channel.HOTLINE:
            words = ngettext("%(count)d voice came by telephone.", "%(count)d voices came by telephone.", count)  # fmt: skip
        case Channel.ROOM:
            words = ngettext("%(count)d voice was heard in a room.", "%(count)d voices were heard in a room.", count)  # fmt: skip
    return words % {"count": count}


def _room(step: StoryStep, places: dict[int, Place]) -> Line:
    place = places.get(step.facts.get("place", 0))
    words = _("It was talked over in %(place)s.") % {"place": place} if place else ""
    return Line(
        "room",
        words or _("It was talked over face to face."),
        step.happened_at,
        url=step.url,
        said=step.facts.get("title", ""),
    )


def _places(heard: Sequence[dict[str, Any]], steps: Sequence[StoryStep]) -> dict[int, Place]:
    wanted = {row["place"] for row in heard} | {step.facts.get("place") for step in steps}
    wanted.discard(None)
    return Place.objects.in_bulk(list(wanted)) if wanted else {}


# --- What became of it -----------------------------------------------------------------------


def _moves(wish: FeatureRequest, steps: Sequence[StoryStep]) -> Iterator[Line]:
    builds = {step.happened_at: step for step in steps if step.kind == "shipped"}
    changes = wish.status_changes.select_related("team").order_by("-pk")[:STEPS_AT_MOST]
    for change in reversed(changes):
        build = builds.get(change.changed_at)
        told = told_of_change(change, build)
        if told is None:
            continue
        kind, words = told
        if kind == "shipped":
            url = build.url if build else ""
            yield Line(kind, words, change.changed_at, url=url, details=_promise(wish, change))
            continue
        said = markdown.render(f"{change.response}\n\n{change.reason_words}").html
        url = f"{wish.get_absolute_url()}#change-{change.pk}"
        yield Line(kind, words, change.changed_at, url=url, said=plain(said, QUOTE_LENGTH))


def _promise(wish: FeatureRequest, change: StatusChange) -> tuple[str, ...]:
    """Whether the build that stands came in the week that was named."""
    if change.changed_at != (wish.promise_met_at or wish.status_at):
        return ()
    words = {"kept": _("in the week that was promised"), "late": _("later than was promised")}
    promise = promise_of(wish, change.changed_at)
    return (words[promise],) if promise in words else ()


def _verdict(step: StoryStep) -> Line:
    words, details = told_of_verdict(step.facts)
    return Line("verdict", words, step.happened_at, url=step.url, details=details)


def _judged(step: StoryStep) -> Line:
    return Line("judged", told_of_judgement(step.facts), step.happened_at, url=step.url)


# --- Whom it thanks --------------------------------------------------------------------------


def _thanks(steps: Sequence[StoryStep]) -> Iterator[Line]:
    """Names as each chose them (O6), and what has become of whoever asked."""
    credited = [step for step in steps if step.kind == "credited"]
    if not credited:
        return
    newest = credited[-1]
    wanted = dict.fromkeys(pk for step in credited for pk in step.facts.get("fans", []))
    fans = Fan.objects.filter(pk__in=wanted, erased_at=None).order_by("pk")
    unnamed = max(step.facts.get("unnamed_count", 0) for step in credited)
    people = list(fans)
    unnamed += len(wanted) - len(people)
    if not people and not unnamed:
        return
    details = _("%(count)d more stay unnamed") if people else _("%(count)d stay unnamed")
    yield Line(
        "credited",
        _("With thanks to %(names)s.") % {"names": _names_of(people)}
        if people
        else _("With thanks to those who asked."),
        url=newest.url,
        details=(*([details % {"count": unnamed}] if unnamed else []), *_risen(people, newest)),
    )


def _risen(people: Sequence[Fan], shipped: StoryStep) -> Iterator[str]:
    """Who has climbed the pyramid since it came, and still stands there."""
    rose = Q(became=Tier.CORE, was=Tier.CASUAL) | Q(became=Tier.HONORARY_DEV)
    changes = TierChange.objects.filter(
        rose,
        fan__in=people,
        became=F("fan__standing__tier"),
        changed_at__gte=F("fan__standing__since_at"),
        fan__standing__since_at__gte=shipped.happened_at,
    )
    tiers = {
        Tier.CORE: _("%(name)s is a core fan now"),
        Tier.HONORARY_DEV: _("%(name)s is an honorary developer now"),
    }
    for change in changes.select_related("fan").order_by("pk")[:NAMES_AT_MOST]:
        yield tiers[Tier(change.became)] % {"name": _name_of(change.fan)}


def _name_of(fan: Fan) -> str:
    return _("deleted fan") if fan.erased_at else fan.display_name


def _names_of(people: Sequence[Fan]) -> str:
    names = [_name_of(fan) for fan in people]
    shown = pgettext("between names", ", ").join(names[:NAMES_AT_MOST])
    more = len(names) - NAMES_AT_MOST
    if more <= 0:
        return shown
    return _("%(names)s and %(count)d more") % {"names": shown, "count": more}
