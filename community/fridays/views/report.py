"""The four-grid report: fill in, keep for later, send."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.fridays.actions import reporting
from community.fridays.actions.drafting import Content, KeptElsewhere, drop_draft, keep_draft
from community.fridays.actions.judging import asked_of
from community.fridays.actions.reporting import Refusal, file_report
from community.fridays.aftermath import aftermath_of
from community.fridays.beginnings import beginning_of, content_of, from_content, typed_in
from community.fridays.forms.report import ReportForm
from community.fridays.listing import (
    areas_named,
    asks_to_recommend,
    builds_of,
    numbered_items,
    wishes_for,
)
from community.fridays.models import Cycle, Report, ReportDraft
from community.fridays.pins import notes_of
from community.fridays.views.weeks import week_in
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
_SESSION_KEY = "kept_report"


def _keeps_words(view: V) -> V:
    """Whose session ran out while they typed finds the words again after signing in.

    The form says whose it is: on a shared computer somebody else may sign in next.
    """

    @wraps(view)
    def keeping(request: HttpRequest, product: str, week: str) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            request.session[_SESSION_KEY] = {
                "week": [product, week],
                "content": typed_in(request.POST),
                "writer": _writer_in(request.POST),
            }
        return view(request, product, week)

    return cast(V, keeping)


def _signer() -> Signer:
    return Signer(salt="fridays.report.writer")


def _writer_in(posted: QueryDict) -> str | None:
    """The number of the fan whose form it was; None from a form of nobody, nobody's if forged."""
    hint = posted.get("writer")
    if hint is None:
        return None
    try:
        return _signer().unsign(hint)
    except BadSignature:
        return ""


def _kept_words(request: FanRequest, product: str, week: str) -> Content | None:
    kept = request.session.get(_SESSION_KEY)
    if not kept or kept["week"] != [product, week]:
        return None
    is_theirs = kept.get("writer") in {None, str(request.user.pk)}
    return cast(Content, kept["content"]) if is_theirs else None


@require_http_methods(["GET", "HEAD", "POST"])
@_keeps_words
@policy.signed_in
@limited("report")
def report(request: FanRequest, product: str, week: str) -> HttpResponse:
    cycle = week_in(request, product, week)
    if request.method == "POST":
        return _send(request, cycle)
    own, draft = _own_report(request, cycle), _own_draft(request, cycle)
    content = _kept_words(request, product, week)
    if content is None and draft:
        content = draft.content
    if content is not None:
        beginning = beginning_of(request.user, cycle) | from_content(content)
    elif own is not None:
        beginning = content_of(own, builds_of(cycle, request.user))
    else:
        beginning = beginning_of(request.user, cycle, with_marks=True)
    return _page(request, cycle, _form(request, cycle, initial=beginning), own, draft)


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
    return _page(request, cycle, form, own, _own_draft(request, cycle), status=422)


def _thanks(filed: Report) -> str:
    if filed.revision_count > 1:
        return _("Your changes are in. The earlier version is kept.")
    if filed.is_late:
        return _("Your report is in. It came late and counts all the same, for fewer points.")
    return _("Your report is in, on time. You can change it until it is counted.")


@require_POST
@_keeps_words
@policy.signed_in
@limited("draft")
def report_draft(request: FanRequest, product: str, week: str) -> HttpResponse:
    """What is typed so far, kept for another hour or another device."""
    cycle = week_in(request, product, week)
    is_script = request.headers.get("X-Requested-With") == "fetch"
    content, seen = typed_in(request.POST), request.POST.get("seen", "")
    if cycle.frozen_at is not None:
        return HttpResponse(status=410) if is_script else redirect("report", product, week)
    try:
        kept = keep_draft(cycle=cycle, fan=request.user, content=content, seen=seen, at=clock.now())
    except KeptElsewhere as elsewhere:
        if is_script:
            return _state_of(elsewhere.draft, 409)
        return _kept_elsewhere(request, cycle, content, elsewhere.draft)
    except reporting.MayNotWrite as refusal:
        if is_script:
            return HttpResponse(str(refusal), status=422, content_type="text/plain")
        messages.error(request, str(refusal))
        return _again(request, cycle, content, _own_draft(request, cycle), status=422)
    request.session.pop(_SESSION_KEY, None)
    if is_script:
        return _state_of(kept, 200)
    messages.success(request, _("Kept. It is not sent yet: come back and send it."))
    return redirect("report", product, week)


