"""What OIDC_PROVIDERS says, as allauth wants it."""

import json

from django.core.exceptions import ImproperlyConfigured

_KEYS = {"id", "name", "client_id", "secret", "server_url"}


def oidc_apps(text: str) -> list[dict[str, object]]:
    """Raises ImproperlyConfigured when the text is no JSON list of complete providers."""
    if not text.strip():
        return []
    try:
        providers = json.loads(text)
        complete = all(set(provider) == _KEYS for provider in providers)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS is not a JSON list: {error}") from error
    if not complete:
        raise ImproperlyConfigured(
            f"Each entry of OIDC_PROVIDERS has exactly these keys: {', '.join(sorted(_KEYS))}."
        )
    return [
        {
            "provider_id": provider["id"],
            "name": provider["name"],
            "client_id": provider["client_id"],
            "secret": provider["secret"],
            "settings": {"server_url": provider["server_url"]},
        }
        for provider in providers
    ]
