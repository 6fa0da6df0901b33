from django.urls import URLPattern, path

from community.importers import views

urlpatterns: list[URLPattern] = [
    path("fans/<str:handle>/claim/", views.claim_account, name="claim_account"),
    path("staff/claims/", views.staff_claims, name="staff_claims"),
    path("staff/claims/<int:pk>/joining/", views.claim_joining, name="claim_joining"),
    path("staff/claims/<int:pk>/refusal/", views.claim_refusal, name="claim_refusal"),
]
