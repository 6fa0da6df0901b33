"""The sheet for the wall that leads to the story of a wish."""

import re

import pytest
import qrcode
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from community.feature_requests.models import FeatureRequest, Status
from community.feature_requests.story import name_of_kind
from tests.community.feature_requests import make_request

pytestmark = pytest.mark.django_db


def poster(wish: FeatureRequest, client: Client | None = None) -> str:
    return (client or Client()).get(f"/requests/{wish.pk}/poster/").text


def modules(svg: str) -> set[tuple[int, int]]:
    """The dark squares, without the light border of two."""
    return {(int(x) - 2, int(y) - 2) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg)}


def test_its_one_code_leads_to_the_story() -> None:
    wish = make_request()
    [svg] = re.findall(r'<svg class="code-picture".*?</svg>', poster(wish), re.DOTALL)
    expected = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    expected.add_data(f"http://localhost:8000/requests/{wish.pk}/story/?via=share")
    assert modules(svg) == {
        (x, y)
        for y, row in enumerate(expected.get_matrix())
        for x, is_dark in enumerate(row)
        if is_dark
    }
    assert f"localhost:8000/requests/{wish.pk}/story/</span>" in poster(wish)


def test_it_speaks_every_language_at_once_whoever_prints_it() -> None:
    wish = make_request(title="充电到百分之八十自动停止的开关", status=Status.PLANNED)
    for language in ("en", "zh-Hans", "zh-Hant"):
        shown = poster(wish, Client(headers={"Accept-Language": language}))
        for tag, name in (("en", "Planned"), ("zh-hans", "已排期"), ("zh-hant", "已排程")):
            assert f'<span lang="{tag}">{name}</span>' in shown
        assert shown.count('lang="zh-hans">充电到百分之八十自动停止的开关</h1>') == 1


def test_it_tells_the_line_in_few_words_and_counts_apart() -> None:
    """F3: voices from outside stand beside the votes."""
    wish = make_request(status=Status.PLANNED, votes=3)
    FeatureRequest.objects.filter(pk=wish.pk).update(offline_count=12)
    shown = poster(wish)
    assert re.findall(r"<li><b>(\d+)</b>", shown) == ["3", "12"]
    marks = shown.split('class="poster-marks"')[1].split("</ol>")[0]
    assert re.findall(r'<span lang="en">(.*?)</span>', marks) == [
        name_of_kind(kind) for kind in ("asked", "planned", "build", "verdict")
    ]
    assert marks.count('class="is-ahead"') == 2
    assert re.findall(r'datetime="(.*?)"', marks) == ["2026-11-20", "2026-11-20"]


def test_a_long_title_is_set_smaller() -> None:
    wishes = (
        make_request(title="x" * 60),
        make_request(title="y" * 61),
        make_request(title="长" * 25),
    )
    sizes = ['class="poster-title is-long"' in poster(wish) for wish in wishes]
    assert sizes == [False, True, True]


@pytest.mark.parametrize("votes", [1, 3])
def test_a_poster_costs_the_same_for_one_and_for_three_votes(
    votes: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wish = make_request(votes=votes)
    poster(wish, client)
    with django_assert_num_queries(7):
        poster(wish, client)
