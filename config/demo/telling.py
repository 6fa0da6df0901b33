"""What the fans of the demo community told the company of, and what became of it."""

from datetime import timedelta

from community.feedback import actions as feedback
from community.feedback.models import Category, FeedbackItem, ItemState
from community.products.models import Product
from config.demo.community import Demo

# Who, product, category, severity, frequency, what, where and how, days ago, the way it took.
_TOLD = (
    ("honorary", "kumquat-os", "bug", "S2", "Q3", "The camera closes when a call comes in", "K2, since the last build. Three times this week, each time while filming.", 3, ()),
    ("casual", "kumquat-os", "usability", "S3", "Q1", "I never find the switch for the torch", "It is on the third page of the panel. Left thumb, one hand.", 6, ((ItemState.ASSIGNED, ""),)),
    ("core", "kumquat-os", "performance", "S2", "Q2", "相册打开要等五秒", "三万张照片，每次打开都要转圈。", 12, ((ItemState.ASSIGNED, ""), (ItemState.RESOLVED, "缩略图现在提前做好了，下个版本里应该在一秒之内。"))),
    ("host", "kumquat-watch", "bug", "S3", "Q2", "手錶的月相慢了一天", "台北，十一月以來都慢一天。", 9, ((ItemState.ASSIGNED, ""), (ItemState.IN_PROGRESS, "找到了，是時區的問題。"))),
    ("casual", "kumquat-os", "content", "S4", "Q4", "“Recieved” in the message settings", "Settings, messages, second line.", 15, ((ItemState.RESOLVED, "Spelled right from the next build on. Thank you."),)),
    ("county", "kumquat-os", "service", "S3", "Q3", "县里没有维修点，寄修要两周", "店里每个月都有人问，能不能有个代收点？", 5, ()),
)  # fmt: skip

_DEPARTMENTS = {
    Category.BUG: "system",
    Category.PERFORMANCE: "system",
    Category.USABILITY: "design",
    Category.MISSING_FEATURE: "design",
    Category.CONTENT: "design",
    Category.SERVICE: "system",
    Category.EVENT: "design",
    Category.ACCOUNT: "system",
    Category.SAFETY: "system",
}


def let_them_tell(demo: Demo) -> None:
    feedback.name_departments(
        teams={category: demo.teams[slug] for category, slug in _DEPARTMENTS.items()},
        actor=demo.account("admin"),
        at=demo.at - timedelta(days=200),
    )
    for who, product, category, severity, frequency, title, words, days, steps in _TOLD:
        at = demo.at - timedelta(days=days)
        item = feedback.file_feedback(
            said=feedback.Said(
                product=Product.objects.get(slug=product),
                category=category,
                severity=severity,
                frequency=frequency,
                title=title,
                words=words,
            ),
            reporter=demo.account(who),
            at=at,
        )
        FeedbackItem.objects.filter(pk=item.pk).update(hidden_at=None)
        for number, (became, answer) in enumerate(steps, start=1):
            feedback.take_step(
                item=item,
                became=became,
                actor=demo.account("overdue"),
                at=at + timedelta(hours=9 * number),
                answer=answer,
            )
