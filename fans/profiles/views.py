from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fans import clock, policy
from fans.accounts.models import Fan, PastHandle, Reader
from fans.accounts.naming import HANDLE
from fans.profiles.sections import sections_for
from fans.tiers.models import Tier, tier_of
from fans.tiers.permissions import may_nominate


@require_safe
@policy.anyone
def fan(request: HttpRequest, handle: str) -> HttpResponse:
    """One member. Nothing of A4 is here: no address, place, sanction; suspension shows nothing."""
    if not HANDLE.fullmatch(handle):
        raise Http404
    people = Fan.objects.visible_to(request.user).select_related("standing", "avatar")
    owner = people.filter(handle__iexact=handle).first()
    if owner is None:
        return _moved(request.user, handle)
    if owner.erased_at is not None:
        return render(request, "profiles/gone.html")
    if owner.handle != handle:
        return HttpResponsePermanentRedirect(owner.get_absolute_url())
    context = {
        "owner": owner,
        "sections": sections_for(owner, request.user),
        # Only a core fan can be eligible (T12), so the button stands nowhere else.
        "may_nominate": tier_of(owner) == Tier.CORE
        and may_nominate(request.user, owner, clock.now()),
    }
    return render(request, "profiles/fan.html", context)


def _moved(reader: Reader, handle: str) -> HttpResponse:
    """An old handle leads to whoever gave it up last."""
    past = (
        PastHandle.objects.filter(
            handle__iexact=handle, fan__in=Fan.objects.visible_to(reader), fan__erased_at=None
        )
        .select_related("fan")
        .order_by("-given_up_at", "-pk")
        .first()
    )
    if past is None:
        raise Http404
    return HttpResponsePermanentRedirect(past.fan.get_absolute_url())
