"""`manage.py import_discourse`: an old forum comes along whole, once, and quietly."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.test import Client

from community.importers.wording import as_markdown
from community.threads.models import Board, PastBoardSlug, Post, Reaction, State, Thread
from fans.accounts.models import Fan
from fans.mail.models import QueuedMail
from tests.archives import real_archive
from tests.factories import NOW, make_fan

pytestmark = pytest.mark.django_db

Archive = Callable[..., Path]


def post(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A post as the posts API gives it; its id follows from topic and number."""
    topic = fields.get("topic_id", 7)
    return {
        "id": topic * 1000 + number,
        "topic_id": topic,
        "topic_title": "Which strap fits",
        "category_id": 3,
        "post_number": number,
        "reply_to_post_number": None,
        "username": "mandarin",
        "name": "Mandarin Lee",
        "user_id": 42,
        "created_at": f"2024-03-01T10:{number:02}:00.000Z",
        "updated_at": f"2024-03-01T10:{number:02}:00.000Z",
        "raw": f"Words of number {number}.",
        "cooked": f"<p>Words of number {number}.</p>",
        "version": 1,
        "reads": 5,
        "hidden": False,
        "deleted_at": None,
        "post_type": 1,
        "actions_summary": [],
        **fields,
    }


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    def write(*lines: dict[str, Any] | str, name: str = "posts.jsonl") -> Path:
        path = tmp_path / name
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        if name.endswith(".gz"):
            path.write_bytes(gzip.compress(text.encode()))
        else:
            path.write_text(text)
        return path

    return write


