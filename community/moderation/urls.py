from django.urls import path

from community.moderation.views import cases, flags, log, people, queue, waiting, words

urlpatterns = [
    path("posts/<int:pk>/flags/", flags.post_flag, name="post_flag"),
    path("fans/<str:handle>/flags/", flags.fan_flag, name="fan_flag"),
    path("moderation/", queue.moderation, name="moderation"),
    path("moderation/cases/<int:pk>/", cases.moderation_case, name="moderation_case"),
    path("moderation/cases/<int:pk>/decision/", cases.case_decision, name="case_decision"),
    path("moderation/cases/<int:pk>/claim/", cases.case_claim, name="case_claim"),
    path(
        "moderation/cases/<int:pk>/claim/withdrawal/",
        cases.case_claim_withdrawal,
        name="case_claim_withdrawal",
    ),
    path("moderation/cases/<int:pk>/restoration/", cases.case_restoration, name="case_restoration"),
    path(
        "moderation/sanctions/<int:pk>/confirmation/",
        people.sanction_confirmation,
        name="sanction_confirmation",
    ),
    path(
        "moderation/sanctions/<int:pk>/lifting/", people.sanction_lifting, name="sanction_lifting"
    ),
    path("moderation/waiting/", waiting.moderation_waiting, name="moderation_waiting"),
    path("moderation/words/", words.moderation_words, name="moderation_words"),
    path("moderation/words/<int:pk>/removal/", words.word_removal, name="word_removal"),
    path("moderation/log/", log.moderation_log, name="moderation_log"),
]
