"""The people of the demo community; every name is made up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from fans.accounts.models import Role
from fans.accounts.naming import handle_from
from fans.tiers.models import Tier

SITE_AGE_DAYS = 420


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is; `account` is the role whose name they sign in by, or empty."""

    name: str
    handle: str
    language: str
    bio: str
    joined_at: datetime
    tier: Tier = Tier.CASUAL
    role: Role = Role.FAN
    scope: str = ""
    team: str = ""
    account: str = ""
    is_founding: bool = False
    has_avatar: bool = False


_ACCOUNTS = (
    ("casual", "Nina Okafor", "en", Tier.CASUAL, Role.FAN, "I read more than I write."),
    ("core", "陈橙", "zh-hans", Tier.CORE, Role.FAN, "充电只充到 80% 的那种人。"),
    (
        "honorary",
        "Tomás Ferreira",
        "en",
        Tier.HONORARY_DEV,
        Role.FAN,
        "Breaks builds on Thursdays.",
    ),
    ("host", "林小滿", "zh-hant", Tier.CORE, Role.FAN, "帶大家出門拍照的人。台北。"),
    ("moderator", "Mo Adeyemi", "en", Tier.CORE, Role.MODERATOR, "Rules first, jokes second."),
    (
        "staff",
        "Ines at Kumquat",
        "en",
        Tier.CASUAL,
        Role.STAFF,
        "Community desk. I answer on Fridays.",
    ),
    # In situations worth looking at; what is open for them is moved to today at each start.
    (
        "county",
        "Lan Wen",
        "en",
        Tier.CASUAL,
        Role.FAN,
        "Sells phones in a county town, and speaks for the neighbours.",
    ),
    ("almost", "Pilar Nunes", "en", Tier.CASUAL, Role.FAN, "Eight points from core. I count."),
    ("grace", "周慢慢", "zh-hans", Tier.CORE, Role.FAN, "最近忙，回来得少了。"),
    ("waiting", "Henrik Dahl", "en", Tier.CASUAL, Role.FAN, "Third in line, as ever."),
    ("overdue", "Ana (Kumquat System)", "en", Tier.CASUAL, Role.STAFF, "I owe you an answer."),
    ("admin", "Kumquat Gardener", "en", Tier.CASUAL, Role.ADMIN, "Waters the servers."),
)
_TEAM_MEMBERS = (
    ("Jonas (Kumquat System)", "system", "en"),
    ("阿杰·金橘系统", "system", "zh-hans"),
    ("Priya (Kumquat Camera)", "camera", "en"),
    ("小周·金橘相机", "camera", "zh-hans"),
    ("Wen (Kumquat Watch)", "watch", "zh-hant"),
    ("Lotte (Kumquat Design)", "design", "en"),
)
# What the layout must bear: right to left, emoji, and forty Han characters.
_UNUSUAL = (
    ("نور الهدى", "nour", "en", "أحب الهواتف التي تصمت في الليل. I also write in English."),
    ("🍊 Tangerine 🍊", "tangerine", "en", "Peel me."),
    ("春眠不觉晓处处闻啼鸟夜来风雨声花落知多少床前明月光疑是地上霜举头望明月低头思故乡", "chunmian", "zh-hans", "名字太长，叫我春眠就好。"),
    ("Þórunn Æsa O’Brien-Łukasiewicz", "thorunn", "en", "Yes, it breaks forms."),
    ("ดวงใจ", "duangjai", "en", "From Chiang Mai, in English here."),
)  # fmt: skip
_FIRST = [
    "Ada",
    "Amira",
    "Anton",
    "Bea",
    "Bram",
    "Carla",
    "Dario",
    "Dele",
    "Edda",
    "Elif",
    "Emre",
    "Femke",
    "Goran",
    "Hana",
    "Ibrahim",
    "Ilse",
    "Jana",
    "Javi",
    "Kaito",
    "Kemal",
    "Lars",
    "Leila",
    "Lena",
    "Luca",
    "Maren",
    "Marta",
    "Mateo",
    "Milo",
    "Nadia",
    "Niklas",
    "Noor",
    "Olga",
    "Oskar",
    "Paola",
    "Pim",
    "Rafa",
    "Rosa",
    "Samir",
    "Sanne",
    "Selma",
    "Silke",
    "Sven",
    "Tamar",
    "Tariq",
    "Tess",
    "Ulla",
    "Vera",
    "Viktor",
    "Wanda",
    "Yara",
]
_LAST = [
    "Albers",
    "Bakker",
    "Costa",
    "Demir",
    "Eriksen",
    "Fontaine",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Olsen",
    "Petrov",
    "Quist",
    "Rossi",
    "Silva",
    "Tanaka",
    "Ueda",
    "Virtanen",
    "Weber",
    "Yilmaz",
    "Zamora",
]
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = [
    "子墨",
    "雨桐",
    "浩然",
    "思远",
    "梓涵",
    "一诺",
    "晓峰",
    "佳怡",
    "明轩",
    "若曦",
    "志强",
    "秀英",
    "建国",
    "海燕",
    "俊杰",
    "诗涵",
    "天佑",
    "静怡",
    "文博",
    "嘉懿",
    "大伟",
    "小芳",
    "立新",
    "春梅",
    "宇航",
    "可欣",
    "国栋",
    "玉兰",
    "鹏飞",
    "雅琴",
]
_SURNAMES_TW = "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐"
_GIVEN_TW = [
    "怡君",
    "志明",
    "雅婷",
    "家豪",
    "淑芬",
    "冠宇",
    "欣怡",
    "承恩",
    "佩珊",
    "宗翰",
    "宜蓁",
    "柏翰",
    "美玲",
    "彥廷",
    "詩涵",
    "育誠",
    "心怡",
    "品妍",
    "建宏",
    "惠雯",
]
_NICKNAMES = [
    "橘子皮",
    "半糖去冰",
    "早八人",
    "电量焦虑",
    "不吃香菜",
    "山城小面",
    "老K一代",
    "断网三分钟",
    "今天也没更新",
    "摸鱼冠军",
    "凌晨四点的猫",
    "阿宽",
    "一只海豚",
    "拍照手抖",
    "桂花酿",
    "胡同串子",
    "江边钓鱼",
    "没有名字",
    "大字体用户",
    "周五见",
]
_NICKNAMES_EN = [
    "paperboat",
    "nightbus",
    "lowtide",
    "quietmode",
    "lintpicker",
    "thirdseam",
    "oldcharger",
    "rye_and_coffee",
    "slowscroll",
    "tinyhands",
    "leftthumb",
    "kiosk42",
    "morningbuild",
    "halfbattery",
    "postcard_mode",
]
_BIOS = {
    "en": (
        "K2 since launch day.", "Left-handed, loudly.", "Here for the Friday builds.",
        "Teacher. Types with two thumbs.", "I collect hard cases for cameras.",
        "Lisbon, mostly on trams.", "Three phones, one charger.", "Bug reports with pictures.",
        "Night shifts and night mode.", "Father of two, tester of nine.", "", "", "", "",
    ),
    "zh-hans": (
        "K1 老用户，换电池不换机。", "白天写代码，晚上写反馈。", "爱拍夜景，手不稳。", "二宝妈，用机三年。",
        "成都，吃辣。", "只想要一个不吵的手机。", "数据党，凡事列表格。", "退休教师，慢慢学。",
        "骑车通勤，手表重度用户。", "话不多，点赞勤快。", "", "", "",
    ),
    "zh-hant": (
        "高雄人，怕熱的是手機。", "用注音，不用拼音。", "設計師，計較一像素。", "幫全家設定手機的那個人。",
        "山友，手錶續航很重要。", "默默潛水中。", "", "",
    ),
}  # fmt: skip