def run(path: Path, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_discourse", path, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def counts(out: str) -> dict[str, list[str]]:
    """The table at the end: in the archive, and added."""
    return {line[:32].strip(): line[32:].split() for line in out.splitlines()}


def test_a_thread_comes_with_its_replies_times_and_counts(archive: Archive) -> None:
    other = {"username": "pomelo", "name": "", "user_id": 43}
    run(archive(post(), post(2, reply_to_post_number=1, **other), post(3)))
    thread = Thread.objects.get()
    assert (thread.title, thread.slug) == ("Which strap fits", "which-strap-fits")
    assert thread.board.name == "Imported 3"
    assert (thread.reply_count, thread.answering_count, thread.last_floor) == (2, 1, 3)
    assert thread.created_at.isoformat() == "2024-03-01T10:01:00+00:00"
    assert thread.last_post_at.isoformat() == "2024-03-01T10:03:00+00:00"
    assert thread.last_author == thread.author == Fan.objects.get(handle="mandarin")
    reply = thread.posts.get(floor=2)
    assert (reply.reply_to, reply.reply_to_floor) == (thread.posts.get(floor=1), 1)
    assert (reply.author.handle, reply.author.display_name) == ("pomelo", "pomelo")
    assert reply.html == "<p>Words of number 2.</p>\n"


def test_a_second_run_adds_nothing(archive: Archive) -> None:
    path = archive(post(), post(2), post(topic_id=8))
    run(path)
    before = list(Thread.objects.order_by("pk").values())
    out, _err = run(path)
    assert list(Thread.objects.order_by("pk").values()) == before
    assert (Post.objects.count(), Fan.objects.count(), Board.objects.count()) == (3, 1, 1)
    assert counts(out)["posts"] == ["3", "0"]


def test_a_run_that_was_cut_off_is_finished_by_the_next(archive: Archive) -> None:
    run(archive(post(), post(2)))
    run(archive(post(), post(2), post(3, reply_to_post_number=2)))
    thread = Thread.objects.get()
    assert thread.reply_count == 2
    assert thread.posts.get(floor=3).reply_to == thread.posts.get(floor=2)


def test_a_later_run_leaves_what_was_written_here_in_its_place(archive: Archive) -> None:
    run(archive(post()))
    thread = Thread.objects.get()
    here = Post.objects.create(
        thread=thread,
        author=make_fan(),
        floor=2,
        source="Written here",
        html="<p>Written here</p>",
        state_at=NOW,
        created_at=NOW,
    )
    run(archive(post(), post(2), post(3, reply_to_post_number=2)))
    here.refresh_from_db()
    late = Post.objects.get(imported_as="discourse:7002")
    assert (here.floor, late.floor) == (2, 3)
    assert Post.objects.get(imported_as="discourse:7003").reply_to == late


def test_authors_cannot_sign_in_and_are_not_active(archive: Archive) -> None:
    run(archive(post()))
    fan = Fan.objects.get()
    assert (fan.email, fan.verified_at, fan.imported_as) == ("", None, "discourse:42")
    assert fan.has_usable_password() is False
    assert fan.wants_weekly is False
    assert fan.role == "fan"
    assert list(Fan.objects.active(NOW)) == []


def test_nobody_is_mailed(archive: Archive) -> None:
    run(archive(post(raw="@pomelo, look"), post(2, username="pomelo", user_id=43)))
    assert (QueuedMail.objects.count(), len(mail.outbox)) == (0, 0)


def test_likes_are_a_count_without_names(archive: Archive) -> None:
    summary = [{"id": 2, "count": 5}, {"id": 7, "count": 2}, {"id": 2, "count": "many"}]
    run(archive(post(actions_summary=summary)))
    imported = Post.objects.get()
    assert (imported.imported_like_count, imported.like_count) == (5, 0)
    assert Reaction.objects.count() == 0


@pytest.mark.parametrize(
    ("username", "name", "handle", "shown"),
    [
        ("admin", "Admin", "fan-admin", "fan-admin"),
        ("Liz.Lightning", "Liz", "liz-lightning", "Liz"),
        ("ab", "", "fan-ab", "ab"),
        ("小橘子", "王小明", "xiaojuzi", "王小明"),
        ("pomelo", "官方客服", "pomelo", "pomelo"),
        ("pomelo", "P\u200bomelo", "pomelo", "pomelo"),
        ("pomelo", "P" * 50, "pomelo", "P" * 40),
        ("", "", "fan", "fan"),
    ],
)
def test_handles_are_made_legal_and_names_are_kept_where_they_may_be(
    archive: Archive, username: str, name: str, handle: str, shown: str
) -> None:
    run(archive(post(username=username, name=name)))
    fan = Fan.objects.get()
    assert (fan.handle, fan.display_name) == (handle, shown)


def test_handles_that_are_taken_get_a_number(archive: Archive) -> None:
    make_fan(handle="Mandarin")
    run(
        archive(
            post(raw="Thanks @pomelo and @MANDARIN"),
            post(2, username="MANDARIN", user_id=43),
            post(3, username="pomelo", user_id=44),
        )
    )
    handles = Fan.objects.exclude(imported_as="").order_by("pk").values_list("handle", flat=True)
    assert list(handles) == ["mandarin-2", "MANDARIN-3", "pomelo"]
    mentions = Post.objects.get(floor=1).html
    assert '<a href="/fans/pomelo/" class="mention"' in mentions
    assert "/fans/Mandarin/" not in mentions


def test_a_person_who_was_deleted_there_still_wrote_their_posts(archive: Archive) -> None:
    run(archive(post(user_id=None, username="Gone"), post(2, user_id=None, username="gone")))
    assert Fan.objects.get().imported_as == "discourse:@gone"


def test_the_newest_name_and_title_count(archive: Archive) -> None:
    run(
        archive(
            post(2, updated_at="2024-05-01T00:00:00Z", topic_title="New", name="New name"),
            post(1, topic_title="Old", name="Old name"),
        )
    )
    assert Thread.objects.get().title == "New"
    assert Fan.objects.get().display_name == "New name"


def test_an_older_copy_of_a_post_is_left_out(archive: Archive) -> None:
    newer = post(raw="Newer words", version=2, updated_at="2024-03-02T00:00:00Z")
    out, _err = run(archive(post(raw="Older words"), newer, post(2)))
    assert [row.source for row in Post.objects.order_by("floor")] == [
        "Newer words",
        "Words of number 2.",
    ]
    assert (counts(out)["posts"], counts(out)["of them repeated"]) == (["3", "2"], ["1"])
    assert "Of 3 posts 1 repeat one of another line; 2 are different." in out


def test_the_summary_says_what_is_there_and_what_was_written(archive: Archive) -> None:
    likes = [{"id": 2, "count": 3}]
    answer = post(2, reply_to_post_number=1, actions_summary=likes)
    path = archive(post(), answer, {**answer, "reads": 9}, post(3, reply_to_post_number=8), "{")
    out, _err = run(path)
    assert counts(out) | {
        "lines read": ["5"],
        "posts": ["4", "3"],
        "of them repeated": ["1"],
        "replies to a post": ["3", "2"],
        "to one that is missing": ["1", "1"],
        "likes, without names": ["6", "3"],
        "broken, left out": ["1"],
    } == counts(out)
    assert Post.objects.aggregate(likes=Sum("imported_like_count"))["likes"] == 3
    again, _err = run(path)
    for label in ("posts", "replies to a post", "to one that is missing", "likes, without names"):
        assert counts(again)[label][1] == "0"


def test_where_the_first_post_is_missing_the_next_one_opens_the_thread(archive: Archive) -> None:
    run(archive(post(6, reply_to_post_number=5), post(7, reply_to_post_number=6)))
    first, second = Post.objects.order_by("floor")
    assert (first.floor, second.floor) == (1, 7)
    assert (first.reply_to, first.reply_to_floor) == (None, 5)
    assert (second.reply_to, second.reply_to_floor) == (first, 1)


def test_a_reply_to_a_missing_post_keeps_its_number(archive: Archive) -> None:
    out, _err = run(archive(post(), post(4, reply_to_post_number=3)))
    reply = Post.objects.get(floor=4)
    assert (reply.reply_to, reply.reply_to_floor) == (None, 3)
    assert counts(out)["to one that is missing"] == ["1", "1"]


def test_a_reply_may_come_before_what_it_answers(archive: Archive) -> None:
    run(archive(post(2, reply_to_post_number=1), post(1)))
    assert Post.objects.get(floor=2).reply_to == Post.objects.get(floor=1)


def test_two_posts_with_one_number_both_come(archive: Archive) -> None:
    run(archive(post(), post(id=9999, raw="The other first post")))
    assert sorted(Post.objects.values_list("floor", flat=True)) == [1, 2]


def test_broken_lines_are_named_and_the_rest_goes_on(archive: Archive) -> None:
    out, err = run(
        archive(
            post(),
            '{"id": 1, "topic_id":',
            "[]",
            post(2, raw="", cooked=" "),
            post(3, created_at="yesterday"),
            post(4, user_id="seven"),
            post(5, id=None),
            "",
            post(6),
        )
    )
    assert err.splitlines() == [
        "line 2: not JSON. Left out.",
        "line 3: not a JSON object. Left out.",
        "line 4: neither «raw» nor «cooked». Left out.",
        "line 5: «created_at» is not a time. Left out.",
        "line 6: «user_id» is not a number. Left out.",
        "line 7: no «id». Left out.",
    ]
    assert Post.objects.count() == 2
    assert counts(out)["broken, left out"] == ["6"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": 2**31}, "«id» is not between 1 and 2,147,483,647"),
        ({"id": 0}, "«id» is not between 1 and 2,147,483,647"),
        ({"id": 2.5}, "«id» is not a number"),
        ({"id": float("nan")}, "«id» is not a number"),
        ({"id": True}, "«id» is not a number"),
        ({"id": {"id": 1}}, "«id» is not a number"),
        ({"topic_id": -1}, "«topic_id» is not between 1 and 2,147,483,647"),
        ({"topic_id": 10**300}, "«topic_id» is not between 1 and 2,147,483,647"),
        ({"category_id": -1}, "«category_id» is not between 0 and 2,147,483,647"),
        ({"category_id": "3"}, "«category_id» is not a number"),
        ({"user_id": 2**63}, "«user_id» is not between -2,147,483,647 and 2,147,483,647"),
        ({"user_id": [42]}, "«user_id» is not a number"),
        ({"post_number": 0}, "«post_number» is not between 1 and 1,000,000"),
        ({"post_number": 2**31 - 1}, "«post_number» is not between 1 and 1,000,000"),
        ({"reply_to_post_number": -1}, "«reply_to_post_number» is not between 1 and 1,000,000"),
        ({"reply_to_post_number": 10**9}, "«reply_to_post_number» is not between 1 and 1,000,000"),
        ({"version": -1}, "«version» is not between 0 and 2,147,483,647"),
        ({"reads": 2**31}, "«reads» is not between 0 and 2,147,483,647"),
        ({"created_at": "9999-12-31T20:00:00Z"}, "«created_at» is before 1990 or still to come"),
        ({"created_at": "0001-01-01T00:00:00Z"}, "«created_at» is before 1990 or still to come"),
        ({"created_at": "1989-12-31T23:59:59Z"}, "«created_at» is before 1990 or still to come"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "«created_at» is not a time"),
        ({"created_at": 1_700_000_000}, "«created_at» is not a time"),
        ({"created_at": "2024-03-01\ud800"}, "«created_at» is not a time"),
        ({"updated_at": "9999-12-31T20:00:00Z"}, "«updated_at» is before 1990 or still to come"),
        ({"raw": {"text": "words"}}, "«raw» is not text"),
        ({"cooked": ["words"]}, "«cooked» is not text"),
        ({"raw": "\0", "cooked": ""}, "neither «raw» nor «cooked»"),
        ({"topic_title": 7}, "«topic_title» is not text"),
        ({"username": {"name": "mandarin"}}, "«username» is not text"),
        ({"name": False}, "«name» is not text"),
    ],
)
def test_a_value_no_forum_gives_breaks_its_line_only(
    archive: Archive, fields: dict[str, Any], reason: str
) -> None:
    out, err = run(archive(post(), {**post(2), **fields}, post(3)))
    assert err == f"line 2: {reason}. Left out.\n"
    assert list(Post.objects.order_by("floor").values_list("floor", flat=True)) == [1, 3]
    assert counts(out)["broken, left out"] == ["1"]


