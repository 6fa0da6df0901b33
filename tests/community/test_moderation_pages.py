"""The moderators' pages: what is shown, to whom, and at what cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from community.moderation import actions
from community.moderation.actions import Decision, Verb
from community.moderation.models import Case, Flag, Sanction, SanctionKind
from community.screening.models import WatchedWord
from community.threads.models import Audience, Post, Rule, State
from fans.accounts.models import Fan
from fans.audit.actions import record
from fans.audit.models import AuditEntry
from tests.factories import (
    NOW,
    BoardFactory,
    make_core_fan,
    make_fan,
    make_moderator,
    make_post,
    make_staff,
    make_thread,
)

pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def _friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: NOW)


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def make_case(**fields: object) -> Case:
    post = make_thread().posts.get()
    return actions.flag_post(post=post, reporter=make_fan(), rule=Rule.SPAM, at=NOW)


# --- Reporting ---------------------------------------------------------------------------


def test_a_fan_reports_a_post_and_is_thanked(client: Client) -> None:
    post = make_thread().posts.get()
    answer = signed_in(make_fan()).post(
        f"/posts/{post.pk}/flags/", {"rule": "spam", "note": "Third time today"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == post.get_absolute_url()
    flag = Flag.objects.get()
    assert (flag.case.post, flag.rule, flag.note) == (post, "spam", "Third time today")


def test_a_guest_reports_by_the_same_form(client: Client) -> None:
    post = make_thread().posts.get()
    assert client.get(f"/posts/{post.pk}/flags/").status_code == 200
    assert client.post(f"/posts/{post.pk}/flags/", {"rule": "abuse"}).status_code == 302
    assert Flag.objects.get().reporter is None


def test_a_guest_reports_a_person(client: Client) -> None:
    fan = make_fan(handle="loud")
    assert client.get("/fans/Loud/flags/").status_code == 200
    assert client.post("/fans/loud/flags/", {"rule": "abuse"}).status_code == 302
    assert Case.objects.get().about == fan


def test_looking_at_the_form_reports_nothing(client: Client) -> None:
    post = make_thread().posts.get()
    client.get(f"/posts/{post.pk}/flags/?rule=spam")
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"rule": ""},
        {"rule": "dislike"},
        {"rule": ["spam\x00"]},
        {"rule": "spam", "note": "x" * 501},
        {"rule": "spam", "note": "a\x00b"},
    ],
)
def test_a_report_that_cannot_be_filed_says_so_and_keeps_the_words(
    client: Client, typed: dict[str, str]
) -> None:
    post = make_thread().posts.get()
    answer = client.post(f"/posts/{post.pk}/flags/", typed)
    assert answer.status_code == 200
    assert Case.objects.count() == 0
    assert "field-error" in answer.text


def test_a_hostile_note_is_shown_as_words_to_the_moderator(client: Client) -> None:
    post = make_thread().posts.get()
    note = "<script>alert(1)</script> {{ 7|add:7 }}"
    client.post(f"/posts/{post.pk}/flags/", {"rule": "spam", "note": note})
    page = signed_in(make_moderator()).get(f"/moderation/cases/{Case.objects.get().pk}/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page
    assert "<script>alert" not in page


def test_ones_own_post_cannot_be_reported() -> None:
    post = make_thread().posts.get()
    answer = signed_in(post.author).post(f"/posts/{post.pk}/flags/", {"rule": "spam"})
    assert answer.status_code == 200
    assert "This post is your own" in answer.text
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "state",
    [
        {"muted_until": NOW + timedelta(days=1)},
        {"suspended_until": NOW + timedelta(days=1)},
        {"verified_at": None},
        {"leaving_at": NOW},
    ],
)
def test_who_may_not_write_may_not_report_either(state: dict[str, object]) -> None:
    post = make_thread().posts.get()
    answer = signed_in(make_fan(**state)).post(f"/posts/{post.pk}/flags/", {"rule": "spam"})
    assert answer.status_code == 200
    assert Case.objects.count() == 0


def test_a_post_one_cannot_read_cannot_be_reported(client: Client) -> None:
    board = BoardFactory.create(readable_by=Audience.CORE)
    post = make_thread(board=board).posts.get()
    assert client.post(f"/posts/{post.pk}/flags/", {"rule": "spam"}).status_code == 404
    assert signed_in(make_fan()).get(f"/posts/{post.pk}/flags/").status_code == 404
    assert signed_in(make_core_fan()).get(f"/posts/{post.pk}/flags/").status_code == 200


# --- The queue ---------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "waiting/", "log/", "words/", "cases/1/"])
def test_moderation_does_not_exist_for_fans(address: str) -> None:
    make_case()
    assert signed_in(make_fan()).get(f"/moderation/{address}").status_code == 404
    assert Client().get(f"/moderation/{address}").status_code == 302


def test_an_empty_queue_says_thank_you() -> None:
    assert "All clear, thank you" in signed_in(make_moderator()).get("/moderation/").text


def test_the_oldest_due_stands_first() -> None:
    post = make_thread(title="Later due").posts.get()
    actions.flag_post(post=post, reporter=make_fan(), rule=Rule.PLAGIARISM, at=NOW)
    other = make_thread(title="Sooner due").posts.get()
    actions.flag_post(post=other, reporter=make_fan(), rule=Rule.ABUSE, at=NOW)
    page = signed_in(make_moderator()).get("/moderation/").text
    assert 0 < page.index("Sooner due") < page.index("Later due")


def test_a_moderator_of_one_board_sees_its_cases_alone() -> None:
    mine, other = make_thread(title="On my board"), make_thread(title="Elsewhere")
    for thread in (mine, other):
        actions.flag_post(post=thread.posts.get(), reporter=make_fan(), rule=Rule.SPAM, at=NOW)
    actions.flag_fan(
        fan=make_fan(display_name="Somebody"), reporter=make_fan(), rule=Rule.SPAM, at=NOW
    )
    client = signed_in(make_moderator(scope=f"board:{mine.board_id}"))
    page = client.get("/moderation/").text
    assert "On my board" in page
    assert "Elsewhere" not in page
    assert "Somebody" not in page
    elsewhere = Case.objects.get(post__thread=other)
    assert client.get(f"/moderation/cases/{elsewhere.pk}/").status_code == 404
    decision = f"/moderation/cases/{elsewhere.pk}/decision/"
    assert client.post(decision, {"verb": "keep"}).status_code == 404


def test_cases_from_the_early_board_go_to_staff() -> None:
    board = BoardFactory.create(readable_by=Audience.HONORARY_DEV)
    post = make_thread(board=board, title="Early secret").posts.get()
    case = actions.flag_post(post=post, reporter=make_fan(), rule=Rule.ABUSE, at=NOW)
    moderator, staff = signed_in(make_moderator()), signed_in(make_staff())
    assert "Early secret" not in moderator.get("/moderation/").text
    assert moderator.get(f"/moderation/cases/{case.pk}/").status_code == 404
    assert "Early secret" in staff.get("/moderation/").text
    assert staff.get(f"/moderation/cases/{case.pk}/").status_code == 200


def test_nobody_sees_a_case_about_themselves() -> None:
    moderator = make_moderator()
    post = make_thread(author=moderator, title="My own words").posts.get()
    case = actions.flag_post(post=post, reporter=make_fan(), rule=Rule.ABUSE, at=NOW)
    client = signed_in(moderator)
    assert "My own words" not in client.get("/moderation/").text
    assert client.get(f"/moderation/cases/{case.pk}/").status_code == 404


def test_the_queue_is_read_in_pages() -> None:
    for number in range(27):
        actions.flag_fan(
            fan=make_fan(display_name=f"Person {number:02}"),
            reporter=None,
            rule=Rule.SPAM,
            at=NOW + timedelta(minutes=number),
        )
    client = signed_in(make_moderator())
    first = client.get("/moderation/")
    assert "Person 24" in first.text
    assert "Person 25" not in first.text
    second = client.get("/moderation/?after=" + first.context["page"].next_cursor).text
    assert "Person 24" not in second
    assert "Person 26" in second


@pytest.mark.parametrize("cursor", ["", "x", "1-", "-1", "9" * 40 + "-1", "1-1-1", "²-1"])
def test_a_cursor_made_up_shows_the_first_page(cursor: str) -> None:
    make_case()
    assert signed_in(make_moderator()).get("/moderation/", {"after": cursor}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_however_long(
    rows: int, django_assert_num_queries: Queries
) -> None:
    for _ in range(rows):
        make_case()
        person = make_fan()
        actions.sanction(
            fan=person,
            kind=SanctionKind.BAN,
            rule=Rule.SPAM,
            reason="Sells votes",
            by=make_moderator(),
            at=NOW,
        )
    client = signed_in(make_moderator())
    client.get("/moderation/")
    with django_assert_num_queries(QUEUE_QUERIES):
        client.get("/moderation/")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_case_costs_the_same_however_many_reports(
    rows: int, django_assert_num_queries: Queries
) -> None:
    case = make_case()
    for _ in range(rows):
        actions.flag_post(post=case.post, reporter=make_core_fan(), rule=Rule.SALES_POST, at=NOW)  # type: ignore[arg-type]
    client = signed_in(make_moderator())
    client.get(f"/moderation/cases/{case.pk}/")
    with django_assert_num_queries(CASE_QUERIES):
        client.get(f"/moderation/cases/{case.pk}/")


QUEUE_QUERIES = 6
CASE_QUERIES = 10


# --- Deciding ----------------------------------------------------------------------------


def decide(fan: Fan, case: Case, **typed: object) -> HttpResponse:
    answer = signed_in(fan).post(f"/moderation/cases/{case.pk}/decision/", typed)
    assert isinstance(answer, HttpResponse)
    return answer


def post_of(case: Case) -> Post:
    assert case.post is not None
    return Post.objects.select_related("author", "thread").get(pk=case.post.pk)


def test_a_moderator_removes_a_post_and_its_author_is_told(
    mailoutbox: list[EmailMessage],
) -> None:
    case = make_case()
    answer = decide(
        make_moderator(), case, verb="remove", rule="spam", note="Three times the same link."
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/moderation/"
    post = post_of(case)
    assert (post.state, post.rule, post.rule_note) == (
        State.REMOVED,
        "spam",
        "Three times the same link.",
    )
    (mail,) = mailoutbox
    assert mail.to == [post.author.email]
    assert "Three times the same link." in str(mail.body)


def test_a_preview_decides_nothing_and_shows_the_words_in_the_authors_language(
    mailoutbox: list[EmailMessage],
) -> None:
    case = make_case()
    Fan.objects.get_queryset().update(locale="zh-hans")
    answer = decide(
        make_moderator(), case, verb="remove", rule="spam", note="说明", preview="1", sanction=""
    )
    assert answer.status_code == 200
    message = answer.context["preview"][0]
    with translation.override("zh-hans"):
        expected = translation.gettext("A moderator has decided about your post")
    assert message.subject == expected
    assert "说明" in answer.text
    assert post_of(case).state == State.PUBLISHED
    assert mailoutbox == []


def test_a_preview_of_keeping_says_that_nobody_is_told() -> None:
    answer = decide(make_moderator(), make_case(), verb="keep", preview="1")
    assert "the post stays, and nobody is told" in answer.text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "This field is required."),
        ({"verb": "burn"}, "Select a valid choice"),
        ({"verb": "remove"}, "Choose the rule that was broken."),
        ({"verb": "hide", "rule": ""}, "Choose the rule that was broken."),
        ({"verb": "remove", "rule": "dislike"}, "Select a valid choice"),
        ({"verb": "remove", "rule": "illegal"}, "Name the law or the notice."),
        ({"verb": "keep", "sanction": "warn"}, "Choose the rule that was broken."),
        ({"verb": "keep", "sanction": "mute", "rule": "abuse"}, "from 1 to 30"),
        ({"verb": "keep", "sanction": "mute", "rule": "abuse", "days": "31"}, "from 1 to 30"),
        ({"verb": "keep", "sanction": "mute", "rule": "abuse", "days": "0"}, "greater than"),
        ({"verb": "keep", "sanction": "suspend", "rule": "abuse"}, "from 1 to 365"),
        ({"verb": "keep", "sanction": "suspend", "rule": "abuse", "days": "x"}, "whole number"),
        ({"verb": "remove", "rule": "spam", "note": "x" * 301}, "at most 300"),
        ({"verb": "remove", "rule": "spam", "note": "a\x00"}, "Null characters"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused_in_place(
    typed: dict[str, str], error: str
) -> None:
    case = make_case()
    answer = decide(make_moderator(), case, **typed)
    assert answer.status_code == 200
    assert error in answer.text
    assert Case.objects.get().decided_at is None
    assert post_of(case).state == State.PUBLISHED


def test_the_second_moderator_is_told_that_a_colleague_decided() -> None:
    case = make_case()
    decide(make_moderator(), case, verb="remove", rule="spam")
    second = signed_in(make_moderator())
    answer = second.post(f"/moderation/cases/{case.pk}/decision/", {"verb": "keep"}, follow=True)
    assert "This case was decided by a colleague." in answer.text
    assert post_of(case).state == State.REMOVED


def test_a_case_somebody_is_working_on_is_not_decided_by_another() -> None:
    case = make_case()
    first = make_moderator(display_name="Ada")
    signed_in(first).post(f"/moderation/cases/{case.pk}/claim/")
    answer = decide(make_moderator(), case, verb="remove", rule="spam")
    assert "Ada is working on this case." in answer.text
    assert post_of(case).state == State.PUBLISHED
    signed_in(first).post(f"/moderation/cases/{case.pk}/claim/withdrawal/")
    assert decide(make_moderator(), case, verb="remove", rule="spam").status_code == 302


def test_a_removed_post_is_shown_again_from_its_case() -> None:
    case, moderator = make_case(), make_moderator()
    decide(moderator, case, verb="remove", rule="spam")
    client = signed_in(moderator)
    assert "Show the post again" in client.get(f"/moderation/cases/{case.pk}/").text
    client.post(f"/moderation/cases/{case.pk}/restoration/", {"reason": "I was wrong"})
    assert post_of(case).state == State.PUBLISHED
    assert AuditEntry.objects.filter(verb="reinstated", reason="I was wrong").count() == 1


def test_the_case_page_shows_reporters_record_and_history() -> None:
    reporter = make_core_fan(display_name="Reliable")
    earlier = make_thread().posts.get()
    past = actions.flag_post(post=earlier, reporter=reporter, rule=Rule.SPAM, at=NOW)
    moderator = make_moderator()
    actions.decide(
        case=past,
        decision=Decision(Verb.REMOVE, rule=Rule.SPAM, sanction=SanctionKind.WARN),
        by=moderator,
        at=NOW,
    )
    again = make_thread(author=earlier.author).posts.get()
    case = actions.flag_post(post=again, reporter=reporter, rule=Rule.SPAM, at=NOW)
    page = signed_in(make_moderator()).get(f"/moderation/cases/{case.pk}/").text
    assert "Reliable" in page
    assert "1 of 1 earlier reports led to action" in page
    assert f"/moderation/cases/{past.pk}/" in page
    assert "Warning" in page


def test_a_moderator_of_one_board_is_not_shown_sanctions_by_others() -> None:
    post = make_thread().posts.get()
    actions.sanction(
        fan=post.author,
        kind=SanctionKind.WARN,
        rule=Rule.ABUSE,
        reason="Called somebody names",
        by=make_moderator(),
        at=NOW,
    )
    case = actions.flag_post(post=post, reporter=make_fan(), rule=Rule.SPAM, at=NOW)
    own = signed_in(make_moderator(scope=f"board:{post.thread.board_id}"))
    assert "Called somebody names" not in own.get(f"/moderation/cases/{case.pk}/").text
    everywhere = signed_in(make_moderator())
    assert "Called somebody names" in everywhere.get(f"/moderation/cases/{case.pk}/").text


def test_sanctions_are_shown_to_nobody_else() -> None:
    post = make_thread().posts.get()
    actions.sanction(
        fan=post.author,
        kind=SanctionKind.MUTE,
        days=3,
        rule=Rule.ABUSE,
        reason="canary-reason",
        by=make_moderator(),
        at=NOW,
    )
    assert Sanction.objects.visible_to(make_fan()).count() == 0
    assert Sanction.objects.visible_to(post.author).count() == 0
    for client in (Client(), signed_in(make_fan()), signed_in(post.author)):
        for address in (post.get_absolute_url(), post.author.get_absolute_url()):
            assert "canary-reason" not in client.get(address, follow=True).text


# --- People ------------------------------------------------------------------------------


def propose_ban(by: Fan) -> Sanction:
    return actions.sanction(
        fan=make_fan(display_name="Mallory"),
        kind=SanctionKind.BAN,
        rule=Rule.SCALPING,
        reason="Sold invitations",
        by=by,
        at=NOW,
    )


def test_a_second_person_agrees_to_a_ban_from_the_queue() -> None:
    proposal = propose_ban(make_moderator())
    client = signed_in(make_staff())
    assert "Agree to the ban" in client.get("/moderation/").text
    answer = client.post(f"/moderation/sanctions/{proposal.pk}/confirmation/", follow=True)
    assert "Mallory is banned and signed out everywhere." in answer.text
    assert Fan.objects.get(pk=proposal.fan_id).banned_at == NOW


def test_who_proposed_a_ban_cannot_agree_to_it() -> None:
    proposer = make_moderator()
    proposal = propose_ban(proposer)
    client = signed_in(proposer)
    assert "Agree to the ban" not in client.get("/moderation/").text
    answer = client.post(f"/moderation/sanctions/{proposal.pk}/confirmation/", follow=True)
    assert "You proposed this ban. Somebody else has to agree." in answer.text
    assert Fan.objects.get(pk=proposal.fan_id).banned_at is None


def test_a_ban_ends_every_session_and_open_page_at_once() -> None:
    proposal = propose_ban(make_moderator())
    banned = signed_in(proposal.fan)
    assert banned.get("/me/settings/").status_code == 200
    signed_in(make_staff()).post(f"/moderation/sanctions/{proposal.pk}/confirmation/")
    assert banned.get("/me/settings/").status_code == 302


def test_a_lifted_ban_does_not_bring_old_sessions_back() -> None:
    proposal = propose_ban(make_moderator())
    old_session, staff = signed_in(proposal.fan), signed_in(make_staff())
    staff.post(f"/moderation/sanctions/{proposal.pk}/confirmation/")
    staff.post(f"/moderation/sanctions/{proposal.pk}/lifting/", {"reason": "Wrong person"})
    assert Fan.objects.get(pk=proposal.fan_id).banned_at is None
    assert old_session.get("/me/settings/").status_code == 302


def test_a_mute_is_felt_on_a_page_that_was_open() -> None:
    fan = make_fan()
    thread, client = make_thread(), signed_in(fan)
    assert client.get(thread.get_absolute_url()).status_code == 200
    actions.sanction(
        fan=fan,
        kind=SanctionKind.MUTE,
        days=1,
        rule=Rule.ABUSE,
        reason="",
        by=make_moderator(),
        at=NOW,
    )
    answer = client.post(
        f"/threads/{thread.pk}/{thread.slug}/replies/", {"source": "One more word from me."}
    )
    assert answer.status_code in {302, 404}
    assert Post.objects.filter(author=fan).count() == 0


# --- Waiting posts ------------------------------------------------------------------------


def make_waiting(number: int = 1, **fields: object) -> list[Post]:
    thread = make_thread()
    return [
        make_post(thread, state=State.WAITING, source=f"Waiting words {n}", **fields)
        for n in range(number)
    ]


def test_a_batch_is_published() -> None:
    posts = make_waiting(3)
    client = signed_in(make_moderator())
    answer = client.post(
        "/moderation/waiting/",
        {"posts": [posts[0].pk, posts[2].pk], "verb": "publish"},
        follow=True,
    )
    assert "2 posts appeared." in answer.text
    states = [Post.objects.get(pk=post.pk).state for post in posts]
    assert states == [State.PUBLISHED, State.WAITING, State.PUBLISHED]


def test_a_post_is_turned_down_by_a_rule_and_its_author_is_told_once(
    mailoutbox: list[EmailMessage],
) -> None:
    post = make_waiting()[0]
    client = signed_in(make_moderator())
    typed = {"posts": [post.pk], "verb": "reject", "rule": "sales_post", "note": "Not here."}
    client.post("/moderation/waiting/", typed)
    client.post("/moderation/waiting/", typed)
    rejected = Post.objects.get(pk=post.pk)
    assert (rejected.state, rejected.rule, rejected.rule_note) == (
        State.REJECTED,
        "sales_post",
        "Not here.",
    )
    assert [mail.to for mail in mailoutbox] == [[post.author.email]]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"verb": "publish"}, "Choose at least one post."),
        ({"verb": "publish", "posts": "99999"}, "decided about one of these meanwhile"),
        ({"verb": "publish", "posts": "x"}, "decided about one of these meanwhile"),
        ({"verb": "reject", "posts": "the post"}, "Choose the rule that was broken."),
        ({"verb": "burn", "posts": "the post"}, "Waiting words 0"),
        ({"posts": "the post"}, "Waiting words 0"),
    ],
)
def test_a_batch_that_cannot_be_decided_is_refused_in_place(
    typed: dict[str, str], error: str
) -> None:
    post = make_waiting()[0]
    if typed.get("posts") == "the post":
        typed = typed | {"posts": str(post.pk)}
    answer = signed_in(make_moderator()).post("/moderation/waiting/", typed)
    assert answer.status_code == 200
    assert error in answer.text
    assert Post.objects.get(pk=post.pk).state == State.WAITING


def test_ones_own_waiting_post_is_for_a_colleague() -> None:
    moderator = make_moderator()
    post = make_waiting(author=moderator)[0]
    client = signed_in(moderator)
    assert "Waiting words 0" not in client.get("/moderation/waiting/").text
    client.post("/moderation/waiting/", {"posts": [post.pk], "verb": "publish"})
    assert Post.objects.get(pk=post.pk).state == State.WAITING


def test_waiting_posts_out_of_scope_are_not_shown_and_not_decided() -> None:
    post, elsewhere = make_waiting()[0], make_thread()
    client = signed_in(make_moderator(scope=f"board:{elsewhere.board_id}"))
    assert "Waiting words 0" not in client.get("/moderation/waiting/").text
    client.post("/moderation/waiting/", {"posts": [post.pk], "verb": "publish"})
    assert Post.objects.get(pk=post.pk).state == State.WAITING


def test_ten_posts_are_shown_at_a_time() -> None:
    make_waiting(12)
    page = signed_in(make_moderator()).get("/moderation/waiting/").text
    assert page.count('name="posts"') == 10


@pytest.mark.parametrize("rows", [1, 3])
def test_waiting_posts_cost_the_same_however_many(
    rows: int, django_assert_num_queries: Queries
) -> None:
    make_waiting(rows)
    client = signed_in(make_moderator())
    client.get("/moderation/waiting/")
    with django_assert_num_queries(4):
        client.get("/moderation/waiting/")


def test_a_waiting_post_shows_where_its_links_lead_and_which_word_is_watched() -> None:
    WatchedWord.objects.create(word="casino", added_at=NOW)
    html = '<p><a href="https://evil.example/?a=1&amp;b=2">our own shop</a> Casino</p>'
    make_post(make_thread(), state=State.WAITING, source="our own shop Casino", html=html)
    page = signed_in(make_moderator()).get("/moderation/waiting/").text
    assert "Links to <bdi>https://evil.example/?a=1&amp;b=2</bdi>" in page
    assert "Watched word: <bdi>casino</bdi>" in page


def test_a_case_with_many_reports_shows_the_first_and_counts_all() -> None:
    case = make_case()
    Flag.objects.bulk_create(
        Flag(case=case, rule=Rule.SPAM, note=f"guest {n}.", flagged_at=NOW) for n in range(60)
    )
    page = signed_in(make_moderator()).get(f"/moderation/cases/{case.pk}/").text
    assert "61 reports" in page
    assert "guest 48." in page
    assert "guest 49." not in page
    queue = signed_in(make_moderator()).get("/moderation/").text
    assert "<b>61</b>" in queue


# --- Watched words and the log --------------------------------------------------------------


def test_a_word_is_watched_and_no_longer_watched() -> None:
    client = signed_in(make_moderator())
    client.post("/moderation/words/", {"word": " 代购  微信 "})
    watched = WatchedWord.objects.get()
    assert watched.word == "代购 微信"
    client.post("/moderation/words/", {"word": "代购 微信"})
    assert WatchedWord.objects.count() == 1
    client.post(f"/moderation/words/{watched.pk}/removal/")
    assert WatchedWord.objects.count() == 0
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["word watched", "word unwatched"]


@pytest.mark.parametrize("word", ["", " ", "\u200b\u200b", "a", "x" * 61, "a\x00b"])
def test_a_word_that_would_catch_everything_or_nothing_is_refused(word: str) -> None:
    answer = signed_in(make_staff()).post("/moderation/words/", {"word": word})
    assert answer.status_code == 200
    assert "field-error" in answer.text
    assert WatchedWord.objects.count() == 0


def test_watched_words_do_not_exist_for_a_moderator_of_one_board() -> None:
    board = BoardFactory.create()
    client = signed_in(make_moderator(scope=f"board:{board.pk}"))
    assert client.get("/moderation/words/").status_code == 404
    assert client.post("/moderation/words/", {"word": "casino"}).status_code == 404
    assert WatchedWord.objects.count() == 0


def test_the_log_shows_moderators_their_part_and_staff_all() -> None:
    case = make_case()
    decide(make_moderator(), case, verb="remove", rule="spam", note="canary-in-scope")
    record(actor=make_staff(), verb="role changed", subject="fan:1", at=NOW, reason="canary-staff")
    early = BoardFactory.create(readable_by=Audience.HONORARY_DEV)
    record(
        actor=make_staff(),
        verb="removed",
        subject="post:9",
        at=NOW,
        scope=f"board:{early.pk}",
        reason="canary-early",
    )

    def canaries(fan: Fan) -> set[str]:
        page = signed_in(fan).get("/moderation/log/").text
        return {word for word in ("in-scope", "staff", "early") if f"canary-{word}" in page}

    assert canaries(make_staff()) == {"in-scope", "staff", "early"}
    assert canaries(make_moderator()) == {"in-scope"}
    own_board = post_of(case).thread.board_id
    assert canaries(make_moderator(scope=f"board:{own_board}")) == {"in-scope"}
    assert canaries(make_moderator(scope=f"board:{early.pk}")) == set()


def test_the_log_does_not_tell_a_moderator_who_decided_about_them() -> None:
    moderator = make_moderator()
    post = make_thread(author=moderator).posts.get()
    case = actions.flag_post(post=post, reporter=make_fan(), rule=Rule.SPAM, at=NOW)
    decide(make_staff(), case, verb="remove", rule="spam", note="canary-about-them")
    assert "canary-about-them" not in signed_in(moderator).get("/moderation/log/").text
    assert "canary-about-them" in signed_in(make_moderator()).get("/moderation/log/").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"verb": "removed"}, {"one"}),
        ({"person": "@ada"}, {"one", "two"}),
        ({"person": "BOB"}, {"two"}),
        ({"subject": "post:1"}, {"one"}),
        ({"verb": "removed", "person": "bob"}, set()),
        ({"verb": "a\x00b"}, set()),
    ],
)
def test_the_log_is_filtered_by_act_person_and_subject(
    query: dict[str, str], shown: set[str]
) -> None:
    ada, bob = make_staff(handle="ada"), make_fan(handle="bob")
    record(actor=ada, verb="removed", subject="post:1", at=NOW, reason="canary-one")
    record(actor=ada, verb="muted", subject="fan:2", at=NOW, concerns=bob, reason="canary-two")
    page = signed_in(make_staff()).get("/moderation/log/", query).text
    assert {word for word in ("one", "two") if f"canary-{word}" in page} == shown


def test_the_log_is_read_in_pages() -> None:
    staff = make_staff()
    for number in range(52):
        record(
            actor=staff,
            verb="pinned",
            subject=f"thread:{number}",
            at=NOW + timedelta(seconds=number),
            reason=f"act-{number:02}.",
        )
    client = signed_in(staff)
    first = client.get("/moderation/log/?verb=pinned")
    assert "act-51." in first.text
    assert "act-02." in first.text
    assert "act-01." not in first.text
    second = client.get("/moderation/log/" + first.context["older"]).text
    assert "act-02." not in second
    assert "act-01." in second
    assert "act-00." in second


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_costs_the_same_however_long(rows: int, django_assert_num_queries: Queries) -> None:
    for number in range(rows):
        record(actor=make_fan(), verb="pinned", subject=f"thread:{number}", at=NOW, scope="site")
    client = signed_in(make_moderator())
    client.get("/moderation/log/")
    with django_assert_num_queries(4):
        client.get("/moderation/log/")


# --- What the author reads ------------------------------------------------------------------


@pytest.mark.parametrize("verb", [Verb.HIDE, Verb.REMOVE])
def test_the_author_reads_rule_and_words_on_their_reply_and_others_do_not(verb: Verb) -> None:
    """C1, A4: the rule is public on a removal, the moderator's words are the author's alone."""
    thread = make_thread()
    reply = make_post(thread)
    case = actions.flag_post(post=reply, reporter=make_fan(), rule=Rule.ABUSE, at=NOW)
    decide(make_moderator(), case, verb=verb, rule="abuse", note="canary-words")
    address = thread.get_absolute_url()
    own = signed_in(reply.author).get(address).text
    assert "canary-words" in own
    assert "by the rule “Abuse”" in own
    for client in (Client(), signed_in(make_fan()), signed_in(thread.author)):
        page = client.get(address).text
        assert "canary-words" not in page
        assert ("by the rule “Abuse”" in page) is (verb == Verb.REMOVE)
