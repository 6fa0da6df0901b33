"""Why a deed was not done. Views put each into words; none of them is a bug."""


class Refusal(Exception):
    """Something a person asked for and cannot have."""


class NotTheirs(Refusal):
    """Their own item, their own batch, or another city's: somebody else must do it."""


class NotOpen(Refusal):
    """It was closed, declined or handed in meanwhile."""


class NoSuchStep(Refusal):
    """An item in this state cannot become that."""


class AnswerMissing(Refusal):
    """Declining needs a reason in words."""


class CannotBeDuplicate(Refusal):
    """Of itself, of another duplicate, or of something that does not exist."""


class BecameRequest(Refusal):
    """A wish was made of it already."""


class KeptFromPublic(Refusal):
    """Its reporter wanted it to stay between them and the company."""


class TitleUnfit(Refusal):
    """Too short, or too long, for the title of a wish."""


class NobodyToCredit(Refusal):
    """Nobody who is online said it, so nobody can be its author."""


class NobodyToAsk(Refusal):
    """Whoever said it is not online, or has left."""


class BatchEmpty(Refusal):
    """A batch without a single form."""


class BatchFull(Refusal):
    """More forms than one batch holds."""
