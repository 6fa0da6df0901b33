"""What concerned somebody in the week and they have not seen (settings.DIGEST_SECTIONS).

Here and not with the notices, because that room lies below the letters and knows none.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from fans.accounts.models import Fan
from fans.digests.letters import SUBJECT_LENGTH
from fans.digests.sections import Section
from fans.notifications.inbox import lines_of
from fans.notifications.models import Notice

SHOWN = 10


def unread_notices(reader: Fan, since: datetime, until: datetime) -> Section | None:
    """The newest of their inbox, without what they may not see any more (D3)."""
    mine = Notice.objects.visible_to(reader).unread()
    of_week = mine.filter(created_at__gte=since, created_at__lt=until).select_related("event")
    lines = lines_of(of_week.newest_first()[: SHOWN + 1], reader)
    if not lines:
        return None
    first = lines[0].words
    return Section(
        title=_("What concerned you"),
        template="digests/unread.html",
        context={"lines": lines[:SHOWN], "has_more": len(lines) > SHOWN},
        text_template="digests/unread.txt",
        headline=first if len(first) <= SUBJECT_LENGTH else "",
    )
