"""The collector is quiet while hands move, and still finds what is circular."""

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from builder_app.ui.collecting import collect_seldom, share_quickly


@pytest.fixture(autouse=True)
def collector_as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


class Link:
    """Something that can hold itself."""

    def __init__(self) -> None:
        self.itself = self


def test_no_search_falls_into_making_many_objects_at_once() -> None:
    collect_seldom()
    before = [generation["collections"] for generation in gc.get_stats()]
    kept = [[number] for number in range(30_000)]
    assert [generation["collections"] for generation in gc.get_stats()] == before
    assert len(kept) == 30_000


def test_circular_garbage_made_later_is_found_in_the_end() -> None:
    collect_seldom()
    lost = weakref.ref(Link())
    kept = [[number] for number in range(60_000)]
    assert lost() is None
    assert len(kept) == 60_000


def test_other_threads_hand_python_over_within_a_millisecond() -> None:
    before = sys.getswitchinterval()
    try:
        share_quickly()
        assert sys.getswitchinterval() < 0.001
    finally:
        sys.setswitchinterval(before)
