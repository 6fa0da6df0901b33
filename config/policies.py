"""Who may call the routes of others, declared as our own views declare it with a decorator.

Keyed by the name of a route, by its address where it has no name, or by a prefix of either that
ends in `*`; the longest key that fits counts. A route that fits none fails `bin/check`.
"""

from fans.policy import Who

THIRD_PARTY_POLICIES: dict[str, Who] = {
    # Before one is signed in
    "account_signup": Who.ANYONE,
    "account_login": Who.ANYONE,
    "account_logout": Who.ANYONE,
    "account_inactive": Who.ANYONE,
    "account_email_verification_sent": Who.ANYONE,
    "account_request_login_code": Who.ANYONE,
    "account_confirm_login_code": Who.ANYONE,
    "account_reset_password*": Who.ANYONE,
    "mfa_authenticate": Who.ANYONE,  # asks for the second factor of a sign-in that has begun
    "mfa_login_webauthn": Who.ANYONE,
    "socialaccount_signup": Who.ANYONE,
    "socialaccount_login_cancelled": Who.ANYONE,
    "socialaccount_login_error": Who.ANYONE,
    "openid_connect_*": Who.ANYONE,
    "/accounts/social/*": Who.ANYONE,  # allauth's former addresses, which only redirect
    # One's own account
    "account_email": Who.SIGNED_IN,
    "account_change_password": Who.SIGNED_IN,
    "account_set_password": Who.SIGNED_IN,
    "account_reauthenticate": Who.SIGNED_IN,
    "mfa_*": Who.SIGNED_IN,
    "usersessions_list": Who.SIGNED_IN,
    "socialaccount_connections": Who.SIGNED_IN,
    # Django's admin
    "admin:*": Who.ADMIN,
    "admin:logout": Who.ANYONE,  # whoever is signed in or not: afterwards nobody is
}


def third_party_policy(route: str) -> Who | None:
    """What is declared for a route by its full name (`admin:index`) or address; None when nothing is."""
    fitting = [
        key
        for key in THIRD_PARTY_POLICIES
        if route == key or (key.endswith("*") and route.startswith(key[:-1]))
    ]
    return THIRD_PARTY_POLICIES[max(fitting, key=len)] if fitting else None
