from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.moderation import actions
from community.moderation.forms import WordForm
from community.moderation.permissions import keeps_order_everywhere
from community.screening.models import WatchedWord
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited

MOST_SHOWN = 500


def _for_whole_site(request: FanRequest) -> None:
    if not keeps_order_everywhere(request.user):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@policy.moderators
@limited("staff_write")
def moderation_words(request: FanRequest) -> HttpResponse:
    """The words that make a post wait (A1)."""
    _for_whole_site(request)
    form = WordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            watched = actions.watch_word(
                word=form.cleaned_data["word"], by=request.user, at=clock.now()
            )
        except actions.WordTooShort:
            form.add_error("word", _("Two letters or one Chinese character at least."))
        else:
            messages.success(request, _("“%(word)s” is watched.") % {"word": watched.word})
            return redirect("moderation_words")
    words = WatchedWord.objects.visible_to(request.user).order_by("word", "pk")[:MOST_SHOWN]
    return render(request, "moderation/words.html", {"form": form, "words": words})


@require_POST
@policy.moderators
@limited("staff_write")
def word_removal(request: FanRequest, pk: int) -> HttpResponse:
    watched = get_object_or_404(WatchedWord.objects.visible_to(request.user), pk=pk)
    actions.unwatch_word(watched=watched, by=request.user, at=clock.now())
    messages.success(request, _("“%(word)s” is no longer watched.") % {"word": watched.word})
    return redirect("moderation_words")