def test_a_number_of_ten_thousand_digits_breaks_its_line_only(archive: Archive) -> None:
    line = json.dumps(post(2)).replace('"version": 1', f'"version": {"9" * 10_000}')
    _out, err = run(archive(post(), line))
    assert err == "line 2: not JSON. Left out.\n"
    assert Post.objects.count() == 1


def test_a_post_from_after_the_import_is_broken(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fans.clock.now", lambda: datetime(2024, 3, 1, 10, tzinfo=UTC))
    times = ["2024-03-01T10:00:00Z", "2024-03-02T10:00:00Z", "2024-03-02T10:00:01Z"]
    posts = [post(n, created_at=at, updated_at=at) for n, at in enumerate(times, start=1)]
    _out, err = run(archive(*posts))
    assert err == "line 3: «created_at» is before 1990 or still to come. Left out.\n"
    assert Post.objects.count() == 2


def test_the_old_forums_own_voice_has_a_negative_number(archive: Archive) -> None:
    run(archive(post(user_id=-1, username="system"), post(2, user_id=-2, username="discobot")))
    keys = Fan.objects.order_by("pk").values_list("imported_as", flat=True)
    assert list(keys) == ["discourse:-1", "discourse:-2"]


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ([{"id": 2, "count": -5}], 0),
        ([{"id": 2, "count": 2**31 - 1}, {"id": 2, "count": 2**31 - 1}], 1_000_000),
        ([{"id": 2, "count": 10**300}], 1_000_000),
        ([{"id": 2, "count": True}, {"id": 2, "count": [1]}, {"id": [2], "count": 1}], 0),
        ({"id": 2, "count": 3}, 0),
        ("likes", 0),
        (None, 0),
    ],
)
def test_likes_nobody_can_have_given_are_cut(
    archive: Archive, summary: object, expected: int
) -> None:
    out, err = run(archive(post(actions_summary=summary)))
    assert err == ""
    assert Post.objects.get().imported_like_count == expected
    assert counts(out)["likes, without names"][0] == f"{expected:,}"


