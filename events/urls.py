from django.urls import include, path

urlpatterns = [
    path("", include("events.meetups.urls")),
    path("", include("events.chapters.urls")),
    path("", include("events.rsvps.urls")),
    path("", include("events.check_ins.urls")),
]
