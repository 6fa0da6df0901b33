from django.urls import path

from fans.site import views

urlpatterns = [
    path("staff/holidays/", views.staff_holidays, name="staff_holidays"),
    path("staff/holidays/noting/", views.staff_holiday_noting, name="staff_holiday_noting"),
    path(
        "staff/holidays/<int:pk>/removal/",
        views.staff_holiday_removal,
        name="staff_holiday_removal",
    ),
    path("staff/site/", views.staff_site, name="staff_site"),
    path("staff/site/identity/", views.staff_site_identity, name="staff_site_identity"),
]