def test_endless_names_and_titles_are_cut(archive: Archive) -> None:
    run(archive(post(topic_title="T" * 10_000, username="u" * 10_000, name="n" * 10_000)))
    thread, fan = Thread.objects.get(), Fan.objects.get()
    assert (len(thread.title), len(fan.display_name)) == (120, 40)
    assert len(fan.handle) <= 30
    assert Post.objects.get().source == f"**{'T' * 1_000}**\n\nWords of number 1."


def test_the_edges_of_what_is_taken_are_shown_without_an_error(
    archive: Archive, client: Client
) -> None:
    edges = {"post_number": 1_000_000, "reply_to_post_number": 999_999}
    run(
        archive(
            post(created_at="1990-01-01T00:00:00Z", actions_summary=[{"id": 2, "count": 10**9}]),
            post(2, **edges),
            post(3, **edges, topic_title="ti\0t\ud800le", username="a\udfff", name="\0"),
        )
    )
    thread = Thread.objects.get()
    assert thread.last_given_floor == 1_000_001
    author = Fan.objects.get().handle
    for path in ("/", "/threads/", f"/threads/{thread.pk}/", f"/fans/{author}/"):
        assert client.get(path, follow=True).status_code == 200


def test_a_folder_of_posts_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "1.json").write_text(json.dumps(post()))
    (tmp_path / "2024" / "2.json").write_text("{")
    (tmp_path / "3.json").write_text(json.dumps(post(3)))
    _out, err = run(tmp_path)
    assert Post.objects.count() == 2
    assert err == f"{Path('2024', '2.json')}: not JSON. Left out.\n"


