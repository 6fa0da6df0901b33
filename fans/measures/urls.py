from django.urls import path

from fans.measures import views

urlpatterns = [
    path("staff/pulse/", views.pulse, name="staff_pulse"),
    path("share-visits/", views.share_visit, name="share_visits"),
]
