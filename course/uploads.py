"""What happens to a file that is sent in: kept in memory and bounded, never put on the disk.

A list of people is the only kind of file anybody sends. A somewhat larger file is read and dropped,
so that its page can say so in words; anything beyond that is refused before it is read.
"""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler

from course.people_files import MOST_BYTES

ENVELOPE: Final = 64 * 1024  # boundary lines and the other fields
MOST_READ: Final = 4 * MOST_BYTES


class BoundedUpload(MemoryFileUploadHandler):
    """Django's handler for memory, with our own bounds and nothing behind it."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002
        META: Any,  # noqa: N803, ARG002
        content_length: int,
        boundary: Any,  # noqa: ARG002
        encoding: Any = None,  # noqa: ARG002
    ) -> None:
        """Decide by the length that the request declares; more than that is never read."""
        if content_length > MOST_READ:
            raise RequestDataTooBig("The file is too large.")
        self.activated = content_length <= MOST_BYTES + ENVELOPE
