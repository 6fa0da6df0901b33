"""Staff look at a build and at who will be told, thank those who helped, and let it out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from community import markdown
from community.feature_requests.models import FeatureRequest
from community.fridays import actions
from community.fridays.actions import Incomplete, NotInThatState, TooLate, WishesNotOnTheWay
from community.fridays.actions.crediting import GIVEN_BY_HAND, give_credit, withdraw_credit
from community.fridays.actions.fixing import faults_of
from community.fridays.contents import with_items
from community.fridays.forms.release import CreditForm
from community.fridays.forms.report import ReasonForm
from community.fridays.models import Release
from community.threads.actions import Refusal
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.staff
def staff_release(request: HttpRequest, pk: int) -> HttpResponse:
    """What it will look like, who will be told, and the one next step."""
    return _release_page(request, _release(request, pk))


@require_POST
@policy.staff
@limited("staff_write")
def staff_release_ready(request: FanRequest, pk: int) -> HttpResponse:
    found = _release(request, pk)
    try:
        actions.make_ready(release=found, actor=request.user, at=clock.now())
    except Incomplete as refusal:
        between = pgettext("between names", ", ")
        what = between.join(str(_missing_words()[name]) for name in refusal.missing)
        messages.error(request, _("Still missing: %(what)s.") % {"what": what})
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
        titles = pgettext("between names", ", ").join(
            _("“%(title)s” (%(state)s)") % {"title": wish.title, "state": wish.get_status_display()}
            for wish in refusal.wishes
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
        return _release_page(request, found, form=form)
    try:
        actions.withdraw_release(
            release=found, reason=form.cleaned_data["reason"], actor=request.user, at=clock.now()
        )
    except NotInThatState:
        messages.error(request, _("It is not out."))
    else:
        messages.success(request, _("Recalled. Its wishes are in testing again."))
    return redirect("staff_release", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_release_credits(request: FanRequest, pk: int) -> HttpResponse:
    """Thank a tester or a translator, by handle (O6)."""
    found, at = _release(request, pk), clock.now()
    form = CreditForm(request.POST, at=at)
    if not form.is_valid():
        return _release_page(request, found, credit_form=form)
    fan, role = form.cleaned_data["fan"], form.cleaned_data["role"]
    try:
        made = give_credit(release=found, fan=fan, role=role, actor=request.user, at=at)
    except NotInThatState:
        messages.error(request, _("It was recalled: it thanks nobody."))
    else:
        messages.success(
            request,
            _("%(name)s is thanked.") % {"name": fan.display_name},
            extra_tags=f"undo:/staff/releases/{pk}/credits/{made.pk}/withdrawal/",
        )
    return redirect("staff_release", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_release_credit_withdrawal(request: FanRequest, pk: int, credit: int) -> HttpResponse:
    found = _release(request, pk)
    given = found.credits.filter(pk=credit, role__in=GIVEN_BY_HAND).select_related("fan", "release")
    for row in given:
        withdraw_credit(credit=row, actor=request.user, at=clock.now())
    messages.success(request, _("Taken off the thanks."))
    return redirect("staff_release", pk)


def _release(request: HttpRequest, pk: int) -> Release:
    visible = Release.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("product", "cycle__product"), pk=pk)


def _missing_words() -> dict[str, str]:
    return {
        "version": _("the version"),
        "cycle": _("the week"),
        "notes": _("the notes"),
        "known_defects": _("the known defects, or that there are none"),
        "items": _("what is in it"),
    }


def _release_page(
    request: HttpRequest,
    release: Release,
    form: ReasonForm | None = None,
    credit_form: CreditForm | None = None,
) -> HttpResponse:
    stopping = {wish.pk for wish in actions.stopping_wishes(release)}
    missing = _missing_words()
    given = release.credits.filter(role__in=GIVEN_BY_HAND)
    context = {
        "release": release,
        "items": with_items([release], request.user)[0]["items"],
        "notes": markdown.render(release.notes).html,
        "missing": [missing[name] for name in actions.missing_in(release)],
        "stopping": FeatureRequest.objects.visible_to(request.user)
        .filter(pk__in=stopping)
        .order_by("pk"),
        "told_count": actions.told_count(release),
        "asked_count": actions.asked_count(release),
        "faults": faults_of(release),
        "given": given.select_related("fan__standing").order_by("role", "pk"),
        "form": form or ReasonForm(),
        "credit_form": credit_form or CreditForm(at=clock.now()),
    }
    status = 422 if form or credit_form else 200
    return render(request, "fridays/staff_release.html", context, status=status)
