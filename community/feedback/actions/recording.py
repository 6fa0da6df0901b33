"""What somebody said by telephone, in a shop, elsewhere on the net or at a meetup (spec §6)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from community.feature_requests.actions import add_offline_support
from community.feature_requests.models import FeatureRequest
from community.feedback.actions.filing import Said, written
from community.feedback.models import Channel, FeedbackItem, ItemState, ItemStep
from community.threads.actions.screening import lock_author
from community.threads.actions.words import prepare
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.places.models import Place

CHANNELS = [Channel.HOTLINE, Channel.SHOP, Channel.SOCIAL, Channel.MEETUP]


@transaction.atomic
def record_told(
    *,
    said: Said,
    channel: Channel,
    recorder: Fan,
    at: datetime,
    place: Place | None = None,
    consents: bool = False,
    wishes: Sequence[FeatureRequest] = (),
    submission_key: str | None = None,
) -> FeedbackItem:
    """Write down what a person said who is not online: no name, and a place only as they agreed.

    The wishes they support gain a voice each beside the votes (F3). The same form sent twice is
    one item (C3). Read by staff and whoever wrote it down, and in no figure of a week.
    """
    if channel not in CHANNELS:
        raise ValueError(channel)
    supported = _lock_wishes(wishes)  # before any fan
    writer = lock_author(recorder, at)
    if submission_key and (known := _of_form(writer, submission_key)):
        return known
    item = FeedbackItem.objects.create(
        channel=channel,
        recorder=writer,
        **{**written(said, prepare(said.words).language, at), "is_public": False},
        place=place if consents else None,
        consents=consents,
        paper={"wishes": [wish.pk for wish in supported]},
        submission_key=submission_key,
    )
    ItemStep.objects.create(item=item, became=ItemState.NEW, actor=writer, happened_at=at)
    for wish in supported:
        add_offline_support(feature_request=wish, count=1, at=at, key=item.subject)
    record(
        actor=writer, verb="feedback recorded", subject=item.subject, at=at, channel=channel.value
    )
    return item


def _lock_wishes(wishes: Sequence[FeatureRequest]) -> list[FeatureRequest]:
    shown = {wish.shown_as_id or wish.pk for wish in wishes}
    rows = FeatureRequest.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(pk__in=shown).order_by("pk"))


def _of_form(writer: Fan, key: str) -> FeedbackItem | None:
    own = FeedbackItem.objects.filter(recorder=writer.pk, reporter=None, submission_key=key)
    return own.first()
