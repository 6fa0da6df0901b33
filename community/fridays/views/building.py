"""Staff write a build down, look at who will be told, and let it out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import markdown
from community.feature_requests.models import FeatureRequest
from community.fridays import actions
from community.fridays.actions import (
    Incomplete,
    NotInThatState,
    TooLate,
    VersionTaken,
    WishesNotOnTheWay,
)
from community.fridays.contents import with_items
from community.fridays.forms.release import ItemRows, ReleaseForm
from community.fridays.forms.report import ReasonForm
from community.fridays.models import Cycle, CycleState, Release, ReleaseState
from community.products.models import Product
from community.threads.actions import Refusal
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
    data = request.POST if request.method == "POST" else None
    form = ReleaseForm(data, weeks=_weeks_of(request, found.product), initial=_initial(found))
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


@require_safe
@policy.staff
def staff_release(request: HttpRequest, pk: int) -> HttpResponse:
    """What it will look like, who will be told, and the one next step."""
    return _release_page(request, _release(request, pk), ReasonForm())


@require_POST
@policy.staff
@limited("staff_write")
def staff_release_ready(request: FanRequest, pk: int) -> HttpResponse:
    found = _release(request, pk)
    try:
        actions.make_ready(release=found, actor=request.user, at=clock.now())
    except Incomplete as refusal:
        messages.error(
            request,
            _("Still missing: %(what)s.")
            % {"what": ", ".join(str(_missing_words()[name]) for name in refusal.missing)},
        )
    except TooLate:
        messages.error(request, _("Its week is over. Choose another week."))
    except NotInThatState:
        messages.error(request, _("That cannot be done with it any more."))
    else:
        messages.success(
            request, _("Ready."), extra_tags=f"undo:/staff/releases/{pk}/ready/withdrawal/"
        )
    return redirect("staff_release", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_release_ready_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    found = _release(request, pk)
    try:
        actions.take_back(release=found, actor=request.user, at=clock.now())
    except NotInThatState:
        messages.error(request, _("It is out. It can be recalled, not taken back."))
    else:
        messages.success(request, _("A draft again."))
    return redirect("staff_release", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_release_publication(request: FanRequest, pk: int) -> HttpResponse:
    found = _release(request, pk)
    try:
        actions.publish_release(release=found, actor=request.user, at=clock.now())
    except WishesNotOnTheWay as refusal:
        titles = ", ".join(
            f"“{wish.title}” ({wish.get_status_display()})" for wish in refusal.wishes
        )
        messages.error(
            request,
            _("Not published. These wishes are not on the way: %(names)s") % {"names": titles},
        )
    except TooLate:
        messages.error(request, _("The deadline of its week has passed."))
    except NotInThatState:
        messages.error(request, _("Make it ready first."))
    except Refusal as refusal:
        messages.error(request, str(refusal) or _("Its discussion could not be opened."))
    else:
        messages.success(request, _("It is out."))
    return redirect("staff_release", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_release_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    found = _release(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _release_page(request, found, form)
    try:
        actions.withdraw_release(
            release=found, reason=form.cleaned_data["reason"], actor=request.user, at=clock.now()
        )
    except NotInThatState:
        messages.error(request, _("It is not out."))
    else:
        messages.success(request, _("Recalled. Its wishes are in testing again."))
    return redirect("staff_release", pk)


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


def _missing_words() -> dict[str, str]:
    return {
        "version": _("the version"),
        "cycle": _("the week"),
        "notes": _("the notes"),
        "known_defects": _("the known defects, or that there are none"),
        "items": _("what is in it"),
    }


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
        "rows": rows.rows,
        "product": product,
        "release": release,
        "has_row_errors": any(row.is_bound and row.errors for row in rows.rows),
    }
    status = 422 if has_errors and form.is_bound else 200
    return render(request, "fridays/staff_release_form.html", context, status=status)


def _release_page(request: HttpRequest, release: Release, form: ReasonForm) -> HttpResponse:
    stopping = {wish.pk for wish in actions.stopping_wishes(release)}
    missing = _missing_words()
    context = {
        "release": release,
        "items": with_items([release], request.user)[0]["items"],
        "notes": markdown.render(release.notes).html,
        "missing": [missing[name] for name in actions.missing_in(release)],
        "stopping": FeatureRequest.objects.visible_to(request.user)
        .filter(pk__in=stopping)
        .order_by("pk"),
        "told_count": actions.told_count(release),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "fridays/staff_release.html", context, status=status)
