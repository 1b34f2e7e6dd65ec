"""The collector is quiet while hands move, works in the window's thread alone, and still finds what is circular."""

import gc
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from builder_app.ui.collecting import Collector, collect_if_due, share_quickly


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    """The search is left as it was."""
    was_on = gc.isenabled()
    made = Collector()
    made.start()
    yield made
    made.stop()
    gc.unfreeze()
    if not was_on:
        gc.disable()


class Link:
    """Something that can hold itself; it notes in which thread it ended."""

    ended: list[threading.Thread]

    def __init__(self) -> None:
        self.itself = self
        self.ended = []
        weakref.finalize(self, lambda ended: ended.append(threading.current_thread()), self.ended)


def searches() -> list[int]:
    """How many there were in each generation."""
    return [generation["collections"] for generation in gc.get_stats()]


@pytest.mark.usefixtures("collector")
def test_no_search_falls_into_making_many_objects_at_once() -> None:
    before = searches()
    kept = [[number] for number in range(300_000)]
    assert searches() == before
    assert len(kept) == 300_000


@pytest.mark.usefixtures("collector")
def test_circular_garbage_of_any_thread_ends_in_the_windows(qtbot: QtBot) -> None:
    ended: list[threading.Thread] = []

    def work() -> None:
        nonlocal ended
        ended = Link().ended
        kept = [[number] for number in range(60_000)]
        assert len(kept) == 60_000

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not ended
    kept = [[number] for number in range(60_000)]  # lists of the other thread are gone again
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread()]
    assert len(kept) == 60_000


def test_few_objects_are_not_looked_through(collector: Collector) -> None:
    gc.collect()
    before = searches()
    collect_if_due()
    assert searches() == before
    collector.stop()
    assert gc.isenabled()


def test_other_threads_hand_python_over_within_a_millisecond() -> None:
    before = sys.getswitchinterval()
    try:
        share_quickly()
        assert sys.getswitchinterval() < 0.001
    finally:
        sys.setswitchinterval(before)
