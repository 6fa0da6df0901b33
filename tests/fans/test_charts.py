"""Charts that can be read without being seen (ux §4)."""

import re

import pytest
from django.template.loader import render_to_string

from fans.charts import Bar, BarChart, LineChart, Point
from fans.charts.numbers import scale_end, written

pytestmark = pytest.mark.one_engine


def drawn(chart: LineChart | BarChart) -> str:
    name = "line" if isinstance(chart, LineChart) else "bars"
    return render_to_string(f"charts/{name}.html", {"chart": chart})


def cells(page: str) -> list[list[str]]:
    body = page.split("<tbody>")[1]
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]


def test_a_line_is_interrupted_where_nothing_is_known() -> None:
    weeks = [("W1", 1.0, ""), ("W2", 2.0, ""), ("W3", None, "skipped"), ("W4", 4.0, "")]
    chart = LineChart("Reports", "Four.", [Point(*week) for week in weeks])
    assert chart.path == "M2.00 63.50L34.00 45.00"  # W4 stands alone: a point, no line
    assert [place.x for place in chart.places] == ["2.00", "34.00", "98.00"]
    assert [(mark.x, mark.point.note) for mark in chart.marks] == [("66.00", "skipped")]


def test_a_line_says_its_title_its_sentence_its_newest_value_and_every_value() -> None:
    weeks = [Point("W1", 84.4, "", 71.5, 91.7), Point("W2", None, "rest <week>")]
    page = drawn(LineChart("Satisfaction", "Most are.", weeks, unit="%", least=0, most=100))
    assert re.findall(r'role="img" aria-labelledby="(\S+) (\S+)"', page) == [
        tuple(re.findall(r'<(?:title|desc) id="(.*?)">', page))
    ]
    assert 'dy="6">84\u00a0%</text>' in page
    assert cells(page) == [
        ["W2", "–", "", "rest &lt;week&gt;"],
        ["W1", "84\u00a0%", "72–92\u00a0%", ""],
    ]


def test_an_interval_is_drawn_there_and_back() -> None:
    chart = LineChart(
        "S", "", [Point("a", 5, "", 4, 6), Point("b", 5, "", 4, 6), Point("c", 5)], least=0, most=10
    )
    assert chart.band == ""  # not for a part of a line only
    whole = LineChart("S", "", chart.rows[:2], least=0, most=10)
    assert whole.band == "M2.00 37.60L98.00 37.60L98.00 52.40L2.00 52.40Z"


def test_bars_part_from_the_middle_and_never_leave_their_frame() -> None:
    chart = BarChart(
        "Loved", "", [Bar("Camera", 300, 80), Bar("省电", 0, 40, language="zh-Hans")],
        names=("loved", "not good"), heading="Item",
    )  # fmt: skip
    assert [(b.start, b.end, b.against_end) for b in chart.bars] == [
        ("50.00", "87.00", "40.13"),
        ("50.00", "50.00", "45.07"),
    ]
    assert cells(drawn(chart)) == [["Camera", "300", "80", "220"], ["省电", "0", "40", "−40"]]
    assert drawn(chart).count('lang="zh-Hans"') == 2


@pytest.mark.parametrize("rows", [[], [Point("W1", None, "skipped")], [Point("W1", 0.0)]])
def test_nothing_or_nothing_but_zero_is_no_fault(rows: list[Point]) -> None:
    assert "NaN" not in drawn(LineChart("Reports", "None yet.", rows))
    assert "None yet." in drawn(BarChart("Reports", "None yet.", [Bar(p.label, 0) for p in rows]))


def test_scales_end_on_round_numbers() -> None:
    assert [scale_end(n) for n in (0, 1, 3, 5, 9, 84, 301, -30)] == [
        0, 1, 4, 6, 10, 100, 400, -40,
    ]  # fmt: skip
    assert [tick.words for tick in LineChart("", "", [Point("a", 5), Point("b", 1)]).ticks] == [
        "6", "3", "0",
    ]  # fmt: skip
    assert [tick.words for tick in LineChart("", "", [Point("a", 1)]).ticks] == ["1", "0"]
    assert written(-0.4) == "0"


def test_two_charts_of_a_page_do_not_borrow_each_others_names() -> None:
    assert LineChart("A", "", []).name != LineChart("B", "", []).name
