import structlog
from celery import shared_task

from community.screening.rules import releases_by_themselves
from community.threads import actions, earning
from community.threads.models import Post
from fans import clock

AT_ONCE = 200

logger = structlog.get_logger(__name__)


@shared_task
def publish_waiting_posts() -> None:
    """Let first posts appear whose time has come (A1), unless too many wait at once.

    One transaction each, and each asked again under its lock: delivered twice, in any order
    or at once, every post appears once. A bad row does not hold up the rest.
    """
    at = clock.now()
    if not releases_by_themselves(Post.objects.waiting().count()):
        return
    for post in Post.objects.due(at).order_by("release_at", "pk")[:AT_ONCE]:
        try:
            actions.release_waiting(post=post, at=at)
        except Exception:
            logger.exception("waiting post not released", post=post.pk)


@shared_task
def count_posts_that_were_answered() -> None:
    """A post that stood for a day and that somebody else answered or marked earns its point."""
    at = clock.now()
    for post in earning.posts_to_count(at):
        try:
            actions.count_post(post=post, at=at)
        except Exception:
            logger.exception("post not counted", post=post.pk)
