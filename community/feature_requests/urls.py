from django.urls import path

from community.feature_requests.views import answering, filing, reading, voting

urlpatterns = [
    path("requests/", reading.feature_requests, name="feature_requests"),
    path("requests/new/", filing.feature_request_new, name="feature_request_new"),
    path("requests/<int:pk>/vote/", voting.feature_request_vote, name="feature_request_vote"),
    path(
        "requests/<int:pk>/vote/withdrawal/",
        voting.feature_request_vote_withdrawal,
        name="feature_request_vote_withdrawal",
    ),
    path(
        "requests/<int:pk>/story/",
        reading.feature_request_story,
        name="feature_request_story",
    ),
    path(
        "requests/<int:pk>/status/",
        answering.feature_request_status,
        name="feature_request_status",
    ),
    path("requests/<int:pk>/notes/", answering.feature_request_note, name="feature_request_note"),
    path("requests/<int:pk>/merge/", answering.feature_request_merge, name="feature_request_merge"),
    path(
        "requests/<int:pk>/merge/withdrawal/",
        answering.feature_request_merge_withdrawal,
        name="feature_request_merge_withdrawal",
    ),
    path("requests/<int:pk>/answer/", filing.feature_request_answer, name="feature_request_answer"),
    path(
        "requests/<int:pk>/withdrawal/",
        filing.feature_request_withdrawal,
        name="feature_request_withdrawal",
    ),
    path("requests/<int:pk>/", reading.feature_request),
    path("requests/<int:pk>/<str:slug>/", reading.feature_request, name="feature_request"),
    path("roadmap/", reading.roadmap, name="roadmap"),
    path("me/votes/", reading.my_votes, name="my_votes"),
]
