from django.urls import include, path

urlpatterns = [
    path("", include("fans.accounts.urls")),
    path("", include("fans.digests.urls")),
    path("", include("fans.mail.urls")),
    path("", include("fans.measures.urls")),
    path("", include("fans.notifications.urls")),
    path("", include("fans.places.urls")),
    path("", include("fans.profiles.urls")),
    path("", include("fans.site.urls")),
    path("", include("fans.tiers.urls")),
]
