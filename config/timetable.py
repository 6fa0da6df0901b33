"""The timetable of the worker: which sweep how often, in seconds.

Each sweep computes what is due from the database, so a beat that comes late or twice does no harm.
"""

from typing import Any


def _every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds}


TIMETABLE = {
    "sign of life": _every(60, "config.tasks.note_worker_is_alive"),
    "send queued mail": _every(20, "fans.mail.tasks.send_queued_mail"),
    "forget old mail": _every(3600, "fans.mail.tasks.forget_old_mail"),
    "forget expired sessions": _every(3600, "fans.accounts.tasks.forget_expired_sessions"),
    "discard unused images": _every(3600, "fans.images.tasks.discard_unused_images"),
    "make issues": _every(60, "fans.digests.tasks.make_issues"),
    "send letters": _every(60, "fans.digests.tasks.send_letters"),
    "count active fans": _every(1800, "fans.ledger.tasks.count_active_fans"),
    "spread events": _every(20, "fans.notifications.tasks.spread_events"),
    "keep measures": _every(600, "config.tasks.keep_measures"),
    "run tiers": _every(60, "fans.tiers.tasks.run_tiers"),
    "keep tier dates": _every(600, "fans.tiers.tasks.keep_tier_dates"),
    "count young votes": _every(60, "community.feature_requests.tasks.count_young_votes"),
    "follow questions": _every(60, "community.feature_requests.tasks.follow_questions"),
    "follow edited titles": _every(60, "community.feature_requests.tasks.follow_edited_titles"),
    "index wishes": _every(60, "community.feature_requests.tasks.index_wishes"),
    "release first feedback": _every(60, "community.feedback.tasks.release_first_words"),
    "move weeks on": _every(60, "community.fridays.tasks.move_weeks_on"),
    "show flagged posts again": _every(300, "community.moderation.tasks.show_flagged_posts_again"),
    "let lone bans stand": _every(600, "community.moderation.tasks.let_lone_bans_stand"),
    "count posts that were answered": _every(
        1800, "community.threads.tasks.count_posts_that_were_answered"
    ),
    "publish waiting posts": _every(60, "community.threads.tasks.publish_waiting_posts"),
    "end terms of hosts": _every(60, "events.chapters.tasks.end_terms_of_hosts"),
    "let idle chapters sleep": _every(3600, "events.chapters.tasks.let_idle_chapters_sleep"),
    "settle meetups": _every(600, "events.check_ins.tasks.settle_meetups"),
    "ask how meetups were": _every(600, "events.check_ins.tasks.ask_how_meetups_were"),
    "thank organisers": _every(600, "events.check_ins.tasks.thank_organisers"),
    "carry meetups along": _every(60, "events.meetups.tasks.carry_meetups_along"),
    "move waiting lists": _every(60, "events.rsvps.tasks.move_waiting_lists"),
    "remind of meetups": _every(60, "events.rsvps.tasks.remind_of_meetups"),
}
