from django.urls import path

from community.fridays.views import (
    archive,
    ballot,
    building,
    calendar,
    changelog,
    complaints,
    credits,
    desk,
    launching,
    pins,
    planning,
    quotations,
    releases,
    report,
    reports,
    results,
    results_files,
    weeks,
    words,
)

# What is said of a week, and what comes of it.
_WEEK = "fridays/<slug:product>/<slug:week>"

urlpatterns = [
    path("fridays/", weeks.fridays, name="fridays"),
    path("fridays/<slug:product>/", archive.fridays_of, name="fridays_of"),
    path("feeds/fridays/", archive.feed_fridays, name="feed_fridays"),
    path(f"{_WEEK}/", weeks.cycle, name="cycle"),
    path("changelog/", changelog.changelog, name="changelog"),
    path("feeds/changelog/", changelog.feed_changelog, name="feed_changelog"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<slug:product>/<str:version>/", releases.release, name="release"),
    path("staff/fridays/", desk.staff_fridays, name="staff_fridays"),
    path(
        "staff/products/<int:pk>/calendar/",
        calendar.staff_product_calendar,
        name="staff_product_calendar",
    ),
    path(
        "staff/products/<int:pk>/calendar/change/",
        calendar.staff_product_calendar_change,
        name="staff_product_calendar_change",
    ),
    path("staff/fridays/<int:pk>/", desk.staff_week, name="staff_week"),
    path("staff/fridays/<int:pk>/skipping/", desk.staff_week_skip, name="staff_week_skip"),
    path("staff/fridays/<int:pk>/review/", desk.staff_week_review, name="staff_week_review"),
    path(
        "staff/fridays/<int:pk>/review/withdrawal/",
        desk.staff_week_review_withdrawal,
        name="staff_week_review_withdrawal",
    ),
    path("staff/fridays/<int:pk>/hold/", desk.staff_week_hold, name="staff_week_hold"),
    path(
        "staff/fridays/<int:pk>/hold/withdrawal/",
        desk.staff_week_hold_withdrawal,
        name="staff_week_hold_withdrawal",
    ),
    path(
        "staff/fridays/<int:pk>/correction/",
        desk.staff_week_correction,
        name="staff_week_correction",
    ),
    path("staff/fridays/<int:pk>/words/", words.staff_words, name="staff_words"),
    path(
        "staff/fridays/<int:pk>/words/opening/",
        words.staff_words_opening,
        name="staff_words_opening",
    ),
    path("staff/fridays/<int:pk>/quotations/", words.staff_quotation, name="staff_quotation"),
    path("staff/fridays/<int:pk>/requests/", words.staff_need_request, name="staff_need_request"),
    path(
        "staff/fridays/<int:pk>/requests/asking/",
        words.staff_need_asking,
        name="staff_need_asking",
    ),
    path(
        "staff/fridays/<int:pk>/complaints/", complaints.staff_complaints, name="staff_complaints"
    ),
    path("staff/fridays/<int:pk>/answers/", complaints.staff_answer, name="staff_answer"),
    path(
        "staff/fridays/<int:pk>/answers/<int:answer>/withdrawal/",
        complaints.staff_answer_withdrawal,
        name="staff_answer_withdrawal",
    ),
    path(
        "quotations/<int:pk>/withdrawal/",
        quotations.quotation_withdrawal,
        name="quotation_withdrawal",
    ),
    path(
        "quotations/<int:pk>/restoration/",
        quotations.quotation_restoration,
        name="quotation_restoration",
    ),
    path("staff/fridays/<int:pk>/planning/", planning.staff_planning, name="staff_planning"),
    path("staff/fridays/<int:pk>/picks/<int:wish>/", planning.staff_pick, name="staff_pick"),
    path(
        "staff/fridays/<int:pk>/picks/<int:wish>/withdrawal/",
        planning.staff_pick_withdrawal,
        name="staff_pick_withdrawal",
    ),
    path("staff/fridays/<int:pk>/plans/<int:wish>/", planning.staff_plan, name="staff_plan"),
    path(
        "staff/releases/new/<slug:product>/", building.staff_release_new, name="staff_release_new"
    ),
    path("staff/releases/<int:pk>/", launching.staff_release, name="staff_release"),
    path("staff/releases/<int:pk>/edit/", building.staff_release_edit, name="staff_release_edit"),
    path(
        "staff/releases/<int:pk>/ready/", launching.staff_release_ready, name="staff_release_ready"
    ),
    path(
        "staff/releases/<int:pk>/ready/withdrawal/",
        launching.staff_release_ready_withdrawal,
        name="staff_release_ready_withdrawal",
    ),
    path(
        "staff/releases/<int:pk>/publication/",
        launching.staff_release_publication,
        name="staff_release_publication",
    ),
    path(
        "staff/releases/<int:pk>/credits/",
        launching.staff_release_credits,
        name="staff_release_credits",
    ),
    path(
        "staff/releases/<int:pk>/credits/<int:credit>/withdrawal/",
        launching.staff_release_credit_withdrawal,
        name="staff_release_credit_withdrawal",
    ),
    path(
        "staff/releases/<int:pk>/withdrawal/",
        launching.staff_release_withdrawal,
        name="staff_release_withdrawal",
    ),
    path(f"{_WEEK}/report/", report.report, name="report"),
    path(f"{_WEEK}/report/draft/", report.report_draft, name="report_draft"),
    path(
        f"{_WEEK}/report/draft/removal/",
        report.report_draft_removal,
        name="report_draft_removal",
    ),
    path("fridays/pins/posts/<int:pk>/", pins.post_pin, name="post_pin"),
    path("fridays/pins/items/<int:pk>/<slug:grid>/", pins.item_pin, name="item_pin"),
    path("fridays/pins/<int:pk>/withdrawal/", pins.pin_withdrawal, name="pin_withdrawal"),
    path(f"{_WEEK}/report/paper/", reports.report_paper, name="report_paper"),
    path(f"{_WEEK}/ballot/", ballot.ballot, name="ballot"),
    path(f"{_WEEK}/results/", results.results, name="results"),
    path(f"{_WEEK}/results/figures.csv", results_files.results_figures, name="results_figures"),
    path(f"{_WEEK}/results/card.png", results_files.results_card, name="results_card"),
    path(f"{_WEEK}/results/poster/", results_files.results_poster_page, name="results_poster"),
    path("credits/", credits.credits, name="credits"),
    path("credits/<int:pk>/name/", credits.credit_name, name="credit_name"),
    path(
        "credits/<int:pk>/name/withdrawal/",
        credits.credit_name_withdrawal,
        name="credit_name_withdrawal",
    ),
    path("me/reports/", reports.my_reports, name="my_reports"),
]
