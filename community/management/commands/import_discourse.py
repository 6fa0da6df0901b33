"""Brings an old forum along: `manage.py import_discourse posts.jsonl.gz`."""

import zlib
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.importers.actions.discourse import LONGEST_POST, Added, import_discourse
from community.importers.archive import Broken, OldPost, old_posts
from community.importers.board_names import BoardName, BoardsFileRefused, board_names
from community.importers.progress import Progress
from community.importers.survey import Survey, survey_of
from fans import clock

BROKEN_LINES_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Imports the posts of a Discourse forum: a .jsonl or .jsonl.gz with one post a line, or a "
        "folder of JSON posts. Nobody in it is mailed. Running it again adds only what is new."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--boards", type=Path, help="JSON or CSV: number of the category, name, slug"
        )
        parser.add_argument("--dry-run", action="store_true", help="only look and count")

    def handle(self, *, path: Path, boards: Path | None, dry_run: bool, **options: Any) -> None:
        at = clock.now()
        survey = self._look_at(path, at)
        names = self._names_in(boards)
        if dry_run:
            self._sum_up(survey, None)
            self.stdout.write("A dry run: nothing was written.")
            return
        progress = Progress(self.stdout, "Importing lines", survey.line_count)
        added = import_discourse(path=path, survey=survey, names=names, at=at, tell=progress.tell)
        seconds = progress.finish()
        self._sum_up(survey, added)
        speed = f", {added.posts / seconds:,.0f} posts a second" if added.posts else ""
        self.stdout.write(f"Done in {seconds:.1f} s{speed}.")

    def _look_at(self, path: Path, at: datetime) -> Survey:
        if not path.exists():
            raise CommandError(f"{path} is not there.")
        progress = Progress(self.stdout, "Reading lines")
        try:
            survey = survey_of(_counted(old_posts(path, at), progress))
        except (OSError, EOFError, zlib.error) as error:
            raise CommandError(
                f"{path} cannot be read to its end ({error}). Nothing was written."
            ) from error
        progress.finish()
        if not survey.post_count:
            raise CommandError(f"{path} holds no post of a Discourse forum.")
        return survey

    @staticmethod
    def _names_in(boards: Path | None) -> dict[int, BoardName]:
        try:
            return board_names(boards) if boards else {}
        except BoardsFileRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _sum_up(self, survey: Survey, added: Added | None) -> None:
        self._list_broken(survey.broken)
        self.stdout.write(f"{'':32}{'in the archive':>16}{'added' if added else '':>10}")
        for label, count, new in (
            ("lines read", survey.line_count, None),
            ("boards", len(survey.categories), added and added.boards),
            ("threads", len(survey.topics), added and added.threads),
            ("posts", survey.post_count, added and added.posts),
            ("  of them repeated", survey.copy_count, None),
            ("authors", len(survey.authors), added and added.authors),
            ("replies to a post", survey.reply_count, added and added.replies),
            ("  to one that is missing", survey.lost_reply_count, added and added.lost_replies),
            ("likes, without names", survey.like_count, added and added.likes),
            ("notices and whispers, left out", survey.notice_count, None),
            ("broken, left out", len(survey.broken), None),
        ):
            self.stdout.write(f"{label:32}{count:>16,}{'' if new is None else f'{new:,}':>10}")
        if survey.copy_count:
            self.stdout.write(
                f"Of {survey.post_count:,} posts {survey.copy_count:,} repeat one of another line; "
                f"{len(survey.newest_copies):,} are different. Each is written once, in its newest "
                "copy; replies and likes of the other copies are not counted again."
            )
        if added and added.shortened:
            self.stdout.write(f"{added.shortened:,} posts were cut at {LONGEST_POST:,} characters.")

    def _list_broken(self, broken: list[Broken]) -> None:
        for line in broken[:BROKEN_LINES_SHOWN]:
            self.stderr.write(f"{line.place}: {line.reason}. Left out.")
        if len(broken) > BROKEN_LINES_SHOWN:
            self.stderr.write(f"… and {len(broken) - BROKEN_LINES_SHOWN:,} more.")


def _counted(posts: Iterable[OldPost | Broken], progress: Progress) -> Iterator[OldPost | Broken]:
    for count, post in enumerate(posts, start=1):
        progress.tell(count)
        yield post
