from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from community.threads.models import Board
from community.threads.rows import Row, draw

register = template.Library()


@register.simple_tag
def thread_rows(rows: Iterable[Row], board: Board | None = None) -> SafeString:
    return draw(rows, board)
