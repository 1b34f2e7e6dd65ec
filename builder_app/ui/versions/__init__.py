"""The kept versions of one strategy: keeping, comparing and going back. Values in, wishes out as signals.

In: versions, newest first, and what was changed since one of them.  Out: keep, compare and restore.
Not here: reading or writing versions.
"""

from builder_app.ui.versions.view import VersionsDialog

__all__ = ["VersionsDialog"]
