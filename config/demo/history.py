"""Half a year of Fridays in the demo community: what was built, and how it was received."""

from dataclasses import dataclass
from enum import StrEnum

from community.feature_requests.models import Status
from community.fridays.models import ItemKind
from config.demo.wishes import OS, Wish


class Turn(StrEnum):
    """What became of a week beside being reported on."""

    NO_BUILD = "no build"  # nothing was ready, and the sweep said so
    RESTED = "rested"
    RECALLED = "recalled"
    JOINT = "joint"  # two win the award
    NO_AWARD = "no award"  # too few ballots


@dataclass(frozen=True, slots=True)
class Thing:
    """An item of a build; `love` and `pain` of ten reporters put it into the first two grids."""

    kind: ItemKind
    title: str
    team: str
    love: int
    pain: int


@dataclass(frozen=True, slots=True)
class Past:
    """A week so many Fridays before the newest that is told. `joy` of ten are satisfied."""

    ago: int
    reports: int
    joy: int
    things: tuple[Thing, ...] = ()
    turn: Turn | None = None
    reason: str = ""
    broken: bool = False  # most find that what shipped does not work (F8)


def _wish(title: str, problem: str, proposal: str, team: str, language: str, voices: int) -> Wish:
    answer = {
        "en": "Planned: we will build it as you describe it.",
        "zh-hans": "已列入计划，会按大家说的做。",
        "zh-hant": "已排入計畫，會照大家說的做。",
    }[language]
    return Wish(
        title, problem, proposal, language, OS, team, Status.PLANNED, voices, 0, answer
    )  # fmt: skip


# Wishes that shipped, by the week (so many Fridays ago) whose build they came with.
WISHES: dict[int, Wish] = {
    25: _wish("Say which app drained the battery overnight", "I wake up at 40 % and the list only says «system».", "Name the app and the hour, and offer to restrict it.", "system", "en", 11),
    23: _wish("连拍的照片自动挑一张最好的", "孩子跑来跑去，一次连拍三十张，回家要挑半天。", "自动挑出清晰、睁眼的那张，其余折叠起来。", "camera", "zh-hans", 13),
    20: _wish("Keep the flashlight brightness I chose", "It starts at full power at night and wakes the baby.", "Remember the last level.", "system", "en", 9),
    18: _wish("來電時可以先看到對方留的話", "開會不能接，只能掛掉，不知道急不急。", "讓對方先說一句，變成文字顯示。", "design", "zh-hant", 14),
    16: _wish("备份时跳过正在播放的视频缓存", "每次备份多出十几个 G，全是缓存。", "默认跳过，列表里写清楚跳过了什么。", "system", "zh-hans", 12),
    14: _wish("Straighten photographed paper by itself", "I photograph bills at the counter and they all lean.", "Offer it on the preview, with undo.", "camera", "en", 17),
    11: _wish("Call over Wi-Fi when there is no signal", "In our building the phone has two bars at the window only.", "Use the Wi-Fi for calls and say so in the status bar.", "system", "en", 22),
    10: _wish("晚上自动把声音调小", "半夜来消息，邻居都听得见。", "按时间把铃声慢慢调小，早上再调回来。", "system", "zh-hans", 15),
    8: _wish("Copy the text in a screenshot", "Addresses arrive as pictures, and I type them again.", "Hold on the text in the picture, copy it.", "camera", "en", 24),
    5: _wish("大字體下按鈕的字不要被切掉", "我媽用最大的字，確定兩個字只剩一半。", "按鈕跟著字變高，不要切字。", "design", "zh-hant", 19),
    3: _wish("One place for every alarm and timer", "Three apps ring, and I never know which one.", "A list of all of them with a switch each.", "design", "en", 18),
    2: _wish("公交卡余额放到锁屏上", "排队上车才发现没钱，后面一车人等着。", "锁屏上显示余额，低于十元变颜色。", "system", "zh-hans", 21),
}  # fmt: skip
FIXED_LATER = 4  # the wish of week 11 ships again: most had found it broken

NEW, IMPROVED, FIXED = ItemKind.NEW, ItemKind.IMPROVED, ItemKind.FIXED

