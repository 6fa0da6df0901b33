from django.urls import URLPattern, path

from fans.accounts import views

urlpatterns: list[URLPattern] = [
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/skipping/", views.welcome_skipped, name="welcome_skipped"),
    path("welcome/next/", views.welcome_done, name="welcome_done"),
    path("me/settings/", views.settings, name="settings"),
    path("me/settings/preferences/", views.settings_preferences, name="settings_preferences"),
    path("me/settings/security/", views.settings_security, name="settings_security"),
    path("me/settings/security/sessions/end/", views.sessions_end, name="sessions_end"),
    path("me/settings/security/sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("me/settings/privacy/", views.settings_privacy, name="settings_privacy"),
]
