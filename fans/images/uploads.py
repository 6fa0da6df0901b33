from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# The largest file any form takes, and one chunk more: enough to be told that it is too large.
MAX_BYTES = 9 * 1024 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Drops what goes beyond the largest file we take, so no upload fills the disk.

    The form then sees a file that is too large, and says so beside the field with all else kept.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start < MAX_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return None
