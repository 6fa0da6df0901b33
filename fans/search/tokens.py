"""What text is cut into for the index and for a query, by the application and not by an engine.

Scripts without spaces become overlapping pairs and the last character of each run, so words of two
characters and single ones are found; other words stay whole. Both engines then hold the same.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

LONGEST_TEXT = 20_000
LONGEST_WORD = 40
# Han, kana, bopomofo, hangul; Thai, Lao, Burmese and Khmer.
_UNSPACED = (
    "\u3005-\u3007\u3041-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U000323af"
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^\\s{_UNSPACED}]+")
_APOSTROPHES = re.compile("(?<=\\w)['’ʼ](?=\\w)")
_ACCENTS = re.compile("[\u0300-\u036f]")


def runs_of(text: str) -> list[str]:
    """The words of a text, folded: case, width, accents and everything between words are gone."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
    joined = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", plain))
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in joined)
    return _RUNS.findall(kept)


def is_unspaced(run: str) -> bool:
    return re.match(f"[{_UNSPACED}]", run) is not None


def tokens_of(text: str) -> list[str]:
    """All tokens of a text, in order: what the index holds of it."""
    found: list[str] = []
    for run in runs_of(text):
        if is_unspaced(run):
            for script in scripts_of(run):
                found += [*pairs_of(script), script[-1]]
        else:
            word = run[:LONGEST_WORD]
            found += dict.fromkeys([word, stem_of(word)])
    return found


def scripts_of(run: str) -> list[str]:
    """The run in Simplified characters; and in the words of the mainland, where they differ
    (資料庫 is 资料库 and 数据库).
    """
    return list(dict.fromkeys([_converter("t2s").convert(run), _converter("tw2sp").convert(run)]))


def pairs_of(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def stem_of(word: str) -> str:
    """An English word without its ending: «alarms», «charging», «vibration» as «alarm», «charg»,
    «vibrat». Rough, and the same for text and query: it is never shown.
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    if word.endswith("tion") and len(word) > 6:
        return word[:-3]
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) > 2 and re.search("[aeiouy]", base):
            return base[:-1] if base[-1] == base[-2] and base[-1] not in "ls" else base
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)
