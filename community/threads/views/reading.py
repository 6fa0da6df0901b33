"""Pages to read: lists of threads, boards, one thread, the way to one post."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from community.threads import rendering
from community.threads.actions.reading import mark_read
from community.threads.forms import new_key
from community.threads.fragments import Store
from community.threads.listing import (
    Listing,
    listing,
    own_waiting,
    pinned_on,
    unread_by,
)
from community.threads.models import (
    Board,
    PastBoardSlug,
    Post,
    State,
    Thread,
    ThreadQuerySet,
    audiences_of,
)
from community.threads.pages import (
    address_of,
    floors_of,
    page_address,
    page_of,
)
from community.threads.permissions import may_start_threads
from community.threads.places import Place, last_visit, place_of, reactions_of, thread_at
from community.threads.rows import Drawn
from community.threads.structured import discussion
from community.threads.views.composing import reply_form
from fans import clock, policy
from fans.accounts.models import Fan, Reader
from fans.site.freshness import current_stamp

SHOWS = ("latest", "unread", "unanswered", "top")
SHOWS_FOR_GUESTS = ("latest", "unanswered", "top")
VOICES = ("author", "official")


# --- Lists --------------------------------------------------------------------


@policy.anyone
def threads(request: HttpRequest) -> HttpResponse:
    reader = request.user
    show = _choice(
        request.GET.get("show", ""), SHOWS if reader.is_authenticated else SHOWS_FOR_GUESTS
    )
    visible = Thread.objects.visible_to(reader)
    found = listing(
        _shown(show, visible, reader),
        reader,
        order="answering_count" if show == "top" else "last_post_at",
        first=own_waiting(reader) if show == "latest" else (),
        **_cursors(request),
    )
    return render(
        request,
        "threads/index.html",
        {
            "show": show,
            "rows": found.rows,
            "boards": _boards(reader),
            **_neighbours(request, found),
        },
    )


@policy.anyone
def board(request: HttpRequest, slug: str) -> HttpResponse:
    reader = request.user
    here = Board.objects.visible_to(reader).select_related("product").filter(slug=slug).first()
    if here is None:
        past = get_object_or_404(
            PastBoardSlug.objects.select_related("board"),
            slug=slug,
            board__in=Board.objects.visible_to(reader),
        )
        return redirect(past.board, permanent=True)
    visible = Thread.objects.visible_to(reader).filter(board=here)
    first = own_waiting(reader, here) + pinned_on(visible.listed())
    found = listing(visible.listed(), reader, first=first, **_cursors(request))
    return render(
        request,
        "threads/board.html",
        {
            "board": here,
            "rows": found.rows,
            "may_start": not reader.is_authenticated or may_start_threads(reader, here),
            **_neighbours(request, found),
        },
    )


_drawn: Store[Drawn] = Store(max_bytes=1024 * 1024, seconds=30)


def _boards(reader: Reader) -> SafeString:
    """The boards beside the list, made once for all who may read the same ones."""

    def make() -> Drawn:
        boards = Board.objects.visible_to(reader).open().in_order()[:40]
        return Drawn(render_to_string("threads/_boards.html", {"boards": boards}))

    key = (*audiences_of(reader), get_language(), current_stamp())
    return _drawn.get_or_make(key, make).html


def _choice(wanted: str, offered: tuple[str, ...]) -> str:
    return wanted if wanted in offered else offered[0]


def _shown(show: str, visible: ThreadQuerySet, reader: Reader) -> ThreadQuerySet:
    if show == "unread" and isinstance(reader, Fan):
        return unread_by(reader, visible.listed())
    if show == "unanswered":
        return visible.unanswered(clock.now())
    return visible.listed()


def _cursors(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET.get(key, "") for key in ("before", "after")}


def _neighbours(request: HttpRequest, found: Listing) -> dict[str, str]:
    """Addresses of the pages beside this one."""
    kept = {"show": request.GET["show"]} if "show" in request.GET else {}
    return {
        name: f"{request.path}?{urlencode({**kept, key: cursor})}" if cursor else ""
        for name, key, cursor in (("older", "before", found.older), ("newer", "after", found.newer))
    }


# --- One thread ----------------------------------------------------------------


@policy.anyone
def thread(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    reader = request.user
    place = place_of(reader, pk)
    if place is None:
        return gone(request, pk)
    found = thread_at(reader, pk, place)
    if slug != found.slug:
        return redirect(_same_query(request, found.get_absolute_url()), permanent=True)
    part = _part(request, found)
    rights = rendering.Rights.of(reader, found)
    fragment = rendering.fragment_of(found, rights, part)
    context = {
        "thread": found,
        "page": _page(fragment, found, reader, part, place),
        "foot": _foot(request, fragment, found, rights),
        "aside": fragment.aside,
        **_for_machines(request, found, fragment, part),
    }
    answer = render(request, "threads/detail.html", context)
    _remember(request, found, part, place)
    return answer


@policy.anyone
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """The permanent address of a post: it leads to where it stands."""
    reader = request.user
    threads = Thread.objects.visible_to(reader)
    posts = Post.objects.select_related("thread").only("floor", "thread__slug")
    found = (
        posts.filter(pk=pk, pk__in=Post.objects.visible_to(reader).filter(pk=pk)).first()
        or posts.filter(pk=pk, state__in=rendering.TOMBSTONES, thread__in=threads).first()
    )
    if found is None:
        raise Http404
    return redirect(address_of(found.thread, found.floor))


def gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Removed by a rule, or deleted: said so, and which; whatever else is hidden looks missing."""
    gone = get_object_or_404(Thread.objects.gone_for(request.user).select_related("board"), pk=pk)
    first = get_object_or_404(Post.objects.only("rule", "state", "author"), thread=gone, floor=1)
    context = {
        "post": first,
        "board": gone.board,
        "is_own": first.author_id == request.user.pk,
    }
    return render(request, "threads/gone.html", context, status=410)


