from django.urls import path

from community.fridays.views import (
    ballot,
    building,
    changelog,
    credits,
    desk,
    planning,
    releases,
    report,
    results,
    weeks,
)

# What is said of a week, and what comes of it.
_WEEK = "fridays/<slug:product>/<slug:week>"

urlpatterns = [
    path("fridays/", weeks.fridays, name="fridays"),
    path(f"{_WEEK}/", weeks.cycle, name="cycle"),
    path("changelog/", changelog.changelog, name="changelog"),
    path("feeds/changelog/", changelog.feed_changelog, name="feed_changelog"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<slug:product>/<str:version>/", releases.release, name="release"),
    path("staff/fridays/", desk.staff_fridays, name="staff_fridays"),
    path("staff/fridays/<int:pk>/skipping/", desk.staff_week_skip, name="staff_week_skip"),
    path("staff/fridays/<int:pk>/planning/", planning.staff_planning, name="staff_planning"),
    path("staff/fridays/<int:pk>/picks/", planning.staff_pick, name="staff_pick"),
    path(
        "staff/fridays/<int:pk>/picks/withdrawal/",
        planning.staff_pick_withdrawal,
        name="staff_pick_withdrawal",
    ),
    path(
        "staff/releases/new/<slug:product>/", building.staff_release_new, name="staff_release_new"
    ),
    path("staff/releases/<int:pk>/", building.staff_release, name="staff_release"),
    path("staff/releases/<int:pk>/edit/", building.staff_release_edit, name="staff_release_edit"),
    path(
        "staff/releases/<int:pk>/ready/", building.staff_release_ready, name="staff_release_ready"
    ),
    path(
        "staff/releases/<int:pk>/ready/withdrawal/",
        building.staff_release_ready_withdrawal,
        name="staff_release_ready_withdrawal",
    ),
    path(
        "staff/releases/<int:pk>/publication/",
        building.staff_release_publication,
        name="staff_release_publication",
    ),
    path(
        "staff/releases/<int:pk>/withdrawal/",
        building.staff_release_withdrawal,
        name="staff_release_withdrawal",
    ),
    path(f"{_WEEK}/report/", report.report, name="report"),
    path(f"{_WEEK}/report/draft/", report.report_draft, name="report_draft"),
    path(f"{_WEEK}/report/paper/", report.report_paper, name="report_paper"),
    path(f"{_WEEK}/ballot/", ballot.ballot, name="ballot"),
    path(f"{_WEEK}/results/", results.results, name="results"),
    path(f"{_WEEK}/results/hold/", results.results_hold, name="results_hold"),
    path(
        f"{_WEEK}/results/hold/withdrawal/",
        results.results_hold_withdrawal,
        name="results_hold_withdrawal",
    ),
    path(f"{_WEEK}/results/correction/", results.results_correction, name="results_correction"),
    path("credits/", credits.credits, name="credits"),
    path("credits/<int:pk>/name/", credits.credit_name, name="credit_name"),
    path(
        "credits/<int:pk>/name/withdrawal/",
        credits.credit_name_withdrawal,
        name="credit_name_withdrawal",
    ),
    path("me/reports/", report.my_reports, name="my_reports"),
]
