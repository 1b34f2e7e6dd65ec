"""The panel of the tests' history: what is kept at the left, what is chosen side by side at the right."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from builder_app.session import MetricDefinition
from builder_app.session.runs.comparison import Comparison
from builder_app.session.runs.history_events import QueuedTest
from builder_app.session.runs.tests_history import KeptTest
from builder_app.ui.stylesheet import set_role
from builder_app.ui.tests_history.buttons import action, button_of, flat_button
from builder_app.ui.tests_history.curves import OverlaidCurves
from builder_app.ui.tests_history.figures import FiguresTable
from builder_app.ui.tests_history.list import KeptTestsTable
from builder_app.ui.tests_history.words import METHOD, differences_html, names_of
from builder_app.ui.theme import GAP, MARGIN, Theme

CURVES, FIGURES, DIFFERENCES = range(3)
_WIDE: Final = 1_300
"""From this width on the curves have a place of their own beside the figures."""
_HINT: Final = "Choose tests at the left to see them here: a click for one, Ctrl+click for more."
_ONE: Final = "Choose another test with Ctrl+click to see what differs."


class Which(Enum):
    """Which tests are listed."""

    THIS = "Of this strategy"
    ALL = "Of all strategies"
    STARRED = "Starred"
    DELETED = "Deleted"


_EMPTY: Final = {
    Which.THIS: "This strategy was not tested yet. Every test that you run is kept here.",
    Which.ALL: "No strategy was tested yet. Every test that you run is kept here.",
    Which.STARRED: "No test is starred. Choose one and press S.",
    Which.DELETED: "No test is deleted.",
}


class TestsView(QWidget):
    """Passive: tests, the queue and a comparison come in, wishes go out about what is chosen in `list`."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    wanted = Signal()
    """Other tests should be listed."""
    older_requested = Signal()
    """The tests before those that are listed should be listed too."""
    compare_requested = Signal()
    rename_requested = Signal()
    star_requested = Signal(bool)
    delete_requested = Signal()
    restore_requested = Signal()
    run_again_requested = Signal()
    cancel_requested = Signal(int)

    def __init__(self, theme: Theme, definitions: Sequence[MetricDefinition], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._comparison = Comparison(None)
        self._queue: tuple[QueuedTest, ...] = ()
        self.which_box = QComboBox(self)
        self.which_box.addItems([which.value for which in Which])
        self.which_box.setAccessibleName("Which tests are listed")
        self.which_box.setToolTip("Which tests are listed")
        self.list = KeptTestsTable(theme, self)
        self.curves = OverlaidCurves(theme, self)
        self.figures = FiguresTable(theme, definitions, self)
        self.differences = QTextBrowser(self)
        self.tabs = QTabBar(self)
        self._make_actions()
        self._make_words()
        self._lay_out()
        self._connect()
        self.show_queue(())
        self.show_tests(())
        self.show_waiting()

    @property
    def which(self) -> Which:
        """Which tests are wanted."""
        return tuple(Which)[self.which_box.currentIndex()]

    def show_tests(self, tests: Sequence[KeptTest], *, has_more: bool = False) -> None:
        """List these, the newest first; `has_more`: older ones can be wished for."""
        self.empty.setText(_EMPTY[self.which])
        self._left.setCurrentIndex(1 if tests else 0)
        self.list.show_tests(tests)
        self.list.older_button.setVisible(has_more)

    def show_waiting(self) -> None:
        """Other tests are being read: nothing is said of them yet, and nothing can be done with those of before."""
        self.empty.clear()
        for one in self._actions:
            one.setEnabled(False)

    def show_queue(self, queue: Sequence[QueuedTest]) -> None:
        """Say which tests run and which wait; the last one can be cancelled here, whosever it is."""
        self._queue = tuple(queue)
        running, waiting = (sum(test.is_running is runs for test in queue) for runs in (True, False))
        words = [f"{running} running"] if running else []
        words += [f"{waiting} waiting"] if waiting else []
        self.queue_line.setText(" · ".join(words))
        self.queue_line.setToolTip("\n".join(f"{test.name}: {_state(test)}" for test in queue))
        self.cancel_button.setVisible(bool(queue))

    def show_comparison(self, comparison: Comparison) -> None:
        """Show these tests side by side."""
        self._comparison = comparison
        self.curves.show_comparison(comparison)
        self.figures.show_comparison(comparison)
        self._show_differences()
        is_empty = comparison.base is None
        self._right.setCurrentIndex(0 if is_empty else 1)
        self.hint.setText(" ".join(comparison.left_out) or _HINT)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.list.model.set_theme(theme)
        self.curves.set_theme(theme)
        self.figures.set_theme(theme)
        self._show_differences()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange curves and figures for the new size."""
        super().resizeEvent(event)
        self._arrange()

    # -- parts ------------------------------------------------------------------------------------------------------

    def _show_differences(self) -> None:
        comparison = self._comparison
        content = differences_html(comparison, names_of(comparison.tests), self._theme)
        if len(comparison.tests) == 1:
            content += f'<p style="color:{self._theme.colors["quiet_text"]}">{_ONE}</p>'
        place = self.differences.verticalScrollBar().value()
        self.differences.setHtml(content)
        self.differences.verticalScrollBar().setValue(place)

    def _make_actions(self) -> None:
        self.rename_action = action(self, "Rename…", "Give the chosen test another name (F2)")
        self.star_action = action(self, "Star", "Mark the chosen tests as ones to remember, or take the mark (S)")
        self.again_action = action(
            self, "Run again", "Run the kept code on the kept set-up, and prove that the result is identical"
        )
        self.delete_action = action(self, "Delete", "Take the chosen tests off the list; they can be restored (Del)")
        self.restore_action = action(self, "Restore", "Bring the chosen tests back")
        self._actions = (
            *(self.rename_action, self.star_action, self.again_action, self.delete_action, self.restore_action),
        )
        self.list.addActions(self._actions)

    def _make_words(self) -> None:
        self.queue_line = QLabel(self)
        set_role(self.queue_line, "quiet")
        self.cancel_button = flat_button("Cancel", "Cancel the test that was asked for last")
        self.empty, self.hint = QLabel(self), QLabel(_HINT, self)
        for label in (self.empty, self.hint):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setContentsMargins(MARGIN, 0, MARGIN, 0)
            set_role(label, "quiet")
        self.differences.setFrameShape(QFrame.Shape.NoFrame)
        set_role(self.differences, "page")
        self.differences.setToolTip(METHOD)
        self.differences.setAccessibleName("What differs between the compared tests")
        self.differences.document().setDocumentMargin(MARGIN - 4)

    def _lay_out(self) -> None:
        for title in ("Curves", "Figures", "Differences"):
            self.tabs.addTab(title)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self._left = _stack(self.empty, self.list)
        self._pages = _stack(self.figures, self.differences)
        self._pages.setMinimumWidth(280)
        self._beside = QSplitter(Qt.Orientation.Horizontal, self)
        for part in (self.curves, self._pages):
            self._beside.addWidget(part)
        self._right = _stack(self.hint, self._beside)
        body = QSplitter(Qt.Orientation.Horizontal, self)
        body.addWidget(self._left)
        body.addWidget(self._right)
        body.setStretchFactor(1, 1)
        body.setSizes([520, 1_040])
        self._beside.setSizes([520, 520])
        for place in (0, 1):
            self._beside.setStretchFactor(place, 1)
        for splitter in (body, self._beside):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(body, 1)

    def _header(self) -> QWidget:
        header = QWidget(self)
        header.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(header)
        row.setContentsMargins(GAP, 4, GAP, 4)
        row.setSpacing(GAP)
        row.addWidget(self.which_box)
        for one in self._actions:
            row.addWidget(button_of(one))
        row.addSpacing(GAP)
        row.addWidget(self.queue_line)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        row.addWidget(self.tabs)
        return header

    def _connect(self) -> None:
        self.which_box.currentIndexChanged.connect(lambda _index: self.wanted.emit())
        self.list.older_button.clicked.connect(self.older_requested)
        self.list.chosen_changed.connect(self._follow_chosen)
        self.list.rename_requested.connect(self.rename_action.trigger)
        self.list.star_requested.connect(self.star_action.trigger)
        self.list.delete_requested.connect(self.delete_action.trigger)
        self.rename_action.triggered.connect(lambda: self.rename_requested.emit())
        self.star_action.triggered.connect(lambda: self.star_requested.emit(not self._all_starred()))
        self.again_action.triggered.connect(lambda: self.run_again_requested.emit())
        self.delete_action.triggered.connect(lambda: self.delete_requested.emit())
        self.restore_action.triggered.connect(lambda: self.restore_requested.emit())
        self.cancel_button.clicked.connect(lambda: self.cancel_requested.emit(self._queue[-1].number))
        self.tabs.currentChanged.connect(lambda _index: self._arrange())

    def _follow_chosen(self) -> None:
        chosen, deleted = self.list.chosen, self.which is Which.DELETED
        self.rename_action.setEnabled(len(chosen) == 1 and not deleted)
        self.again_action.setEnabled(len(chosen) == 1 and chosen[0].has_result and not deleted)
        self.star_action.setEnabled(bool(chosen) and not deleted)
        self.star_action.setText("Unstar" if self._all_starred() else "Star")
        self.delete_action.setEnabled(bool(chosen) and not deleted)
        self.delete_action.setVisible(not deleted)
        self.restore_action.setEnabled(bool(chosen))
        self.restore_action.setVisible(deleted)
        self.compare_requested.emit()

    def _all_starred(self) -> bool:
        chosen = self.list.chosen
        return bool(chosen) and all(test.is_starred for test in chosen)

    def _arrange(self) -> None:
        """Curves beside the figures where there is room, else one of the three by the tabs."""
        is_wide = self.width() >= _WIDE
        if self.tabs.isTabVisible(CURVES) == is_wide:
            self.tabs.setTabVisible(CURVES, not is_wide)
            self.tabs.setMinimumWidth(self.tabs.sizeHint().width())  # else it keeps the width of the tabs before
            if is_wide and self.tabs.currentIndex() == CURVES:
                self.tabs.setCurrentIndex(FIGURES)
        self.tabs.setVisible(self._comparison.base is not None)
        current = self.tabs.currentIndex()
        self.curves.setVisible(is_wide or current == CURVES)
        self._pages.setVisible(is_wide or current != CURVES)
        self._pages.setCurrentIndex(1 if current == DIFFERENCES else 0)


def _state(test: QueuedTest) -> str:
    return "running" if test.is_running else "waiting"


def _stack(*pages: QWidget) -> QStackedWidget:
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack
