"""What a person may be called (spec §1).

A display name is any script, but never a costume: it is compared after look-alikes are folded
together with the names of staff, of teams, and with words such as 官方. A handle is plain ASCII.
"""

import os
import re
import unicodedata
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_NAME_LENGTH = 40
MAX_HANDLE_LENGTH = 30
MIN_HANDLE_LENGTH = 3
MAX_MARKS_IN_A_ROW = 3  # Vietnamese and Thai need two; stacks of them paint over other lines

HANDLE = re.compile(rf"[A-Za-z0-9_-]{{{MIN_HANDLE_LENGTH},{MAX_HANDLE_LENGTH}}}")

# Refused as a whole word, or anywhere in a name in the scripts that write no spaces.
OFFICES = (
    *("admin", "administrator", "moderator", "mod team", "staff", "official", "sysadmin"),
    *("官方", "管理员", "管理員", "版主", "管理员团队", "站长", "站長"),
)
# Refused as the whole name only: ordinary words that would speak for the site.
RESERVED_NAMES = (
    *("orangery", "system", "everyone", "all", "here", "root", "support", "help", "security"),
    *("moderation", "team", "bot", "nobody", "anonymous", "deleted fan", "guest", "null"),
    *("系统", "系統", "客服", "全体", "全體", "所有人", "已注销用户", "已註銷用戶", "匿名", "游客"),
)
RESERVED_HANDLES = frozenset(
    {
        *("admin", "administrator", "moderator", "moderators", "staff", "official", "orangery"),
        *("system", "everyone", "all", "here", "root", "support", "help", "security", "team"),
        *("me", "you", "new", "edit", "settings", "login", "logout", "signup", "accounts"),
        *("api", "www", "mail", "postmaster", "webmaster", "abuse", "noreply", "no-reply"),
        *("bot", "nobody", "anonymous", "deleted", "guest", "null", "none", "undefined"),
        *("guanfang", "guanliyuan", "banzhu", "kefu", "xitong"),
    }
)

# Letters and signs that look like another: all become the one on the right.
_LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("абвгеёзийкмнорстухьіїјѕһԁԛԝӏ", "a6bree3nnkmhopctyxbiijshdqwl", strict=True)),
        **dict(zip("αβγεζηικμνορστυχωϲ", "abyeznikmvopctuxwc", strict=True)),
        **dict(zip("ɑɡıɩȷʟոօսցհ", "agiijlnouqh", strict=True)),
        **dict(zip("øłđðħŧ", "oldoht", strict=True)),
        **dict(zip("0134578@$", "oleastbas", strict=True)),
        **dict.fromkeys("|!¡ǀ", "l"),
    }
)
# Drawn as nothing though their category says letter, mark or symbol.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class NameRefused(Exception):
    """A name nobody may have; its words are for the person who asked for it."""

    field = "display_name"

    def __init__(self, reason: "str | Promise") -> None:
        super().__init__(reason)


class HandleRefused(NameRefused):
    field = "handle"


def clean_display_name(text: str) -> str:
    """The name as it will be shown. Raises NameRefused."""
    # Not `\s`: a line break or a tab in a name is refused below and not repaired.
    spaces = r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+"
    name = re.sub(spaces, " ", unicodedata.normalize("NFC", text)).strip(" ")
    if not name:
        raise NameRefused(_("Enter the name others will see."))
    if len(name) > MAX_NAME_LENGTH:
        raise NameRefused(_("Names have at most 40 characters."))
    if any(unicodedata.category(sign) in _INVISIBLE or sign in _BLANKS for sign in name):
        raise NameRefused(_("This name holds invisible characters. Type it instead of pasting it."))
    if _longest_run_of_marks(name) > MAX_MARKS_IN_A_ROW:
        raise NameRefused(_("This name stacks too many marks on one letter."))
    if not fold(name):
        raise NameRefused(_("Use at least one letter or digit in your name."))
    return name


def _longest_run_of_marks(name: str) -> int:
    longest = run = 0
    for sign in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.category(sign).startswith("M") else 0
        longest = max(longest, run)
    return longest


def fold(name: str) -> str:
    """The name with look-alikes made one: «Аdmіn», «ADMIN» and «a.d.m.1.n» are equal.

    At most 80 characters, the width of `Fan.folded_name`.
    """
    return "".join(_words(name))[:80]


def _words(name: str) -> Iterator[str]:
    """The folded words of a name; dots, dashes and marks are gone, «rn» reads «m»."""
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    for word in wide.split():
        bare = "".join(
            sign
            for sign in word
            if (unicodedata.category(sign)[0] in "LNS" and sign not in _BLANKS) or sign in "@!|$"
        )
        folded = bare.translate(_LOOK_ALIKES).replace("i", "l")
        folded = folded.replace("rn", "m").replace("vv", "w")
        if folded:
            yield unicodedata.normalize("NFC", folded)


def _is_latin(word: str) -> bool:
    return word.isascii()


_FOLDED_OFFICES = [(office, fold(office)) for office in OFFICES]
_FOLDED_RESERVED = frozenset(fold(name) for name in (*RESERVED_NAMES, *OFFICES))


def speaks_for_the_site(name: str) -> bool:
    """Whether a name claims an office: 官方, Admin, «Moderator Li»."""
    folded = fold(name)
    words = set(_words(name))
    return folded in _FOLDED_RESERVED or any(
        (office in words) if _is_latin(plain) else (office in folded)
        for plain, office in _FOLDED_OFFICES
    )


def clean_handle(text: str) -> str:
    """A legal handle, with or without its leading @. Raises HandleRefused."""
    handle = text.strip().removeprefix("@")
    if not HANDLE.fullmatch(handle):
        raise HandleRefused(
            _("Handles have 3 to 30 characters: letters a to z, digits, hyphen and underscore.")
        )
    if handle.casefold() in RESERVED_HANDLES:
        raise HandleRefused(_("This handle is reserved. Choose another."))
    return handle


def handle_from(name: str) -> str:
    """A handle proposed from a name: 王小明 → wangxiaoming, «José Ortega» → jose-ortega."""
    # Only sign-up and import need it, and names need no dictionary of phrases: 14 MB
    # of memory instead of 58 in a process that has once proposed a handle.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    words = [
        "".join(lazy_pinyin(word, errors=lambda rest: f" {rest} "))
        if any("\u3400" <= sign <= "\u9fff" for sign in word)
        else word
        for word in unicodedata.normalize("NFKC", name).split()
    ]
    plain = unicodedata.normalize("NFKD", " ".join(words)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9_]+", "-", plain.lower()).strip("-_")[:24].strip("-_")
    if len(slug) < MIN_HANDLE_LENGTH or slug in RESERVED_HANDLES:
        return f"fan-{slug}".strip("-")
    return slug
