"""Staff write a build down."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.fridays import actions
from community.fridays.actions import NotInThatState, VersionTaken
from community.fridays.forms.items import ItemRows
from community.fridays.forms.release import ReleaseForm
from community.fridays.models import Cycle, CycleState, Release, ReleaseState
from community.products.models import Product
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

WEEKS_OFFERED = 4


@require_http_methods(["GET", "HEAD", "POST"])
@policy.staff
@limited("staff_write")
def staff_release_new(request: FanRequest, product: str) -> HttpResponse:
    made_by = get_object_or_404(Product.objects.visible_to(request.user), slug=product)
    weeks = _weeks_of(request, made_by)
    if "more" in request.POST:
        return _with_more_rows(request, weeks, made_by, None)
    data = request.POST if request.method == "POST" else None
    form = ReleaseForm(data, weeks=weeks, initial={"cycle": _waiting_week(weeks)})
    rows = ItemRows(made_by, request.user, data)
    if data is not None and all([form.is_valid(), rows.is_valid()]):
        try:
            made = actions.draft_release(
                product=made_by, details=form.details, items=rows.items, actor=request.user,
                at=clock.now(),
            )  # fmt: skip
        except VersionTaken:
            form.refuse_version()
        else:
            messages.success(request, _("Saved as a draft."))
            return redirect("staff_release", made.pk)
    return _form_page(request, form, rows, made_by, None)


@require_http_methods(["GET", "HEAD", "POST"])
@policy.staff
@limited("staff_write")
def staff_release_edit(request: FanRequest, pk: int) -> HttpResponse:
    found = _release(request, pk)
    if found.state != ReleaseState.DRAFT:
        messages.info(request, _("Only a draft can be changed. Take it back first."))
        return redirect("staff_release", pk)
    weeks = _weeks_of(request, found.product)
    if "more" in request.POST:
        return _with_more_rows(request, weeks, found.product, found)
    data = request.POST if request.method == "POST" else None
    form = ReleaseForm(data, weeks=weeks, initial=_initial(found))
    rows = ItemRows(found.product, request.user, data, found)
    if data is not None and all([form.is_valid(), rows.is_valid()]):
        try:
            actions.change_release(
                release=found, details=form.details, items=rows.items, actor=request.user,
                at=clock.now(),
            )  # fmt: skip
        except VersionTaken:
            form.refuse_version()
        except NotInThatState:
            messages.error(request, _("Only a draft can be changed. Take it back first."))
            return redirect("staff_release", pk)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_release", pk)
    return _form_page(request, form, rows, found.product, found)


def _release(request: HttpRequest, pk: int) -> Release:
    visible = Release.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("product", "cycle__product"), pk=pk)


def _weeks_of(request: HttpRequest, product: Product) -> Any:
    """Weeks a build can be of: those that go on, hotfixes among them."""
    newest = Cycle.objects.visible_to(request.user).filter(product=product)
    going_on = newest.exclude(state__in=[CycleState.CLOSED, CycleState.SKIPPED])
    shown = going_on.newest_first().values_list("pk", flat=True)[:WEEKS_OFFERED]
    return newest.filter(pk__in=list(shown)).newest_first()


def _waiting_week(weeks: Any) -> Cycle | None:
    found: Cycle | None = weeks.filter(state=CycleState.SCHEDULED).order_by("friday").first()
    return found


def _initial(release: Release) -> dict[str, Any]:
    fields = ("version", "cycle", "notes", "known_defects", "has_no_known_defects")
    return {name: getattr(release, name) for name in fields}


def _with_more_rows(
    request: HttpRequest, weeks: Any, product: Product, release: Release | None
) -> HttpResponse:
    """What is typed so far, kept, and further rows below it; nothing is saved."""
    form = ReleaseForm(weeks=weeks)
    form.initial = {name: request.POST.get(name, "") for name in form.fields}
    rows = ItemRows.with_more(product, request.user, request.POST)
    return _form_page(request, form, rows, product, release)


def _form_page(
    request: HttpRequest,
    form: ReleaseForm,
    rows: ItemRows,
    product: Product,
    release: Release | None,
) -> HttpResponse:
    has_errors = bool(form.errors or any(row.errors for row in rows.rows))
    context = {
        "form": form,
        "rows": rows,
        "product": product,
        "release": release,
        "has_row_errors": any(row.is_bound and row.errors for row in rows.rows),
    }
    status = 422 if has_errors and form.is_bound else 200
    return render(request, "fridays/staff_release_form.html", context, status=status)
