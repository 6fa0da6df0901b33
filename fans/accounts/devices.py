"""«Firefox on Android» instead of a line of versions: enough to recognise one's own devices."""

from django.utils.translation import gettext as _

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
