"""Pictures: coming in, and going out to whoever may see what they hang on."""

from http import HTTPStatus

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.threads.actions.words import with_pictures
from community.threads.pictures import is_public, shown_to
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.images.actions import ImageRefused, store_image
from fans.limits import limited


@require_safe
@policy.anyone
def image(request: HttpRequest, key: str, extension: str) -> HttpResponseBase:
    picture = get_object_or_404(shown_to(request.user), key=key)
    if extension != picture.extension:
        raise Http404
    response = FileResponse(
        picture.file.open("rb"),
        content_type=picture.content_type,
        filename=f"{picture.key}.{picture.extension}",
    )
    # An hour, not for ever: a picture that is hidden must leave the caches between us.
    response["Cache-Control"] = (
        "public, max-age=3600, immutable" if is_public(picture) else "private, no-store"
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
@policy.writers
@limited("upload")
def image_upload(request: FanRequest) -> JsonResponse:
    """Where a script sends one picture while the text is still being written."""
    upload = request.FILES.get("picture")
    if upload is None:
        return _refused(_("Choose a picture first."))
    try:
        picture = store_image(upload=upload, owner=request.user, at=clock.now())
    except ImageRefused as refusal:
        return _refused(str(refusal))
    return JsonResponse(
        {
            "url": picture.get_absolute_url(),
            "markdown": with_pictures("", [picture], request.POST.get("description", "")),
            "width": picture.width,
            "height": picture.height,
        },
        status=HTTPStatus.CREATED,
    )


def _refused(sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=HTTPStatus.BAD_REQUEST)
