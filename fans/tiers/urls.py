from django.urls import URLPattern, path

from fans.tiers.views import moderating, nominating, people, pyramid, standing

urlpatterns: list[URLPattern] = [
    path("staff/people/", people.staff_people, name="staff_people"),
    path("staff/people/<int:pk>/", people.staff_person, name="staff_person"),
    path("staff/people/<int:pk>/role/", people.staff_person_role, name="staff_person_role"),
    path("pyramid/", pyramid.pyramid, name="pyramid"),
    path("me/standing/", standing.own_standing, name="standing"),
    path("me/standing/seat/", standing.seat, name="seat"),
    path("fans/<str:handle>/nomination/", nominating.nomination_new, name="nomination_new"),
    path(
        "nominations/<int:pk>/withdrawal/",
        nominating.nomination_withdrawal,
        name="nomination_withdrawal",
    ),
    path("moderation/tiers/", moderating.tiers, name="moderation_tiers"),
    path("moderation/tiers/rules/", moderating.tier_rules, name="tier_rules"),
    path("moderation/tiers/observing/", moderating.observing_end, name="tier_observing_end"),
    path("moderation/tiers/<str:week>/", moderating.tier_run, name="moderation_tier_run"),
    path("moderation/tiers/<str:week>/release/", moderating.release, name="tier_run_release"),
    path("moderation/nominations/", nominating.nominations, name="moderation_nominations"),
    path(
        "moderation/nominations/<int:pk>/approval/",
        nominating.nomination_approval,
        name="nomination_approval",
    ),
    path(
        "moderation/nominations/<int:pk>/rejection/",
        nominating.nomination_rejection,
        name="nomination_rejection",
    ),
]
