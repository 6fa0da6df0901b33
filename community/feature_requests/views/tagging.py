from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.feature_requests import actions
from community.feature_requests.desk_forms import TagsForm
from community.feature_requests.views.answering import page_again, wish_to_sort
from community.feature_requests.views.refusals import in_words
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_POST
@policy.moderators
@limited("staff_write")
def feature_request_tags(request: FanRequest, pk: int) -> HttpResponse:
    wish = wish_to_sort(request, pk)
    form = TagsForm(request.POST, wish=wish)
    if form.is_valid():
        try:
            actions.set_tags(
                feature_request=wish,
                tags=form.cleaned_data["tags"],
                actor=request.user,
                at=clock.now(),
            )
        except actions.Refusal as refusal:
            form.add_error("tags", in_words(refusal))
        else:
            messages.success(request, _("The wish is found under these subjects."))
            return redirect(wish)
    return page_again(request, wish, "tags_form", form)
