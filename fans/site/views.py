"""The desk for what the site calls itself (spec §1), and for the days on which nobody works."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fans import clock, policy
from fans.clock.weeks import platform_date
from fans.limits import limited
from fans.site import actions
from fans.site.forms import HolidayForm, IdentityForm, RestWeekForm
from fans.site.models import Holiday, RestWeek, SiteIdentity
from fans.site.resting import begins_at

HOLIDAYS_SHOWN = 200
REST_WEEKS_SHOWN = 60


@require_safe
@policy.staff
def staff_site(request: HttpRequest) -> HttpResponse:
    return _page(request, IdentityForm(initial=model_to_dict(SiteIdentity.current())))


@require_POST
@policy.admins
@limited("staff_write")
def staff_site_identity(request: HttpRequest) -> HttpResponse:
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    actions.rename_site(identity=form.identity, actor=request.user, at=clock.now())
    messages.success(request, _("Saved. Every page says so from now on."))
    return redirect("staff_site")


def _page(request: HttpRequest, form: IdentityForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "site/identity.html", {"form": form}, status=status)


@require_safe
@policy.staff
def staff_holidays(request: HttpRequest) -> HttpResponse:
    return _holidays_page(request, HolidayForm(initial={"day": platform_date(clock.now())}))


@require_POST
@policy.staff
@limited("staff_write")
def staff_holiday_noting(request: HttpRequest) -> HttpResponse:
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return _holidays_page(request, form)
    actions.note_holiday(**form.cleaned_data, actor=request.user, at=clock.now())
    messages.success(request, _("Noted. What comes in from now on is due by this calendar."))
    return redirect("staff_holidays")


@require_POST
@policy.staff
@limited("staff_write")
def staff_holiday_removal(request: HttpRequest, pk: int) -> HttpResponse:
    holiday = get_object_or_404(Holiday.objects.visible_to(request.user), pk=pk)
    actions.forget_holiday(day=holiday.date, actor=request.user, at=clock.now())
    messages.success(request, _("It is a day like any other again."))
    return redirect("staff_holidays")


def _holidays_page(request: HttpRequest, form: HolidayForm) -> HttpResponse:
    holidays = Holiday.objects.visible_to(request.user).from_day(platform_date(clock.now()))
    context = {"form": form, "holidays": holidays[:HOLIDAYS_SHOWN]}
    status = 422 if form.errors else 200
    return render(request, "site/holidays.html", context, status=status)


@require_safe
@policy.staff
def staff_rest_weeks(request: HttpRequest) -> HttpResponse:
    return _rest_weeks_page(request, RestWeekForm())


@require_POST
@policy.staff
@limited("staff_write")
def staff_rest_week_announcing(request: HttpRequest) -> HttpResponse:
    form = RestWeekForm(request.POST)
    if not form.is_valid():
        return _rest_weeks_page(request, form)
    try:
        rest = actions.announce_rest(
            week=form.week,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=clock.now(),
        )
    except actions.TooLateToRest:
        form.add_error("day", _("That week has begun. Rest is announced before it begins."))
        return _rest_weeks_page(request, form)
    messages.success(
        request,
        _("%(week)s is a rest week. Everyone reads it from now on.") % {"week": rest.week},
        extra_tags=f"undo:/staff/rest-weeks/{rest.pk}/withdrawal/",
    )
    return redirect("staff_rest_weeks")


@require_POST
@policy.staff
@limited("staff_write")
def staff_rest_week_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    rest = get_object_or_404(RestWeek.objects.visible_to(request.user), pk=pk)
    try:
        actions.withdraw_rest(week=rest.week, actor=request.user, at=clock.now())
    except actions.TooLateToRest:
        messages.error(request, _("That week has begun: what was announced holds."))
    else:
        messages.success(
            request, _("%(week)s is a week like any other again.") % {"week": rest.week}
        )
    return redirect("staff_rest_weeks")


def _rest_weeks_page(request: HttpRequest, form: RestWeekForm) -> HttpResponse:
    at = clock.now()
    newest = RestWeek.objects.visible_to(request.user).order_by("-week")[:REST_WEEKS_SHOWN]
    rests = [{"rest": rest, "is_ahead": at < begins_at(rest.week)} for rest in newest]
    status = 422 if form.errors else 200
    return render(request, "site/rest_weeks.html", {"form": form, "rests": rests}, status=status)
