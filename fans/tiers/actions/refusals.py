class TierRefusal(Exception):
    """Something about tiers that may not be; each says what in its name."""


class NotAllowed(TierRefusal):
    """Nobody judges themself, their own nominee, or outside their office."""


class ReasonMissing(TierRefusal):
    """A person who is turned down, or a run that is let through, is owed a reason."""


class NothingHeld(TierRefusal):
    """This run holds nothing back: it was released, or has lapsed."""


class OfferGone(TierRefusal):
    """The seat was answered already, or its seven days are over."""


class NominatedAlready(TierRefusal):
    """Somebody has nominated this fan, and it is not decided yet."""


class NoLongerOpen(TierRefusal):
    """The nomination was decided or taken back meanwhile."""


class ObservesStill(TierRefusal):
    """T14: the site has not seen enough runs yet."""
