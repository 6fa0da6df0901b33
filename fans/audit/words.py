"""What is written down in one language, said in the reader's."""

from django.utils.translation import pgettext_lazy

VERBS = {
    "published": pgettext_lazy("log", "published"),
    "rejected": pgettext_lazy("log", "not published"),
    "hidden": pgettext_lazy("log", "hidden"),
    "restored": pgettext_lazy("log", "shown again"),
    "removed": pgettext_lazy("log", "removed"),
    "reinstated": pgettext_lazy("log", "removal taken back"),
    "revision hidden": pgettext_lazy("log", "revision hidden"),
    "featured": pgettext_lazy("log", "featured"),
    "unfeatured": pgettext_lazy("log", "no longer featured"),
    "pinned": pgettext_lazy("log", "pinned"),
    "unpinned": pgettext_lazy("log", "no longer pinned"),
    "locked": pgettext_lazy("log", "locked"),
    "unlocked": pgettext_lazy("log", "unlocked"),
    "moved": pgettext_lazy("log", "moved"),
    "case decided": pgettext_lazy("log", "case decided"),
    "warned": pgettext_lazy("log", "warned"),
    "muted": pgettext_lazy("log", "muted"),
    "suspended": pgettext_lazy("log", "suspended"),
    "ban proposed": pgettext_lazy("log", "ban proposed"),
    "ban declined": pgettext_lazy("log", "ban declined"),
    "banned": pgettext_lazy("log", "banned"),
    "sanction lifted": pgettext_lazy("log", "sanction taken back"),
    "word watched": pgettext_lazy("log", "word watched"),
    "word unwatched": pgettext_lazy("log", "word no longer watched"),
    "role changed": pgettext_lazy("log", "role changed"),
    "tier ended": pgettext_lazy("log", "tier ended"),
    "archive imported": pgettext_lazy("log", "archive imported"),
}
