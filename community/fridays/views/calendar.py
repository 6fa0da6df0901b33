"""The days of a product: how it is set, what that makes of the next weeks, and setting it."""

from dataclasses import fields, replace
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.fridays.calendar import coming_weeks
from community.fridays.forms.calendar import CalendarForm
from community.fridays.models import CycleState
from community.products.actions import ProductDetails, change_product
from community.products.models import Product
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.staff
def staff_product_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """With the three settings in the address: what they would make of the weeks to come."""
    product = _product(request, pk)
    form = CalendarForm(request.GET) if "weekday" in request.GET else None
    return _page(request, product, form)


@require_POST
@policy.admins
@limited("staff_write")
def staff_product_calendar_change(request: FanRequest, pk: int) -> HttpResponse:
    product, form = _product(request, pk), CalendarForm(request.POST)
    if not form.is_valid():
        return _page(request, product, form)
    is_changed = change_product(
        product=product,
        details=replace(_details(product), **form.cleaned_data),
        actor=request.user,
        at=clock.now(),
    )
    if is_changed:
        messages.success(request, _("Set. It holds from the next week that is made."))
    return redirect("staff_product_calendar", pk)


def _product(request: HttpRequest, pk: int) -> Product:
    return get_object_or_404(Product.objects.visible_to(request.user), pk=pk)


def _details(product: Product) -> ProductDetails:
    values: dict[str, Any] = {
        field.name: getattr(product, field.name) for field in fields(ProductDetails)
    }
    return ProductDetails(**values)


def _page(request: HttpRequest, product: Product, form: CalendarForm | None) -> HttpResponse:
    at, names = clock.now(), ("weekday", "hour", "cadence_weeks")
    current = {name: getattr(product, name) for name in names}
    is_valid = form is not None and form.is_valid()
    chosen = form.cleaned_data if form is not None and is_valid else current
    over = Q(state__in=[CycleState.CLOSED, CycleState.SKIPPED])
    over |= Q(state=CycleState.WITHDRAWN, close_at__lte=at)
    context = {
        "product": product,
        "form": form or CalendarForm(initial=current),
        "chosen": chosen,
        "is_preview": chosen != current,
        "standing": product.cycles.exclude(over).order_by("friday", "pk"),
        "coming": [] if product.retired_at else coming_weeks(product, at, **chosen),
        "platform_zone": timezone.get_default_timezone(),
    }
    status = 422 if form is not None and not is_valid else 200
    return render(request, "fridays/staff_calendar.html", context, status=status)
