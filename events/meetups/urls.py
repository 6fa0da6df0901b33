from django.urls import path

from events.meetups import views

urlpatterns = [
    path("cities/", views.cities, name="cities"),
    path("cities/<slug:slug>/", views.city, name="city"),
    path("meetups/", views.meetups, name="meetups"),
    path("meetups/new/", views.meetup_new, name="meetup_new"),
    path("meetups/mine/", views.my_plans, name="my_plans"),
    path("meetups/<int:pk>/edit/", views.meetup_edit, name="meetup_edit"),
    path("meetups/<int:pk>/submission/", views.meetup_submission, name="meetup_submission"),
    path("meetups/<int:pk>/announcement/", views.meetup_announcement, name="meetup_announcement"),
    path("meetups/<int:pk>/cancellation/", views.meetup_cancellation, name="meetup_cancellation"),
    path("meetups/<int:pk>/postponement/", views.meetup_postponement, name="meetup_postponement"),
    path("meetups/<int:pk>/venue/", views.meetup_venue, name="meetup_venue"),
    path("meetups/<int:pk>/calendar.ics", views.meetup_calendar, name="meetup_calendar"),
    path("staff/meetups/", views.staff_meetups, name="staff_meetups"),
    path(
        "staff/meetups/<int:pk>/approval/",
        views.staff_meetup_approval,
        name="staff_meetup_approval",
    ),
    path("staff/meetups/<int:pk>/return/", views.staff_meetup_return, name="staff_meetup_return"),
]
