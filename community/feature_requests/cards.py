"""How a wish looks where its address is shared."""

from django.conf import settings

from community.feature_requests.models import FeatureRequest
from community.threads.models import State
from fans.accounts.models import Reader


def card_of(wish: FeatureRequest, reader: Reader, path: str, words: str) -> dict[str, str]:
    """For those who come without an account, as machines do; nothing of what is not public."""
    if reader.is_authenticated or wish.thread.state != State.PUBLISHED:
        return {}
    return {"canonical": settings.SITE_URL + path, "excerpt": words or wish.thread.title}
