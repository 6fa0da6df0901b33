import pytest

from community.threads.models import Post, Thread
from tests.factories import make_fan, make_thread

pytestmark = pytest.mark.django_db


def test_factories_make_a_thread_with_replies() -> None:
    thread = make_thread(replies=3)
    assert (thread.reply_count, thread.last_floor) == (3, 4)
    assert Thread.objects.visible_to(make_fan()).get() == thread
    assert Post.objects.visible_to(make_fan()).count() == 4
