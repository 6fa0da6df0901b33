"""What wishes show on a fan's page (settings.PROFILE_SECTIONS). Votes are nobody's to see (A4)."""

from django.utils.translation import gettext as _

from community.feature_requests.models import FeatureRequest
from community.feature_requests.permissions import casts_votes
from community.feature_requests.rows import rows_of
from community.threads.models import State
from fans.accounts.models import Fan, Reader
from fans.profiles.sections import Section

SHOWN = 10


def recent_requests(owner: Fan, reader: Reader) -> Section | None:
    own = FeatureRequest.objects.visible_to(reader).filter(
        author=owner.pk, thread__state=State.PUBLISHED
    )
    newest = own.order_by("-created_at", "-pk").values_list("pk", flat=True)[:SHOWN]
    rows = rows_of(list(newest), reader)
    if not rows:
        return None
    return Section(
        _("Wishes"),
        "feature_requests/_profile.html",
        {"rows": rows, "may_vote": not reader.is_authenticated or casts_votes(reader)},
    )
