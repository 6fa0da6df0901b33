"""Every message has its words in every language, and the compiled files are up to date."""

import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def names(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


Words = dict[tuple[str, str | None], tuple[str, ...]]


def words(entries: list[polib._BaseEntry]) -> Words:
    return {
        (entry.msgid, entry.msgctxt): (entry.msgstr, *entry.msgstr_plural.values())
        for entry in entries
    }


def compiled_words(compiled: Path) -> Words:
    return words(list(polib.mofile(str(compiled)))) if compiled.exists() else {}


def problems_of(catalogue: Path) -> list[str]:
    messages = polib.pofile(str(catalogue))
    where = catalogue.relative_to(ROOT)
    found = [
        f"{where}: no translation of {entry.msgid!r}" for entry in messages.untranslated_entries()
    ]
    found += [f"{where}: a guess for {entry.msgid!r}" for entry in messages.fuzzy_entries()]
    for entry in messages.translated_entries():
        wanted = names(entry.msgid) | names(entry.msgid_plural)
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and names(text) - wanted:
                found.append(
                    f"{where}: {entry.msgid!r} has no placeholder for {names(text) - wanted}"
                )
    if compiled_words(catalogue.with_suffix(".mo")) != words(messages.translated_entries()):
        found.append(f"{where}: its .mo is out of date; polib.pofile(…).save_as_mofile(…) makes it")
    return found


def main() -> int:
    found = [
        problem
        for catalogue in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
        for problem in problems_of(catalogue)
    ]
    print("\n".join(found[:60]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
