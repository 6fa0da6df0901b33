"""Atom feeds: what a stranger may read, whole, and not twice (spec §12, R2)."""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from community.feature_requests import actions
from community.feature_requests.models import FeatureRequest, Status, StatusChange
from community.products.models import Tag
from community.threads import actions as threads
from community.threads.models import Audience, Post, Thread
from fans.accounts.models import Fan
from tests.community.feature_requests import make_request, merge, move, ship, walk
from tests.community.fridays import TARGET, make_cycle, make_published, on_the_way
from tests.community.threads import make_regular
from tests.factories import NOW, BoardFactory, ProductFactory, make_moderator, make_staff

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HOUR = timedelta(hours=1)


def feed(client: Client, address: str = "/feeds/requests/", **headers: str) -> Element:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root: Element = fromstring(response.content)
    return root


def each(root: Element, name: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{name}") or "" for entry in root.iter(f"{ATOM}entry")]


def titles(client: Client, address: str = "/feeds/requests/") -> list[str]:
    return each(feed(client, address), "title")


def write_note(wish: FeatureRequest, words: str, at: Any = NOW + HOUR) -> None:
    actions.write_note(feature_request=wish, words=words, actor=make_staff(), at=at)


def make_tag(wish: FeatureRequest, name: str = "battery", **fields: Any) -> Tag:
    tag = Tag.objects.create(name=name, slug=name, **fields)
    wish.tags.add(tag)
    return tag


# --- Which entries -------------------------------------------------------------------------------


def test_the_newest_wish_comes_first(client: Client) -> None:
    make_request(title="A louder alarm please")
    make_request(title="A softer strap please")
    assert titles(client) == ["A softer strap please", "A louder alarm please"]


def test_a_product_and_a_tag_have_feeds_of_their_own(client: Client) -> None:
    watch = make_request(title="A louder alarm please")
    phone = make_request(title="A softer strap please")
    make_tag(phone)
    assert titles(client, f"/feeds/requests/products/{watch.product.slug}/") == [watch.title]
    assert titles(client, "/feeds/requests/tags/battery/") == [phone.title]


@pytest.mark.parametrize("address", ["products/none/", "tags/none/", "987654/"])
def test_a_feed_of_nothing_is_missing(address: str, client: Client) -> None:
    assert client.get(f"/feeds/requests/{address}").status_code == 404


def test_what_was_retired_has_no_feed_not_even_for_staff(client: Client) -> None:
    wish = make_request(product=ProductFactory.create(slug="old"))
    make_tag(wish, retired_at=NOW)
    wish.product.retired_at = NOW
    wish.product.save()
    client.force_login(make_staff())
    assert client.get("/feeds/requests/products/old/").status_code == 404
    assert client.get("/feeds/requests/tags/battery/").status_code == 404


def test_a_merged_wish_is_told_of_through_the_other(client: Client) -> None:
    source, target = make_request(), make_request()
    merge(source, target)
    assert titles(client) == [target.title]


def test_a_feed_holds_fifty_entries(client: Client) -> None:
    wish = make_request()
    for number in range(51):
        thread = Thread.objects.get(pk=wish.thread_id)
        thread.pk = None
        thread.save()
        copy = FeatureRequest.objects.get(pk=wish.pk)
        copy.pk, copy.thread, copy.submission_key = None, thread, f"copy-{number}"
        copy.save()
    assert len(titles(client)) == 50


# --- What an entry says ----------------------------------------------------------------------------


def test_an_entry_has_the_whole_text_its_author_and_its_subjects(
    client: Client, settings: Any
) -> None:
    settings.SITE_URL = "https://fans.example.com"
    author = make_regular(display_name="Lin Wei", handle="lin")
    wish = make_request(
        title="闹钟响一点，早上听不见啊",
        problem="被子里**完全**听不到，每天都迟到。",
        author=author,
    )
    make_tag(wish)
    root = feed(client)
    [entry] = root.iter(f"{ATOM}entry")
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.attrib == {"type": "html"}
    assert "<strong>完全</strong>" in (content.text or "")
    assert entry.attrib[LANG] == "zh-hans"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Lin Wei"
    terms = [each.attrib["term"] for each in entry.iter(f"{ATOM}category")]
    assert terms == [wish.product.name, "battery"]
    assert entry.findtext(f"{ATOM}id") == f"https://fans.example.com/requests/{wish.pk}/"
    links = [link.attrib["href"] for link in root.iter(f"{ATOM}link")]
    assert links == [
        "https://fans.example.com/requests/",
        "https://fans.example.com/feeds/requests/",
        f"https://fans.example.com{wish.get_absolute_url()}",
    ]


def test_addresses_within_an_entry_are_whole(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://fans.example.com"
    wish = make_request()
    html = '<p><a href="/fans/lin/">@lin</a> href="/stays" <a href="//x.example/">x</a></p>'
    Post.objects.filter(thread=wish.thread_id).update(html=html)
    [content] = each(feed(client), "content")
    whole = html.replace('"/fans', '"https://fans.example.com/fans')
    assert content == whole


def test_a_deleted_fan_is_not_named(client: Client) -> None:
    wish = make_request(author=make_regular(display_name="Canary Wing"))
    Fan.objects.filter(pk=wish.author_id).update(erased_at=NOW)
    root = feed(client)
    assert root.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") == "deleted fan"


def test_what_no_xml_can_write_is_left_out(client: Client) -> None:
    wish = make_request()
    Thread.objects.filter(pk=wish.thread_id).update(title="A\x0b <b>&\uffff alarm")
    Post.objects.filter(thread=wish.thread_id).update(html="<p>\x1f]]&gt;</p>")
    root = feed(client)
    assert each(root, "title") == ["A <b>& alarm"]
    assert each(root, "content") == ["<p>]]&gt;</p>"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_our_words_are_in_the_language_of_the_reader(language: str, client: Client) -> None:
    with translation.override(language):
        title = f"{gettext('New wishes')} · Orangery"
    root = feed(client, **{"accept-language": language})
    assert (root.attrib[LANG], root.findtext(f"{ATOM}title")) == (language, title)


# --- What became of one wish -----------------------------------------------------------------------


def test_the_changes_of_one_wish_are_told_newest_first(client: Client) -> None:
    wish = make_request()
    move(wish, Status.UNDER_REVIEW, response="")
    planned = move(wish, Status.PLANNED, response="It **comes**.")
    StatusChange.objects.filter(pk=planned.pk).update(promised_for="2026-W50")
    write_note(wish, "The first one rings.")
    root = feed(client, f"/feeds/requests/{wish.pk}/")
    assert each(root, "title") == ["Progress", "Planned · 2026-W50", "Under review", "Submitted"]
    said = each(root, "content")
    assert said[0] == '<div lang="en"><p>The first one rings.</p>\n</div>'
    assert "<strong>comes</strong>" in said[1]
    assert len(set(each(root, "id"))) == 4


def test_a_refusal_comes_with_its_answer_and_its_reason(client: Client) -> None:
    wish = make_request()
    move(wish, Status.DECLINED, response="We cannot.", reason="The law forbids it.")
    said, _ = each(feed(client, f"/feeds/requests/{wish.pk}/"), "content")
    assert "We cannot." in said
    assert "The law forbids it." in said


def test_nobody_of_the_company_is_named(client: Client) -> None:
    wish = make_request()
    move(wish, Status.UNDER_REVIEW, actor=make_staff(display_name="Canary Wing"))
    assert b"Canary" not in client.get(f"/feeds/requests/{wish.pk}/").content


# --- What shipped ----------------------------------------------------------------------------------


def test_the_change_log_has_a_feed(client: Client) -> None:
    cycle = make_cycle()
    wish = on_the_way(make_request(product=cycle.product))
    make_published(cycle, wish, notes="Louder by half.")
    root = feed(client, "/feeds/changelog/")
    assert each(root, "title") == [wish.title]
    assert each(root, "published") == [TARGET.isoformat()]
    [content] = each(root, "content")
    assert f"/releases/{cycle.product.slug}/4.2/" in content


# --- R2 --------------------------------------------------------------------------------------------

CANARY = "canarywing"


def every_feed(wish: FeatureRequest) -> list[str]:
    return [
        "/feeds/requests/",
        f"/feeds/requests/products/{wish.product.slug}/",
        "/feeds/requests/tags/battery/",
        f"/feeds/requests/{wish.pk}/",
        "/feeds/changelog/",
    ]


def shipped_canary() -> FeatureRequest:
    """A wish in every feed, with the word in its title, its text and the answers."""
    wish = make_request(
        title=f"The {CANARY} shall sing", problem=f"The {CANARY} is silent all day."
    )
    make_tag(wish)
    write_note(wish, f"The {CANARY} sings.")
    walk(wish, Status.IN_TESTING)
    ship(wish, release_words=f"The {CANARY} sang.")
    return wish


def found_in(wish: FeatureRequest, client: Client) -> list[str]:
    return [path for path in every_feed(wish) if CANARY in client.get(path).text]


def hide(wish: FeatureRequest) -> None:
    threads.hide(post=wish.thread.posts.get(), by=make_moderator(), at=NOW)


def restrict(wish: FeatureRequest) -> None:
    board = BoardFactory.create(readable_by=Audience.CORE)
    Thread.objects.filter(pk=wish.thread_id).update(board=board)


def let_wait(wish: FeatureRequest) -> None:
    Thread.objects.filter(pk=wish.thread_id).update(state="waiting")
    wish.thread.posts.update(state="waiting")


@pytest.mark.parametrize("take_away", [hide, restrict, let_wait])
def test_what_strangers_may_not_see_is_in_no_feed_whoever_asks(
    take_away: Any, client: Client
) -> None:
    """R2: also after the fact, also for its author, a moderator and staff."""
    wish = shipped_canary()
    assert found_in(wish, client) == every_feed(wish)
    etags = {path: client.get(path).headers["ETag"] for path in every_feed(wish)}
    take_away(wish)
    for fan in (None, wish.author, make_moderator(), make_staff()):
        reader = Client()
        if fan is not None:
            reader.force_login(fan)
        assert found_in(wish, reader) == []
    for path, etag in etags.items():
        again = client.get(path, headers={"If-None-Match": etag})
        assert (path, again.status_code) in {(path, 200), (f"/feeds/requests/{wish.pk}/", 404)}


def test_words_hidden_alone_leave_the_entry_without_them(client: Client) -> None:
    wish = make_request(problem=f"The {CANARY} is silent all day long.")
    wish.thread.posts.update(state="hidden")
    assert titles(client) == [wish.title]
    assert CANARY not in client.get("/feeds/requests/").text


# --- Costs, and asking again -----------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_feeds_cost_the_same_for_one_entry_and_for_three(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    product = ProductFactory.create()
    wishes = [make_request(product=product) for _ in range(rows)]
    for wish in wishes:
        make_tag(wish, f"tag-{wish.pk}")
    tag = make_tag(wishes[0])
    tag.feature_requests.set(wishes)
    for wish in wishes:
        walk(wish, Status.IN_TESTING)
        ship(wish)
    for path, queries in zip(every_feed(wishes[0]), [3, 4, 4, 3, 5], strict=True):
        client.get(path)
        with django_assert_num_queries(queries):
            feed(client, path)


def test_whoever_has_it_already_is_told_so(client: Client) -> None:
    make_request()
    first = client.get("/feeds/requests/")
    etag, moment = first.headers["ETag"], first.headers["Last-Modified"]
    assert client.get("/feeds/requests/", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/feeds/requests/", headers={"If-Modified-Since": moment}).status_code == 304
    make_request(at=NOW + HOUR)
    again = client.get("/feeds/requests/", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert client.get("/feeds/requests/", headers={"If-Modified-Since": moment}).status_code == 200


def test_an_empty_feed_stays_what_it_is(client: Client) -> None:
    etag = client.get("/feeds/requests/").headers["ETag"]
    answer = client.get("/feeds/requests/", headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.content == b""


def test_nothing_between_us_and_the_reader_keeps_a_feed_unasked(client: Client) -> None:
    headers = client.get("/feeds/requests/").headers
    assert headers["Cache-Control"] == "no-cache"
    assert "Accept-Language" in headers["Vary"]
