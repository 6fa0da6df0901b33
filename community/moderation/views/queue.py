from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.moderation import desk
from community.moderation.pages import page_of
from community.moderation.permissions import keeps_order_everywhere, may_lift, may_second
from fans import clock, policy
from fans.accounts.models import FanRequest

PAGE_SIZE = 25
MOST_PROPOSALS = 20


@require_safe
@policy.moderators
def moderation(request: FanRequest) -> HttpResponse:
    """What needs me: the oldest due first."""
    at = clock.now()
    page = page_of(
        desk.open_cases(request.user),
        by="due_at",
        cursor=request.GET.get("after", ""),
        size=PAGE_SIZE,
    )
    proposals = desk.proposals(request.user)[:MOST_PROPOSALS]
    return render(
        request,
        "moderation/queue.html",
        {
            "page": page,
            "cases": [(case, case.holder(at), case.due_at <= at) for case in page.rows],
            "proposals": [
                (proposal, may_second(request.user, proposal), may_lift(request.user, proposal))
                for proposal in proposals
            ],
            "waiting_count": desk.waiting_posts(request.user).count(),
            "keeps_order_everywhere": keeps_order_everywhere(request.user),
        },
    )
