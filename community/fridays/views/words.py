"""What fans wrote in a week, for the staff who read it once it is counted."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.feedback.models import Frequency, Severity
from community.fridays.actions import quoting, wishing
from community.fridays.forms.desk import QuoteForm, WishForm
from community.fridays.listing import live_items_of
from community.fridays.models import Cycle, Report
from community.fridays.words import OPENED, Filters, has_opened, page_of, word_counts
from community.threads.actions.refusals import AlreadyPosted, MayNotWrite, SlowMode
from community.threads.actions.refusals import Refusal as ThreadRefusal
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.audit.actions import record
from fans.limits import limited


@require_safe
@policy.staff
def staff_words(request: FanRequest, pk: int) -> HttpResponse:
    """Counts alone before the freeze; then the words, for whoever said so in the log."""
    cycle = _week(request, pk)
    filters = Filters.of(request.GET)
    counts = word_counts(cycle)
    context = {
        "cycle": cycle,
        "filters": filters,
        "tabs": _tabs(request, filters, counts),
        "word_count": counts[filters.grid],
        "is_open": cycle.frozen_at is not None and has_opened(cycle, request.user),
    }
    if context["is_open"]:
        rows, cursor = page_of(cycle, filters, request.GET.get("after", ""))
        query = request.GET.copy()
        query["after"] = cursor
        context |= {
            "rows": rows,
            "older": f"?{query.urlencode()}" if cursor else "",
            "items": live_items_of(cycle),
            "severities": Severity,
            "frequencies": Frequency,
        }
    return render(request, "fridays/staff_words.html", context)


def _tabs(
    request: HttpRequest, filters: Filters, counts: dict[str, int]
) -> list[tuple[str, str, int, bool]]:
    titles = {
        "not_good": _("Not good enough"),
        "loved": _("Loved most"),
        "need": _("New needs"),
    }
    return [
        (f"?grid={grid}", title, counts[grid], grid == filters.grid)
        for grid, title in titles.items()
    ]


@require_POST
@policy.staff
@limited("staff_write")
def staff_words_opening(request: FanRequest, pk: int) -> HttpResponse:
    """To read what people wrote is written down, once for each reader and week."""
    cycle = _week(request, pk)
    if cycle.frozen_at is not None and not has_opened(cycle, request.user):
        record(actor=request.user, verb=OPENED, subject=cycle.subject, at=clock.now())
    return redirect("staff_words", pk)


def _by_readers(
    view: Callable[[FanRequest, Cycle], HttpResponse],
) -> Callable[[FanRequest, int], HttpResponse]:
    """Only who said in the log that they read the words makes something of them."""

    @wraps(view)
    def acting(request: FanRequest, pk: int) -> HttpResponse:
        cycle = _week(request, pk)
        if not has_opened(cycle, request.user):
            return _back(request, pk)  # where it is asked of them
        return view(request, cycle)

    return acting


@require_POST
@policy.staff
@limited("staff_write")
@_by_readers
def staff_quotation(request: FanRequest, cycle: Cycle) -> HttpResponse:
    form = QuoteForm(request.POST)
    if not form.is_valid() or (report := _report(cycle, form)) is None:
        messages.error(request, _("Nothing of that is in the reports of this week."))
        return _back(request, cycle.pk)
    try:
        made = quoting.quote(
            report=report,
            grid=form.cleaned_data["grid"],
            words=form.cleaned_data["words"],
            actor=request.user,
            at=clock.now(),
        )
    except quoting.Refusal as refusal:
        messages.error(request, why_not_quoted(refusal))
    else:
        messages.success(
            request, _("Quoted."), extra_tags=f"undo:/quotations/{made.pk}/withdrawal/"
        )
    return _back(request, cycle.pk, report)


def why_not_quoted(refusal: quoting.Refusal) -> str:
    match refusal:
        case quoting.NotCountedYet():
            return _("The week is not counted yet.")
        case quoting.MayNotBeQuoted():
            return _("They do not want to be quoted, or are here no longer.")
        case quoting.TakenBack():
            return _("That was taken back, and only who took it back can change it.")
        case quoting.NotTheirWords():
            return _("Quote what stands there, letter by letter. You may leave out, not change.")
        case quoting.Unbalanced():
            return _(
                "As many fans of “not good enough” are quoted as of “loved”: choose one there first."
            )
        case _:
            return _("Twelve sentences of a grid are enough: take one out first.")


@require_POST
@policy.staff
@limited("staff_write")
@_by_readers
def staff_need_request(request: FanRequest, cycle: Cycle) -> HttpResponse:
    """«Make it a request», in the name of whoever has the need."""
    form = WishForm(request.POST)
    if not form.is_valid() or (report := _report(cycle, form)) is None:
        messages.error(request, _("Nothing of that is in the reports of this week."))
        return _back(request, cycle.pk)
    title = form.cleaned_data["title"]
    try:
        wish = wishing.make_request(report=report, title=title, actor=request.user, at=clock.now())
    except wishing.Refusal as refusal:
        messages.error(request, _why_no_wish(refusal))
    except ThreadRefusal as refusal:
        messages.error(request, _why_not_filed(refusal))
    else:
        messages.success(request, _("“%(title)s” is a wish now, in their name. They are told.") % {"title": wish.title})  # fmt: skip
    return _back(request, cycle.pk, report)


def _why_no_wish(refusal: wishing.Refusal) -> str:
    match refusal:
        case wishing.NotInTheirName():
            return _("A wish has a name under it, and they did not allow theirs. Ask them.")
        case wishing.BecameRequest():
            return _("A wish was made of it already.")
        case wishing.TitleUnfit():
            return _("A wish has a title of 10 to 120 characters: write one above the button.")
        case _:
            return _("There is nothing a wish could be made of.")


def _why_not_filed(refusal: ThreadRefusal) -> str:
    match refusal:
        case MayNotWrite():
            return _("Its author may not write just now, so no wish was made.")
        case AlreadyPosted() | SlowMode():
            return _("Its author posted a moment ago, so no wish was made. Try again later.")
        case _:
            return _("The board of wishes takes nothing from its author, so no wish was made.")


@require_POST
@policy.staff
@limited("staff_write")
@_by_readers
def staff_need_asking(request: FanRequest, cycle: Cycle) -> HttpResponse:
    """Ask them to make it a wish themselves."""
    form = WishForm(request.POST)
    if not form.is_valid() or (report := _report(cycle, form)) is None:
        messages.error(request, _("Nothing of that is in the reports of this week."))
        return _back(request, cycle.pk)
    try:
        if wishing.ask_for_request(report=report, actor=request.user, at=clock.now()):
            messages.success(request, _("They are asked to make it a wish."))
    except wishing.Refusal as refusal:
        messages.error(request, _why_no_wish(refusal))
    return _back(request, cycle.pk, report)


def _week(request: HttpRequest, pk: int) -> Cycle:
    weeks = Cycle.objects.visible_to(request.user).select_related("product")
    return get_object_or_404(weeks, pk=pk)


def _report(cycle: Cycle, form: QuoteForm | WishForm) -> Report | None:
    return cycle.reports.filter(pk=form.cleaned_data["report"]).first()


def _back(request: HttpRequest, pk: int, report: Report | None = None) -> HttpResponse:
    """To where they were reading: the form was sent to its address with what it narrows by."""
    at = f"#report-{report.pk}" if report else ""
    return redirect(f"{reverse('staff_words', args=[pk])}?{request.GET.urlencode()}{at}")
