"""The log file somebody adds: kept as it came under a random name, handed to staff alone."""

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from community.feedback.models import FeedbackItem

LONGEST_NAME = 120
_storage = FeedbackItem._meta.get_field("log_file").storage


@dataclass(frozen=True)
class StoredLog:
    path: str  # in the storage; random
    name: str  # as its owner called it, cleaned


def store_log(upload: "UploadedFile[Any]") -> StoredLog:
    """Put it away before any lock is taken. Whoever does not use it calls `discard_log`."""
    key = secrets.token_hex(16)
    path = _storage.save(f"logs/{key[:2]}/{key}.log", upload)
    return StoredLog(path=path, name=cleaned_name(upload.name or ""))


def discard_log(log: StoredLog) -> None:
    _storage.delete(log.path)


def cleaned_name(name: str) -> str:
    """The last part of a path, without what cannot be seen; `log.txt` when nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    seen = " ".join(seen.split()).strip(". ")
    return seen[-LONGEST_NAME:] or "log.txt"
