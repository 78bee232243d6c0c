"""Taking results out of the protection of this site: see `course.services.exporting`."""

from course.services.exporting import record_export

__all__ = ["record_export"]
