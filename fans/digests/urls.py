from django.urls import path

from fans.digests import views

urlpatterns = [
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path(
        "unsubscribe/<str:token>/withdrawal/",
        views.unsubscribe_withdrawal,
        name="unsubscribe_withdrawal",
    ),
    path("staff/digests/", views.staff_digests, name="staff_digests"),
    path("staff/digests/<int:pk>/arrival/", views.letter_arrival, name="letter_arrival"),
    path("staff/digests/<int:pk>/sending/", views.letter_sending, name="letter_sending"),
]
