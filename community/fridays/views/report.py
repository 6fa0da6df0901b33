"""The four-grid report: fill in, keep for later, send, print."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.fridays.actions import reporting
from community.fridays.actions.reporting import Refusal, file_report, keep_draft
from community.fridays.forms.report import LONGEST_WORDS, ReportForm
from community.fridays.listing import asks_to_recommend, numbered_items, wishes_for
from community.fridays.models import Cycle, Report, ReportDraft
from community.fridays.views.weeks import week_in
from community.threads.forms import without_controls
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
_SESSION_KEY = "kept_report"
_MANY = ("loved", "not_good", "anticipated")
REPORTS_SHOWN = 30


def _keeps_words(view: V) -> V:
    """Whose session ran out while they typed finds the words again after signing in."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            request.session[_SESSION_KEY] = {"path": request.path, "content": _typed(request)}
        return view(request, *args, **kwargs)

    return cast(V, keeping)


@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_words
@policy.signed_in
@limited("report")
def report(request: FanRequest, product: str, week: str) -> HttpResponse:
    cycle = week_in(request, product, week)
    if request.method == "POST":
        return _send(request, cycle)
    own = _own_report(request, cycle)
    kept = request.session.get(_SESSION_KEY)
    if kept and kept["path"] == request.path:
        form = _form(request, cycle, initial=_as_initial(kept["content"]))
        return _page(request, cycle, form, own)
    draft = ReportDraft.objects.visible_to(request.user).filter(cycle=cycle).first()
    if draft and (own is None or draft.saved_at > own.sent_at):
        return _page(request, cycle, _form(request, cycle, initial=_as_initial(draft.content)), own)
    return _page(request, cycle, _form(request, cycle, initial=_content_of(own)), own)


def _send(request: FanRequest, cycle: Cycle) -> HttpResponse:
    form = _form(request, cycle, data=request.POST)
    own = _own_report(request, cycle)
    if form.is_valid():
        try:
            filed = file_report(cycle=cycle, fan=request.user, grids=form.grids, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, in_words(refusal, cycle))
        else:
            request.session.pop(_SESSION_KEY, None)
            messages.success(request, _thanks(filed))
            return redirect("report", cycle.product.slug, cycle.week)
    elif not cycle.takes_reports(clock.now()):
        form.add_error(None, in_words(reporting.ReportClosed(), cycle))
    return _page(request, cycle, form, own, status=422)


def _thanks(filed: Report) -> str:
    if filed.revision_count > 1:
        return _("Your changes are in. The earlier version is kept.")
    if filed.is_late:
        return _("Your report is in. It came late and counts all the same, for fewer points.")
    return _("Your report is in, on time. You can change it until it is counted.")


@require_POST
@policy.signed_in
@limited("draft")
def report_draft(request: FanRequest, product: str, week: str) -> HttpResponse:
    """What is typed so far, kept for another hour or another device."""
    cycle = week_in(request, product, week)
    if cycle.frozen_at is None:
        keep_draft(cycle=cycle, fan=request.user, content=_typed(request), at=clock.now())
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    messages.success(request, _("Kept. It is not sent yet: come back and send it."))
    return redirect("report", cycle.product.slug, cycle.week)


@require_safe
@policy.anyone
def report_paper(request: HttpRequest, product: str, week: str) -> HttpResponse:
    """The same form on one sheet, with the same numbers."""
    cycle = week_in(request, product, week)
    form = _form(request, cycle)
    context = {
        "cycle": cycle,
        "items": numbered_items(cycle),
        "wishes": wishes_for(cycle, request.user)[:12],
        "form": form,
    }
    return render(request, "fridays/report_paper.html", context)


@require_safe
@policy.signed_in
def my_reports(request: FanRequest) -> HttpResponse:
    own = Report.objects.visible_to(request.user).select_related("cycle__product")
    context = {"reports": own.order_by("-cycle__friday", "-pk")[:REPORTS_SHOWN]}
    return render(request, "fridays/reports.html", context)


def in_words(refusal: Refusal, cycle: Cycle) -> str:
    if isinstance(refusal, reporting.MayNotWrite):
        return str(refusal)
    if isinstance(refusal, reporting.StaffDoNotReport):
        return _("The report is for fans. You work here: you read what comes of it.")
    if isinstance(refusal, reporting.TooFewGrids):
        return _("Fill in at least two of the four fields. Nothing is lost.")
    if cycle.late_closes_at <= clock.now():
        return _(
            "The report closed while you were writing, and this week is being counted. "
            "Your words are all here: copy them into a thread, or tell us on the feedback page."
        )
    return _("This week takes no report now. Your words are all here.")


def _form(request: HttpRequest, cycle: Cycle, **given: Any) -> ReportForm:
    return ReportForm(
        items=numbered_items(cycle),
        wishes=wishes_for(cycle, request.user),
        asks_to_recommend=asks_to_recommend(cycle),
        **given,
    )


def _own_report(request: FanRequest, cycle: Cycle) -> Report | None:
    return Report.objects.visible_to(request.user).filter(cycle=cycle).first()


def _content_of(own: Report | None) -> dict[str, Any]:
    newest = own.revisions.order_by("-number").first() if own else None
    return {} if newest is None else newest.content


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """What the form knows, cut to size; nothing else is kept."""
    return {
        name: [without_controls(value)[:LONGEST_WORDS] for value in request.POST.getlist(name)[:20]]
        for name in ReportForm.base_fields
        if any(request.POST.getlist(name))
    }


def _as_initial(content: dict[str, list[str]]) -> dict[str, Any]:
    return {name: value if name in _MANY else value[0] for name, value in content.items()}


def _page(
    request: FanRequest, cycle: Cycle, form: ReportForm, own: Report | None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    context = {
        "cycle": cycle,
        "form": form,
        "own": own,
        "is_open": cycle.takes_reports(at),
        "is_late": cycle.is_late(at),
        "is_before": at < cycle.report_opens_at,
        "new_request_url": _as_request(own, cycle),
    }
    return render(request, "fridays/report.html", context, status=status)


def _as_request(own: Report | None, cycle: Cycle) -> str:
    """«Make it a request»: the form for wishes, with the need filled in."""
    if own is None or not own.new_need:
        return ""
    first = own.new_need.splitlines()[0][:80]
    words: dict[str, str | int] = {
        "product": cycle.product_id,
        "title": first,
        "problem": own.new_need,
    }
    return f"{reverse('feature_request_new')}?{urlencode(words)}"
