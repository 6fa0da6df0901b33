"""How a fan is thanked: by name, or as somebody who stays unnamed (O6)."""

from community.fridays.models import Credit


def take_by_name(*, credit: Credit) -> None:
    """The fan's name stands with what they did. Saying so twice is saying it once."""
    _choose(credit, is_anonymous=False)


def stay_unnamed(*, credit: Credit) -> None:
    """The thanks stay, the name goes, at once and everywhere."""
    _choose(credit, is_anonymous=True)


def _choose(credit: Credit, *, is_anonymous: bool) -> None:
    Credit.objects.filter(pk=credit.pk).update(is_anonymous=is_anonymous)
    credit.is_anonymous = is_anonymous
