"""Sums over many trades come later, from another thread; only the newest question is answered."""

import threading

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from builder_app.ui.results.later import AT_ONCE, Later


def test_few_are_summed_at_once_and_many_in_another_thread(qtbot: QtBot) -> None:
    widget = QWidget()
    later = Later(widget)
    taken: list[threading.Thread] = []
    later.ask(threading.current_thread, taken.append, AT_ONCE)
    assert taken == [threading.main_thread()]
    later.ask(threading.current_thread, taken.append, AT_ONCE + 1)
    qtbot.waitUntil(lambda: len(taken) == 2)
    assert taken[1] is not threading.main_thread()


def test_overtaken_question_is_not_answered(qtbot: QtBot) -> None:
    widget = QWidget()
    later, gate = Later(widget), threading.Event()
    taken: list[str | bool] = []
    later.ask(lambda: gate.wait(10) and "slow", taken.append, AT_ONCE + 1)
    later.ask(lambda: "quick", taken.append, 1)
    assert taken == ["quick"]
    gate.set()
    later.ask(lambda: "last", taken.append, AT_ONCE + 1)
    qtbot.waitUntil(lambda: "last" in taken)
    assert taken == ["quick", "last"]


def test_answer_for_a_closed_view_is_dropped(qtbot: QtBot) -> None:
    widget, other = QWidget(), QWidget()
    gate = threading.Event()
    taken: list[str | bool] = []
    Later(widget).ask(lambda: gate.wait(10), taken.append, AT_ONCE + 1)
    delete(widget)
    gate.set()
    Later(other).ask(lambda: "other", taken.append, AT_ONCE + 1)
    qtbot.waitUntil(lambda: bool(taken))
    assert taken == ["other"]
