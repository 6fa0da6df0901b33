from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community import markdown
from community.feature_requests.indexing import write_down
from community.feature_requests.models import FeatureRequest, Stage, Status, StatusChange
from community.products.models import Product, Tag
from community.threads.actions import open_companion, say_what_it_is_about
from community.threads.models import ThreadKind
from fans.accounts.models import Fan


def file_request(
    *,
    author: Fan,
    product: Product,
    title: str,
    problem: str,
    proposal: str = "",
    stage: str = Stage.DESIGN,
    tags: Collection[Tag] = (),
    submission_key: str | None = None,
    at: datetime,
) -> FeatureRequest:
    """Ask for something, at once or waiting for a moderator like any other words (A1).

    Its thread opens with the same words. Sending the same form twice gives the same wish (C3).
    Refuses as `community.threads.actions.start_thread` does.
    """
    source = f"{problem}\n\n**{_('What I propose')}**\n\n{proposal}" if proposal else problem
    try:
        return _file(
            author=author,
            title=title,
            source=source,
            tags=tags,
            submission_key=submission_key or None,
            at=at,
            product=product,
            problem=problem,
            proposal=proposal,
            stage=stage,
        )
    except IntegrityError:
        if made := _of_form(author, submission_key):
            return made
        raise


@transaction.atomic
def _file(
    *,
    author: Fan,
    title: str,
    source: str,
    tags: Collection[Tag],
    submission_key: str | None,
    at: datetime,
    **words: Any,
) -> FeatureRequest:
    thread = open_companion(
        kind=ThreadKind.REQUEST,
        author=author,
        title=title,
        source=source,
        submission_key=submission_key,
        at=at,
    )
    if made := FeatureRequest.objects.filter(thread=thread).first():
        return made
    wish = FeatureRequest.objects.create(
        thread=thread,
        author=author,
        title=title,
        language=markdown.language_of(source),
        status_at=at,
        created_at=at,
        submission_key=submission_key,
        **words,
    )
    wish.tags.set(tags)
    _begin(wish)
    return wish


def _begin(wish: FeatureRequest) -> None:
    """Everything that is true of a wish from its first moment."""
    at = wish.created_at
    say_what_it_is_about(thread=wish.thread, url=wish.get_absolute_url())
    StatusChange.objects.create(
        feature_request=wish, became=Status.SUBMITTED, actor=wish.author, changed_at=at
    )
    write_down([wish])


def _of_form(author: Fan, submission_key: str | None) -> FeatureRequest | None:
    if not submission_key:
        return None
    return FeatureRequest.objects.filter(author=author, submission_key=submission_key).first()
