"""Paper forms from a spreadsheet: every bad line is named, nothing is read in unasked (O10)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from community.feedback import actions, paper_file
from community.feedback.forms import PaperFormForm
from community.feedback.models import FeedbackItem, OfflineBatch
from fans.accounts.models import Fan
from tests.community.test_feedback_paper import open_batch, wish
from tests.factories import NOW, make_fan
from tests.locks import holding, start

pytestmark = pytest.mark.django_db
HEAD = ",".join(paper_file.COLUMNS)
GOOD = "4,1 3,2,Too dark,S2,q1,,,yes"


def signed_in(fan: Fan) -> Client:
    client = Client()
    client.force_login(fan)
    return client


def look(client: Client, batch: OfflineBatch, data: bytes | str) -> Any:
    content = data if isinstance(data, bytes) else data.encode()
    file = SimpleUploadedFile("forms.csv", content, "text/csv")
    return client.post(f"/staff/intake/{batch.pk}/file/", {"file": file})


def problems_of(data: bytes | str) -> list[tuple[int, str]]:
    fan = make_fan()
    page = look(signed_in(fan), open_batch(fan), data)
    assert page.status_code == 422
    assert FeedbackItem.objects.count() == 0
    return [(one.line, one.column) for one in page.context["contents"].problems]


def test_a_file_is_looked_at_then_read_in_once() -> None:
    fan, wanted = make_fan(), wish()
    batch, client = open_batch(fan), signed_in(fan)
    page = look(client, batch, f"{HEAD}\n{GOOD}\n\n5,,,,,,{wanted.pk},“More, please”,\n")
    assert page.status_code == 422  # a comma too many
    good = f'{HEAD}\n{GOOD}\n\n5,,,,,,{wanted.pk},"More, please",\n'
    page = look(client, batch, good)
    assert (page.status_code, FeedbackItem.objects.count()) == (200, 0)
    rows = page.context["contents"].kept
    for count in (2, 2):
        client.post(f"/staff/intake/{batch.pk}/import/", {"rows": rows})
        assert batch.forms().count() == count
    first, second = batch.forms().order_by("pk")
    assert (first.severity, first.frequency, first.consents) == ("S2", "Q1", True)
    assert (first.paper["loved"], first.paper["not_good"]) == ([1, 3], [2])
    assert (second.words, second.paper["wishes"]) == ("More, please", [wanted.pk])
    assert (second.severity, second.place) == ("S3", None)
    other = open_batch(fan)
    again = look(client, other, good.encode("gb18030").replace(b"\n", b"\r\n"))
    assert again.context["read_before"] == [batch]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_saves_as_it_likes(encoding: str, separator: str) -> None:
    text = f"{HEAD}\n4,1,2,太暗了,S2,Q1,,更多按钮,是\n".replace(",", separator)
    found = paper_file.read(text.encode(encoding))
    assert found.problems == []
    assert found.rows[0].cells["not_good_words"] == "太暗了"


def test_every_bad_line_and_column_is_named() -> None:
    lines = [
        HEAD,
        GOOD,
        "7,1 2 3 4,x,,S9,Q1,999,,perhaps",
        ",,,,,,,,",
        f",1,,{'long' * 300},,,,,no,one too many",
    ]
    assert problems_of("\n".join(lines)) == [
        *[(3, name) for name in ("consents", "loved", "not_good", "overall", "severity", "wishes")],
        *[(5, name) for name in ("", "not_good_words", "overall")],
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [(1, name) for name in sorted(paper_file.COLUMNS)]),
        (b"overall\n4\n", [(1, name) for name in sorted(paper_file.COLUMNS[1:])]),
        (f"{HEAD},overall,phone\n".encode(), [(1, "overall"), (1, "phone")]),
        (f"{HEAD}\n".encode(), [(2, "")]),
        (f"{HEAD}\n4,\0".encode(), [(1, "")]),
        (b"\xff\xff\x00\x81", [(1, "")]),
        (f'{HEAD}\n4,"never closed'.encode(), [(1, "")]),
        (f"{HEAD}\n{'a' * 140000}\n".encode(), [(1, "")]),
        (f"{HEAD}\n{(GOOD + chr(10)) * 201}".encode(), [(202, "")]),
    ],
)
def test_a_hostile_file_is_refused_in_words(data: bytes, expected: list[tuple[int, str]]) -> None:
    assert problems_of(data) == expected


def test_ten_megabytes_are_not_even_read() -> None:
    fan = make_fan()
    page = look(signed_in(fan), open_batch(fan), b"a" * (10 * 1024 * 1024))
    assert page.status_code == 422
    assert "larger than 1 MB" in page.text


def test_a_formula_is_kept_as_words_and_nothing_else() -> None:
    fan = make_fan()
    batch, client = open_batch(fan), signed_in(fan)
    line = '4,,,"=HYPERLINK(""http://x"")",,,,<script>,'
    rows = look(client, batch, f"{HEAD}\n{line}\n").context["contents"].kept
    page = client.post(f"/staff/intake/{batch.pk}/import/", {"rows": rows}, follow=True).text
    assert batch.forms().get().title == '=HYPERLINK("http://x")'
    assert "<script>," not in page
    assert client.get("/staff/intake/template.csv").content.decode("utf-8-sig") == f"{HEAD}\r\n"


@pytest.mark.parametrize(
    "rows", ["", "{", "[]", "[[1, {}]]", '[["x", 3]]', "[1]", "null", "[" * 9999, '[[1, {"a": 1}]]']
)
def test_what_no_dry_run_showed_is_not_read_in(rows: str) -> None:
    fan = make_fan()
    batch = open_batch(fan)
    answer = signed_in(fan).post(f"/staff/intake/{batch.pk}/import/", {"rows": rows})
    assert answer.status_code == 302
    assert FeedbackItem.objects.count() == 0


def test_what_is_handed_on_keeps_the_rules_of_typing() -> None:
    fan = make_fan()
    batch, client = open_batch(fan), signed_in(fan)
    rows = look(client, batch, f"{HEAD}\n{GOOD}\n").context["contents"].kept
    forged = rows.replace('"overall": "4"', '"overall": "9"')
    page = client.post(f"/staff/intake/{batch.pk}/import/", {"rows": forged})
    assert (page.status_code, FeedbackItem.objects.count()) == (422, 0)


def test_nobody_reads_a_file_into_the_batch_of_another_or_over_its_end() -> None:
    fan = make_fan()
    batch, form = open_batch(fan), actions.PaperForm(overall=4, severity="S3", frequency="Q3")
    many: dict[str, Any] = {"batch": batch, "forms": [form] * 150, "at": NOW}
    with pytest.raises(actions.NotTheirs):
        actions.import_forms(**many, digest="a" * 64, recorder=make_fan())
    assert actions.import_forms(**many, digest="a" * 64, recorder=fan) == 150
    with pytest.raises(actions.BatchFull):
        actions.import_forms(**many, digest="b" * 64, recorder=fan)
    assert batch.forms().count() == 150


def test_all_numbers_are_typed_in_one_go() -> None:
    typed = {"overall": "4", "loved": "#1 3 / 2 / ", "severity": "S3", "frequency": "Q3"}
    form = PaperFormForm(typed, recorder=make_fan())
    assert form.is_valid(), form.errors
    assert (form.paper.loved, form.paper.not_good, form.paper.wishes) == ([1, 3], [2], [])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_reading_the_same_file_in_twice_at_once_is_once() -> None:
    fan = make_fan()
    batch, form = open_batch(fan), actions.PaperForm(overall=4, severity="S3", frequency="Q3")

    def read_in() -> int:
        return actions.import_forms(
            batch=batch, forms=[form] * 2, digest="a" * 64, recorder=fan, at=NOW
        )

    with holding(OfflineBatch, batch.pk):
        first = start(read_in)
        first.waits_for_a_lock()
        second = start(read_in)
        second.waits_for_a_lock(of_anybody=True)
    assert sorted([first.result(), second.result()]) == [0, 2]
    assert batch.forms().count() == 2
