"""The parent's side of `recode.py`: one picture at a time, and never for long."""

import json
import subprocess  # nosec B404
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("recode.py")))
WALL_SECONDS = 7.5  # the page answers within 8
_one_at_a_time = threading.Lock()  # in this web process; two would double its memory


class CannotRecode(Exception):
    """The picture was refused, or its process was; says why in one word."""


@dataclass(frozen=True, slots=True)
class Recoded:
    data: bytes
    width: int
    height: int


def recode(data: bytes, purpose: str) -> Recoded:
    """Have a picture decoded and written anew. Raises CannotRecode."""
    if not _one_at_a_time.acquire(timeout=WALL_SECONDS):
        raise CannotRecode("busy")
    try:
        answer = _answer_of_child(data, purpose)
    finally:
        _one_at_a_time.release()
    head, _, body = answer.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:  # killed while it wrote: its own limits, or a crash in a decoder
        raise CannotRecode("died") from None
    if "refused" in said:
        raise CannotRecode(said["refused"])
    return Recoded(body, said["width"], said["height"])


def _answer_of_child(data: bytes, purpose: str) -> bytes:
    # Our own script and our own words; what is hostile goes in by a pipe.
    with subprocess.Popen(  # noqa: S603  # nosec B603
        [*COMMAND, purpose],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        start_new_session=True,
    ) as child:
        try:
            answer, _ = child.communicate(data, timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise CannotRecode("slow") from None
        finally:
            child.kill()  # harmless when it has ended; `with` takes it off the process table
    return answer
