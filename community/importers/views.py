from django.contrib import messages
from django.db.models import Count, F, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.importers.actions import claims
from community.importers.forms import ClaimForm, DecisionForm
from community.importers.models import AccountClaim
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest
from fans.limits import limited

CLAIMS_SHOWN = 50


@require_http_methods(["GET", "POST"])
@policy.writers
@limited("claim")
def claim_account(request: FanRequest, handle: str) -> HttpResponse:
    people = Fan.objects.visible_to(request.user).exclude(imported_as="")
    imported = get_object_or_404(people, handle__iexact=handle)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message = form.cleaned_data["message"]
        claims.claim_account(fan=request.user, imported=imported, message=message, at=clock.now())
        messages.success(request, _("Thank you. Staff will look and decide."))
        return redirect("claim_account", imported.handle)
    mine = AccountClaim.objects.filter(fan=request.user, imported_as=imported.imported_as)
    context = {
        "imported": imported,
        "form": form,
        "claim": mine.order_by("-claimed_at", "-pk").first(),
        "post_count": imported.posts.published().count(),
    }
    return render(request, "importers/claim.html", context, status=422 if form.errors else 200)


@require_GET
@policy.staff
def staff_claims(request: FanRequest) -> HttpResponse:
    return _desk(request, None, DecisionForm(auto_id=False))


@require_POST
@policy.staff
@limited("staff_write")
def claim_joining(request: FanRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, joins=True)


@require_POST
@policy.staff
@limited("staff_write")
def claim_refusal(request: FanRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, joins=False)


def _decide(request: FanRequest, pk: int, *, joins: bool) -> HttpResponse:
    claim = get_object_or_404(AccountClaim.objects.visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST, auto_id=f"id_%s_{pk}")
    if not form.is_valid():
        return _desk(request, claim, form)
    act = claims.join_accounts if joins else claims.decline_claim
    try:
        act(claim=claim, by=request.user, reason=form.cleaned_data["reason"], at=clock.now())
    except claims.OwnClaim:
        messages.error(request, _("You asked for this yourself. A colleague decides."))
    except claims.ClaimRefused:
        messages.error(request, _("This was decided before, in another way."))
    else:
        messages.success(request, _("The accounts are one now.") if joins else _("Declined."))
    return redirect("staff_claims")


def _desk(request: HttpRequest, claim: AccountClaim | None, form: DecisionForm) -> HttpResponse:
    """Open claims, oldest first; one of them may come back with an error."""
    everything = AccountClaim.objects.visible_to(request.user)
    waiting = _with_people(everything.open()).annotate(
        post_count=Count("imported__posts"),
        first_at=Min("imported__posts__created_at"),
        last_at=Max("imported__posts__created_at"),
    )
    decided = _with_people(everything.exclude(decided_at=None))
    rows = list(waiting.order_by("claimed_at", "pk")[:CLAIMS_SHOWN])
    for row in rows:
        is_this = claim is not None and row.pk == claim.pk
        row.form = form if is_this else DecisionForm(auto_id=f"id_%s_{row.pk}")  # type: ignore[attr-defined]
    context = {
        "waiting": rows,
        "decided": decided.order_by(F("decided_at").desc(), "-pk")[:CLAIMS_SHOWN],
    }
    return render(request, "importers/claims.html", context, status=422 if form.errors else 200)


def _with_people(claims: QuerySet[AccountClaim]) -> QuerySet[AccountClaim]:
    return claims.select_related(
        "fan__standing", "fan__avatar", "imported__standing", "imported__avatar", "decided_by"
    )
