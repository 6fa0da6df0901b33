"""What came with the form: pictures are stored at once, so none is lost while one mends a field."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from community.feedback import actions
from community.feedback.forms import FeedbackForm
from community.feedback.models import FeedbackItem
from community.threads.actions.refusals import MayNotWrite
from community.threads.forms import PICTURES_AT_ONCE
from fans import clock
from fans.accounts.models import FanRequest
from fans.images.actions import ImageRefused, store_image
from fans.limits import TooMany, spend


def filled(request: FanRequest) -> FeedbackForm:
    data = request.POST.copy()
    keys, refusals = _stored(request, request.FILES.getlist("pictures"))
    data.setlist("kept", [*data.getlist("kept"), *keys][:PICTURES_AT_ONCE])
    form = FeedbackForm(data, request.FILES, reporter=request.user)
    for refusal in refusals:
        form.add_error("pictures", refusal)
    return form


def _stored(request: FanRequest, uploads: list[UploadedFile[Any]]) -> tuple[list[str], list[str]]:
    keys: list[str] = []
    refusals: list[str] = []
    if len(uploads) > PICTURES_AT_ONCE:
        return keys, refusals  # the form says so
    for upload in uploads:
        try:
            spend("upload", request.user, clock.now())
            keys.append(store_image(upload=upload, owner=request.user, at=clock.now()).key)
        except ImageRefused as refusal:
            refusals.append(f"{upload.name}: {refusal}")
        except TooMany:
            refusals.append(_("That is many pictures in a short time. Try again in some minutes."))
            break
    return keys, refusals


def filed(request: FanRequest, form: FeedbackForm) -> FeedbackItem | None:
    """The item that came of the form, or None and the form says why not."""
    clean = form.cleaned_data
    log = actions.store_log(clean["log"]) if clean["log"] else None
    item = None
    try:
        item = actions.file_feedback(
            said=form.said,
            reporter=request.user,
            at=clock.now(),
            submission_key=clean["submission_key"],
            pictures=list(clean["kept"]),
            log=log,
        )
    except MayNotWrite as refusal:
        form.add_error(None, refusal.reason)
    finally:
        if log is not None and (item is None or item.log_file.name != log.path):
            actions.discard_log(log)  # refused, or the same form sent before
    return item
