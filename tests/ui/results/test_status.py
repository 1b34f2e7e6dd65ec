"""What is going on with a test."""

import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress
from builder_app.ui.results.status import FailureRow, StatusLine, TimeLeft, progress_words, seconds_words
from tests.ui.results.samples import result


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_left_follows_from_the_share_done_and_is_not_guessed_too_early() -> None:
    clock = Clock()
    left = TimeLeft(clock)
    assert left.seconds(0.0) is None
    clock.now += 0.4
    assert left.seconds(0.5) is None
    clock.now += 1.6
    assert left.seconds(0.25) is None, "a share that falls back is a new test"
    clock.now += 3.0
    assert left.seconds(0.75) == pytest.approx(1.0)


def test_a_second_test_does_not_inherit_the_first_ones_time() -> None:
    clock = Clock()
    left = TimeLeft(clock)
    left.seconds(0.2)
    clock.now += 60
    left.forget()
    assert left.seconds(0.5) is None


def test_progress_says_stage_share_date_and_time_left() -> None:
    progress = RunProgress("Running the strategy", 0.42, datetime.date(2007, 5, 14))
    assert progress_words(progress, 2.6) == "Running the strategy  ·  42 %  ·  reached 2007-05-14  ·  about 3 s left"
    assert progress_words(RunProgress("Waiting", 0.0), None) == "Waiting  ·  0 %"
    assert seconds_words(0.1) == "about 1 s left"
    assert seconds_words(150) == "about 2 min left"


def test_cancel_is_offered_while_a_test_runs_only(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    with qtbot.waitExposed(line):
        line.show()
    assert not line.cancel.isVisible()
    line.show_progress(RunProgress("Running", 0.1))
    with qtbot.waitSignal(line.cancel_requested, timeout=1000):
        QTest.mouseClick(line.cancel, Qt.MouseButton.LeftButton)
    line.show_progress(None)
    assert not line.cancel.isVisible()


def test_a_stale_result_is_said_and_a_new_test_offered(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    with qtbot.waitExposed(line):
        line.show()
    line.resize(900, line.height())
    line.show_result(result(), stale=False)
    assert line.words.text() == "2003-01-01 to 2003-03-01  ·  AAPL, IBM, MSFT  ·  60 bars  ·  0.21 s"
    assert not line.again.isVisible()
    line.show_result(result(), stale=True)
    assert "changed after this test" in line.words.text()
    with qtbot.waitSignal(line.test_requested, timeout=1000):
        QTest.mouseClick(line.again, Qt.MouseButton.LeftButton)


def test_the_line_keeps_its_height_whatever_it_says(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    heights = {line.height()}
    line.show_progress(RunProgress("Running", 0.1))
    heights.add(line.height())
    line.show_progress(None)
    line.show_result(result(), stale=True)
    heights.add(line.height())
    assert len(heights) == 1


def test_a_failure_is_a_sentence_with_the_way_to_its_line(qtbot: QtBot) -> None:
    row = FailureRow()
    qtbot.addWidget(row)
    row.show_failure(RunFailure(FailureKind.STRATEGY_ERROR, "The period <b> is 0.", 23))
    assert row.words.text() == "The period <b> is 0."
    assert row.words.textFormat() is Qt.TextFormat.PlainText
    with qtbot.waitSignal(row.line_requested, timeout=1000) as asked:
        QTest.mouseClick(row.go, Qt.MouseButton.LeftButton)
    assert asked.args == [23]


def test_a_failure_without_a_line_offers_none_and_a_cancelled_test_is_no_fault(qtbot: QtBot) -> None:
    row = FailureRow()
    qtbot.addWidget(row)
    row.show_failure(RunFailure(FailureKind.CANCELLED, "The test was cancelled."))
    assert row.go.isHidden()
    assert row.mark.isHidden()
    row.show_failure(RunFailure(FailureKind.TIMED_OUT, "The test took longer than 60 s."))
    assert row.go.isHidden()
    assert not row.mark.isHidden()
    row.show_failure(None)
    assert row.isHidden()


def test_what_does_not_fit_is_left_out_whole_and_told_on_hover(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    with qtbot.waitExposed(line):
        line.show()
    line.resize(900, line.height())
    line.show_result(result(), stale=False)
    whole = line.words.text()
    line.resize(300, line.height())
    assert line.words.text() != whole
    assert whole.startswith(line.words.text())
    assert line.words.fontMetrics().horizontalAdvance(line.words.text()) <= line.words.width()
    assert line.words.toolTip() == whole
    line.resize(900, line.height())
    assert line.words.text() == whole
