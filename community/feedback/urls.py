from django.urls import path

from community.feedback import views

urlpatterns = [
    path("feedback/new/", views.feedback_new, name="feedback_new"),
    path("feedback/similar/", views.feedback_similar, name="feedback_similar"),
    path("feedback/<int:pk>/", views.feedback_item, name="feedback_item"),
    path("feedback/<int:pk>/me-too/", views.feedback_me_too, name="feedback_me_too"),
    path(
        "feedback/<int:pk>/me-too/withdrawal/",
        views.feedback_me_too_withdrawal,
        name="feedback_me_too_withdrawal",
    ),
    path("feedback/<int:pk>/verdict/", views.feedback_verdict, name="feedback_verdict"),
    path("feedback/<int:pk>/pictures/<slug:key>/", views.feedback_picture, name="feedback_picture"),
    path("me/feedback/", views.my_feedback, name="my_feedback"),
    path("staff/feedback/", views.staff_feedback, name="staff_feedback"),
    path("staff/feedback/departments/", views.staff_departments, name="staff_departments"),
    path(
        "staff/feedback/departments/naming/",
        views.staff_departments_naming,
        name="staff_departments_naming",
    ),
    path("staff/feedback/<int:pk>/", views.staff_feedback_item, name="staff_feedback_item"),
    path("staff/feedback/<int:pk>/log/", views.staff_feedback_log, name="staff_feedback_log"),
    path(
        "staff/feedback/<int:pk>/triage/", views.staff_feedback_triage, name="staff_feedback_triage"
    ),
    path("staff/feedback/<int:pk>/steps/", views.staff_feedback_step, name="staff_feedback_step"),
    path(
        "staff/feedback/<int:pk>/request/",
        views.staff_feedback_request,
        name="staff_feedback_request",
    ),
    path(
        "staff/feedback/<int:pk>/confirmation/",
        views.staff_feedback_confirmation,
        name="staff_feedback_confirmation",
    ),
    path(
        "staff/feedback/<int:pk>/confirmation/withdrawal/",
        views.staff_feedback_confirmation_withdrawal,
        name="staff_feedback_confirmation_withdrawal",
    ),
    path(
        "staff/feedback/<int:pk>/hiding/", views.staff_feedback_hiding, name="staff_feedback_hiding"
    ),
    path(
        "staff/feedback/<int:pk>/hiding/withdrawal/",
        views.staff_feedback_hiding_withdrawal,
        name="staff_feedback_hiding_withdrawal",
    ),
    path("staff/intake/", views.staff_intake, name="staff_intake"),
    path("staff/intake/creation/", views.staff_intake_creation, name="staff_intake_creation"),
    path("staff/intake/<int:pk>/", views.staff_intake_batch, name="staff_intake_batch"),
    path("staff/intake/<int:pk>/forms/", views.staff_intake_form, name="staff_intake_form"),
    path(
        "staff/intake/<int:pk>/forms/<int:item>/removal/",
        views.staff_intake_form_removal,
        name="staff_intake_form_removal",
    ),
    path(
        "staff/intake/<int:pk>/handing-in/",
        views.staff_intake_handing_in,
        name="staff_intake_handing_in",
    ),
    path(
        "staff/intake/<int:pk>/acceptance/",
        views.staff_intake_acceptance,
        name="staff_intake_acceptance",
    ),
    path("staff/intake/<int:pk>/refusal/", views.staff_intake_refusal, name="staff_intake_refusal"),
]
