from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from community.threads.models import Board, Thread
from community.threads.rows import draw

register = template.Library()


@register.simple_tag
def thread_rows(threads: Iterable[Thread], board: Board | None = None) -> SafeString:
    return draw(threads, board)
