import re
import unicodedata

LONGEST = 100

# Words that stand where a slug does, in any room (spec §12): `/threads/7/replies/`.
FIXED_WORDS = frozenset(
    {
        "answer",
        "board",
        "door",
        "edit",
        "feature",
        "history",
        "lock",
        "merge",
        "moves",
        "new",
        "notes",
        "pin",
        "poster",
        "reading",
        "replies",
        "rsvp",
        "status",
        "story",
        "ticket",
        "vote",
        "withdrawal",
    }
)


def slug_of(title: str) -> str:
    """The title as it stands in an address: letters and digits of any script, `-` when none is left.

    Marks stay with their letters (Devanagari, Thai). A fixed word gets a hyphen: `vote-`.
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else "-" for c in folded)
    slug = re.sub("-+", "-", kept)[:LONGEST].strip("-")
    if not slug:
        return "-"
    return f"{slug}-" if slug in FIXED_WORDS else slug
