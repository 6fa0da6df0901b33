from django.urls import URLPattern, path

from fans.profiles import views

urlpatterns: list[URLPattern] = [path("fans/<str:handle>/", views.fan, name="fan")]
