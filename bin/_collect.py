"""Collect what there is to translate, compile what is translated, name what is missing."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from _translations import problems_of

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans", "zh_Hant")
NOT_OURS = (".venv", "var", "tests", "bench", "bin")
# Nothing that changes by itself: a run without new words leaves the files as they are.
HEADER = {
    "Project-Id-Version": "Orangery",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def catalogue_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def collect() -> None:
    options = [option for folder in NOT_OURS for option in ("--ignore", folder)]
    languages = [option for language in LANGUAGES for option in ("--locale", language)]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                sys.executable,
                "manage.py",
                "makemessages",
                "--no-location",
                "--no-obsolete",
                *options,
                *languages,
            ],
            cwd=ROOT,
            env={**os.environ, "VAR_DIR": folder},
            stdout=subprocess.DEVNULL,
            check=True,
        )


def settle(language: str) -> None:
    """A stable header, no guesses, and the compiled file beside it."""
    path = catalogue_of(language)
    messages = polib.pofile(str(path))
    messages.header, messages.metadata_is_fuzzy = "", False
    messages.metadata = {**HEADER, "Language": language}
    for entry in messages.fuzzy_entries():
        entry.flags.remove("fuzzy")
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
        entry.msgstr = ""
        entry.msgstr_plural = {0: ""} if entry.msgid_plural else {}
    messages.save(str(path))
    messages.save_as_mofile(str(path.with_suffix(".mo")))


def main() -> int:
    if shutil.which("xgettext"):
        collect()
    else:
        print("Without gettext (apt install gettext) no new words are collected.")
    for language in LANGUAGES:
        settle(language)
    problems = [
        problem for language in LANGUAGES for problem in problems_of(catalogue_of(language))
    ]
    print("\n".join(problems) or "Every message has its words in every language.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
