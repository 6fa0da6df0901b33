from django.urls import URLPattern, path

from fans.places import views

urlpatterns: list[URLPattern] = [path("places/", views.places, name="places")]
