"""What everybody may read: who has it too, and who reads what oneself said."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.feedback import actions
from community.feedback.models import OPEN_STATES, FeedbackItem, FeedbackItemQuerySet, ItemState
from community.feedback.pages import page_after
from community.products.models import Product
from community.threads.actions.refusals import MayNotWrite
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

PAGE_SIZE = 20
_STATES = {
    "open": OPEN_STATES,
    "solved": [ItemState.RESOLVED, ItemState.VERIFIED],
    "declined": [ItemState.DECLINED],
}
_ORDERS = {"most": ("-me_too_count", "-pk"), "newest": ("-created_at", "-pk")}


@dataclass(frozen=True)
class Chosen:
    product: Product | None
    state: str
    sort: str

    @property
    def query(self) -> str:
        product = self.product.slug if self.product else ""
        return urlencode({"product": product, "state": self.state, "sort": self.sort})


@require_safe
@policy.anyone
def feedback_list(request: HttpRequest) -> HttpResponse:
    """Known problems: whoever has one too says so, instead of telling it again."""
    products = Product.objects.visible_to(request.user)
    slug = request.GET.get("product", "")[:60].replace("\0", "")
    chosen = Chosen(
        product=products.filter(slug=slug).first() if slug else None,
        state=_one_of(request, "state", _STATES),
        sort=_one_of(request, "sort", _ORDERS),
    )
    page = page_after(
        _known(request, chosen),
        request.GET.get("after", ""),
        order=_ORDERS[chosen.sort],
        size=PAGE_SIZE,
    )
    context = {
        "items": page.rows,
        "products": products.in_order(),
        "chosen": chosen,
        "orders": {"most": _("Most affected"), "newest": _("Newest")},
        "states": {"open": _("Open"), "solved": _("Solved"), "declined": _("Declined")},
        "older": f"?{chosen.query}&after={page.next_cursor}" if page.next_cursor else "",
        "is_narrowed": bool(request.GET),
    }
    return render(request, "feedback/index.html", context)


def _one_of(request: HttpRequest, name: str, allowed: Collection[str]) -> str:
    """What is asked for, or the first."""
    value = request.GET.get(name, "")
    return value if value in allowed else next(iter(allowed))


def _known(request: HttpRequest, chosen: Chosen) -> FeedbackItemQuerySet:
    """Public ones alone, one's own private ones not among them."""
    items = FeedbackItem.objects.visible_to(request.user).filter(is_public=True, hidden_at=None)
    items = items.filter(state__in=_STATES[chosen.state])
    if chosen.product:
        items = items.filter(product=chosen.product)
    return items.select_related("product", "department")


@require_POST
@policy.writers
@limited("feedback")
def feedback_publication(request: FanRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(FeedbackItem.objects.visible_to(request.user), pk=pk)
    try:
        is_new = actions.make_public(item=item, reporter=request.user, at=clock.now())
    except actions.NotTheirs:
        messages.error(request, _not_theirs())
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    else:
        if is_new:
            undo = f"undo:/feedback/{item.pk}/publication/withdrawal/"
            messages.success(request, _("Everybody may read it now."), undo)
    return redirect(item)


@require_POST
@policy.writers
@limited("feedback")
def feedback_publication_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(FeedbackItem.objects.visible_to(request.user), pk=pk)
    try:
        if actions.keep_private(item=item, reporter=request.user, at=clock.now()):
            messages.success(request, _("Only you and the company read it now."))
    except actions.NotTheirs:
        messages.error(request, _not_theirs())
    except (actions.BecameRequest, actions.NotOpen):
        messages.error(request, _("Others have joined it, or a wish was made of it: it stays."))
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    return redirect(item)


def _not_theirs() -> str:
    return _("Only whoever told us of it says who may read it.")
