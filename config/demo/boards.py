"""What the demo community is called, its products, teams and boards."""

from community.threads.models import Audience

NAME = "Kumquat 金橘"
TAGLINE = "We ship every Friday. You tell us on Tuesday."
TAGLINE_ZH_HANS = "周五我们发布，周二你们说话。"
TAGLINE_ZH_HANT = "週五我們發布，週二你們說話。"
FOOTER = "Kumquat Ltd., 7 Peel Lane, Nowhere. A made-up company; every name here is invented."
CONTACT = "hello@example.com"

PRODUCTS = (
    ("Kumquat OS", "kumquat-os", "A phone system with a build every week.", True, 1),
    ("Kumquat Watch", "kumquat-watch", "A watch with a build every month.", False, 4),
)
TEAMS = (
    ("System team", "system"),
    ("Camera team", "camera"),
    ("Watch team", "watch"),
    ("Design team", "design"),
)
WATCHED_WORDS = ("followers for your profile", "代刷好评", "cheapest price", "加微信领取")

# slug, product, names and descriptions in three languages, who may read, only announcements
BOARDS = (
    ("announcements", "", "Announcements", "公告", "公告",
     "What the company has to say, and what you say to it.", "公司想说的，和你们想对公司说的。", "公司想說的，和你們想對公司說的。",
     Audience.EVERYONE, True),
    ("weekly-build", "kumquat-os", "This week’s build", "本周版本", "本週版本",
     "A thread per build: what you love, what is not good enough.", "每个版本一个帖子：喜欢什么，哪里还不够好。", "一個版本一則貼文：喜歡什麼，哪裡還不夠好。",
     Audience.EVERYONE, False),
    ("questions", "", "Questions and answers", "互助问答", "互助問答",
     "Ask. Somebody has had it before you.", "尽管问，总有人遇到过。", "儘管問，總有人遇過。",
     Audience.EVERYONE, False),
    ("camera", "kumquat-os", "Camera", "相机", "相機",
     "Pictures, and how they came about.", "照片，以及它们是怎么拍出来的。", "照片，以及它們是怎麼拍出來的。",
     Audience.EVERYONE, False),
    ("battery", "kumquat-os", "Battery and charging", "续航与充电", "電池與充電",
     "Where the percent go.", "电都去哪儿了。", "電都跑去哪了。",
     Audience.EVERYONE, False),
    ("watch", "kumquat-watch", "Kumquat Watch", "金橘手表", "金橘手錶",
     "Steps, sleep, faces.", "步数、睡眠、表盘。", "步數、睡眠、錶面。",
     Audience.EVERYONE, False),
    ("design", "kumquat-os", "Design and themes", "设计与主题", "設計與主題",
     "How it looks, and how it could.", "现在的样子，和可以更好的样子。", "現在的樣子，和可以更好的樣子。",
     Audience.EVERYONE, False),
    ("guides", "", "Guides", "攻略", "攻略",
     "Written once, read by many.", "写一次，帮很多人。", "寫一次，幫很多人。",
     Audience.EVERYONE, False),
    ("tea-room", "", "The tea room", "茶水间", "茶水間",
     "Everything else, gently.", "其他的都在这里，和气一点。", "其他的都在這裡，和氣一點。",
     Audience.EVERYONE, False),
    ("accessibility", "", "Accessibility", "无障碍", "無障礙",
     "So that it works for everyone. Newly opened: be the first.", "让每个人都用得上。刚开张，等你来写第一帖。", "讓每個人都用得上。剛開張，等你來寫第一則。",
     Audience.EVERYONE, False),
    ("translations", "", "Translating Kumquat", "翻译金橘", "翻譯金橘",
     "Which word would you use?", "换你会用哪个词？", "換你會用哪個詞？",
     Audience.EVERYONE, False),
    ("core-circle", "", "Core circle", "核心圈", "核心圈",
     "For core fans: a day early, and before we decide.", "核心粉丝的地方：早一天知道，先一步商量。", "核心粉絲的地方：早一天知道，先一步商量。",
     Audience.CORE, False),
    ("early-builds", "kumquat-os", "Early builds", "内测版", "內測版",
     "For honorary developers: Thursday’s build, before it is everybody’s.", "荣誉开发者的地方：周四的版本，先于所有人。", "榮譽開發者的地方：週四的版本，先於所有人。",
     Audience.HONORARY_DEV, False),
)  # fmt: skip
