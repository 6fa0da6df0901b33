"""The same done with many items at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from community.feedback import actions
from community.feedback.forms import BulkForm
from community.feedback.models import FeedbackItem, ItemState
from community.feedback.views.desk import desk_page
from community.feedback.views.filters import is_number
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.staff
@limited("staff_write")
def staff_feedback_bulk(request: FanRequest) -> HttpResponse:
    """One action for each; what one refuses stops none of the others."""
    numbers = [int(pk) for pk in request.POST.getlist("item")[: actions.MOST] if is_number(pk)]
    items = FeedbackItem.objects.visible_to(request.user)
    picked = list(items.filter(pk__in=numbers).order_by("pk"))
    form = BulkForm(request.POST)
    if not picked:
        form.add_error(None, _("Choose at least one item."))
    if form.is_valid():
        original = items.filter(pk=form.cleaned_data["duplicate_of"]).first()
        if form.cleaned_data["act"] == ItemState.DUPLICATE and original is None:
            form.add_error("duplicate_of", _("There is no item with this number."))
    if form.errors:
        return desk_page(request, form, picked={item.pk for item in picked})
    act = _act(request, form.cleaned_data, original)
    _say(request, actions.with_each(picked, act))
    query = request.GET.urlencode()
    return redirect(reverse("staff_feedback") + (f"?{query}" if query else ""))


def _act(
    request: FanRequest, clean: dict[str, Any], original: FeedbackItem | None
) -> Callable[[FeedbackItem], bool]:
    actor, at, act = request.user, clock.now(), clean["act"]
    if act == BulkForm.SORT:
        said = {name: clean[name] for name in ("category", "severity", "frequency")}
        return lambda item: actions.triage(item=item, **said, actor=actor, at=at)
    return lambda item: actions.take_step(
        item=item,
        became="" if act == BulkForm.ANSWER else act,
        answer=clean["answer"],
        duplicate_of=original if act == ItemState.DUPLICATE else None,
        actor=actor,
        at=at,
    )


def _say(request: FanRequest, outcome: actions.Outcome) -> None:
    if changed := len(outcome.changed):
        words = ngettext("%(count)d item: done.", "%(count)d items: done.", changed)
        messages.success(request, words % {"count": changed})
    if outcome.unchanged:
        messages.info(request, _("Was so already: %(numbers)s") % _named(outcome.unchanged))
    reasons = {
        actions.NoSuchStep: _("Cannot become that any more: %(numbers)s"),
        actions.CannotBeDuplicate: _(
            "The original itself, has duplicates of its own, or the original is one: %(numbers)s"
        ),
        actions.AnswerMissing: _("Needs a reason in words: %(numbers)s"),
    }
    for refusal, numbers in outcome.refused.items():
        messages.error(request, reasons[refusal] % _named(numbers))


def _named(numbers: list[int]) -> dict[str, str]:
    return {"numbers": ", ".join(f"#{number}" for number in numbers)}
