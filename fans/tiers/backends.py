from allauth.account.auth_backends import AuthenticationBackend

from fans.accounts.models import Fan


class StandingBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in; whoever is signed in arrives with their standing, in one query."""

    def get_user(self, user_id: int) -> Fan | None:
        fan = (
            Fan.objects.get_queryset()
            .select_related("standing", "avatar")
            .filter(pk=user_id)
            .first()
        )
        return fan if fan is not None and self.user_can_authenticate(fan) else None
