from django.urls import path

from community.products import views

urlpatterns = [
    path("staff/products/", views.staff_products, name="staff_products"),
    path("staff/products/new/", views.staff_product_new, name="staff_product_new"),
    path("staff/products/creation/", views.staff_product_creation, name="staff_product_creation"),
    path("staff/products/<int:pk>/", views.staff_product, name="staff_product"),
    path(
        "staff/products/<int:pk>/details/",
        views.staff_product_details,
        name="staff_product_details",
    ),
    path(
        "staff/products/<int:pk>/retirement/",
        views.staff_product_retirement,
        name="staff_product_retirement",
    ),
    path(
        "staff/products/<int:pk>/retirement/withdrawal/",
        views.staff_product_retirement_withdrawal,
        name="staff_product_retirement_withdrawal",
    ),
    path("staff/products/<int:pk>/users/", views.staff_product_users, name="staff_product_users"),
    path(
        "staff/products/<int:pk>/users/counts/",
        views.staff_product_users_counts,
        name="staff_product_users_counts",
    ),
    path(
        "staff/products/<int:pk>/users/withdrawal/",
        views.staff_product_users_withdrawal,
        name="staff_product_users_withdrawal",
    ),
    path("staff/teams/new/", views.staff_team_new, name="staff_team_new"),
    path("staff/teams/creation/", views.staff_team_creation, name="staff_team_creation"),
    path("staff/teams/<int:pk>/", views.staff_team, name="staff_team"),
    path("staff/teams/<int:pk>/details/", views.staff_team_details, name="staff_team_details"),
    path("staff/teams/<int:pk>/members/", views.staff_team_members, name="staff_team_members"),
    path(
        "staff/teams/<int:pk>/members/<int:member>/removal/",
        views.staff_team_member_removal,
        name="staff_team_member_removal",
    ),
    path("staff/tags/", views.staff_tags, name="staff_tags"),
    path("staff/tags/creation/", views.staff_tag_creation, name="staff_tag_creation"),
    path("staff/tags/<int:pk>/", views.staff_tag, name="staff_tag"),
    path("staff/tags/<int:pk>/details/", views.staff_tag_details, name="staff_tag_details"),
    path(
        "staff/tags/<int:pk>/retirement/",
        views.staff_tag_retirement,
        name="staff_tag_retirement",
    ),
    path(
        "staff/tags/<int:pk>/retirement/withdrawal/",
        views.staff_tag_retirement_withdrawal,
        name="staff_tag_retirement_withdrawal",
    ),
]
