"""The desk for what people tell us: the most urgent first (spec §6)."""

from collections.abc import Collection
from datetime import datetime

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.feedback import actions
from community.feedback.figures import (
    SPIKE_LEAST,
    SPIKE_TIMES,
    by_hour,
    desks,
    matrix,
    open_ones,
    spikes,
)
from community.feedback.forms import (
    BulkForm,
    DepartmentsForm,
    PublicationForm,
    StepForm,
    TriageForm,
    WishForm,
)
from community.feedback.models import (
    Category,
    Channel,
    Department,
    FeedbackItem,
    FeedbackItemQuerySet,
    Frequency,
    ItemState,
    Priority,
)
from community.feedback.pages import page_after
from community.feedback.similar import perhaps_the_same
from community.feedback.views.drawn import days_chart, hours_chart
from community.feedback.views.filters import chosen_of, filtered
from community.products.models import Product, Team
from community.threads.actions.words import prepare
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

PAGE_SIZE = 50


@require_safe
@policy.staff
def staff_feedback(request: FanRequest) -> HttpResponse:
    return desk_page(request, BulkForm())


def desk_page(request: FanRequest, bulk: BulkForm, *, picked: Collection[int] = ()) -> HttpResponse:
    """The list with what is asked for; below it what is done with those picked."""
    at = clock.now()
    items = FeedbackItem.objects.visible_to(request.user).standing()
    chosen = chosen_of(request)
    page = page_after(
        filtered(items, chosen, at).select_related("product", "department"),
        request.GET.get("after", ""),
        order=("priority", "answer_due_at", "pk"),
        size=PAGE_SIZE,
    )
    further = QueryDict(mutable=True)
    further.update({**chosen, "after": page.next_cursor})
    context = {
        "items": page.rows,
        "older": f"?{further.urlencode()}" if page.next_cursor else "",
        "now": at,
        "chosen": chosen,
        "narrowed": chosen.keys() - {"show", "q"},
        "bulk": bulk,
        "picked": picked,
        "waiting_count": items.waiting().count(),
        **_choices(request),
        **_at_a_glance(items, at),
    }
    return render(request, "feedback/desk/index.html", context, status=422 if bulk.errors else 200)


def _choices(request: FanRequest) -> dict[str, object]:
    """What the list can be narrowed to."""
    return {
        "products": Product.objects.visible_to(request.user).in_order(),
        "teams": Team.objects.visible_to(request.user).order_by("name", "pk"),
        "states": ItemState,
        "priorities": Priority,
        "channels": Channel,
        "unnamed_count": len(Category) - Department.objects.visible_to(request.user).count(),
    }


def _at_a_glance(items: FeedbackItemQuerySet, at: datetime) -> dict[str, object]:
    hours, days = by_hour(items, at)
    counted = open_ones(items, at)
    teams = desks(items, counted, at)
    return {
        "matrix": matrix(counted),
        "frequencies": Frequency,
        "desks": teams,
        "overdue_count": sum(desk.overdue_count for desk in teams),
        "charts": [hours_chart(hours), days_chart(days)],
        "spikes": spikes(hours),
        "spike_times": SPIKE_TIMES,
        "spike_least": SPIKE_LEAST,
    }


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
    ask: PublicationForm | None = None,
) -> HttpResponse:
    fields = ("category", "severity", "frequency")
    context = {
        "item": item,
        "now": clock.now(),
        "words": prepare(item.words).html if item.words else "",
        "pictures": item.pictures.order_by("pk"),
        "steps": item.steps.select_related("actor__standing").order_by("pk"),
        "duplicates": item.duplicates.order_by("pk"),
        "perhaps": perhaps_the_same(item, request.user) if item.is_open else [],
        "ask": ask or PublicationForm(),
        "may_be_asked": item.reporter is not None
        and not item.is_public
        and item.reporter.erased_at is None,
        "triage": triage or TriageForm(initial={name: getattr(item, name) for name in fields}),
        "step": step or StepForm(choices=states_for(item), initial={"became": item.state}),
        "wish": wish,
        "may_confirm": item.reporter_id != request.user.pk and item.state != ItemState.DUPLICATE,
    }
    is_refused = any(form and form.errors for form in (triage, step, wish, ask))
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
