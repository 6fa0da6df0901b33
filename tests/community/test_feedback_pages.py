"""The pages on which people tell us of something, and those on which the company answers."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import FeatureRequest
from community.feedback.models import Department, FeedbackItem, OfflineBatch
from community.feedback.rules import LARGEST_LOG_BYTES
from community.products.models import Team
from community.threads.actions import start_thread
from fans import clock
from fans.accounts.models import Fan
from fans.images.models import Image
from tests.community.threads import make_regular
from tests.factories import (
    NOW,
    BoardFactory,
    ProductFactory,
    make_admin,
    make_batch,
    make_fan,
    make_feedback,
    make_place,
    make_staff,
)

pytestmark = pytest.mark.django_db


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def form(**fields: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "title": "The alarm stays silent since 2.4",
        "words": "In the evening, after charging.",
        "category": "bug",
        "severity": "S2",
        "frequency": "Q3",
        "in_public": "yes",
        "submission_key": "a-key-of-one-form",
    }
    if "product" not in fields:
        wanted["product"] = ProductFactory.create().pk
    return {**wanted, **fields}


def picture(name: str = "watch.png") -> SimpleUploadedFile:
    from io import BytesIO

    from PIL import Image as Pillow

    file = BytesIO()
    Pillow.new("RGB", (8, 8), "orange").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


# --- telling ---------------------------------------------------------------------------------


def test_the_form_files_a_report_and_leads_to_it() -> None:
    client = signed_in(make_regular())
    sent = form(pictures=[picture()], log=SimpleUploadedFile("watch.log", b"12:00 silence"))
    answer = client.post("/feedback/new/", sent)
    item = FeedbackItem.objects.get()
    assert answer.headers["Location"] == f"/feedback/{item.pk}/"
    assert (item.priority, item.log_name, item.pictures.count()) == ("P1", "watch.log", 1)
    assert Image.objects.get().kept_at is not None
    page = client.get(f"/feedback/{item.pk}/").text
    assert "The alarm stays silent" in page
    assert f"/feedback/{item.pk}/pictures/" in page


def test_pressing_twice_is_one_report_and_leaves_one_log_file() -> None:
    """C3."""
    client, product = signed_in(make_regular()), ProductFactory.create()
    for _ in range(2):
        log = SimpleUploadedFile("watch.log", b"12:00 silence")
        answer = client.post("/feedback/new/", form(product=product.pk, log=log))
        assert answer.headers["Location"] == f"/feedback/{FeedbackItem.objects.get().pk}/"
    storage = FeedbackItem.objects.get().log_file.storage
    path = str(FeedbackItem.objects.get().log_file.name)
    assert storage.listdir(path.rpartition("/")[0])[1] == [path.rpartition("/")[2]]


@pytest.mark.parametrize(("size", "status"), [(0, 302), (-1, 302), (1, 422)])
def test_a_log_file_has_at_most_5_mb(size: int, status: int) -> None:
    client = signed_in(make_regular())
    log = SimpleUploadedFile("watch.log", b"0" * (LARGEST_LOG_BYTES + size))
    assert client.post("/feedback/new/", form(log=log)).status_code == status


def test_nothing_is_lost_when_a_field_must_be_mended() -> None:
    client = signed_in(make_regular())
    product = ProductFactory.create()
    page = client.post("/feedback/new/", form(title="", product=product.pk, pictures=[picture()]))
    assert page.status_code == 422
    assert "In the evening, after charging." in page.text
    kept = re.findall(r'name="kept" value="(\w+)"', page.text)
    assert len(kept) == 1
    client.post("/feedback/new/", form(product=product.pk, kept=kept))
    assert FeedbackItem.objects.get().pictures.get().key == kept[0]


def test_nobody_sends_the_picture_of_another() -> None:
    item = make_feedback(with_files=True)
    Image.objects.update(kept_at=None)
    client = signed_in(make_regular())
    answer = client.post("/feedback/new/", form(kept=[item.pictures.get().key]))
    assert answer.status_code == 422


def test_what_sounds_the_same_is_shown_before_it_is_told_again() -> None:
    known = make_feedback(title="Alarm stays silent in the evening")
    make_feedback(title="Alarm stays silent, told in private", is_public=False)
    client, product = signed_in(make_regular()), known.product
    page = client.post("/feedback/new/", form(product=product.pk))
    assert page.status_code == 422
    assert re.findall(r'href="/feedback/(\d+)/"', page.text) == [str(known.pk)]
    assert FeedbackItem.objects.count() == 2
    sent = form(product=product.pk, seen_similar="1")
    assert client.post("/feedback/new/", sent).status_code == 302
    suggested = client.get(
        "/feedback/similar/", {"title": "silent alarm", "product": str(product.pk)}
    )
    assert suggested.text.count("<li>") == 1  # their own is not suggested


def test_similar_things_are_found_by_han_too() -> None:
    known = make_feedback(title="晚上闹钟不响")
    client = signed_in(make_regular())
    page = client.get("/feedback/similar/", {"title": "闹钟不响", "product": str(known.product_id)})
    assert "晚上闹钟不响" in page.text


def test_a_fan_says_me_too_and_takes_it_back() -> None:
    item = make_feedback()
    client = signed_in(make_fan())
    for _ in range(2):
        client.post(f"/feedback/{item.pk}/me-too/")
    item.refresh_from_db()
    assert item.me_too_count == 1
    client.post(f"/feedback/{item.pk}/me-too/withdrawal/")
    item.refresh_from_db()
    assert item.me_too_count == 0


def test_the_reporter_is_asked_whether_it_is_solved() -> None:
    item = make_feedback(state="resolved")
    assert item.reporter is not None
    client = signed_in(item.reporter)
    assert "Is it solved?" in client.get(f"/feedback/{item.pk}/").text
    client.post(f"/feedback/{item.pk}/verdict/", {"solved": "no", "words": "Still silent"})
    item.refresh_from_db()
    assert item.state == "reopened"
    assert "Is it solved?" not in signed_in(make_fan()).get(f"/feedback/{item.pk}/").text


# --- who sees what ---------------------------------------------------------------------------


def test_a_private_item_is_its_reporters_and_the_staffs() -> None:
    item = make_feedback(is_public=False, with_files=True)
    assert item.reporter is not None
    path = f"/feedback/{item.pk}/"
    picture_path = f"{path}pictures/{item.pictures.get().key}/"
    for client, status in (
        (Client(), 404),
        (signed_in(make_fan()), 404),
        (signed_in(item.reporter), 200),
        (signed_in(make_staff()), 200),
    ):
        assert client.get(path).status_code == status
        answer = client.get(picture_path)
        assert answer.status_code == status
        b"".join(answer)
        assert client.post(f"{path}me-too/").status_code in {302, 404}
    assert item.me_toos.count() == 0


def test_a_log_file_is_the_staffs_alone_and_only_downloaded() -> None:
    item = make_feedback(with_files=True)
    item.log_name = 'a";\u202e.html'
    item.save()
    assert item.reporter is not None
    path = f"/staff/feedback/{item.pk}/log/"
    assert signed_in(item.reporter).get(path).status_code == 404
    answer = signed_in(make_staff()).get(path)
    assert b"".join(answer) == b"12:00 silence"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("rows", [1, 3])
def test_my_feedback_costs_the_same_for_any_number(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fan = make_fan()
    for _ in range(rows):
        make_feedback(reporter=fan)
    make_feedback()  # another's
    client = signed_in(fan)
    client.get("/me/feedback/")
    with django_assert_num_queries(2):
        page = client.get("/me/feedback/").text
    assert page.count("thread-row-title") == rows


def test_my_feedback_goes_on_with_the_next_page() -> None:
    fan, product = make_fan(), ProductFactory.create()
    items = [make_feedback(reporter=fan, product=product) for _ in range(21)]
    client = signed_in(fan)
    first = client.get("/me/feedback/").text
    assert f'href="?after={items[1].pk}"' in first
    second = client.get(f"/me/feedback/?after={items[1].pk}").text
    assert re.findall(r'thread-row-title" href="/feedback/(\d+)/', second) == [str(items[0].pk)]
    assert client.get("/me/feedback/?after=nonsense").status_code == 200


# --- the desk --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_for_any_number(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_feedback()
    client = signed_in(make_staff())
    client.get("/staff/feedback/")
    with django_assert_num_queries(10):
        page = client.get("/staff/feedback/").text
    assert page.count("thread-row-title") == rows


def test_the_queue_begins_with_the_most_urgent() -> None:
    minor = make_feedback(priority="P3", severity="S4", frequency="Q4")
    urgent = make_feedback(priority="P0", severity="S1", frequency="Q1")
    closed = make_feedback(state="declined")
    client = signed_in(make_staff())

    def shown(query: str) -> list[int]:
        found = re.findall(r'title" href="/staff/feedback/(\d+)/', client.get(query).text)
        return [int(number) for number in found]

    assert shown("/staff/feedback/") == [urgent.pk, minor.pk]
    assert shown("/staff/feedback/?severity=S4&frequency=Q4") == [minor.pk]
    assert shown("/staff/feedback/?priority=P0") == [urgent.pk]
    assert shown("/staff/feedback/?state=declined") == [closed.pk]
    assert shown(f"/staff/feedback/?after={urgent.pk}") == [minor.pk]
    assert shown("/staff/feedback/?state=nonsense&team=x") == [urgent.pk, minor.pk]
    assert shown(f"/staff/feedback/?team={urgent.department_id}") == [urgent.pk, minor.pk]


def test_staff_sort_answer_and_decline() -> None:
    item = make_feedback()
    client, path = signed_in(make_staff()), f"/staff/feedback/{item.pk}/"
    sorting = {"category": "safety", "severity": "S1", "frequency": "Q1"}
    assert client.post(f"{path}triage/", sorting).status_code == 302
    assert client.post(f"{path}steps/", {"became": "declined"}).status_code == 422
    client.post(f"{path}steps/", {"became": "declined", "answer": "It is meant so."})
    item.refresh_from_db()
    assert (item.priority, item.state) == ("P0", "declined")
    assert "It is meant so." in Client().get(f"/feedback/{item.pk}/").text


def test_staff_make_a_wish_of_it_in_one_click() -> None:
    BoardFactory.create()
    item = make_feedback(reporter=make_regular(), category="missing_feature")
    client = signed_in(make_staff())
    assert client.post(f"/staff/feedback/{item.pk}/request/").status_code == 302
    assert FeatureRequest.objects.get().author == item.reporter


def test_a_wish_needs_a_title_of_its_own_where_that_of_the_item_is_too_short() -> None:
    """The same rule as in the form for wishes (spec §5)."""
    BoardFactory.create()
    item = make_feedback(reporter=make_regular(), title="No alarm")
    client, path = signed_in(make_staff()), f"/staff/feedback/{item.pk}/request/"
    page = client.post(path)
    assert (page.status_code, FeatureRequest.objects.count()) == (422, 0)
    assert 'value="No alarm"' in page.text
    assert client.post(path, {"title": "  "}).status_code == 422
    client.post(path, {"title": "An alarm that never stays silent"})
    assert FeatureRequest.objects.get().title == "An alarm that never stays silent"
    assert client.post(path).status_code == 302


def test_staff_learn_why_no_wish_was_made() -> None:
    board = BoardFactory.create()
    author = make_regular()
    item = make_feedback(reporter=author)
    start_thread(
        board=board,
        author=author,
        kind="discussion",
        title=item.title,
        source=item.title,
        submission_key=None,
        at=clock.now(),
    )
    client, path = signed_in(make_staff()), f"/staff/feedback/{item.pk}/request/"
    assert "posted a moment ago" in client.post(path, follow=True).text
    Fan.objects.filter(pk=author.pk).update(leaving_at=NOW)
    assert "may not write just now" in client.post(path, follow=True).text
    assert not FeatureRequest.objects.exists()


def test_an_answer_names_its_language() -> None:
    item = make_feedback()
    client, path = signed_in(make_staff()), f"/staff/feedback/{item.pk}/"
    client.post(f"{path}steps/", {"became": "declined", "answer": "這是刻意的設計，謝謝你說。"})
    assert '<blockquote class="prose" lang="zh-hant">' in Client().get(f"/feedback/{item.pk}/").text


def test_staff_confirm_a_fault_and_take_it_back() -> None:
    item = make_feedback()
    client, path = signed_in(make_staff()), f"/staff/feedback/{item.pk}/confirmation/"
    client.post(path)
    item.refresh_from_db()
    assert item.bug_confirmed_at is not None
    client.post(f"{path}withdrawal/")
    item.refresh_from_db()
    assert item.bug_confirmed_at is None


def test_admins_say_who_answers_for_what() -> None:
    team = Team.objects.create(name="R&D", slug="r-d")
    categories = ["bug", "performance", "usability", "missing_feature", "content", "service"]
    named = dict.fromkeys([*categories, "event", "account", "safety"], team.pk)
    path = "/staff/feedback/departments/naming/"
    assert signed_in(make_staff()).post(path, named).status_code == 404
    assert signed_in(make_admin()).post(path, named).status_code == 302
    assert Department.objects.filter(team=team).count() == 9


# --- on paper --------------------------------------------------------------------------------


def test_a_batch_is_typed_in_handed_in_and_accepted() -> None:
    place, fan = make_place(), make_fan()
    client = signed_in(fan)
    begun = {
        "product": ProductFactory.create().pk,
        "week": "2026-w47",
        "place": place.name_en,
        "gathered_on": "2020-01-02",
        "submission_key": "a-key-of-one-batch",
    }
    assert client.post("/staff/intake/creation/", {**begun, "week": "47"}).status_code == 422
    assert client.post("/staff/intake/creation/", {**begun, "place": ""}).status_code == 422
    answer = client.post("/staff/intake/creation/", begun)
    assert answer.status_code == 302, re.findall(r"field-error.*?<span>(.*?)</span>", answer.text)
    batch = OfflineBatch.objects.get()
    assert batch.week == "2026-W47"
    path = f"/staff/intake/{batch.pk}/"
    typed = {"overall": "4", "loved": "1, 3", "severity": "S3", "frequency": "Q3", "words": "Bells"}
    assert client.post(f"{path}forms/", {**typed, "overall": "6"}).status_code == 422
    assert client.post(f"{path}forms/", {**typed, "loved": "1, 2, 3, 4"}).status_code == 422
    assert client.post(f"{path}forms/", {**typed, "wishes": "77"}).status_code == 422
    for _ in range(3):
        assert client.post(f"{path}forms/", typed).status_code == 302
    assert [item.paper["loved"] for item in batch.items.all()] == [[1, 3]] * 3
    client.post(f"{path}handing-in/")
    client.post(f"{path}acceptance/")  # never one's own
    batch.refresh_from_db()
    assert (batch.handed_in_at is not None, batch.accepted_at) == (True, None)
    signed_in(make_staff()).post(f"{path}acceptance/")
    batch.refresh_from_db()
    assert batch.accepted_at is not None


def test_the_batch_of_another_is_not_there() -> None:
    batch = make_batch(forms=1)
    client = signed_in(make_fan())
    for path in ("", "forms/", "handing-in/", "acceptance/", "refusal/"):
        address = f"/staff/intake/{batch.pk}/{path}"
        assert (client.post(address) if path else client.get(address)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_batches_costs_the_same_for_any_number(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fan = make_fan()
    for _ in range(rows):
        make_batch(recorder=fan, forms=2)
    client = signed_in(fan)
    client.get("/staff/intake/")
    with django_assert_num_queries(6):
        page = client.get("/staff/intake/").text
    assert page.count("thread-row-title") == rows


@pytest.mark.parametrize("forms", [1, 3])
def test_a_batch_costs_the_same_for_any_number_of_forms(
    forms: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    batch = make_batch(forms=forms)
    client = signed_in(batch.recorder)
    client.get(f"/staff/intake/{batch.pk}/")
    with django_assert_num_queries(5):
        page = client.get(f"/staff/intake/{batch.pk}/").text
    assert page.count("/removal/") == forms
