from django.urls import path

from community.threads.views import deeds, desk, history, images, reading, steering, writing

urlpatterns = [
    path("threads/", reading.threads, name="threads"),
    path("threads/new/", writing.new_thread, name="thread_new"),
    path("threads/<int:pk>/replies/", writing.replies, name="thread_replies"),
    path("threads/<int:pk>/answer/", deeds.answer, name="thread_answer"),
    path(
        "threads/<int:pk>/answer/withdrawal/",
        deeds.answer_withdrawal,
        name="thread_answer_withdrawal",
    ),
    path("threads/<int:pk>/feature/", steering.feature, name="thread_feature"),
    path(
        "threads/<int:pk>/feature/withdrawal/",
        steering.feature_withdrawal,
        name="thread_feature_withdrawal",
    ),
    path("threads/<int:pk>/pin/", steering.pin, name="thread_pin"),
    path("threads/<int:pk>/pin/withdrawal/", steering.pin_withdrawal, name="thread_pin_withdrawal"),
    path("threads/<int:pk>/lock/", steering.lock, name="thread_lock"),
    path(
        "threads/<int:pk>/lock/withdrawal/",
        steering.lock_withdrawal,
        name="thread_lock_withdrawal",
    ),
    path("threads/<int:pk>/board/", steering.moving, name="thread_board"),
    path("threads/<int:pk>/", reading.thread),
    path("threads/<int:pk>/<str:slug>/", reading.thread, name="thread"),
    path("boards/<slug:slug>/", reading.board, name="board"),
    path("posts/<int:pk>/", reading.post, name="post"),
    path("posts/<int:pk>/edit/", writing.edit, name="post_edit"),
    path("posts/<int:pk>/history/", history.history, name="post_history"),
    path(
        "posts/<int:pk>/history/<int:number>/hiding/",
        steering.revision_hiding,
        name="revision_hiding",
    ),
    path("posts/<int:pk>/deletion/", deeds.deletion, name="post_deletion"),
    path("posts/<int:pk>/restoration/", deeds.restoration, name="post_restoration"),
    path("posts/<int:pk>/reaction/", deeds.reaction, name="post_reaction"),
    path(
        "posts/<int:pk>/reaction/withdrawal/",
        deeds.reaction_withdrawal,
        name="post_reaction_withdrawal",
    ),
    path("preview/", writing.preview, name="preview"),
    path("images/", images.image_upload, name="image_upload"),
    path("images/<str:key>.<str:extension>", images.image, name="image"),
    path("staff/boards/", desk.staff_boards, name="staff_boards"),
    path("staff/boards/new/", desk.staff_board_new, name="staff_board_new"),
    path("staff/boards/creation/", desk.staff_board_creation, name="staff_board_creation"),
    path("staff/boards/<int:pk>/", desk.staff_board, name="staff_board"),
    path("staff/boards/<int:pk>/details/", desk.staff_board_details, name="staff_board_details"),
    path("staff/boards/<int:pk>/place/", desk.staff_board_place, name="staff_board_place"),
    path("staff/boards/<int:pk>/archive/", desk.staff_board_archive, name="staff_board_archive"),
    path(
        "staff/boards/<int:pk>/archive/withdrawal/",
        desk.staff_board_archive_withdrawal,
        name="staff_board_archive_withdrawal",
    ),
]
