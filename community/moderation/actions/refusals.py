"""Why an act of moderation was not done. Views put each into words."""

from fans.accounts.models import Fan


class Refusal(Exception):
    """Something that cannot be done now, or not by this person."""


class NotAllowed(Refusal):
    """Out of scope, one's own words or one's own case."""


class OwnWords(Refusal):
    """Nobody reports themselves."""


class DecidedByColleague(Refusal):
    """Somebody else decided first."""


class HeldByColleague(Refusal):
    """Somebody else is working on it; `holder` is who."""

    def __init__(self, holder: Fan) -> None:
        super().__init__(holder)
        self.holder = holder


class RuleMissing(Refusal):
    """Nothing is taken away and nobody sanctioned without a rule code (C1)."""


class SamePerson(Refusal):
    """A ban needs two people, and this one proposed it (A3)."""


class TooLong(Refusal):
    """A mute lasts 1 to 30 days, a suspension 1 to 365."""


class WordTooShort(Refusal):
    """A watched word of one letter, or of nothing that can be seen, would catch everything."""
