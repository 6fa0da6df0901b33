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
        from allauth.usersessions.models import UserSession
        from django.contrib import admin

        # Its search asks for a column our people do not have; sessions are ended on our own pages.
        admin.site.unregister(UserSession)
