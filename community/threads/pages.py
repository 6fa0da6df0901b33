"""A thread page by page.

A page is a fixed window of floors, so every page, however deep, is one step down an index, and
the address of a post follows from its number.
"""

from community.threads.models import Thread

POSTS_PER_PAGE = 25


def page_of(floor: int) -> int:
    return (max(floor, 1) - 1) // POSTS_PER_PAGE + 1


def floors_of(page: int) -> tuple[int, int]:
    """First and last floor of a page."""
    return (page - 1) * POSTS_PER_PAGE + 1, page * POSTS_PER_PAGE


def page_query(page: int) -> str:
    return f"?page={page}" if page > 1 else ""


def page_address(thread: Thread, page: int) -> str:
    return thread.get_absolute_url() + page_query(page)


def address_of(thread: Thread, floor: int) -> str:
    """Where a floor stands: its page and its anchor."""
    return f"{page_address(thread, page_of(floor))}#p{floor}"


def first_unread_address(thread: Thread, read_floor: int) -> str:
    return f"{page_address(thread, page_of(read_floor + 1))}#first-unread"
