from django.urls import path

from community.feature_requests.views import (
    answering,
    board,
    feeds,
    filing,
    following,
    merging,
    reading,
    road,
    spreadsheet,
    stories,
    supporting,
    tagging,
    voting,
)

urlpatterns = [
    path("requests/", board.feature_requests, name="feature_requests"),
    path("requests/new/", filing.feature_request_new, name="feature_request_new"),
    path("requests/similar/", filing.feature_request_similar, name="feature_request_similar"),
    path("requests/overdue/", road.feature_requests_overdue, name="feature_requests_overdue"),
    path("requests/promises/", road.feature_requests_promises, name="feature_requests_promises"),
    path("requests/<int:pk>/vote/", voting.feature_request_vote, name="feature_request_vote"),
    path(
        "requests/<int:pk>/vote/withdrawal/",
        voting.feature_request_vote_withdrawal,
        name="feature_request_vote_withdrawal",
    ),
    path(
        "requests/<int:pk>/story/",
        stories.feature_request_story,
        name="feature_request_story",
    ),
    path(
        "requests/<int:pk>/poster/",
        stories.feature_request_poster,
        name="feature_request_poster",
    ),
    path(
        "requests/<int:pk>/status/",
        answering.feature_request_status,
        name="feature_request_status",
    ),
    path(
        "requests/<int:pk>/promise/",
        answering.feature_request_promise,
        name="feature_request_promise",
    ),
    path("requests/<int:pk>/team/", answering.feature_request_team, name="feature_request_team"),
    path(
        "requests/<int:pk>/voices/",
        supporting.feature_request_voices,
        name="feature_request_voices",
    ),
    path(
        "requests/<int:pk>/voices/<int:support>/withdrawal/",
        supporting.feature_request_voices_withdrawal,
        name="feature_request_voices_withdrawal",
    ),
    path("requests/<int:pk>/notes/", answering.feature_request_note, name="feature_request_note"),
    path("requests/<int:pk>/merge/", merging.feature_request_merge, name="feature_request_merge"),
    path(
        "requests/<int:pk>/merge/withdrawal/",
        merging.feature_request_merge_withdrawal,
        name="feature_request_merge_withdrawal",
    ),
    path(
        "requests/<int:pk>/follow/",
        following.feature_request_follow,
        name="feature_request_follow",
    ),
    path(
        "requests/<int:pk>/follow/withdrawal/",
        following.feature_request_follow_withdrawal,
        name="feature_request_follow_withdrawal",
    ),
    path(
        "requests/<int:pk>/mute/",
        following.feature_request_mute,
        name="feature_request_mute",
    ),
    path(
        "requests/<int:pk>/mute/withdrawal/",
        following.feature_request_mute_withdrawal,
        name="feature_request_mute_withdrawal",
    ),
    path("requests/<int:pk>/answer/", filing.feature_request_answer, name="feature_request_answer"),
    path(
        "requests/<int:pk>/withdrawal/",
        filing.feature_request_withdrawal,
        name="feature_request_withdrawal",
    ),
    path("requests/<int:pk>/tags/", tagging.feature_request_tags, name="feature_request_tags"),
    path("requests/<int:pk>/", reading.feature_request),
    path("requests/<int:pk>/<str:slug>/", reading.feature_request, name="feature_request"),
    path("feeds/requests/", feeds.feed_requests, name="feed_requests"),
    path("feeds/requests/<int:pk>/", feeds.feed_request, name="feed_request"),
    path(
        "feeds/requests/products/<slug:slug>/",
        feeds.feed_requests_of_product,
        name="feed_requests_of_product",
    ),
    path(
        "feeds/requests/tags/<slug:slug>/",
        feeds.feed_requests_of_tag,
        name="feed_requests_of_tag",
    ),
    path("roadmap/", road.roadmap, name="roadmap"),
    path("staff/requests.csv", spreadsheet.staff_requests_csv, name="staff_requests_csv"),
    path("me/votes/", board.my_votes, name="my_votes"),
]
