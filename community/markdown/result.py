from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML, and what the words in it point to."""

    html: str
    image_keys: tuple[str, ...] = ()  # our own pictures, in order, each once
    has_link: bool = False  # to another site; a mention is none (A1)
    handles: tuple[str, ...] = ()  # mentioned people, as they write themselves
