"""The first look at an archive: what is in it, without keeping anybody's words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from community.importers.archive import REGULAR_POST, Broken, OldPost

Age = tuple[datetime, int, int]


@dataclass(slots=True)
class SeenTopic:
    """A thread of the old forum: its newest title and the posts it opens and ends with."""

    newest: Age
    title: str
    category_id: int
    opening: tuple[int, datetime, str]  # number, time and author of the first post that is there
    floors: dict[int, int] = field(default_factory=dict)  # post_number → post id


@dataclass(slots=True)
class SeenAuthor:
    newest: Age
    username: str
    name: str
    first_post_at: datetime


@dataclass(slots=True)
class Survey:
    """Counts are of the archive's lines, copies included: the figures its owner knows."""

    topics: dict[int, SeenTopic] = field(default_factory=dict)
    authors: dict[str, SeenAuthor] = field(default_factory=dict)
    categories: set[int] = field(default_factory=set)
    newest_copies: dict[int, Age] = field(default_factory=dict)  # post id → its newest copy
    broken: list[Broken] = field(default_factory=list)
    line_count: int = 0
    post_count: int = 0
    notice_count: int = 0  # not posts of people: «closed this topic», whispers among staff
    like_count: int = 0
    reply_count: int = 0
    lost_reply_count: int = 0  # replies to a post that is not in the archive
    _replies: list[tuple[int, int]] = field(default_factory=list)

    @property
    def copy_count(self) -> int:
        """Lines that repeat a post: the same one, taken at another time."""
        return self.post_count - len(self.newest_copies)

    def is_newest(self, post: OldPost) -> bool:
        return self.newest_copies[post.post_id] == post.age

    def floor_of(self, topic_id: int, number: int) -> int:
        """The number a post has here: its own, but 1 for the one that opens the thread.

        Where the first post is missing the next one opens the thread, and a thread's own
        words are floor 1 everywhere on the site.
        """
        return 1 if self.topics[topic_id].opening[0] == number else number

    def holds(self, topic_id: int, number: int) -> bool:
        return topic_id in self.topics and number in self.topics[topic_id].floors

    def see(self, post: OldPost) -> None:
        if post.post_type != REGULAR_POST:
            self.notice_count += 1
            return
        self.post_count += 1
        self.like_count += post.like_count
        self.categories.add(post.category_id)
        self._see_author(post)
        self._see_topic(post)
        known = self.newest_copies.get(post.post_id)
        self.newest_copies[post.post_id] = max(known, post.age) if known else post.age
        if post.reply_to_number is not None:
            self._replies.append((post.topic_id, post.reply_to_number))

    def _see_author(self, post: OldPost) -> None:
        author = self.authors.get(post.author_key)
        if author is None:
            self.authors[post.author_key] = SeenAuthor(
                post.age, post.username, post.name, post.created_at
            )
            return
        author.first_post_at = min(author.first_post_at, post.created_at)
        if post.age > author.newest:
            author.newest, author.username, author.name = post.age, post.username, post.name

    def _see_topic(self, post: OldPost) -> None:
        topic = self.topics.get(post.topic_id)
        opening = (post.number, post.created_at, post.author_key)
        if topic is None:
            topic = SeenTopic(post.age, post.topic_title, post.category_id, opening)
            self.topics[post.topic_id] = topic
        elif post.age > topic.newest:
            topic.newest = post.age
            topic.title = post.topic_title or topic.title
            topic.category_id = post.category_id
        topic.floors.setdefault(post.number, post.post_id)
        topic.opening = min(topic.opening, opening)

    def close(self) -> None:
        """Count the replies once every post has been seen, wherever it stood."""
        self.reply_count = len(self._replies)
        self.lost_reply_count = sum(not self.holds(*reply) for reply in self._replies)
        self._replies.clear()


def survey_of(posts: Iterable[OldPost | Broken]) -> Survey:
    survey = Survey()
    for post in posts:
        survey.line_count += 1
        if isinstance(post, Broken):
            survey.broken.append(post)
        else:
            survey.see(post)
    survey.close()
    return survey
