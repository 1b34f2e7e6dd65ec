"""The history of tests: a list of every kept test, and any number of them side by side.

In: the kept tests, the row of those that wait, a comparison.  Out: wishes to compare, name, star, delete, run again.
Not here: reading and computing, which the session does.
"""

from builder_app.ui.tests_history.view import TestsView

__all__ = ["TestsView"]
