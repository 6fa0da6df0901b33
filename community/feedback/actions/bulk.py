"""The same done with many items: one action each, and who refused is named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from community.feedback.actions.refusals import Refusal
from community.feedback.models import FeedbackItem

MOST = 100  # at once


@dataclass(frozen=True)
class Outcome:
    """Numbers of items: what changed, what was so already, and what was refused and why."""

    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: dict[type[Refusal], list[int]] = field(default_factory=dict)


def with_each(items: Iterable[FeedbackItem], act: Callable[[FeedbackItem], bool]) -> Outcome:
    """Each in a transaction of its own: what one refuses stops none of the others."""
    outcome = Outcome()
    for item in items:
        try:
            (outcome.changed if act(item) else outcome.unchanged).append(item.pk)
        except Refusal as refusal:
            outcome.refused.setdefault(type(refusal), []).append(item.pk)
    return outcome
