"""The desk for what people tell us: the most urgent first (spec §6)."""

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.feedback import actions
from community.feedback.forms import DepartmentsForm, StepForm, TriageForm, WishForm
from community.feedback.models import (
    OPEN_STATES,
    Category,
    Department,
    FeedbackItem,
    FeedbackItemQuerySet,
    Frequency,
    ItemState,
    Priority,
    Severity,
)
from community.feedback.pages import page_after
from community.feedback.rules import MATRIX
from community.products.models import Team
from community.threads.actions.words import prepare
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

PAGE_SIZE = 50


@require_safe
@policy.staff
def staff_feedback(request: FanRequest) -> HttpResponse:
    at = clock.now()
    items = FeedbackItem.objects.visible_to(request.user).standing()
    chosen = _chosen(request)
    shown = _filtered(items, chosen, request)
    page = page_after(
        shown.select_related("product", "department"),
        request.GET.get("after", ""),
        order=("priority", "answer_due_at", "pk"),
        size=PAGE_SIZE,
    )
    query = request.GET.copy()
    query["after"] = page.next_cursor
    context = {
        "items": page.rows,
        "older": f"?{query.urlencode()}" if page.next_cursor else "",
        "now": at,
        "chosen": chosen,
        "matrix": _matrix(items),
        "frequencies": Frequency,
        "teams": Team.objects.visible_to(request.user).order_by("name", "pk"),
        "states": ItemState,
        "priorities": Priority,
        "overdue_count": items.overdue(at).count(),
        "waiting_count": items.waiting().count(),
        "unnamed_count": len(Category) - _departments(request),
    }
    return render(request, "feedback/desk/index.html", context)


def _departments(request: FanRequest) -> int:
    return Department.objects.visible_to(request.user).count()


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the address asks for, where it is something one can ask for."""
    allowed = {
        "state": set(ItemState.values),
        "priority": set(Priority.values),
        "severity": set(Severity.values),
        "frequency": set(Frequency.values),
        "show": {"overdue", "waiting", "all"},
    }
    chosen = {
        name: value
        for name, values in allowed.items()
        if (value := request.GET.get(name)) in values
    }
    team = request.GET.get("team", "")
    if team.isascii() and team.isdigit() and len(team) < 10:
        chosen["team"] = team
    return {name: str(value) for name, value in chosen.items()}


def _filtered(
    items: FeedbackItemQuerySet, chosen: dict[str, str], request: HttpRequest
) -> FeedbackItemQuerySet:
    """Open ones, unless a state is named or everything is asked for."""
    columns = {"team": "department"}
    named = {columns.get(key, key): value for key, value in chosen.items() if key != "show"}
    items = items.filter(**named)
    show = chosen.get("show")
    if show == "overdue":
        return items.overdue(clock.now())
    if show == "waiting":
        return items.waiting()
    return items if show == "all" or "state" in chosen else items.filter(state__in=OPEN_STATES)


def _matrix(items: FeedbackItemQuerySet) -> list[tuple[Severity, list[dict[str, object]]]]:
    counted = items.open().values_list("severity", "frequency").annotate(count=Count("pk"))
    counts = {(severity, frequency): count for severity, frequency, count in counted.order_by()}
    return [
        (
            severity,
            [
                {
                    "frequency": frequency,
                    "priority": MATRIX[severity, frequency],
                    "count": counts.get((severity, frequency), 0),
                }
                for frequency in Frequency
            ],
        )
        for severity in Severity
    ]


@require_safe
@policy.staff
def staff_feedback_item(request: FanRequest, pk: int) -> HttpResponse:
    return item_page(request, item_of(request, pk))


def item_of(request: HttpRequest, pk: int) -> FeedbackItem:
    items = FeedbackItem.objects.visible_to(request.user).select_related(
        "product", "department", "reporter__standing", "reporter__avatar", "became_request",
        "duplicate_of", "batch__place", "recorder__standing", "recorder__avatar",
    )  # fmt: skip
    return get_object_or_404(items, pk=pk)


def item_page(
    request: FanRequest,
    item: FeedbackItem,
    *,
    triage: TriageForm | None = None,
    step: StepForm | None = None,
    wish: WishForm | None = None,
) -> HttpResponse:
    fields = ("category", "severity", "frequency")
    context = {
        "item": item,
        "now": clock.now(),
        "words": prepare(item.words).html if item.words else "",
        "pictures": item.pictures.order_by("pk"),
        "steps": item.steps.select_related("actor__standing").order_by("pk"),
        "duplicates": item.duplicates.order_by("pk"),
        "triage": triage or TriageForm(initial={name: getattr(item, name) for name in fields}),
        "step": step or StepForm(choices=states_for(item), initial={"became": item.state}),
        "wish": wish,
        "may_confirm": item.reporter_id != request.user.pk and item.state != ItemState.DUPLICATE,
    }
    is_refused = any(form and form.errors for form in (triage, step, wish))
    return render(request, "feedback/desk/item.html", context, status=422 if is_refused else 200)


def states_for(item: FeedbackItem) -> list[tuple[str, str]]:
    """As it is, for an answer without a step; then whatever it may become."""
    as_it_is = _("%(state)s (as it is)") % {"state": ItemState(item.state).label}
    further = [(state.value, str(state.label)) for state in actions.next_states(item)]
    return [(item.state, as_it_is), *further]


@require_safe
@policy.staff
def staff_feedback_log(request: FanRequest, pk: int) -> HttpResponseBase:
    """The log file, to be kept and never opened here."""
    item = item_of(request, pk)
    if not item.log_file:
        raise Http404
    response = FileResponse(
        item.log_file.open("rb"),
        as_attachment=True,
        filename=item.log_name,
        content_type="application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_safe
@policy.staff
def staff_departments(request: FanRequest) -> HttpResponse:
    named = dict(Department.objects.visible_to(request.user).values_list("category", "team"))
    return _departments_page(request, DepartmentsForm(initial=named))


@require_POST
@policy.admins
@limited("staff_write")
def staff_departments_naming(request: FanRequest) -> HttpResponse:
    form = DepartmentsForm(request.POST)
    if not form.is_valid():
        return _departments_page(request, form)
    actions.name_departments(teams=form.teams, actor=request.user, at=clock.now())
    messages.success(request, _("Saved. What comes in from now on goes there."))
    return redirect("staff_departments")


def _departments_page(request: FanRequest, form: DepartmentsForm) -> HttpResponse:
    has_teams = Team.objects.visible_to(request.user).exists()
    context = {"form": form, "has_teams": has_teams}
    status = 422 if form.errors else 200
    return render(request, "feedback/desk/departments.html", context, status=status)
