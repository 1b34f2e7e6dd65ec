"""Calls from other threads run in the window's thread, and nothing of Qt's ends in another one."""

import threading
import weakref

from pytestqt.qtbot import QtBot
from shiboken6 import delete

from builder_app.ui.posting import OwnerThread


def test_calls_of_another_thread_run_in_this_one_and_in_their_order(qtbot: QtBot) -> None:
    post, ran = OwnerThread(), []

    def ask() -> None:
        for number in range(100):
            post(lambda number=number: ran.append((number, threading.current_thread())))  # type: ignore[misc]

    thread = threading.Thread(target=ask)
    thread.start()
    qtbot.waitUntil(lambda: len(ran) == 100)
    thread.join()
    assert ran == [(number, threading.main_thread()) for number in range(100)]


def test_what_waits_at_the_end_and_what_comes_later_is_dropped(qtbot: QtBot) -> None:
    post, ran = OwnerThread(), []
    post(lambda: ran.append("in time"))
    qtbot.waitUntil(lambda: ran == ["in time"])
    post(lambda: ran.append("waits"))
    post.end()
    post(lambda: ran.append("too late"))
    qtbot.wait(20)
    assert ran == ["in time"]


def test_a_call_after_qts_application_is_dropped_and_the_next_window_has_a_way_again(qtbot: QtBot) -> None:
    post, ran = OwnerThread(), []
    delete(post._courier)
    post(lambda: ran.append("too late"))
    again = OwnerThread()
    again(lambda: ran.append("again"))
    qtbot.waitUntil(lambda: bool(ran))
    assert ran == ["again"]


def test_a_thread_may_hold_the_way_longer_than_its_window_does(qtbot: QtBot) -> None:
    """Many windows' ends, each while a thread still answers: the answer that comes last ends with that thread."""
    ran: list[int] = []
    gone = []
    for number in range(300):
        post = OwnerThread()
        gone.append(weakref.ref(post))
        thread = threading.Thread(target=lambda post=post, number=number: post(lambda: ran.append(number)))
        del post
        thread.start()
    qtbot.waitUntil(lambda: len(ran) == 300)
    del thread
    qtbot.waitUntil(lambda: all(way() is None for way in gone))
