"""Who wins the popcorn award (O5). Pure: counts in, winners out."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A new or improved item of a live build, and what was said for and against it."""

    item: int
    ballots: int
    loved: int
    not_good: int

    @property
    def standing(self) -> tuple[int, int, int]:
        """Most ballots; then loved − not good; then the fewest who found it not good."""
        return self.ballots, self.loved - self.not_good, -self.not_good


def least_ballots(active_count: int) -> int:
    """So many ballots a week needs; fewer, and nobody wins. A half is rounded up."""
    return max(3, min(10, (active_count + 10) // 20))


def winners(candidates: Sequence[Candidate], active_count: int) -> list[Candidate]:
    """One, several when they are equal in everything (joint), or none."""
    voted = [each for each in candidates if each.ballots]
    if sum(each.ballots for each in voted) < least_ballots(active_count):
        return []
    best = max(each.standing for each in voted)
    return sorted((each for each in voted if each.standing == best), key=lambda each: each.item)
