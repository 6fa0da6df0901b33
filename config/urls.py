"""Every address of the site (spec §12)."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import dev_clock, health, staff, views, well_known
from config.measures import views as measures

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("community.urls")),  # what is read most is found first
    path("about/", views.about, name="about"),
    path("guidelines/", views.guidelines, name="guidelines"),
    path("privacy/", views.privacy, name="privacy"),
    path("preferences/", views.preferences, name="preferences"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("staff/", staff.staff_home, name="staff_home"),
    path("staff/measures/", measures.staff_measures, name="staff_measures"),
    path("staff/measures/recount/", measures.staff_measures_recount, name="staff_measures_recount"),
    path("staff/measures/csv/", measures.staff_measures_csv, name="staff_measures_csv"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security_txt"),
    path(
        ".well-known/change-password", well_known.change_password, name="well_known_change_password"
    ),
    *(
        [path("dev/clock/", dev_clock.dev_clock, name="dev_clock")]
        if settings.IN_DEVELOPMENT
        else []
    ),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("events.urls")),
    path("", include("fans.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler429 = "fans.limits.refusals.handler429"  # allauth asks for it
