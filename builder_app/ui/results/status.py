"""What is going on with the test: progress with Cancel, why it gave no result, or that the result is of before."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from builder_app.ui.results.sampling import time_words
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, MARGIN

if TYPE_CHECKING:
    from builder_app.session import RunFailure, RunProgress, RunResult

LINE_HEIGHT: Final = 36
_MOST_NAMES: Final = 5
_BETWEEN: Final = "  ·  "
_SURE_AFTER: Final = 0.5
"""Seconds, and a share of a twentieth, before the time left is more than a guess."""
_SURE_SHARE: Final = 0.05


class TimeLeft:
    """Guesses how long a test still takes from how long its share took; a share that falls back is a new test."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = 0.0
        self._share = 2.0

    def seconds(self, share: float) -> float | None:
        """Seconds left at this share done (0–1); None as long as nothing can be said."""
        now = self._clock()
        if share < self._share:
            self._began = now
        self._share = share
        elapsed = now - self._began
        if elapsed < _SURE_AFTER or share < _SURE_SHARE:
            return None
        return elapsed * (1.0 - share) / share

    def forget(self) -> None:
        """The test has ended."""
        self._share = 2.0


def seconds_words(seconds: float) -> str:
    """`about 4 s left`, `about 2 min left`."""
    return f"about {max(1, round(seconds))} s left" if seconds < 90 else f"about {round(seconds / 60)} min left"


def progress_words(progress: "RunProgress", left: float | None) -> str:
    """`Running the strategy · 42 % · reached 2007-05-14 · about 3 s left`, as far as known."""
    parts = [progress.stage, f"{min(max(progress.share, 0.0), 1.0) * 100:.0f} %"]
    if progress.date is not None:
        parts.append(f"reached {progress.date.isoformat()}")
    if left is not None:
        parts.append(seconds_words(left))
    return _BETWEEN.join(part for part in parts if part)


def summary_words(result: "RunResult") -> str:
    """`2000-03-01 to 2013-03-01  ·  AAPL, IBM and 3 more  ·  3,270 bars  ·  0.21 s`."""
    names = list(result.symbols)
    symbols = ", ".join(names) if len(names) <= _MOST_NAMES else f"{', '.join(names[:2])} and {len(names) - 2} more"
    parts = [
        f"{time_words(result.times[0])} to {time_words(result.times[-1])}" if len(result.times) else "",
        symbols,
        f"{len(result.times):,} bars",
        f"{result.seconds:.2f} s",
    ]
    return _BETWEEN.join(part for part in parts if part)


class StatusLine(QWidget):
    """One quiet line that is always there, so that nothing jumps: how far the test is, that the result is of before, or
    what was tested; with the one button that belongs to it."""

    cancel_requested = Signal()
    test_requested = Signal()

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._left = TimeLeft(clock)
        self._progress = self._said = ""
        self._result: RunResult | None = None
        self._stale = False
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.words, "quiet")
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setToolTip("Stop this test; the last result stays")
        self.cancel.clicked.connect(self.cancel_requested)
        self.again = QPushButton("Test again", self)
        self.again.setToolTip("Test the strategy as it is now")
        self.again.clicked.connect(self.test_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP, GAP_SMALL, MARGIN, GAP_SMALL)
        layout.setSpacing(GAP_GROUP)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.again)
        layout.addWidget(self.cancel)
        self.setFixedHeight(LINE_HEIGHT)
        self._show()

    def show_progress(self, progress: "RunProgress | None") -> None:
        """Say how far the test has come; None: it has ended."""
        if progress is None:
            self._left.forget()
        self._progress = "" if progress is None else progress_words(progress, self._left.seconds(progress.share))
        self._show()

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Say what was tested, or that the strategy was changed since."""
        self._result, self._stale = result, stale
        self._show()

    def _show(self) -> None:
        if self._progress:
            text = self._progress
        elif self._result is not None and self._stale:
            text = "The strategy was changed after this test."
        else:
            text = "" if self._result is None else summary_words(self._result)
        self._said = text
        self.words.setToolTip(text)
        self.cancel.setVisible(bool(self._progress))
        self.again.setVisible(not self._progress and self._result is not None and self._stale)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out the last parts that do not fit; the tooltip has all of them."""
        layout, parts = self.layout(), self._said.split(_BETWEEN)
        if layout is not None:
            layout.activate()  # a button that has just come or gone changes the room
        room = self.words.width() if self.isVisible() else self.words.fontMetrics().horizontalAdvance(self._said)
        while len(parts) > 1 and self.words.fontMetrics().horizontalAdvance(_BETWEEN.join(parts)) > room:
            parts.pop()
        self.words.setText(_BETWEEN.join(parts))


class FailureRow(QWidget):
    """Why the last test gave no result, in its own sentence, and the way to the line that is to blame."""

    line_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = 0
        self.mark = QLabel("✕", self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.go = QPushButton(self)
        self.go.setToolTip("Show this line of the strategy's code")
        self.go.clicked.connect(lambda: self.line_requested.emit(self._line))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP, GAP_SMALL, MARGIN, GAP_SMALL)
        layout.setSpacing(GAP)
        layout.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.go, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_failure(self, failure: "RunFailure | None") -> None:
        """Show this failure; None: there is none. A test that was cancelled is no fault and is said quietly."""
        if failure is None:
            self.hide()
            return
        is_fault = failure.kind.value != "cancelled"
        self._line = failure.line
        self.mark.setVisible(is_fault)
        set_role(self.mark, "loss")
        set_role(self.words, "" if is_fault else "quiet")
        self.words.setText(failure.message)
        self.go.setText(f"Line {failure.line}")
        self.go.setVisible(failure.line > 0)
        self.show()