def _state_of(draft: ReportDraft, status: int) -> JsonResponse:
    """For the page that keeps by itself: what stands on the site now."""
    state = {
        "stamp": draft.stamp,
        "at": _milliseconds(draft.saved_at),
        "content": draft.content,
    }
    return JsonResponse(state, status=status)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _kept_elsewhere(
    request: FanRequest, cycle: Cycle, content: Content, draft: ReportDraft
) -> HttpResponse:
    messages.warning(
        request,
        _(
            "Another tab or device kept other words meanwhile. Below are those of this page. "
            "Keep them again, and they take the place of the others."
        ),
    )
    return _again(request, cycle, content, draft, status=409)


def _again(
    request: FanRequest, cycle: Cycle, content: Content, draft: ReportDraft | None, status: int
) -> HttpResponse:
    """The form with what was typed just now, kept or not."""
    beginning = beginning_of(request.user, cycle) | from_content(content)
    own = _own_report(request, cycle)
    return _page(request, cycle, _form(request, cycle, initial=beginning), own, draft, status)


@require_POST
@policy.signed_in
@limited("draft")
def report_draft_removal(request: FanRequest, product: str, week: str) -> HttpResponse:
    """Back to what was sent, or to an empty form."""
    drop_draft(cycle=week_in(request, product, week), fan=request.user)
    return redirect("report", product, week)


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


def _form(request: FanRequest, cycle: Cycle, **given: Any) -> ReportForm:
    return ReportForm(
        items=numbered_items(cycle, request.user),
        wishes=wishes_for(cycle, request.user),
        builds=builds_of(cycle, request.user),
        asks_to_recommend=asks_to_recommend(cycle),
        asked=[asked.feature_request for asked in asked_of(cycle, request.user)],
        **given,
    )


def _own_report(request: FanRequest, cycle: Cycle) -> Report | None:
    return Report.objects.visible_to(request.user).filter(cycle=cycle).first()


def _own_draft(request: FanRequest, cycle: Cycle) -> ReportDraft | None:
    return ReportDraft.objects.visible_to(request.user).filter(cycle=cycle).first()


def _page(
    request: FanRequest,
    cycle: Cycle,
    form: ReportForm,
    own: Report | None,
    draft: ReportDraft | None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    is_open = cycle.takes_reports(at)
    stands_since = draft.saved_at if draft else own.sent_at if own else None
    context = {
        "cycle": cycle,
        "form": form,
        "own": own,
        "draft": draft,
        "writer": _signer().sign(str(request.user.pk)),
        "base": stands_since.isoformat() if stands_since else "",
        "kept_at": _milliseconds(stands_since) if stands_since else 0,
        "now": _milliseconds(at),
        "is_open": is_open,
        "is_late": cycle.is_late(at),
        "is_before": at < cycle.report_opens_at,
        "areas": areas_named(cycle) if is_open else [],
        "notes": notes_of(request.user, cycle),
        "last": _last(request, cycle) if own is None else None,
        "new_request_url": _as_request(own, cycle),
    }
    return render(request, "fridays/report.html", context, status=status)


def _last(request: FanRequest, cycle: Cycle) -> dict[str, Any] | None:
    """What came of the newest report on this product that is published."""
    told = Report.objects.visible_to(request.user).filter(
        cycle__product=cycle.product_id,
        cycle__published_at__isnull=False,
        cycle__friday__lt=cycle.friday,
    )
    last = told.select_related("cycle__product").order_by("-cycle__friday", "-pk").first()
    if last is None:
        return None
    return {"report": last, "aftermath": aftermath_of([last], request.user)[last.pk]}


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
