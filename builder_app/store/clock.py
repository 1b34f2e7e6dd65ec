"""The store's one clock, so that a test can set it."""

import datetime


def now() -> datetime.datetime:
    """The time now, in UTC with zone."""
    return datetime.datetime.now(datetime.UTC)
