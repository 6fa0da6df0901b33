"""What people of the demo community say when nobody wrote their thread by hand.

Words in braces: part (of the product), n, m (numbers), app, place, build.
"""

from typing import NamedTuple


class Part(NamedTuple):
    """Something people talk about, where they do, and its name in three languages."""

    board: str
    en: str
    hans: str
    hant: str


class Pattern(NamedTuple):
    """One way to begin a thread, and what is said to it. `>` marks the answer that helped."""

    language: str
    kind: str
    titles: tuple[str, ...]
    bodies: tuple[str, ...]
    replies: tuple[str, ...]


PARTS = tuple(
    Part(*line.split("|"))
    for line in """\
camera|portrait mode|人像模式|人像模式
camera|the video stabiliser|视频防抖|影片防手震
camera|slow motion|慢动作|慢動作
camera|the front camera|前置镜头|前鏡頭
camera|document scanning|文档扫描|文件掃描
battery|standby|待机|待機
battery|fast charging|快充|快充
battery|wireless charging|无线充电|無線充電
battery|the battery page|电池页面|電池頁面
weekly-build|the notification shade|通知栏|通知欄
weekly-build|the keyboard|键盘|鍵盤
weekly-build|the hotspot|热点|熱點
weekly-build|alarms|闹钟|鬧鐘
weekly-build|split screen|分屏|分割畫面
weekly-build|nearby sharing|附近分享|附近分享
weekly-build|the voice assistant|语音助手|語音助理
weekly-build|call recording|通话录音|通話錄音
questions|the gallery|相册|相簿
questions|the file manager|文件管理|檔案管理
questions|the calendar|日历|行事曆
questions|the notes app|便签|備忘錄
questions|backup|备份|備份
questions|eSIM|eSIM|eSIM
questions|Bluetooth|蓝牙|藍牙
watch|heart rate|心率|心率
watch|sleep tracking|睡眠记录|睡眠紀錄
watch|the GPS track|GPS 轨迹|GPS 軌跡
watch|music on the watch|手表音乐|手錶音樂
design|dark mode|深色模式|深色模式
design|widgets|桌面小部件|桌面小工具
design|the always-on display|息屏显示|螢幕恆亮
design|wallpapers|壁纸|桌布
design|one-handed mode|单手模式|單手模式""".splitlines()
)

PLACES = {
    "en": ("on the train", "in the office", "in the garden", "at the airport", "in the kitchen"),
    "zh-hans": ("地铁上", "办公室里", "楼下小公园", "高铁上", "厨房里"),
    "zh-hant": ("捷運上", "辦公室", "河堤", "高鐵上", "廚房"),
}
APPS = {
    "en": ("the mail app", "the map", "a podcast app", "the browser", "my bank"),
    "zh-hans": ("微信", "地图", "听书软件", "浏览器", "支付宝"),
    "zh-hant": ("LINE", "地圖", "Podcast", "瀏覽器", "街口"),
}

