"""Where the fans of the demo community meet, by the real actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.feature_requests.actions import take_back_steps
from community.feature_requests.models import FeatureRequest
from config.demo.community import Demo
from config.demo.wishes import FOLLOWED
from events.chapters import actions as chapters
from events.chapters.models import Chapter
from events.check_ins.actions import check_in, publish_recap
from events.check_ins.models import Way
from events.meetups import actions as meetups
from events.meetups.local_time import instant_of
from events.meetups.models import Meetup, MeetupKind, MeetupState
from events.rsvps.actions import recount_seats, reserve
from events.rsvps.models import RsvpState
from fans.accounts.models import Fan, Role
from fans.places.actions import load_places
from fans.places.models import Place

CITIES = ("TW-TPE", "310000", "510100", "440300", "GB-LON")
SEATS, IN_LINE = 20, 7
_HOURS = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Gathering:
    """`starts` days from today at this hour, at the venue."""

    key: str
    city: str
    title: str
    description: str
    venue: str
    address: str
    kind: MeetupKind
    starts: int
    hour: int


# Titles by which they are found again when they are moved to today.
DOOR = Gathering(
    "door", "TW-TPE", "周六下午，帶著手機來修照片", "帶三張照片來，一起看夜景怎麼拍、怎麼修。新朋友坐前面。",
    "柑仔店二樓", "臺北市大同區迪化街一段 100 號", MeetupKind.PHOTO_WALK, 0, 0,
)  # fmt: skip
FULL = Gathering(
    "full", "310000", "爆米花夜：和系统组面对面", "系统组来三个人，带着下周的版本。先聊愿望，再吃爆米花。",
    "金橘工坊", "上海市静安区果皮路 7 号", MeetupKind.POPCORN, 6, 19,
)  # fmt: skip
COMING = (
    Gathering(
        "coming", "GB-LON", "Coffee and the camera team", "Two people of the camera team are in town. Bring the picture that did not work.",
        "The Peel Room", "12 Orange Street, London", MeetupKind.SALON, 11, 18,
    ),
    Gathering(
        "clinic", "510100", "手机诊所：慢、烫、电不够", "带上问题手机，现场看。来之前先备份。",
        "橘子茶馆", "成都市青羊区橘瓣街 3 号", MeetupKind.CLINIC, 17, 14,
    ),
)  # fmt: skip
PAST = Gathering(
    "past", "TW-TPE", "第一次同城會：自我介紹與願望牆", "第一次見面。把願望寫在便利貼上，貼滿一面牆。",
    "柑仔店二樓", "臺北市大同區迪化街一段 100 號", MeetupKind.FAN, -13, 14,
)  # fmt: skip

# Where the wish the front page follows was talked over, in the county it came from.
ARGUED = Gathering(
    "argued", "510121", "县里的一下午：手机哪里不顺手", "不讲课，只听。带着手机来，哪里不顺手就说哪里，电池先聊。",
    "赵镇老茶馆", "成都市金堂县赵镇橙花街 21 号", MeetupKind.SALON, -63, 14,
)  # fmt: skip


def let_them_meet(demo: Demo, wishes: dict[str, FeatureRequest]) -> None:
    _found_chapters(demo)
    agenda = tuple(list(wishes.values())[4:6])
    past = _announce(demo, PAST, agenda)
    for fan in _guests(demo, 14):
        reserve(meetup=past, fan=fan, at=past.starts_at - timedelta(days=4))
    _hold(demo, past)
    full = _announce(demo, FULL, agenda)
    _fill(demo, full)
    for told in COMING:
        meetup = _announce(demo, told, agenda)
        for fan in _guests(demo, 8):
            reserve(meetup=meetup, fan=fan, at=demo.at - timedelta(hours=5), shows_name=True)
    door = _announce(demo, DOOR, agenda)
    for fan in _guests(demo, 12):
        reserve(meetup=door, fan=fan, at=demo.at - timedelta(hours=9))
    argued = _announce(demo, ARGUED, (wishes[FOLLOWED.title],))
    for fan in _guests(demo, 12):
        reserve(meetup=argued, fan=fan, at=argued.starts_at - timedelta(days=3))
    _let_in(argued, 9, by=demo.account("staff"))


def settle(demo: Demo) -> None:
    """Two of three say where they live; the one from the county town does."""
    if not Place.objects.exists():
        load_places()
    homes = {
        "zh-hant": list(Place.objects.filter(code__startswith="TW").order_by("pk")),
        "zh-hans": list(Place.objects.filter(code__regex=r"^\d{6}$").order_by("pk")),
        "en": list(Place.objects.exclude(timezone="Asia/Shanghai").order_by("pk")),
    }
    moved = []
    for fan in demo.fans:
        choices = homes[fan.locale]
        if choices and (demo.random.random() < 0.67 or demo.people[fan.pk].account):
            fan.place = demo.random.choice(choices)
            fan.place_set_at = fan.joined_at
            fan.timezone = fan.place.timezone
            fan.consents_to_region = demo.random.random() < 0.8
            moved.append(fan)
    county = demo.account("county")
    county.place = Place.objects.get(code="510121")
    county.consents_to_region = True
    Fan.objects.bulk_update(
        moved, ["place", "place_set_at", "timezone", "consents_to_region"], batch_size=100
    )


def _found_chapters(demo: Demo) -> None:
    staff = demo.account("staff")
    founded_at = demo.at - timedelta(days=120)
    for code in CITIES:
        place = Place.objects.get(code=code)
        chapter = chapters.found_chapter(place=place, actor=staff, at=founded_at)
        near = [fan for fan in _guests(demo, 200) if fan.timezone == place.timezone]
        for number, fan in enumerate(near[: 4 if code == "GB-LON" else 14]):
            chapters.join(chapter=chapter, fan=fan, at=founded_at + timedelta(days=number))
    chapters.name_host(
        chapter=Chapter.objects.get(place__code=DOOR.city),
        fan=demo.account("host"),
        actor=staff,
        at=founded_at,
    )


def _guests(demo: Demo, count: int) -> list[Fan]:
    """Fans who have been here for a while, in an order that differs from call to call."""
    able = [
        fan
        for fan in demo.fans
        if not fan.is_staff
        and not demo.people[fan.pk].account
        and fan.joined_at < demo.at - timedelta(days=130)
    ]
    return demo.random.sample(able, min(count, len(able)))


def _announce(demo: Demo, told: Gathering, agenda: tuple[FeatureRequest, ...]) -> Meetup:
    place = Place.objects.get(code=told.city)
    starts_local, ends_local = _times(told, place.timezone, demo.at)
    starts_at = instant_of(starts_local, place.timezone)
    at = min(demo.at, starts_at) - timedelta(days=8)
    organiser = demo.account("host")
    meetup = meetups.propose(
        organiser=organiser,
        details=meetups.MeetupDetails(
            title=told.title,
            place=place,
            venue=told.venue,
            address=told.address,
            starts_local=starts_local,
            ends_local=ends_local,
            capacity=SEATS,
            legal_capacity=40,
            kind=told.kind,
            access_notes="Step-free entrance, lift to the second floor.",
            guests_allowed=1 if told is PAST else 0,
            description=told.description,
            agenda=agenda,
        ),
        at=at,
    )
    meetups.submit(meetup=meetup, by=organiser, at=at)
    meetups.approve(meetup=meetup, by=demo.account("staff"), at=at)
    return meetups.announce(meetup=meetup, by=organiser, at=at)


def _times(told: Gathering, zone: str, at: datetime) -> tuple[str, str]:
    """The one at the door begins in twenty minutes, the others at their hour."""
    local = at.astimezone(ZoneInfo(zone))
    if told is DOOR:
        starts = local + timedelta(minutes=20)
    else:
        starts = (local + timedelta(days=told.starts)).replace(hour=told.hour, minute=0)
    return starts.strftime(_HOURS), (starts + timedelta(hours=3)).strftime(_HOURS)


def _fill(demo: Demo, meetup: Meetup) -> None:
    """Every seat taken and seven in line, the third of them somebody to sign in as."""
    Meetup.objects.filter(pk=meetup.pk).update(reserve_share=0)
    guests = _guests(demo, SEATS + IN_LINE - 1)
    guests.insert(SEATS + 2, demo.account("waiting"))
    for number, fan in enumerate(guests):
        reserve(meetup=meetup, fan=fan, at=demo.at - timedelta(days=2, minutes=60 - number))


def _let_in(meetup: Meetup, count: int, by: Fan) -> None:
    meetups.begin(meetup=meetup, at=meetup.starts_at)
    came = meetup.rsvps.filter(state=RsvpState.CONFIRMED).select_related("fan").order_by("pk")
    for number, rsvp in enumerate(came[:count]):
        check_in(
            meetup=meetup,
            fan=rsvp.fan,
            by=by,
            way=Way.TICKET,
            at=meetup.starts_at + timedelta(minutes=number),
        )
    meetups.end(meetup=meetup, at=meetup.ends_at)


def _hold(demo: Demo, meetup: Meetup) -> None:
    _let_in(meetup, 11, by=demo.account("host"))
    publish_recap(
        meetup=meetup,
        author=demo.account("host"),
        title="第一次同城會：十一個人、二十三張便利貼",
        source="十一個人到了，願望牆貼了二十三張便利貼。最多人寫的是電池，其次是大字。下次早一點開始，因為大家都不想走。",
        at=meetup.ends_at + timedelta(days=1),
    )


def move_meetups(at: datetime) -> None:
    """The door opens now, and the full one is ahead again; whoever said yes still comes."""
    organiser = Fan.objects.get_queryset().filter(role=Role.FAN, handle="host", is_demo=True)
    mine = Meetup.objects.filter(organiser__in=organiser)
    for told in (DOOR, FULL):
        meetup = mine.filter(title=told.title).order_by("-pk").first()
        if meetup is None or (told is FULL and meetup.starts_at > at + timedelta(days=3)):
            continue
        if meetup.ends_at <= at:
            _empty(meetup)
        take_back_steps(kind="room", key=meetup.subject)
        starts_local, ends_local = _times(told, meetup.timezone, at)
        Meetup.objects.filter(pk=meetup.pk).update(
            starts_local=starts_local,
            ends_local=ends_local,
            starts_at=instant_of(starts_local, meetup.timezone),
            ends_at=instant_of(ends_local, meetup.timezone),
            state=MeetupState.RSVP_OPEN,
            settled_at=None,
            surveyed_at=None,
            recap=None,
            reason="",
        )


def _empty(meetup: Meetup) -> None:
    """Nobody is in yet, and whoever had a seat is expected again."""
    meetup.check_ins.all().delete()
    meetup.survey_answers.all().delete()
    ended = meetup.rsvps.filter(state__in=[RsvpState.ATTENDED, RsvpState.NO_SHOW])
    ended.filter(cancelled_late=True).update(state=RsvpState.CANCELLED)
    ended.update(state=RsvpState.CONFIRMED)
    recount_seats(meetup=meetup)
