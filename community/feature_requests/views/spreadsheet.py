"""The board for staff to take along."""

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_POST

from community.feature_requests.listing import Filters, filtered
from community.feature_requests.similar import found
from community.feature_requests.spreadsheet import spreadsheet
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.audit.actions import record
from fans.clock.weeks import platform_date
from fans.limits import limited


@require_POST
@policy.staff
@limited("export")
def staff_requests_csv(request: FanRequest) -> StreamingHttpResponse:
    """What the board shows at that address, to the end. A POST, for it is written down."""
    filters, at = Filters.of(request.GET), clock.now()
    record(
        actor=request.user,
        verb="wishes exported",
        subject="requests",
        at=at,
        **{name: said for name, said in filters.kept.items() if name != "q"},  # private words
    )
    wishes = filtered(request.user, filters)
    if filters.q:
        wishes = wishes.filter(pk__in=found(filters.q, request.user))
    response = StreamingHttpResponse(
        spreadsheet(wishes, at), content_type="text/csv; charset=utf-8"
    )
    name = f"wishes-{platform_date(at)}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
