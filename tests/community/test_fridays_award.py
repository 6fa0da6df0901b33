"""O5: who wins the popcorn award."""

import pytest

from community.fridays.award import Candidate, least_ballots, winners

ACTIVE = 200  # so many active fans ask for 10 ballots


def won(*candidates: Candidate, active_count: int = ACTIVE) -> list[int]:
    return [each.item for each in winners(candidates, active_count)]


def test_level_ballots_go_to_whom_more_loved_than_found_not_good() -> None:
    a, b, c = Candidate(1, 120, 300, 80), Candidate(2, 120, 280, 40), Candidate(3, 90, 500, 0)
    assert won(a, b, c) == [2]


def test_equal_in_everything_is_joint() -> None:
    assert won(Candidate(1, 7, 9, 1), Candidate(2, 7, 9, 1)) == [1, 2]


def test_a_level_difference_goes_to_whom_fewer_found_not_good() -> None:
    assert won(Candidate(1, 7, 12, 4), Candidate(2, 7, 9, 1)) == [2]


def test_nine_ballots_of_ten_needed_are_no_award() -> None:
    assert won(Candidate(1, 9, 9, 0)) == []


def test_the_tenth_ballot_may_be_for_another_item() -> None:
    assert won(Candidate(1, 9, 9, 0), Candidate(2, 1, 0, 0)) == [1]


def test_what_nobody_voted_for_never_wins() -> None:
    assert won(Candidate(1, 0, 50, 0), active_count=0) == []


@pytest.mark.parametrize(
    ("active_count", "least"),
    [(0, 3), (30, 3), (69, 3), (70, 4), (90, 5), (100, 5), (200, 10), (3_000_000, 10)],
)
def test_how_many_ballots_a_week_needs(active_count: int, least: int) -> None:
    assert least_ballots(active_count) == least