def _same_query(request: HttpRequest, address: str) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address


def _part(request: HttpRequest, thread: Thread) -> rendering.Part:
    only = request.GET.get("only", "")
    if only in VOICES:
        return rendering.Part(only=only, after=_number(request.GET.get("after", "0"), 0))
    page = _number(request.GET.get("page", "1"), 1)
    if page > page_of(_highest_floor(thread, request.user)):
        raise Http404
    return rendering.Part(page=page)


def _highest_floor(thread: Thread, reader: Reader) -> int:
    """Guests are not told that something waits behind the last post."""
    own = thread.last_given_floor if isinstance(reader, Fan) else 0
    return max(thread.last_floor, own)


def _number(text: str, least: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise Http404
    return int(text)


def _page(
    fragment: rendering.Fragment, thread: Thread, reader: Reader, part: rendering.Part, place: Place
) -> str:
    """The posts, with what is this reader's own in its place."""
    if not isinstance(reader, Fan):
        return fragment.page.joined()
    own: dict[str, str] = {}
    if (floor := rendering.first_new_floor(fragment, place.read_floor)) is not None:
        own |= rendering.new_line(floor, last_visit(reader, thread))
    own |= rendering.unread_chip(thread, place.read_floor)
    if reader.pk in fragment.held_by:
        own |= rendering.held_posts(thread, reader, part)
    pressed = (
        reactions_of(reader, thread, fragment.floors[0], fragment.floors[-1])
        if fragment.floors
        else []
    )
    return fragment.page.joined(
        pressed=[f"{kind}_{pk}" for kind, pk in pressed],
        mine=rendering.own_cuts(fragment, reader),
        own=own,
    )


def _foot(
    request: HttpRequest, fragment: rendering.Fragment, thread: Thread, rights: rendering.Rights
) -> str:
    """The form for a reply; made for this reader alone when it already holds words of theirs."""
    if not rights.signed_in:
        return fragment.foot.joined()
    if rights.replies and (begun := reply_form(request, thread)):
        context = {"thread": thread, "may_reply": True, **begun}
        return render_to_string("threads/_reply.html", context, request)
    return fragment.foot.joined(own={"token": get_token(request), "key": new_key()})


def _for_machines(
    request: HttpRequest, thread: Thread, fragment: rendering.Fragment, part: rendering.Part
) -> dict[str, Any]:
    """Cards and structured data: for those who come without an account, as machines do."""
    if request.user.is_authenticated or thread.state != State.PUBLISHED:
        return {}
    address = settings.SITE_URL + page_address(thread, part.page)
    return {
        "canonical": address,
        "excerpt": fragment.excerpt,
        "structured": discussion(thread, fragment.excerpt, settings.SITE_URL),
    }


def _remember(request: HttpRequest, thread: Thread, part: rendering.Part, place: Place) -> None:
    """Reading moves the reader's own position: at most one write, only when there is news."""
    reader = request.user
    if not isinstance(reader, Fan) or part.only or thread.state != State.PUBLISHED:
        return
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    seen = min(floors_of(part.page)[1], thread.last_floor)
    if seen > (place.read_floor or 0):
        mark_read(fan=reader, thread=thread, floor=seen, at=clock.now())