PAST: tuple[Past, ...] = (
    Past(25, 12, 7, (Thing(IMPROVED, "Contacts open at the letter you type", "design", 4, 1), Thing(FIXED, "Bluetooth comes back after airplane mode", "system", 3, 2))),
    Past(24, 14, 7, (Thing(NEW, "A ruler in the compass app", "design", 5, 1), Thing(IMPROVED, "夜景拍照快了一秒", "camera", 6, 1), Thing(FIXED, "The keyboard no longer covers the send button", "design", 3, 1))),
    Past(23, 15, 8, (Thing(IMPROVED, "Folders open in place", "design", 3, 2),)),
    Past(22, 17, 6, (Thing(NEW, "Split the screen by a swipe", "system", 4, 4), Thing(IMPROVED, "Search settings by what you call them", "design", 5, 1))),
    Past(21, 0, 0, turn=Turn.NO_BUILD),
    Past(20, 18, 7, (Thing(IMPROVED, "Scrolling holds 120 pictures a second", "system", 5, 2), Thing(FIXED, "拍完视频不再卡住两秒", "camera", 4, 1))),
    Past(19, 19, 8, (Thing(NEW, "Quiet hours by place", "system", 6, 1), Thing(IMPROVED, "Larger shutter button", "camera", 4, 1), Thing(FIXED, "Weather shows the right county", "design", 3, 1))),
    Past(18, 20, 8, (Thing(IMPROVED, "Notifications are grouped by person", "design", 4, 3),)),
    Past(17, 0, 0, (Thing(NEW, "A new gallery", "camera", 0, 0), Thing(IMPROVED, "Faster first start", "system", 0, 0)), Turn.RECALLED, "On some phones the gallery did not show pictures on the memory card. Nothing was lost; the earlier build is offered again."),
    Past(16, 24, 6, (Thing(NEW, "A new gallery", "camera", 5, 5), Thing(IMPROVED, "Faster first start", "system", 4, 1))),
    Past(15, 26, 7, (Thing(IMPROVED, "The gallery remembers where you were", "camera", 6, 2), Thing(FIXED, "Alarm volume is its own again", "system", 5, 1))),
    Past(14, 27, 8, (Thing(FIXED, "GPS finds you in the old town too", "system", 3, 1),)),
    Past(13, 0, 0, turn=Turn.RESTED, reason="We are at the users' day this week and build nothing. The next build comes on Friday."),
    Past(12, 29, 8, (Thing(NEW, "A magnifier on the power button", "design", 7, 1), Thing(IMPROVED, "充电时更凉快", "system", 5, 1), Thing(FIXED, "Two photos no longer swap their dates", "camera", 2, 1))),
    Past(11, 34, 4, (Thing(IMPROVED, "Brightness follows the room more slowly", "system", 3, 3),), broken=True),
    Past(10, 31, 7, (Thing(IMPROVED, "Voice notes show the words", "design", 6, 1), Thing(FIXED, "Calls over Wi-Fi no longer drop after a minute", "system", 3, 5))),
    Past(9, 36, 8, (Thing(NEW, "Two clocks on the lock screen", "design", 5, 1), Thing(NEW, "录像时可以换镜头", "camera", 5, 1), Thing(FIXED, "Torch goes off in the pocket", "system", 2, 1)), Turn.JOINT),
    Past(8, 36, 9, (Thing(IMPROVED, "The battery page says when it is full", "system", 4, 1),)),
    Past(7, 38, 8, (Thing(NEW, "Hand the phone over: guest mode", "system", 6, 2), Thing(IMPROVED, "微距更清楚", "camera", 4, 1), Thing(FIXED, "The clock widget shows Thursday on Thursdays", "design", 3, 1))),
    Past(6, 36, 7, (Thing(FIXED, "Seventeen small things from your reports", "design", 6, 1), Thing(IMPROVED, "Updates install while you sleep", "system", 4, 3)), Turn.NO_AWARD),
    Past(5, 42, 8, (Thing(IMPROVED, "Shutter sound follows the ringer", "camera", 3, 2),)),
    Past(4, 44, 8, (Thing(IMPROVED, "Maps are drawn in half the time", "system", 4, 1),)),
    Past(3, 47, 8, (Thing(FIXED, "夜间模式不再发绿", "camera", 5, 1),)),
    Past(2, 50, 9, (Thing(IMPROVED, "Settings remember the page you were on", "design", 4, 1),)),
    Past(1, 53, 7, (Thing(NEW, "Three photos become one without people in it", "camera", 6, 3), Thing(IMPROVED, "Typing with a glove", "system", 4, 2), Thing(FIXED, "No more echo on speakerphone", "system", 3, 1))),
)  # fmt: skip

LOVED = (
    "It is the first thing I showed my family.",
    "终于有了，等了好久。",
    "Small, and I use it twenty times a day.",
    "比我想的还好用。",
    "小小的改動，每天都用得到。",
    "Exactly as we asked for it in the thread.",
    "I no longer think about it, which is the point.",
    "同事看到都来问是什么手机。",
    "One tap less, forty times a day.",
    "上班路上第一次沒有罵手機。",
    "My father found it without my help.",
    "修得很干净，没带出新毛病。",
    "It does one thing and says what it did.",
)
NOT_GOOD = (
    "It works, but I had to look for it.",
    "第一次打开会卡一下。",
    "On the small phone the text is cut off.",
    "有时候灵有时候不灵。",
    "字太小，長輩看不清楚。",
    "It asks me every single time.",
    "After a call it is off again, and nobody says so.",
    "重启之后设置又回到原样。",
    "The word for it changed, and my notes are wrong now.",
    "開著省電就沒有作用。",
    "横过来用的时候按钮挤在一起。",
    "With one hand I do not reach it.",
    "It is slower than the week before, by a breath.",
    "夜里太亮，没有暗一点的选项。",
    "The screen reader skips the second line.",
    "朋友的机器上有，我的没有。",
    "It took me three days to notice that it had moved.",
)
NEEDS = (
    "Let me change the order of the tiles",
    "",
    "",
    "希望可以导出成表格",
    "",
    "",
    "",
    "A way to undo it",
    "",
    "",
    "",
    "",
    "可以分享給家人嗎",
    "",
    "",
    "",
    "",
    "Show me what changed since last week",
    "",
    "",
    "",
    "想要一个老人用的简单桌面",
    "",
)
