from celery import shared_task

from fans import clock
from fans.accounts import actions

AT_ONCE = 500
MOST_AN_HOUR = 20_000  # what is left over waits for the next sweep


@shared_task
def forget_expired_sessions() -> None:
    at = clock.real_now()  # cookies run out by the browser's clock
    for _ in range(MOST_AN_HOUR // AT_ONCE):
        if actions.forget_expired_sessions(at=at, at_most=AT_ONCE) < AT_ONCE:
            break