def test_a_compressed_archive_is_read(archive: Archive) -> None:
    run(archive(post(), name="posts.jsonl.gz"))
    assert Post.objects.count() == 1


def test_a_damaged_archive_writes_nothing(archive: Archive) -> None:
    path = archive(*(post(number) for number in range(1, 60)), name="posts.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CommandError, match="cannot be read to its end"):
        run(path)
    assert Post.objects.count() == 0


@pytest.mark.parametrize("lines", [[], ['{"name": "not a post"}']])
def test_a_file_without_posts_is_refused(archive: Archive, lines: list[str]) -> None:
    with pytest.raises(CommandError, match="holds no post"):
        run(archive(*lines))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.jsonl is not there"):
        run(tmp_path / "nowhere.jsonl")


def test_a_dry_run_counts_and_writes_nothing(archive: Archive) -> None:
    out, _err = run(archive(post(), post(2)), dry_run=True)
    assert counts(out)["posts"] == ["2"]
    assert "nothing was written" in out
    assert (Post.objects.count(), Fan.objects.count(), Board.objects.count()) == (0, 0, 0)


def test_posts_without_markdown_come_from_their_html(archive: Archive) -> None:
    run(archive(post(raw="", cooked="<p>Hello <b>you</b><script>alert(1)</script></p>")))
    imported = Post.objects.get()
    assert imported.source_is_html is True
    assert "alert" not in imported.html
    assert "<b>you</b>" in imported.html


def test_hostile_words_are_harmless(archive: Archive) -> None:
    raw = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) <script>alert(2)</script>\x00"
    run(archive(post(raw=raw, topic_title="<script>t</script>", name="<b>n</b>")))
    html = Post.objects.get().html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_nul_and_half_surrogates_are_dropped(archive: Archive) -> None:
    line = json.dumps(post(raw="be", topic_title="title", name="name"))
    run(archive(line.replace('"be"', r'"be\u0000fo\ud800re"').replace('"title"', r'"ti\u0000tle"')))
    assert Post.objects.get().source == "befo?re"
    assert Thread.objects.get().title == "title"


def test_long_posts_are_whole_up_to_a_hundred_thousand_characters(archive: Archive) -> None:
    out, _err = run(archive(post(raw="a" * 100_000), post(2, raw="b" * 100_001)))
    assert [len(row.source) for row in Post.objects.order_by("floor")] == [100_000, 100_000]
    assert "1 posts were cut at 100,000 characters." in out


