from django.urls import path

from events.check_ins import views

urlpatterns = [
    path("meetups/<int:pk>/door/", views.meetup_door, name="meetup_door"),
    path("meetups/<int:pk>/door/check-ins/", views.meetup_check_in, name="meetup_check_in"),
    path(
        "meetups/<int:pk>/door/check-ins/<int:check_in>/undo/",
        views.meetup_check_in_undo,
        name="meetup_check_in_undo",
    ),
    path("meetups/<int:pk>/door/excuses/<int:rsvp>/", views.meetup_excuse, name="meetup_excuse"),
    path("meetups/<int:pk>/survey/", views.meetup_survey, name="meetup_survey"),
    path("meetups/<int:pk>/recap/", views.meetup_recap, name="meetup_recap"),
    path("meetups/<int:pk>/", views.meetup),
    path("meetups/<int:pk>/<str:slug>/", views.meetup, name="meetup"),  # last: any word is a slug
]
