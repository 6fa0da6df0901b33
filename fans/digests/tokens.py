"""The address that stops the letter without signing in. It holds a number, and no secret of it."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from fans.accounts.models import Fan

_SALT = "fans.digests.unsubscribe"


def token_of(fan: Fan) -> str:
    return signing.Signer(salt=_SALT).sign(str(fan.pk))


def fan_of(token: str) -> Fan | None:
    """Who the letter went to; None for a token we never made, or an account that has ended."""
    try:
        number = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    fan = Fan.objects.get_queryset().filter(pk=number).first()
    return fan if fan is not None and fan.is_active and fan.email else None


def unsubscribe_address(fan: Fan) -> str:
    return settings.SITE_URL + reverse("unsubscribe", args=[token_of(fan)])
