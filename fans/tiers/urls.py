from django.urls import URLPattern, path

from fans.tiers import views

urlpatterns: list[URLPattern] = [
    path("staff/people/", views.staff_people, name="staff_people"),
    path("staff/people/<int:pk>/", views.staff_person, name="staff_person"),
    path("staff/people/<int:pk>/role/", views.staff_person_role, name="staff_person_role"),
]
