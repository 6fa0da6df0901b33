"""«Firefox on Android» instead of a line of versions: enough to recognise one's own devices."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from fans.accounts.models import Fan

SESSIONS_SHOWN = 50

# The first that fits counts: Edge says it is Chrome, Chrome says it is Safari.
_BROWSERS = (
    *(("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR", "Opera"), ("Vivaldi", "Vivaldi")),
    *(("SamsungBrowser", "Samsung Internet"), ("UCBrowser", "UC"), ("QQBrowser", "QQ")),
    *(("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome")),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    *(("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Windows", "Windows"), ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


def device_name(user_agent: str) -> str:
    """In the active language; what is not recognised is called by its own first words."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:40].strip() or _("Unknown device")


def open_sessions(fan: Fan, at: datetime) -> list[dict[str, object]]:
    """The newest that are still open, in two questions however many there are."""
    unexpired = Session.objects.filter(expire_date__gt=at)
    newest = list(
        UserSession.objects.filter(
            user=fan, session_key__in=unexpired.values("session_key")
        ).order_by("-created_at", "-pk")[:SESSIONS_SHOWN]
    )
    valid = {fan.get_session_auth_hash(), *fan.get_session_auth_fallback_hash()}
    # Sessions opened before a new password or a ban have ended, though their rows are there.
    still_open = {
        session.session_key
        for session in unexpired.filter(pk__in=[session.session_key for session in newest])
        if session.get_decoded().get(HASH_SESSION_KEY) in valid
    }
    return [
        {
            "pk": session.pk,
            "device": device_name(session.user_agent),
            "ip": session.ip,
            "created_at": session.created_at,
            "is_current": session.is_current(),
        }
        for session in newest
        if session.session_key in still_open
    ]
