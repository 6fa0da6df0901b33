from django.urls import path

from events.rsvps import views

urlpatterns = [
    path("meetups/<int:pk>/rsvp/", views.meetup_rsvp, name="meetup_rsvp"),
    path("meetups/<int:pk>/rsvp/seat/", views.meetup_rsvp_seat, name="meetup_rsvp_seat"),
    path("meetups/<int:pk>/rsvp/guests/", views.meetup_rsvp_guests, name="meetup_rsvp_guests"),
    path(
        "meetups/<int:pk>/rsvp/cancellation/",
        views.meetup_rsvp_cancellation,
        name="meetup_rsvp_cancellation",
    ),
    path(
        "meetups/<int:pk>/rsvp/cancellation/withdrawal/",
        views.meetup_rsvp_cancellation_withdrawal,
        name="meetup_rsvp_cancellation_withdrawal",
    ),
    path("meetups/<int:pk>/ticket/", views.meetup_ticket, name="meetup_ticket"),
    path("meetups/<int:pk>/manage/", views.meetup_manage, name="meetup_manage"),
    path("meetups/<int:pk>/capacity/", views.meetup_capacity, name="meetup_capacity"),
    path("meetups/<int:pk>/date/", views.meetup_date, name="meetup_date"),
]
