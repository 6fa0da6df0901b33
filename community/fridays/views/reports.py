"""One's reports and what came of them; the same form on one sheet of paper."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.feedback.models import Frequency, Severity
from community.fridays.aftermath import aftermath_of
from community.fridays.forms.report import RATINGS
from community.fridays.listing import MOST_WANTED, numbered_items, wishes_for
from community.fridays.models import Report
from community.fridays.views.weeks import week_in
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.images.codes import code_picture

REPORTS_SHOWN = 30


@require_safe
@policy.anyone
def report_paper(request: HttpRequest, product: str, week: str) -> HttpResponse:
    """With the same numbers as on the screen, as paper forms are typed in by them (O2, O10)."""
    cycle = week_in(request, product, week)
    address = settings.SITE_URL + reverse("report", args=[product, week])
    context = {
        "cycle": cycle,
        "items": numbered_items(cycle, AnonymousUser()),
        "wishes": wishes_for(cycle, AnonymousUser())[:MOST_WANTED],
        "blanks": [_("Place"), _("Date"), _("Build"), _("Device")],
        "ratings": RATINGS,
        "severities": Severity.choices,
        "frequencies": Frequency.choices,
        "code": code_picture(address),
        "address": address.partition("//")[2],
    }
    return render(request, "fridays/report_paper.html", context)


@require_safe
@policy.signed_in
def my_reports(request: FanRequest) -> HttpResponse:
    own = (
        Report.objects.visible_to(request.user)
        .select_related("cycle__product")
        .order_by("-cycle__friday", "-pk")
    )
    reports = list(own[:REPORTS_SHOWN])
    came = aftermath_of(reports, request.user)
    at = clock.now()
    rows = [
        {"report": one, "aftermath": came[one.pk], "may_change": one.cycle.takes_reports(at)}
        for one in reports
    ]
    return render(request, "fridays/reports.html", {"rows": rows})
