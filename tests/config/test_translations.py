"""Both Chinese catalogues are written by their readers' rules, and never converted."""

import re
from pathlib import Path

import polib
import pytest

from community.markdown.language import _SIMPLIFIED, _TRADITIONAL

pytestmark = pytest.mark.one_engine

LOCALE = Path(__file__).parents[2] / "locale"
HAN = "[\u4e00-\u9fff]"
# Characters that both scripts write, though one of them is the simplified form of another word.
SHARED = frozenset("后里面只台干系借准制向回家")


def texts(language: str) -> list[tuple[str, str]]:
    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    return [
        (entry.msgid, text)
        for entry in catalogue
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text
    ]


@pytest.mark.parametrize(
    ("language", "foreign"),
    [
        ("zh_Hans", _TRADITIONAL - _SIMPLIFIED - SHARED),
        ("zh_Hant", _SIMPLIFIED - _TRADITIONAL - SHARED),
    ],
)
def test_each_script_keeps_to_its_own_characters(language: str, foreign: frozenset[str]) -> None:
    assert [text for _english, text in texts(language) if set(text) & foreign] == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_punctuation_beside_han_is_full_width(language: str) -> None:
    half_width = re.compile(rf"{HAN}[,;:!?.](?![\w/])|{HAN}[()]|[()]{HAN}")
    markdown = re.compile(r"\[[^\]]*\]\([^)]*\)")
    wrong = [
        text for _english, text in texts(language) if half_width.search(markdown.sub("", text))
    ]
    assert wrong == []


def test_quotation_marks_are_those_of_each_script() -> None:
    assert [text for _english, text in texts("zh_Hans") if re.search("[「」«»]", text)] == []
    assert [text for _english, text in texts("zh_Hant") if re.search("[“”«»]", text)] == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_people_are_spoken_to_as_friends(language: str) -> None:
    assert [text for _english, text in texts(language) if "您" in text or "！" in text] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_Hans", "視窗|帳號|檔案|設定|登入|儲存|網路|使用者|程式碼|連結"),
        ("zh_Hant", "賬號|文件夾|保存成|網絡|用戶|代碼|鏈接|默認|視頻|屏幕|質量"),
    ],
)
def test_words_are_those_of_the_place(language: str, words: str) -> None:
    assert [text for _english, text in texts(language) if re.search(words, text)] == []