PATTERNS = (
    Pattern(
        "en",
        "discussion",
        ("{Part} got noticeably better, thank you", "Praise where it is due: {part}"),
        (
            "I complain a lot here, so for balance: since {build} {part} does what I expect, {n} times out of {n}. Yesterday {place} I noticed that I had stopped thinking about it.",
            "Did a small count over {m} days: {part} failed me once. In spring it was {n} times a week. Whoever worked on this, thank you.",
            "My neighbour asked why I smiled at my phone {place}. It was {part}. Long story, happy end.",
        ),
        (
            "Same here. It went from “never mind” to “always on”.",
            "It is the small things. I would not have noticed without your post.",
            "Agreed, with one exception: together with {app} it still hesitates for a second.",
            "staff:Passed on to the two people who did it. They have printed it.",
            "> Yesterday {place} I noticed that I had stopped thinking about it\n\nThat is the best review a feature can get.",
            "在中文版也一样，明显顺了。",
            "Counted too: {m} days, no failure. Your luck may be mine.",
        ),
    ),
    Pattern(
        "en",
        "discussion",
        ("Did {part} get worse with {build}?", "{Part} since {build}: only me?"),
        (
            "Before the update I never thought about {part}. Since Friday it needs two or three tries, mostly {place}. K2, nothing new installed, restarted twice.",
            "Something changed. {Part} is slower by about {n} seconds, and it is worst right after I used {app}. Going back is not an option, so: is it known?",
            "I would like to be wrong. But {part} has failed {n} times since Friday and not once in the {m} weeks before.",
        ),
        (
            "Not on mine, same model. Have you tried without {app} in the background?",
            "Yes, here too. Always {place}, strangely.",
            "Same. Worked around it with a restart each morning, which is no way to live.",
            "staff:Thank you. Could you send a report from Settings → About → “Tell us”? It takes a minute and holds no private words.",
            "op:Sent. Number ends in {n}{m}.",
            "staff:Got it. We see it too, on devices with more than {n} accounts. Being mended.",
            "我这边正常，K1，可能只影响 K2。",
            "For me it went away by itself after a night on the charger.",
        ),
    ),
    Pattern(
        "en",
        "question",
        ("Where did the setting for {part} go?", "How do I switch off {part} for one app only?"),
        (
            "It used to be one tap away. Now I have looked for {n} minutes, with the search, too. I only want it off while I use {app}.",
            "I am sure it exists, because a friend has it on her phone. Mine shows nothing. Same build, same model.",
            "Asking for my mother, who would never ask herself: it bothers her {place}, and I cannot find the switch.",
        ),
        (
            ">Hold the icon in the quick settings, then “more”, then the last line. It moved in summer and the search has not caught up.",
            ">Settings → Apps → choose the app → “uses of the system”. It is per app since {build}.",
            "op:There it is. Thank you, I would have given up.",
            "I needed this as well. Bookmarked.",
            "staff:The search should find it by its old name. It will, from the next build.",
            "搜英文关键字也能找到，我刚试了。",
        ),
    ),
    Pattern(
        "en",
        "discussion",
        ("A small wish for {part}", "{Part}: one thing I would change"),
        (
            "If it remembered what I chose last time, I would save {n} taps a day. Nothing else. Everything else is good.",
            "Let it show *why* it did something. “I did this because you were {place}” would be enough.",
            "A switch to turn it off until tomorrow morning. I never want it off for ever, and I always forget to turn it on again.",
        ),
        (
            "Yes, please. Until tomorrow morning is the unit in which people think.",
            "I would rather have it simpler than cleverer. But this one I can live with.",
            "+1. It would help my parents more than me.",
            "staff:Nice and small. Written down; no promise on the week.",
            "How would you show it without another notification? That is the hard part.",
            "op:In the same place as the switch itself. One grey line.",
            "支持，尤其是“到明天早上”这个。",
        ),
    ),
    Pattern(
        "en",
        "discussion",
        ("{Part}: the trick it took me a year to find", "TIL about {part}"),
        (
            "Press long instead of short. That is all. There is a whole second menu behind it, with the {n} things I had missed.",
            "It listens to the volume keys. Up is more, down is less, both together put it back. I found out {place}, by accident, with gloves on.",
            "You can drag it. I have owned this phone for {m} months, and nobody told me that you can drag it.",
        ),
        (
            "A year here as well. I feel better now.",
            "It should be in the welcome tour.",
            "Does not work together with {app} for me. Otherwise: wonderful.",
            "What. *What.* Thank you.",
            "居然可以这样！用了两年才知道。",
            "staff:Our own tester did not know the second one. We are adding a hint that shows once.",
        ),
    ),
    Pattern(
        "en",
        "discussion",
        ("{Part} on a K1 and a K2, side by side",),
        (
            "Both on {build}, both at room temperature, ten runs each, slowest and fastest thrown away.\n\n| | K1 | K2 |\n|---|---|---|\n| first time | 2.{n} s | 1.{m} s |\n| again | 0.9 s | 0.4 s |\n| after a night | 3.1 s | 1.{n} s |\n\nThe last line is the one I would look at.",
            "A friend and I spent a rainy afternoon on it.\n\n- K1: {n} of 20 good, warm to the hand\n- K2: 1{n} of 20 good, cool\n- both: worse while {app} is open\n\nNo conclusion. Just numbers.",
        ),
        (
            "Numbers without a conclusion are rare. Thank you.",
            "My K1 is closer to your K2. Newer battery, perhaps?",
            "staff:The last line is known to us and has a person working on it since Monday.",
            "Could you do the same next month? Then it is a series.",
            "数据贴必须顶一下。",
        ),
    ),
    Pattern(
        "en",
        "question",
        ("{Part} works every second time", "{Part} stops when the screen goes dark"),
        (
            "Every *second* time, exactly. First yes, then no, then yes. I have {n} videos of it and no idea.",
            "As soon as the screen goes dark it ends. {app} is allowed to run in the background, saving is off, I looked.",
        ),
        (
            "Is it the same with a freshly made guest profile? If not, it is one of your apps.",
            "op:In the guest profile it works. So which one?",
            ">Then switch them off by halves. With {m} apps you need five rounds. In my case it was {app}.",
            "Following. Same here, {place}.",
        ),
    ),
    Pattern(
        "zh-hans",
        "discussion",
        ("夸一下{part}，这次真的用心了", "{part}变好用了，说两句"),
        (
            "平时我骂得多，这次得公道一回：更新到 {build} 之后，{part}连着 {n} 天没掉过链子。昨天在{place}才意识到，我已经不去想它了。",
            "记了 {m} 天的小账，{part}只出过一次问题，春天的时候一周 {n} 次。谁做的，加鸡腿。",
            "同事问我怎么对着手机笑，我说{part}终于修好了。他不懂，你们懂。",
        ),
        (
            "确实，从“算了不用了”到“一直开着”。",
            "附议。唯一的小毛病是跟{app}一起用还会卡一下。",
            "不看你这帖我都没发现，已经习惯了。",
            "staff:已经转给做这个的两位同事，打印出来贴墙上了。",
            "> 我已经不去想它了\n\n这是对一个功能最高的评价。",
            "Agreed, and the English version feels the same.",
            "加鸡腿 +1，加到 {n} 只。",
        ),
    ),
    Pattern(
        "zh-hans",
        "discussion",
        ("{build} 之后{part}是不是变差了？", "就我一个人{part}有问题吗"),
        (
            "更新之前从来没注意过{part}，上周五之后要试两三次才行，在{place}特别明显。K2，没装新软件，重启过两次。",
            "{part}慢了大概 {n} 秒，刚用完{app}的时候最严重。回退又不想折腾，先问问是不是已知问题。",
            "希望是我的错觉，但是周五到现在{part}失败了 {n} 次，之前 {m} 周一次都没有。",
        ),
        (
            "我这台没有，同型号。你把{app}从后台划掉再试试？",
            "有，而且也是在{place}，奇怪了。",
            "一样，每天早上重启一次续命。",
            "staff:收到。麻烦在“设置 → 关于 → 告诉我们”提交一份报告，一分钟，不含隐私内容。",
            "op:提交了，编号尾数 {n}{m}。",
            "staff:看到了，登录了 {n} 个以上账号的机器会触发，正在修。",
            "Not on my K1. Perhaps it is only the K2.",
            "充了一晚上电自己好了，玄学。",
        ),
    ),
    Pattern(
        "zh-hans",
        "question",
        ("{part}的开关搬到哪里去了？", "能不能只对一个软件关掉{part}？"),
        (
            "以前一步就到，现在找了 {n} 分钟，搜索也搜不到。只想在用{app}的时候关掉。",
            "肯定有，我朋友的手机上就能看到，同型号同版本，我这里就是没有。",
            "替我妈问的，她在{place}老被打扰，又不好意思问人。",
        ),
        (
            ">下拉快捷开关，长按图标，点“更多”，最后一行就是。夏天搬的家，搜索还没跟上。",
            ">设置 → 应用 → 选那个软件 → “系统功能的使用”，{build} 开始可以单独设。",
            "op:找到了，谢谢，差点放弃。",
            "正好我也在找，收藏。",
            "staff:搜索应该认得旧名字，下个版本补上。",
            "阿姨要是看不清，可以把那个开关拖到第一排。",
        ),
    ),
    Pattern(
        "zh-hans",
        "discussion",
        ("给{part}提个小愿望", "{part}：如果只能改一处"),
        (
            "记住我上次的选择就行，每天能少点 {n} 下。别的都挺好。",
            "能不能告诉我它*为什么*这么做？一句“因为你在{place}”就够了。",
            "要一个“关到明天早上”。我从来不想永远关掉，但每次关了都忘记开。",
        ),
        (
            "“关到明天早上”太对了，人就是这么过日子的。",
            "宁可简单一点，别太聪明。不过这个可以有。",
            "+1，对爸妈比对我有用。",
            "staff:愿望不大，记下了，哪一周不敢保证。",
            "怎么显示才不算又多一条通知？这才是难点。",
            "op:就在开关下面一行灰字。",
            "Yes to “until tomorrow morning”.",
        ),
    ),
    Pattern(
        "zh-hans",
        "discussion",
        ("{part}用了一年才发现的小技巧", "原来{part}可以这样用"),
        (
            "长按，不要短按。就这么简单，后面藏着一整层菜单，{n} 个我以为没有的功能。",
            "它认音量键：上是多，下是少，两个一起按复原。昨天在{place}戴着手套误触发现的。",
            "可以拖。我用了 {m} 个月，没人告诉我它可以拖。",
        ),
        (
            "我也是一年，心理平衡了。",
            "新手引导里应该写上。",
            "跟{app}一起用不行，其他都好使。",
            "居然……谢谢楼主。",
            "I had no idea. Two years. Thank you.",
            "staff:第二条我们自己的测试都不知道，准备加一个只出现一次的提示。",
        ),
    ),
    Pattern(
        "zh-hans",
        "discussion",
        ("{part}：K1 和 K2 放一起比",),
        (
            "都是 {build}，室温，各跑十次，去掉最快最慢。\n\n| | K1 | K2 |\n|---|---|---|\n| 第一次 | 2.{n} 秒 | 1.{m} 秒 |\n| 再来一次 | 0.9 秒 | 0.4 秒 |\n| 放一夜 | 3.1 秒 | 1.{n} 秒 |\n\n最后一行值得查一查。",
            "跟室友闲着测的：\n\n- K1：20 次成 {n} 次，有点烫手\n- K2：20 次成 1{n} 次，不烫\n- 两台：开着{app}都会变差\n\n没有结论，只有数字。",
        ),
        (
            "没有结论的数据帖才是好帖。",
            "我的 K1 更接近你的 K2，换过电池的缘故？",
            "staff:最后一行我们知道，周一开始有人在查。",
            "下个月再测一次就成系列了。",
            "Thank you for the table. Readable in any language.",
        ),
    ),
    Pattern(
        "zh-hans",
        "question",
        ("{part}一黑屏就断", "{part}时灵时不灵，怎么查？"),
        (
            "屏幕一黑就停。{app}后台权限给了，省电也关了，都看过了。",
            "一次行一次不行，非常规律。录了 {n} 段视频，完全没头绪。",
        ),
        (
            "新建一个访客模式试试，正常的话就是哪个软件在捣乱。",
            "op:访客模式正常，那是哪个呢？",
            ">对半关。{m} 个软件五轮就能找出来，我那次是{app}。",
            "蹲一个答案，我在{place}也这样。",
        ),
    ),
    Pattern(
        "zh-hant",
        "discussion",
        ("{part}這次有感變好", "不罵人一次：{part}變順了"),
        (
            "更新到 {build} 之後，{part}連續 {n} 天沒出包。昨天在{place}才發現我根本忘了它的存在，這是稱讚。",
            "自己記了 {m} 天，{part}只失手一次，春天那時候一個禮拜 {n} 次。辛苦了。",
        ),
        (
            "真的，從「算了」變成「一直開著」。",
            "同感，只有跟{app}一起用的時候還會頓一下。",
            "staff:已經轉給負責的同事，他們截圖存起來了。",
            "Same here in English. A quiet improvement.",
            "推一個，好的也要講。",
        ),
    ),
    Pattern(
        "zh-hant",
        "discussion",
        ("{build} 之後{part}怪怪的", "只有我的{part}這樣嗎"),
        (
            "以前沒注意過{part}，上禮拜五之後常常要試兩三次，在{place}特別明顯。K2，沒裝新東西，重開機兩次了。",
            "{part}慢了大概 {n} 秒，剛用完{app}最嚴重。先問問是不是已知問題。",
        ),
        (
            "我的沒有，同款。把{app}滑掉再試一次？",
            "我也是！而且也是在{place}。",
            "staff:收到，麻煩到「設定 → 關於 → 告訴我們」送一份報告，一分鐘就好。",
            "op:送出了，尾數 {n}{m}。",
            "staff:有看到，正在修。",
            "充電放一晚就好了，不知道為什麼。",
        ),
    ),
    Pattern(
        "zh-hant",
        "question",
        ("{part}的設定跑去哪裡了？", "{part}可以只關一個 App 嗎？"),
        (
            "以前一按就到，現在找了 {n} 分鐘，搜尋也找不到。只想在用{app}的時候關掉。",
            "幫我媽問的，她在{place}一直被吵，又不好意思問。",
        ),
        (
            ">快速設定長按圖示 → 更多 → 最下面那行。夏天搬家了，搜尋還沒跟上。",
            ">設定 → 應用程式 → 點那個 App →「系統功能的使用」，{build} 開始可以個別設定。",
            "op:找到了，感恩。",
            "剛好我也在找，收藏。",
            "staff:搜尋應該要認得舊名字，下一版補上。",
        ),
    ),
    Pattern(
        "zh-hant",
        "discussion",
        ("{part}的小願望", "原來{part}可以這樣"),
        (
            "想要一個「關到明天早上」。我從來沒有要永遠關掉，可是每次關了都忘記開。",
            "長按，不要短按。後面藏了一整層選單，{n} 個我以為沒有的功能，用了 {m} 個月才知道。",
        ),
        (
            "「明天早上」這個單位太貼近人性了。",
            "+1，對爸媽比對我有用。",
            "staff:記下來了，哪一週先不敢保證。",
            "新手教學應該要寫。",
            "笑死，我也是今天才知道。",
        ),
    ),
)

