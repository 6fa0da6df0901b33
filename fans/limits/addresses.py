from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The network address whose acts are added up: IPv4 whole, IPv6 by its /64.

    Only our own proxies (`TRUSTED_PROXIES` of them) are believed: each appends the address it
    was called from to X-Forwarded-For, so what stands further to the left anybody can make up.
    """
    called_from = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        believed = [entry.strip() for entry in forwarded[-settings.TRUSTED_PROXIES :]]
        return _network_of(believed[0]) or _network_of(called_from) or "0.0.0.0"  # noqa: S104
    return _network_of(called_from) or "0.0.0.0"  # noqa: S104 - a socket without an address


def _network_of(text: str) -> str:
    try:
        address = ip_address(_without_port(text).partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        # One household holds 2^64 addresses.
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
