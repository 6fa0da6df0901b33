"""What the weekly letter says of the Fridays (settings.DIGEST_SECTIONS)."""

from datetime import datetime

from django.utils.translation import gettext as _

from community.feature_requests.models import FeatureRequest
from community.fridays.actions.publishing import results_url
from community.fridays.awards import Winner, winners
from community.fridays.models import Credit, Cycle, Grid
from community.fridays.quotations import quotations_shown
from community.fridays.results import in_a_sentence
from fans.accounts.models import Fan
from fans.digests.sections import Section

WEEKS_TOLD = 5
CREDITS_TOLD = 10


def published_weeks(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """The verdicts that came out: figures, award, whom it thanks."""
    weeks = Cycle.objects.visible_to(reader).filter(published_at__gte=since, published_at__lt=until)
    told = [
        _told(week, reader)
        for week in weeks.select_related("product").order_by("-product__is_main", "pk")[:WEEKS_TOLD]
    ]
    if not told:
        return None
    return Section(_("What fans said this week"), "fridays/digest/weeks.html", {"weeks": told})


def _told(week: Cycle, reader: Fan) -> dict[str, object]:
    return {
        "name": f"{week.product} · {week.week}",
        "url": results_url(week),
        "said": in_a_sentence(week, reader),
        "awards": [_awarded(winner) for winner in winners(week, reader)],
        "quotations": _quoted(week),
        "chosen": list(
            FeatureRequest.objects.visible_to(reader)
            .filter(picks__cycle=week)
            .order_by("-vote_count", "pk")
            .values_list("title", flat=True)
        ),
    }


def _quoted(week: Cycle) -> list[str]:
    """One who is not content and one who is, in their words."""
    shown = quotations_shown(week)
    first = [*shown[Grid.NOT_GOOD][:1], *shown[Grid.LOVED][:1]]
    return [one.quotation.words for one in first]


def _awarded(winner: Winner) -> str:
    words = _("Popcorn award: “%(item)s”, by the team “%(team)s” (大神).") % {
        "item": winner.award.item,
        "team": winner.award.team,
    }
    if not winner.fans:
        return words
    names = ", ".join(fan.display_name for fan in winner.fans if fan.erased_at is None)
    return f"{words} " + _("Asked for by %(names)s.") % {"names": names} if names else words


def own_credits(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """Builds of that time that thank the reader."""
    thanked = Credit.objects.visible_to(reader).filter(
        fan=reader, credited_at__gte=since, credited_at__lt=until
    )
    rows = list(
        thanked.select_related("release__product", "item").order_by("credited_at", "pk")[
            :CREDITS_TOLD
        ]
    )
    if not rows:
        return None
    return Section(
        _("A build thanks you"),
        "fridays/digest/credits.html",
        {
            "credits": [
                {
                    "name": f"{row.release.product} {row.release.version}",
                    "url": row.release.get_absolute_url(),
                    "what": row.item.title if row.item else "",
                    "role": row.get_role_display(),
                }
                for row in rows
            ]
        },
    )
