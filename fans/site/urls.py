from django.urls import path

from fans.site import views

urlpatterns = [
    path("staff/site/", views.staff_site, name="staff_site"),
    path("staff/site/identity/", views.staff_site_identity, name="staff_site_identity"),
]
