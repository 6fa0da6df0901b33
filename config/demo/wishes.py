"""What the fans of the demo community wish for."""

from dataclasses import dataclass

from community.feature_requests.models import Lens, Status


@dataclass(frozen=True, slots=True)
class Wish:
    """`voices` of the casual and core fans stand behind it, first of all those of `eyes`; `days`
    ago it was written, and `promised` so many weeks from now. `offline` voices came on paper.
    """

    title: str
    problem: str
    proposal: str
    language: str
    product: str
    team: str
    status: Status
    voices: int
    days: int
    response: str = ""
    reason: str = ""
    eyes: Lens = Lens.EVERYONE
    offline: int = 0
    promised: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A tag, and the beginnings of the titles that carry it."""

    slug: str
    name: str
    name_zh_hans: str
    name_zh_hant: str
    titles: tuple[str, ...]


OS, WATCH = "kumquat-os", "kumquat-watch"

# The one the front page follows from the first word to the verdict.
FOLLOWED = Wish(
    "Stop charging at 80% without an app",
    "In our county town the phone stays on the charger at the counter all day. After a year the battery of my first Kumquat had swollen. There is an app for it, but my mother will never install one.",
    "One switch in the battery settings: stop at 80 %. Say on the lock screen that it was meant.",
    "en", OS, "system", Status.PLANNED, 34, 68,
    "We are building this as a switch in the battery settings. It will say on the lock screen why charging stopped.",
)  # fmt: skip
# The same wish by somebody else, merged into the one above.
FOLLOWED_TWIN = Wish(
    "充电到 80% 自动停止的开关",
    "晚上插着充一夜，早上总是 100%，用了两年续航掉得厉害。",
    "设置里给一个开关就好，不要另装应用。",
    "zh-hans", OS, "system", Status.SUBMITTED, 12, 61,
)  # fmt: skip

SHIPPED_TOO = (
    Wish(
        "相机启动时记住上次的模式",
        "每次打开都回到普通拍照，拍夜景的人要多点两下，等点完人已经走了。",
        "记住上次用的模式，长按图标可以直接选。",
        "zh-hans", OS, "camera", Status.PLANNED, 21, 74,
        "会做成默认行为，长按图标仍可直接进入其他模式。",
    ),
    Wish(
        "Let the alarm ring through headphones and speaker",
        "I fell asleep with headphones on and they fell off. The alarm rang into my pillow for an hour.",
        "Ring through both, or through the speaker after one minute.",
        "en", OS, "system", Status.PLANNED, 15, 66,
        "From the next build the alarm moves to the speaker after one minute.",
    ),
)  # fmt: skip

OTHERS = (
    Wish("A dark keyboard that stays dark at noon", "The keyboard follows the sun even when I chose dark. In the metro it flashes white at every tunnel.", "Follow the choice, not the light sensor.", "en", OS, "design", Status.IN_DEVELOPMENT, 27, 48, "Taken on: the keyboard will follow the theme you chose."),
    Wish("通话录音前先告诉对方", "现在录音对方听不到提示，用起来心里不踏实。", "开始录音时播放一句提示音，可以选语言。", "zh-hans", OS, "system", Status.UNDER_REVIEW, 31, 40, offline=21),
    Wish("Sort photos by the place they were taken", "Ten years of pictures, and I search by scrolling. I know where it was, never when.", "A map is not needed: a list of places with a number beside each.", "en", OS, "camera", Status.PLANNED, 24, 52, "Planned: a list of places, worked out on the phone and kept there.", promised=-1),
    Wish("大字模式下按钮别跑出屏幕", "给爸妈开了最大字体，设置里「确定」按钮看不见了，只能打电话教他们往下划。", "大字模式下每个页面都测一遍。", "zh-hans", OS, "design", Status.IN_TESTING, 29, 44, "已排入测试，所有设置页面都会在最大字体下检查。", eyes=Lens.COUNTY, offline=14, promised=2),
    Wish("Tell me which app kept the phone awake", "Some nights 30 % are gone by the morning. The list of apps shows shares, but not the one that did not let it sleep.", "Name the app and the hour, in one line.", "en", OS, "system", Status.SUBMITTED, 18, 12, eyes=Lens.NEWCOMERS),
    Wish("夜间模式拍月亮总是糊", "中秋拍了二十张，一张能看的都没有。", "识别到月亮时降低曝光，别自动提亮。", "zh-hans", OS, "camera", Status.NEEDS_INFO, 9, 20, "请告诉我们您用的镜头倍数，最好附一张原图。", eyes=Lens.NEWCOMERS),
    Wish("A quieter vibration for messages", "On a wooden table it sounds like a drill. Everybody in the office looks up.", "Three strengths would do.", "en", OS, "system", Status.SUBMITTED, 14, 9),
    Wish("來電顯示繁體中文歸屬地", "來電時地名是簡體，長輩看不習慣。", "跟著系統語言走就好。", "zh-hant", OS, "system", Status.SUBMITTED, 8, 7),
    Wish("Bring back the headphone jack", "My good headphones have a cable and no battery.", "", "en", OS, "design", Status.DECLINED, 22, 58, "We will not bring the jack back: there is no room left beside the larger battery.", "It would cost a tenth of the battery."),
    Wish("锁屏上直接看快递取件码", "到了驿站才发现要解锁、找短信、再找数字，后面的人都在等。", "短信里的取件码显示在锁屏，可以关掉。", "zh-hans", OS, "system", Status.UNDER_REVIEW, 26, 30, eyes=Lens.COUNTY, offline=6),
    Wish("Undo for swiped notifications", "I swipe one away and know at the same moment that it was the wrong one.", "A line at the bottom for five seconds: bring it back.", "en", OS, "design", Status.SUBMITTED, 19, 16, eyes=Lens.NEWCOMERS),
    Wish("A torch that starts at its weakest", "At night in the tent the torch blinds everybody, me first.", "Start dim, hold to make it brighter.", "en", OS, "system", Status.SUBMITTED, 11, 5, eyes=Lens.NEWCOMERS),
    Wish("备份到自己的硬盘，不要云", "家里有一块硬盘，不想把照片放到别人的服务器上。", "插上线，选文件夹，开始，就这样。", "zh-hans", OS, "system", Status.SUBMITTED, 23, 25, eyes=Lens.COUNTY),
    Wish("A face that shows the tide", "I row. I look at three websites every evening.", "High and low water for one harbour, without the phone near by.", "en", WATCH, "watch", Status.SUBMITTED, 6, 11),
    Wish("手表抬腕亮屏太灵敏", "开会一动就亮，晚上翻身也亮。", "给个灵敏度，三档就够。", "zh-hans", WATCH, "watch", Status.IN_DEVELOPMENT, 17, 35, "正在做三档灵敏度，睡眠时默认最低。"),
    Wish("Let the watch wake me in light sleep", "It knows when I sleep lightly and still rings at the deepest moment.", "Up to 20 minutes before the alarm, never after.", "en", WATCH, "watch", Status.IN_TESTING, 20, 41, "In testing: up to 20 minutes early, and never late."),
    Wish("Show the time in two places", "My sister lives in Lisbon. I count on my fingers every evening.", "A second, smaller time on the face.", "en", WATCH, "watch", Status.PLANNED, 13, 26, "Planned for one of the next faces.", promised=3),
    Wish("錶帶快拆卡榫太緊", "換一次錶帶要用指甲摳半天。", "卡榫做大一點，或附一支小工具。", "zh-hant", WATCH, "watch", Status.SUBMITTED, 5, 6),
)  # fmt: skip

SUBJECTS = (
    Subject("battery", "Battery", "电池", "電池", ("Stop charging", "充电到", "Tell me which app")),
    Subject("camera", "Camera", "相机", "相機", ("相机启动", "Sort photos", "夜间模式")),
    Subject("sound", "Sound", "声音", "聲音", ("Let the alarm", "通话录音", "A quieter vibration")),
    Subject("large-print", "Large print", "大字", "大字", ("大字模式", "來電顯示")),
    Subject("lock-screen", "Lock screen", "锁屏", "鎖定畫面", ("锁屏上", "Undo for", "A dark keyboard")),
    Subject("privacy", "Privacy", "隐私", "隱私", ("通话录音", "备份到", "Say what each")),
    Subject("watch-face", "Watch face", "表盘", "錶面", ("A face", "Show the time", "手表抬腕")),
)  # fmt: skip

# Beyond its day: enough voices, and no answer yet (F1).
OVERDUE = Wish(
    "Say what each permission is used for, and when",
    "An app asks for the microphone on the first day and nobody ever tells me when it listened.",
    "A list by day: which app, which permission, how long.",
    "en", OS, "system", Status.SUBMITTED, 25, 24,
)  # fmt: skip

# What others say below a wish, by the language of its words.
TALK = {
    "en": [
        "Same here, since the spring build. I thought it was only me.",
        "My sister asked me for exactly this last weekend, and I had no answer.",
        "I work around it with a shortcut, but it costs me three taps every time.",
        "Please keep it optional: some of us like it the way it is.",
        "It would already help if the setting were easier to find.",
        "Voted. Could it come to the watch as well?",
        "On paper at our last meetup, half the table wrote the same.",
    ],
    "zh-hans": [
        "我也一直遇到，还以为只有我这样。",
        "上周末家里老人刚问过我，我也不知道怎么回答。",
        "现在只能绕着用，每次都要多点三下。",
        "希望做成可选的，有人习惯现在这样。",
        "哪怕先把这个开关放到好找的地方，也已经很有帮助了。",
        "已投票。手表上也能有吗？",
        "我们上次聚会，半桌人在纸上写的都是这一条。",
    ],
    "zh-hant": [
        "我也一直遇到，還以為只有我這樣。",
        "上週末家裡長輩才問過我，我也答不上來。",
        "現在只能繞著用，每次都要多點三下。",
        "希望做成可以選的，有人習慣現在這樣。",
        "就算先把這個開關放到好找的地方，也已經很有幫助了。",
        "已投票。手錶上也能有嗎？",
        "我們上次聚會，半桌的人在紙上寫的都是這一條。",
    ],
}
