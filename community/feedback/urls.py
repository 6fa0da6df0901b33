from django.urls import path

from community.feedback import views

urlpatterns = [
    path("feedback/", views.feedback_list, name="feedback_list"),
    path("feedback/new/", views.feedback_new, name="feedback_new"),
    path("feedback/similar/", views.feedback_similar, name="feedback_similar"),
    path("feedback/<int:pk>/", views.feedback_item, name="feedback_item"),
    path("feedback/<int:pk>/me-too/", views.feedback_me_too, name="feedback_me_too"),
    path(
        "feedback/<int:pk>/me-too/withdrawal/",
        views.feedback_me_too_withdrawal,
        name="feedback_me_too_withdrawal",
    ),
    path("feedback/<int:pk>/publication/", views.feedback_publication, name="feedback_publication"),
    path(
        "feedback/<int:pk>/publication/withdrawal/",
        views.feedback_publication_withdrawal,
        name="feedback_publication_withdrawal",
    ),
    path("feedback/<int:pk>/verdict/", views.feedback_verdict, name="feedback_verdict"),
    path("feedback/<int:pk>/pictures/<slug:key>/", views.feedback_picture, name="feedback_picture"),
    path("me/feedback/", views.my_feedback, name="my_feedback"),
    path("staff/feedback/", views.staff_feedback, name="staff_feedback"),
    path("staff/feedback/new/", views.staff_feedback_new, name="staff_feedback_new"),
    path("staff/feedback/triage/", views.staff_feedback_bulk, name="staff_feedback_bulk"),
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
        "staff/feedback/<int:pk>/publication/",
        views.staff_feedback_publication,
        name="staff_feedback_publication",
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
    path("staff/intake/template.csv", views.staff_intake_template, name="staff_intake_template"),
    path("staff/intake/creation/", views.staff_intake_creation, name="staff_intake_creation"),
    path("staff/intake/<int:pk>/", views.staff_intake_batch, name="staff_intake_batch"),
    path("staff/intake/<int:pk>/forms/", views.staff_intake_form, name="staff_intake_form"),
    path(
        "staff/intake/<int:pk>/forms/<int:item>/removal/",
        views.staff_intake_form_removal,
        name="staff_intake_form_removal",
    ),
    path(
        "staff/intake/<int:pk>/forms/<int:item>/removal/withdrawal/",
        views.staff_intake_form_removal_withdrawal,
        name="staff_intake_form_removal_withdrawal",
    ),
    path("staff/intake/<int:pk>/file/", views.staff_intake_file, name="staff_intake_file"),
    path("staff/intake/<int:pk>/import/", views.staff_intake_import, name="staff_intake_import"),
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
