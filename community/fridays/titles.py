"""大神: the title of the team with the newest popcorn award (O5)."""

from community.fridays.models import Award, Cycle
from community.products.models import Product, Team


def awarded_week(product: Product | None = None) -> Cycle | None:
    """The newest published week with an award, of one product or of any."""
    awards = Award.objects.filter(cycle__published_at__isnull=False)
    if product is not None:
        awards = awards.filter(cycle__product=product)
    newest = awards.select_related("cycle__product").order_by("-cycle__published_at", "-pk").first()
    return newest.cycle if newest else None


def title_holders(product: Product | None = None) -> list[Team]:
    """The teams that carry the title until the next award; several when it was joint."""
    week = awarded_week(product)
    if week is None:
        return []
    return list(Team.objects.filter(pk__in=week.awards.values("team")).order_by("name", "pk"))
