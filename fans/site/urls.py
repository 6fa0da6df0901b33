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
    path("staff/rest-weeks/", views.staff_rest_weeks, name="staff_rest_weeks"),
    path(
        "staff/rest-weeks/announcing/",
        views.staff_rest_week_announcing,
        name="staff_rest_week_announcing",
    ),
    path(
        "staff/rest-weeks/<int:pk>/withdrawal/",
        views.staff_rest_week_withdrawal,
        name="staff_rest_week_withdrawal",
    ),
    path("staff/site/", views.staff_site, name="staff_site"),
    path("staff/site/identity/", views.staff_site_identity, name="staff_site_identity"),
]
