"""The demo community while it is being written, and who in it may read what."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from community.products.models import Team
from community.threads.models import (
    Audience,
    Board,
    Post,
    Thread,
)
from config.demo.people import Person
from fans.accounts.models import Fan, Role
from fans.tiers.models import Tier

BATCH = 500


@dataclass(slots=True)
class Demo:
    """The demo community while it is being written."""

    at: datetime
    random: Random
    people: dict[int, Person] = field(default_factory=dict)  # by the pk of their fan
    fans: list[Fan] = field(default_factory=list)
    boards: dict[str, Board] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    threads: list[Thread] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    votes: dict[int, int] = field(default_factory=dict)  # cast, by the pk of their fan
    marks: dict[int, dict[str, str]] = field(default_factory=dict)  # by the pk of the post

    def account(self, name: str) -> Fan:
        return next(fan for fan in self.fans if self.people[fan.pk].account == name)

    def member(self, team: str) -> Fan:
        return next(fan for fan in self.fans if self.people[fan.pk].team == team)


def may_read(demo: Demo, fan: Fan, board: Board) -> bool:
    tier = demo.people[fan.pk].tier
    if board.readable_by == Audience.EVERYONE or fan.is_staff:
        return True
    if board.readable_by == Audience.HONORARY_DEV:
        return tier == Tier.HONORARY_DEV
    return tier != Tier.CASUAL or fan.role == Role.MODERATOR
