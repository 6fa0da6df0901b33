"""What a machine reads of a thread: schema.org's DiscussionForumPosting."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from community.threads.models import Thread

_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def discussion(thread: Thread, text: str, site: str) -> SafeString:
    """JSON-LD, safe inside a script element: a data block, which no policy has to allow."""
    author: dict[str, Any] = {"@type": "Person", "name": gettext("deleted fan")}
    if thread.author.erased_at is None:
        author["name"] = thread.author.display_name
        author["url"] = site + thread.author.get_absolute_url()
    address = site + thread.get_absolute_url()
    facts = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "@id": address,
        "url": address,
        "headline": thread.title,
        "text": text,
        "inLanguage": thread.language,
        "author": author,
        "datePublished": thread.created_at.isoformat(timespec="seconds"),
        "dateModified": thread.last_post_at.isoformat(timespec="seconds"),
        "commentCount": thread.reply_count,
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/CommentAction",
            "userInteractionCount": thread.reply_count,
        },
    }
    return mark_safe(json.dumps(facts, ensure_ascii=False).translate(_ESCAPES))
