"""What the Fridays show on a fan's page (settings.PROFILE_SECTIONS)."""

from django.utils.translation import gettext as _

from community.fridays.models import Credit
from fans.accounts.models import Fan, Reader
from fans.profiles.sections import Section

SHOWN = 10


def own_credits(owner: Fan, reader: Reader) -> Section | None:
    """The builds that thank them; those they take anonymously only for themselves."""
    credits = Credit.objects.visible_to(reader).filter(fan=owner)
    if reader.pk != owner.pk:
        credits = credits.filter(is_anonymous=False)
    rows = list(
        credits.select_related("release__product", "item").order_by("-credited_at", "-pk")[:SHOWN]
    )
    if not rows:
        return None
    return Section(_("Credits"), "fridays/_profile_credits.html", {"credits": rows})