LOVED = {
    "en": (
        "scrolling feels even", "the keyboard stays where it is", "calls connect faster",
        "the torch is brighter", "no more double alarms", "pictures share in one tap",
        "the battery page tells me things", "Bluetooth remembers my car",
    ),
    "zh-hans": (
        "滑动跟手", "键盘不跳了", "来电接通快", "手电筒更亮", "闹钟不响两遍了", "分享照片一步到位",
        "电池页面看得懂了", "蓝牙记住我的车了",
    ),
}  # fmt: skip
NOT_GOOD = {
    "en": (
        "warm after half an hour of video", "the clock widget is late", "search finds old names",
        "dark mode is too grey at noon", "one app asked for my password again",
    ),
    "zh-hans": (
        "看半小时视频就发烫", "时钟小部件慢一拍", "搜索只认旧名字", "中午的深色模式太灰", "有个软件又要我登录",
    ),
}  # fmt: skip
CHANGES = (
    "{Part} starts faster, by a third on a K1.",
    "{Part} no longer forgets its last setting.",
    "{Part} works with the screen reader from the first word to the last.",
    "{part}：横屏时不再错位。",
    "{part}：夜间自动调暗，早上自动恢复。",
    "{part}：補上繁體中文的說明文字。",
    "{Part} says why it waits instead of only waiting.",
)
