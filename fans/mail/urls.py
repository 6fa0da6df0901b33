from django.conf import settings
from django.urls import URLPattern, path

from fans.mail import views

urlpatterns: list[URLPattern] = (
    [
        path("dev/mail/", views.mailbox, name="dev_mail"),
        path("dev/mail/<int:pk>/", views.mail, name="dev_mail_one"),
        path("dev/mail/<int:pk>/page/", views.mail_page, name="dev_mail_page"),
    ]
    if settings.IN_DEVELOPMENT
    else []
)
