from django.urls import path

from events.chapters import views

urlpatterns = [
    path("cities/<slug:slug>/membership/", views.city_membership, name="city_membership"),
    path(
        "cities/<slug:slug>/membership/withdrawal/",
        views.city_membership_withdrawal,
        name="city_membership_withdrawal",
    ),
    path("cities/<slug:slug>/revival/", views.city_revival, name="city_revival"),
    path("cities/<slug:slug>/hosts/", views.city_hosts, name="city_hosts"),
    path("cities/<slug:slug>/hosts/<int:pk>/end/", views.city_host_end, name="city_host_end"),
    path("staff/cities/", views.staff_cities, name="staff_cities"),
]
