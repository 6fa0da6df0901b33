"""Telling us of something, and seeing what came of it."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.feedback import actions
from community.feedback.forms import FeedbackForm, VerdictForm
from community.feedback.models import FeedbackItem
from community.feedback.pages import page_after
from community.feedback.permissions import may_say_me_too, may_say_whether_solved
from community.feedback.similar import similar_to
from community.feedback.views.filters import is_number
from community.feedback.views.sending import filed, filled
from community.products.models import Product
from community.threads.actions.refusals import MayNotWrite
from community.threads.actions.words import prepare
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest
from fans.limits import limited

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@policy.writers
@limited("feedback")
def feedback_new(request: FanRequest) -> HttpResponse:
    if request.method != "POST":
        return _new_page(request, FeedbackForm(reporter=request.user, initial=_beginning(request)))
    form = filled(request)
    if not form.is_valid():
        return _new_page(request, form, status=422)
    if similar := _unseen_similar(request, form):
        return _new_page(request, form, similar=similar, status=422)
    item = filed(request, form)
    if item is None:
        return _new_page(request, form, status=422)
    _say_thanks(request, item)
    return redirect(item)


def _beginning(request: FanRequest) -> dict[str, object]:
    products = Product.objects.visible_to(request.user)
    wanted = products.filter(slug=request.GET.get("product", "")[:60].replace("\0", "")).first()
    return {"product": wanted or products.order_by("-is_main", "position", "pk").first()}


def _unseen_similar(request: FanRequest, form: FeedbackForm) -> list[FeedbackItem]:
    """Shown once, before anything is filed. A log file cannot be kept meanwhile: then never."""
    clean = form.cleaned_data
    if "seen_similar" in request.POST or clean["log"] or clean["in_public"] == "no":
        return []
    return similar_to(clean["title"], clean["product"], request.user)


def _say_thanks(request: FanRequest, item: FeedbackItem) -> None:
    words = _("Thank you. You find the answer here, and we tell you when there is one.")
    if item.hidden_at and item.release_at:
        words += " " + _("Everybody sees it in 10 minutes: your first words wait so long.")
    elif item.hidden_at:
        words += " " + _("Only you and the staff see it until somebody has looked at it.")
    messages.success(request, words)


def _new_page(
    request: FanRequest,
    form: FeedbackForm,
    *,
    similar: list[FeedbackItem] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "similar": similar or [],
        "kept_count": len(form["kept"].value() or []) if form.is_bound else 0,
        "log_is_lost": form.is_bound and "log" in request.FILES and "log" not in form.errors,
    }
    return render(request, "feedback/form.html", context, status=status)


@require_safe
@policy.signed_in
def feedback_similar(request: FanRequest) -> HttpResponse:
    """What a script shows below the title while it is typed."""
    number = request.GET.get("product", "")
    products = Product.objects.visible_to(request.user)
    product = products.filter(pk=int(number)).first() if is_number(number) else None
    title = request.GET.get("title", "")[:120].replace("\0", "")
    similar = similar_to(title, product, request.user) if product else []
    return render(request, "feedback/_similar.html", {"similar": similar})


@require_safe
@policy.anyone
def feedback_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    return _item_page(request, item, VerdictForm())


def _item_page(
    request: HttpRequest, item: FeedbackItem, form: VerdictForm, status: int = 200
) -> HttpResponse:
    reader = request.user
    has_it = isinstance(reader, Fan) and item.me_toos.filter(fan=reader.pk).exists()
    context = {
        "item": item,
        "words": prepare(item.words).html if item.words else "",
        "pictures": item.pictures.order_by("pk"),
        "steps": item.steps.order_by("pk"),
        "has_it": has_it,
        "may_say_me_too": may_say_me_too(reader, item),
        "may_publish": item.reporter_id == reader.pk and reader.pk is not None,
        "asks_whether_solved": may_say_whether_solved(reader, item),
        "form": form,
    }
    return render(request, "feedback/detail.html", context, status=status)


@require_POST
@policy.writers
@limited("reaction")
def feedback_me_too(request: FanRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    try:
        is_new = actions.say_me_too(item=item, fan=request.user, at=clock.now())
    except actions.NotTheirs:
        messages.info(request, _("You told us of it yourself: you are counted."))
    except actions.NotOpen:
        messages.error(request, _("This is closed. Tell us anew if you still have it."))
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    else:
        if is_new:
            undo = f"undo:/feedback/{item.pk}/me-too/withdrawal/"
            messages.success(
                request, _("Noted: you have this too. We tell you when it is solved."), undo
            )
    return redirect(item)


@require_POST
@policy.writers
@limited("reaction")
def feedback_me_too_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    actions.take_back_me_too(item=item, fan=request.user)
    return redirect(item)


@require_POST
@policy.writers
@limited("feedback")
def feedback_verdict(request: FanRequest, pk: int) -> HttpResponse:
    """The reporter's last word: `solved=yes` or `solved=no`, with words."""
    item = _item(request, pk)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _item_page(request, item, form, status=422)
    try:
        actions.say_whether_solved(
            item=item,
            reporter=request.user,
            is_solved=request.POST.get("solved") == "yes",
            words=form.cleaned_data["words"],
            at=clock.now(),
        )
    except actions.NotTheirs:
        messages.error(request, _("Only whoever told us of it says whether it is solved."))
    except actions.NoSuchStep:
        messages.error(request, _("It was not said to be solved, or you answered already."))
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    return redirect(item)


@require_safe
@policy.anyone
def feedback_picture(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """A picture is seen by whoever may see what it was sent with (R2)."""
    picture = get_object_or_404(_item(request, pk).pictures, key=key)
    response = FileResponse(picture.file.open("rb"), content_type=picture.content_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_safe
@policy.signed_in
def my_feedback(request: FanRequest) -> HttpResponse:
    mine = FeedbackItem.objects.visible_to(request.user).filter(reporter=request.user.pk)
    page = page_after(
        mine.select_related("product", "department", "became_request").with_newest_answer(),
        request.GET.get("after", ""),
        order=("-created_at", "-pk"),
        size=PAGE_SIZE,
    )
    older = f"?after={page.next_cursor}" if page.next_cursor else ""
    context = {"items": page.rows, "older": older, "is_first_page": "after" not in request.GET}
    return render(request, "feedback/mine.html", context)


def _item(request: HttpRequest, pk: int) -> FeedbackItem:
    items = FeedbackItem.objects.visible_to(request.user)
    related = ("product", "department", "reporter__standing", "reporter__avatar")
    return get_object_or_404(
        items.select_related(*related, "became_request", "duplicate_of"), pk=pk
    )
