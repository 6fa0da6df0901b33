from django.urls import path

from fans.notifications import views

urlpatterns = [
    path("me/inbox/", views.notices, name="inbox"),
    path("me/inbox/reading/", views.reading, name="inbox_reading"),
    path("me/inbox/reading/withdrawal/", views.reading_withdrawal, name="inbox_reading_withdrawal"),
    path("me/inbox/<int:pk>/", views.notice, name="notice"),
    path("me/settings/notifications/", views.settings_notifications, name="settings_notifications"),
]
