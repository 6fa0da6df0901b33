from django.urls import include, path

urlpatterns = [
    path("", include("community.threads.urls")),
    path("", include("community.feature_requests.urls")),
    path("", include("community.fridays.urls")),
    path("", include("community.feedback.urls")),
    path("", include("community.products.urls")),
    path("", include("community.moderation.urls")),
    path("", include("community.importers.urls")),
]
