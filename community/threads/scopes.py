"""The boards a moderator can be put in charge of (settings.MODERATION_SCOPES)."""

from community.threads.models import Board


def boards() -> list[tuple[str, str]]:
    return [(f"board:{board.pk}", str(board)) for board in Board.objects.order_by("name", "pk")]
