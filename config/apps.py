from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registers them


class OurAdminConfig(AdminConfig):
    default_site = "config.admin.OurAdminSite"

    def ready(self) -> None:
        super().ready()
        from allauth.mfa.models import Authenticator
        from allauth.socialaccount.models import SocialApp, SocialToken
        from allauth.usersessions.models import UserSession
        from django.contrib import admin
        from django.contrib.auth.models import Group

        from config.admin import only_look

        # Sessions: its search asks for a column our people do not have. The others hold secrets,
        # or nothing that this site uses.
        admin.site.unregister([UserSession, Authenticator, SocialApp, SocialToken, Group])
        only_look(admin.site)