def everybody(random: Random, at: datetime) -> list[Person]:
    """About 200 people, the seven accounts first."""
    people = [*_accounts(at), *_company(at), *_unusual(random, at)]
    names = [*_chinese(random, 58), *_taiwanese(random, 30), *_english(random, 66), *_mixed(random)]
    random.shuffle(names)
    taken = {person.handle for person in people}
    for number, (name, language) in enumerate(names):
        people.append(_fan(random, at, name, language, number, taken))
    return people


def _accounts(at: datetime) -> list[Person]:
    return [
        Person(
            name=name,
            handle=account if role == Role.FAN else f"{account}-demo",
            language=language,
            bio=bio,
            joined_at=at - timedelta(days=SITE_AGE_DAYS - 10 * number),
            tier=tier,
            role=role,
            scope="site" if role == Role.MODERATOR else "",
            team="system" if account == "overdue" else "",
            account=account,
            has_avatar=account in {"core", "host", "honorary"},
        )
        for number, (account, name, language, tier, role, bio) in enumerate(_ACCOUNTS)
    ]


def _company(at: datetime) -> list[Person]:
    joined_at = at - timedelta(days=SITE_AGE_DAYS)
    members = [
        Person(name, handle_from(name), language, "", joined_at, role=Role.STAFF, team=team)
        for name, team, language in _TEAM_MEMBERS
    ]
    keeper = Person(
        name="阿寬",
        handle="akuan",
        language="zh-hant",
        bio="手錶版的版主，也修腳踏車。",
        joined_at=joined_at,
        tier=Tier.CORE,
        role=Role.MODERATOR,
        scope="board:watch",
    )
    return [*members, keeper]


