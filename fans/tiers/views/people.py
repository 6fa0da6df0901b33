"""The desk for people: who holds which office (spec §1). Staff see it, admins change it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fans import clock, policy
from fans.accounts.actions import LastAdmin
from fans.accounts.models import Fan, FanRequest, Role
from fans.accounts.naming import NameRefused
from fans.audit.models import AuditEntry
from fans.limits import limited
from fans.tiers import actions
from fans.tiers.forms import PeopleSearchForm, RoleForm

PEOPLE_SHOWN = 50
ACTS_SHOWN = 20


def scope_choices() -> list[tuple[str, str]]:
    """Everything somebody can be moderator of: the site, and what the rooms above name."""
    return [
        ("site", _("The whole site")),
        *(choice for path in settings.MODERATION_SCOPES for choice in import_string(path)()),
    ]


@require_GET
@policy.staff
def staff_people(request: HttpRequest) -> HttpResponse:
    """Find somebody; before that, whoever holds an office."""
    form = PeopleSearchForm(request.GET or None)
    people = Fan.objects.visible_to(request.user).select_related("standing", "avatar")
    if form.is_valid():
        found = people.found_by(form.cleaned_data["q"]).order_by("handle", "pk")
    else:
        found = people.exclude(role=Role.FAN).order_by("role", "handle", "pk")
    context = {
        "form": form,
        "people": found.prefetch_related("scopes")[:PEOPLE_SHOWN],
        "searched": form.is_bound,
    }
    return render(request, "tiers/people.html", context)


@require_GET
@policy.staff
def staff_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = RoleForm(scope_choices=scope_choices(), initial=_office_of(person))
    return _person_page(request, person, form)


@require_http_methods(["POST"])
@policy.admins
@limited("staff_write")
def staff_person_role(request: FanRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = RoleForm(request.POST, scope_choices=scope_choices())
    if not form.is_valid() or not _office_given(request, person, form):
        return _person_page(request, person, form)
    return redirect("staff_person", pk=pk)


def _office_given(request: FanRequest, person: Fan, form: RoleForm) -> bool:
    data = form.cleaned_data
    try:
        changed = actions.change_role(
            fan=person,
            role=Role(data["role"]),
            scopes=frozenset(data["scopes"]),
            actor=request.user,
            reason=data["reason"],
            at=clock.now(),
        )
    except (LastAdmin, NameRefused) as refusal:
        form.add_error("role", str(refusal))
        return False
    if changed:
        messages.success(request, _("The role is changed, and their sessions have ended."))
    else:
        messages.info(request, _("Nothing was changed: the role was that already."))
    return True


def _person(request: HttpRequest, pk: int) -> Fan:
    people = Fan.objects.visible_to(request.user).select_related("standing", "avatar")
    return get_object_or_404(people.prefetch_related("scopes"), pk=pk)


def _office_of(person: Fan) -> dict[str, object]:
    return {"role": person.role, "scopes": [scope.scope for scope in person.scopes.all()]}


def _person_page(request: HttpRequest, person: Fan, form: RoleForm) -> HttpResponse:
    names = dict(scope_choices())
    context = {
        "person": person,
        "form": form,
        "scopes": [names.get(scope.scope, scope.scope) for scope in person.scopes.all()],
        "acts": AuditEntry.objects.about(f"fan:{person.pk}")
        .filter(verb="role changed")
        .select_related("actor__standing")
        .order_by("-acted_at", "-pk")[:ACTS_SHOWN],
    }
    return render(request, "tiers/person.html", context, status=422 if form.errors else 200)
