"""The steps by which the strategy became what it is, and the place in them.

In: the steps' titles and how many are done.  Out: the wish to go to another place.
Not here: undo and redo themselves.
"""

from builder_app.ui.history.view import HistoryView

__all__ = ["HistoryView"]