def test_a_long_title_stands_whole_in_the_first_post(archive: Archive) -> None:
    title = "Long " * 30 + "end"
    run(archive(post(topic_title=title), post(2, topic_title=title)))
    thread = Thread.objects.get()
    assert len(thread.title) <= 120
    assert thread.title.endswith("…")
    assert thread.posts.get(floor=1).source == f"**{title}**\n\nWords of number 1."


def test_pictures_are_a_named_place_and_nothing_is_loaded(archive: Archive) -> None:
    raw = "![strap|690x388](upload://a.png) and ![](https://other.example/b.png)"
    run(archive(post(raw=raw)))
    html = Post.objects.get().html
    assert "<img" not in html
    assert "strap" in html
    assert "690x388" not in html


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"hidden": True}, State.HIDDEN),
        ({"deleted_at": "2024-03-02T00:00:00Z"}, State.HIDDEN),
        ({"user_deleted": True}, State.DELETED),
    ],
)
def test_what_was_taken_away_there_is_not_shown_here(
    archive: Archive, fields: dict[str, Any], state: State
) -> None:
    run(archive(post(**fields), post(2, topic_id=8), post(3, topic_id=8, **fields)))
    assert Thread.objects.get(imported_as="discourse:7").state == state
    other = Thread.objects.get(imported_as="discourse:8")
    assert (other.state, other.reply_count) == (State.PUBLISHED, 0)
    assert other.posts.get(floor=3).state == state


def test_whispers_of_staff_stay_behind(archive: Archive) -> None:
    out, _err = run(archive(post(), post(2, post_type=4), post(3, post_type=3)))
    assert Post.objects.count() == 1
    assert counts(out)["notices and whispers, left out"] == ["2"]


def test_quotes_lead_to_the_post_they_quote(archive: Archive) -> None:
    raw = '[quote="mandarin, post:1, topic:7"]\nWhat they said\n[/quote]\nYes.'
    lost = '[quote="pomelo, post:9, topic:7"]\nGone\n[/quote]\nPity.'
    run(archive(post(), post(2, raw=raw), post(3, raw=lost)))
    first = Post.objects.get(floor=1)
    assert f'<a href="/posts/{first.pk}/"' in Post.objects.get(floor=2).html
    assert Post.objects.get(floor=3).source == "> **pomelo:**\n>\n> Gone\n\nPity."


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("plain *words*", "plain *words*"),
        ("[quote]a\nb[/quote]c", "> a\n> b\n\nc"),
        (
            "[quote=x][quote=y]in[/quote]out[/quote]",
            "> **x:**\n>\n> > **y:**\n> >\n> > in\n>\n> out",
        ),
        ("a [/quote] lonely [quote]", "a [/quote] lonely [quote]"),
        ("`[quote]` stays `[/quote]`", "`[quote]` stays `[/quote]`"),
        ("```\n[quote]\n[/quote]\n```", "```\n[quote]\n[/quote]\n```"),
        ("it is $a_1 * b$ and $5 or $6", "it is `a_1 * b` and $5 or $6"),
        ("$$\nx * y\n$$", "```\nx * y\n```"),
        ('[details="More"]\nhidden\n[/details]', "**More**\n\nhidden"),
        ("[paper.pdf|attachment](upload://x.pdf) (1 MB)", "*paper.pdf* (1 MB)"),
        ("[b]bold[/b] and a[i]", "**bold** and a[i]"),
        ("2<sup>8</sup><br>next <pubkey>", "2^8\nnext <pubkey>"),
        ("one\r\ntwo", "one\ntwo"),
        ("hello @Liz.Lightning.", "hello @liz-lightning."),
    ],
)
def test_the_old_forums_marks_become_markdown(raw: str, expected: str) -> None:
    handles = {"liz.lightning": "liz-lightning"}
    words = as_markdown(raw, address_of=lambda *_: "", topic_id=7, handles=handles)
    assert words == expected


