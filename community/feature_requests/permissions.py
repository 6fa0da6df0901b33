from community.feature_requests.models import FeatureRequest
from community.threads.models import State
from fans.accounts.models import Fan, Reader


def casts_votes(reader: Reader) -> bool:
    """Staff and admins cast no votes (spec §1)."""
    return isinstance(reader, Fan) and not reader.is_staff


def may_triage(reader: Reader, feature_request: FeatureRequest) -> bool:
    """Sort, ask for more, merge: staff, and moderators in whose scope its thread is, but for
    their own wishes.
    """
    if not isinstance(reader, Fan) or not reader.moderates_anything:
        return False
    if reader.is_staff:
        return True
    scopes = reader.moderation_scopes
    in_scope = "site" in scopes or f"board:{feature_request.thread.board_id}" in scopes
    return in_scope and feature_request.author_id != reader.pk


def may_answer(reader: Reader) -> bool:
    """Plan, decline, report progress: the company's own to say (spec §1)."""
    return isinstance(reader, Fan) and reader.is_staff


def may_withdraw(reader: Reader, feature_request: FeatureRequest) -> bool:
    """Its author, while hardly anybody else stands behind it; asked again under the lock."""
    return (
        feature_request.author_id == reader.pk
        and feature_request.takes_votes
        and feature_request.vote_count <= 1
        and feature_request.thread.state == State.PUBLISHED
    )