def _unusual(random: Random, at: datetime) -> list[Person]:
    return [
        Person(name, handle, language, bio, _joined(random, at), has_avatar=handle == "tangerine")
        for name, handle, language, bio in _UNUSUAL
    ]


def _chinese(random: Random, count: int) -> list[tuple[str, str]]:
    names = random.sample([s + g for s in _SURNAMES for g in _GIVEN], count)
    return [(name, "zh-hans") for name in [*names, *_NICKNAMES]]


def _taiwanese(random: Random, count: int) -> list[tuple[str, str]]:
    names = random.sample([s + g for s in _SURNAMES_TW for g in _GIVEN_TW], count)
    return [(name, "zh-hant") for name in names]


def _english(random: Random, count: int) -> list[tuple[str, str]]:
    names = random.sample([f"{f} {n}" for f in _FIRST for n in _LAST], count - len(_NICKNAMES_EN))
    return [(name, "en") for name in [*names, *_NICKNAMES_EN]]


def _mixed(random: Random) -> list[tuple[str, str]]:
    firsts = random.sample(_FIRST, 12)
    surnames = random.sample(_SURNAMES, 12)
    return [
        (f"{first} {surname}", random.choice(("en", "zh-hans")))
        for first, surname in zip(firsts, surnames, strict=True)
    ]


def _fan(
    random: Random, at: datetime, name: str, language: str, number: int, taken: set[str]
) -> Person:
    base = handle_from(name)
    handle = base if base not in taken else f"{base}-{number}"
    taken.add(handle)
    tier = Tier.HONORARY_DEV if number < 9 else Tier.CORE if number < 44 else Tier.CASUAL
    joined_at = _joined(random, at)
    if tier != Tier.CASUAL:  # nobody is core in their first weeks
        joined_at = min(joined_at, at - timedelta(days=120))
    return Person(
        name=name,
        handle=handle,
        language=language,
        bio=random.choice(_BIOS[language]),
        joined_at=joined_at,
        tier=tier,
        is_founding=number in {3, 11, 17, 28},
        has_avatar=number % 24 == 0,
    )


def _joined(random: Random, at: datetime) -> datetime:
    return at - timedelta(days=random.triangular(6, SITE_AGE_DAYS - 20, 300))