@pytest.mark.parametrize(
    "raw",
    [
        "[quote]" * 14_000,
        "[quote]x[/quote]" * 6_000,
        "[quote]\nx\n" * 9_000 + "[/quote]" * 9_000,
        "`" * 100_000,
        "$a" * 50_000,
        "<a " * 33_000,
        "[b]" * 33_000,
        "@a." * 33_000,
        "```\n" * 25_000,
    ],
)
def test_hostile_marks_cost_no_more_than_a_second(raw: str) -> None:
    import time

    began_at = time.process_time()
    words = as_markdown(raw[:100_000], address_of=lambda *_: "", topic_id=7, handles={})
    assert time.process_time() - began_at < 1
    assert len(words) < 1_000_000


def test_boards_are_named_by_a_file(archive: Archive, tmp_path: Path) -> None:
    names = tmp_path / "boards.csv"
    names.write_text("id,name,slug\n3,Straps and cases,straps\n4,实现\n")
    path = archive(post(), post(topic_id=8, category_id=4), post(topic_id=9, category_id=5))
    run(path, boards=names)
    boards = Board.objects.order_by("position").values_list("name", "slug", "imported_as")
    assert list(boards) == [
        ("Straps and cases", "straps", "discourse:3"),
        ("实现", "shixian", "discourse:4"),
        ("Imported 5", "imported-5", "discourse:5"),
    ]


def test_boards_can_be_named_by_a_later_run(archive: Archive, tmp_path: Path) -> None:
    names = tmp_path / "boards.json"
    names.write_text('{"3": "Straps", "4": {"name": "Apps", "slug": "apps"}}')
    path = archive(post(), post(topic_id=8, category_id=4))
    run(path)
    Board.objects.filter(imported_as="discourse:4").update(name="Named by staff")
    run(path, boards=names)
    run(path, boards=names)
    assert list(Board.objects.order_by("position").values_list("name", "slug")) == [
        ("Straps", "straps"),
        ("Named by staff", "imported-4"),
    ]
    assert list(PastBoardSlug.objects.values_list("slug", flat=True)) == ["imported-3"]


def test_threads_can_go_to_a_board_that_exists(archive: Archive, tmp_path: Path) -> None:
    board = Board.objects.create(name="Help", slug="help")
    names = tmp_path / "boards.json"
    names.write_text('{"3": {"name": "Help", "slug": "help"}}')
    for _run in range(2):
        run(archive(post()), boards=names)
    assert Thread.objects.get().board == board
    assert Board.objects.count() == 1


@pytest.mark.parametrize(
    "text", ['{"3": ', '{"x": "Name"}', '{"3": {"slug": "a"}}', '{"3": ""}', "[1]"]
)
def test_a_file_of_names_that_makes_no_sense_is_refused(
    archive: Archive, tmp_path: Path, text: str
) -> None:
    names = tmp_path / "boards.json"
    names.write_text(text)
    with pytest.raises(CommandError, match=r"boards\.json is not understood"):
        run(archive(post()), boards=names)
    assert Post.objects.count() == 0


@pytest.mark.real_archive
def test_a_real_forum_comes_whole() -> None:
    path = real_archive()
    assert path is not None
    out, err = run(path)
    rows = counts(out)
    assert err == ""
    assert rows["threads"] == ["635", "635"]
    # 64 of the 4 725 lines repeat 63 posts, taken at another time: the same topic and number.
    assert rows["lines read"] == ["4,725"]
    assert rows["posts"] == ["4,725", "4,661"]
    assert rows["of them repeated"] == ["64"]
    assert rows["authors"] == ["460", "460"]
    assert rows["replies to a post"] == ["2,352", "2,325"]
    assert rows["to one that is missing"] == ["6", "6"]
    assert rows["likes, without names"] == ["2,456", "2,447"]
    replies = Post.objects.exclude(reply_to_floor=None)
    assert (replies.filter(reply_to=None).count(), replies.count()) == (6, 2325)
    assert Post.objects.aggregate(likes=Sum("imported_like_count"))["likes"] == 2447
    assert Thread.objects.exclude(reply_count=0).order_by("-reply_count")[0].reply_count == 93
    again, _err = run(path)
    assert counts(again)["posts"] == ["4,725", "0"]
