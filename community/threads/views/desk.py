"""The desk for boards (spec §1): staff look, admins change."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.threads.actions import boards as actions
from community.threads.board_forms import BoardForm, PlaceForm
from community.threads.models import Board
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.staff
def staff_boards(request: HttpRequest) -> HttpResponse:
    boards = list(Board.objects.visible_to(request.user).select_related("product").in_order())
    # Each row knows before whom it would stand, one place up and one place down.
    rows = [
        {
            "board": board,
            "up": boards[index - 1].pk if index else None,
            "down": boards[index + 2].pk if index + 2 < len(boards) else "",
            "is_last": index + 1 == len(boards),
        }
        for index, board in enumerate(boards)
    ]
    return render(request, "threads/desk/boards.html", {"rows": rows})


@require_safe
@policy.staff
def staff_board_new(request: HttpRequest) -> HttpResponse:
    return _form_page(request, BoardForm(), None)


@require_POST
@policy.admins
@limited("staff_write")
def staff_board_creation(request: FanRequest) -> HttpResponse:
    form = BoardForm(request.POST)
    if form.is_valid():
        try:
            board = actions.create_board(details=form.details, actor=request.user, at=clock.now())
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("The board “%(name)s” is open.") % {"name": board})
            return redirect("staff_boards")
    return _form_page(request, form, None)


@require_safe
@policy.staff
def staff_board(request: HttpRequest, pk: int) -> HttpResponse:
    board = _board(request, pk)
    return _form_page(request, BoardForm(initial=model_to_dict(board)), board)


@require_POST
@policy.admins
@limited("staff_write")
def staff_board_details(request: FanRequest, pk: int) -> HttpResponse:
    board = _board(request, pk)
    form = BoardForm(request.POST)
    if form.is_valid():
        try:
            actions.change_board(
                board=board, details=form.details, actor=request.user, at=clock.now()
            )
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_boards")
    return _form_page(request, form, board)


@require_POST
@policy.admins
@limited("staff_write")
def staff_board_place(request: FanRequest, pk: int) -> HttpResponse:
    form = PlaceForm(request.POST)
    if form.is_valid():
        actions.place_board(
            board=_board(request, pk),
            before=form.cleaned_data["before"],
            actor=request.user,
            at=clock.now(),
        )
    return redirect("staff_boards")


@require_POST
@policy.admins
@limited("staff_write")
def staff_board_archive(request: FanRequest, pk: int) -> HttpResponse:
    board = _board(request, pk)
    if actions.archive_board(board=board, actor=request.user, at=clock.now()):
        messages.success(
            request,
            _("“%(name)s” is archived: it can be read, and nobody can write there.")
            % {"name": board},
            extra_tags=f"undo:/staff/boards/{pk}/archive/withdrawal/",
        )
    return redirect("staff_boards")


@require_POST
@policy.admins
@limited("staff_write")
def staff_board_archive_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    board = _board(request, pk)
    if actions.reopen_board(board=board, actor=request.user, at=clock.now()):
        messages.success(request, _("“%(name)s” is open again.") % {"name": board})
    return redirect("staff_boards")


def _board(request: HttpRequest, pk: int) -> Board:
    return get_object_or_404(Board.objects.visible_to(request.user), pk=pk)


def _form_page(request: HttpRequest, form: BoardForm, board: Board | None) -> HttpResponse:
    return render(
        request,
        "threads/desk/board.html",
        {"form": form, "board": board},
        status=422 if form.errors else 200,
    )
