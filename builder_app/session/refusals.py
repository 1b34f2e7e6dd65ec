"""What the store refuses, in the words of whoever asked for a strategy."""

from collections.abc import Iterator
from contextlib import contextmanager

from builder_app.session.shelf.saved import StrategyUnavailable
from builder_app.store import StoreError


@contextmanager
def refused_by_the_store() -> Iterator[None]:
    """Turn the store's errors into StrategyUnavailable, with the same sentence."""
    try:
        yield
    except StoreError as reason:
        raise StrategyUnavailable(str(reason)) from reason
