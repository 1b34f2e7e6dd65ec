"""The panel Why: a symbol and a bar to ask about, the chain of blocks, and what it comes to in sentences."""

import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from builder_app.session.runs.why import Explained
from builder_app.ui.results.sampling import time_words
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, MARGIN, Theme
from builder_app.ui.why.chain import Chain

if TYPE_CHECKING:
    from builder_app.session import RunResult

_NOTHING: Final = (
    "Test the strategy, then choose a symbol and a day, or click a bar of the chart: every block's value on that day "
    "is shown here, and why there was a trade, or why not."
)
_PATIENCE_MILLISECONDS: Final = 250
"""An answer that comes sooner than this is not announced."""
_WORDS_WIDTH: Final = 400


class WhyView(QWidget):
    """Passive: a result and what is known of a bar come in, wishes go out."""

    explain_requested = Signal(str, int)
    node_requested = Signal(str)
    edit_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: RunResult | None = None
        self._explained: Explained | None = None
        self._bar, self._side = -1, 0
        self.symbols = QComboBox(self)
        self.symbols.setAccessibleName("Symbol")
        self.symbols.setToolTip("The symbol that is asked about")
        self.day = QLineEdit(self)
        self.day.setAccessibleName("Day")
        self.day.setPlaceholderText("2006-03-14")
        self.day.setToolTip("The day, such as 2006-03-14, or the time, such as 2006-03-14 15:30 (Enter)")
        self.day.setFixedWidth(136)
        self.earlier, self.later = _step("‹", "The bar before"), _step("›", "The bar after")
        self.line = QLabel(self)
        set_role(self.line, "quiet")
        self.chain = Chain(theme, self)
        self.sentence, self.change, self.did = _text(), _text(), _text()
        set_role(self.did, "quiet")
        self.apply = QPushButton("Change it so")
        self.apply.setToolTip("Make this change in the strategy; one step, which Undo takes back")
        self._waits = QTimer(self, singleShot=True, interval=_PATIENCE_MILLISECONDS)
        self._waits.timeout.connect(lambda: self.line.setText("Working it out…"))
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self.show_result(None)

    @property
    def at(self) -> tuple[str, int] | None:
        """The symbol and the bar that is asked about; None while there is no result."""
        symbol = self.symbols.currentText()
        return (symbol, self._bar) if self._result is not None and symbol and self._bar >= 0 else None

    def show_result(self, result: "RunResult | None") -> None:
        """Ask about the bars of this result; the symbol and the day stay where it has them."""
        if result is self._result and result is not None:
            return
        symbol, day = self.symbols.currentText(), None
        if self._result is not None and 0 <= self._bar < len(self._result.times):
            day = self._result.times[self._bar]
        self._result = result
        self._pages.setCurrentIndex(0 if result is None else 1)
        with QSignalBlocker(self.symbols):
            self.symbols.clear()
            self.symbols.addItems(list(result.symbols) if result is not None else [])
            self.symbols.setCurrentIndex(max(0, self.symbols.findText(symbol)))
        if result is not None and len(result.times):
            last = len(result.times) - 1
            self._set_bar(last if day is None else self._bar_of(day))

    def point_at(self, bar: int, symbol: str = "") -> None:
        """Ask about this bar, and this symbol where one is named."""
        if self._result is None or not 0 <= bar < len(self._result.times):
            return
        if symbol:
            with QSignalBlocker(self.symbols):
                self.symbols.setCurrentIndex(max(0, self.symbols.findText(symbol)))
        self._set_bar(bar)
        self._ask()

    def show_waiting(self) -> None:
        """An answer is on its way."""
        self._waits.start()

    def show_explained(self, explained: Explained, names: dict[str, str]) -> None:
        """Show what is known; `names` says what the position blocks are called."""
        self._waits.stop()
        self.line.setText(" ".join(explained.remarks))
        before, self._explained = self._explained, explained
        if before is not None and _has_the_chain_of(before, explained):
            self._say()  # only the smallest changes are new: the chosen row stays
            return
        self._side = 0
        self.chain.show_answer(explained.answer, names)
        self._say()

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing can be shown."""
        self._waits.stop()
        self._explained = None
        self.chain.show_answer(None, {})
        self.line.setText("")
        self._say(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self.chain.set_theme(theme)

    # -- parts --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(GAP, GAP_SMALL, MARGIN, GAP_SMALL)
        row.setSpacing(GAP)
        for part in (self.symbols, self.earlier, self.day, self.later):
            row.addWidget(part)
        row.addWidget(self.line, 1)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.chain)
        both.addWidget(self._sentences())
        both.setChildrenCollapsible(False)
        both.setHandleWidth(1)
        both.setStretchFactor(0, 1)
        both.setSizes([2 * _WORDS_WIDTH, _WORDS_WIDTH])
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(row)
        inner.addWidget(both, 1)
        self._pages.addWidget(_empty_page())
        self._pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        self.setMinimumHeight(120)

    def _sentences(self) -> QScrollArea:
        """What is said of the chosen side, the change that is offered, and what the engine did."""
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.sentence)
        column.addWidget(self.change)
        column.addWidget(self.apply, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(GAP_GROUP - GAP)
        column.addWidget(self.did)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(words)
        area.setMinimumWidth(220)
        return area

    def _connect(self) -> None:
        self.symbols.currentIndexChanged.connect(lambda _index: self._ask())
        self.day.returnPressed.connect(self._take_day)
        self.earlier.clicked.connect(lambda: self.point_at(self._bar - 1))
        self.later.clicked.connect(lambda: self.point_at(self._bar + 1))
        self.chain.node_requested.connect(self.node_requested)
        self.chain.side_chosen.connect(self._choose_side)
        self.apply.clicked.connect(self._apply)

    def _set_bar(self, bar: int) -> None:
        self._bar = bar
        times = self._result.times if self._result is not None else ()
        self.day.setText(time_words(times[bar]) if 0 <= bar < len(times) else "")
        self.earlier.setEnabled(bar > 0)
        self.later.setEnabled(bar + 1 < len(times))

    def _ask(self) -> None:
        at = self.at
        if at is not None:
            self.explain_requested.emit(*at)

    def _take_day(self) -> None:
        text = self.day.text().strip()
        try:
            day = np.datetime64(datetime.datetime.fromisoformat(text).replace(tzinfo=None), "s")
        except ValueError:
            self.line.setText(f"“{text[:30]}” is no day; write it as 2006-03-14.")
            return
        if len(text) <= len("2006-03-14"):  # a day means its last bar
            day = day + np.timedelta64(1, "D") - np.timedelta64(1, "s")
        self.point_at(self._bar_of(day))

    def _bar_of(self, time: np.datetime64) -> int:
        """The last bar at or before a time; the first one for an earlier time."""
        times = self._result.times if self._result is not None else np.zeros(0, dtype="datetime64[s]")
        return max(0, int(np.searchsorted(times.astype("datetime64[s]"), time.astype("datetime64[s]"), "right")) - 1)

    def _choose_side(self, number: int) -> None:
        self._side = number
        self._say()

    def _say(self, instead: str = "") -> None:
        explained = self._explained
        sides = explained.answer.sides if explained is not None else ()
        side = sides[self._side] if self._side < len(sides) else None
        if explained is not None and side is None:
            instead = "The strategy has no entry and no exit."
        self.sentence.setText(side.sentence if side is not None else instead)
        self.change.setText(side.change_sentence if side is not None else "")
        self.change.setVisible(bool(side is not None and side.change_sentence))
        self.apply.setVisible(side is not None and side.change is not None)
        self.apply.setEnabled(True)
        self.did.setText("\n".join(explained.trading) if explained is not None else "")

    def _apply(self) -> None:
        explained = self._explained
        change = explained.answer.sides[self._side].change if explained is not None else None
        if change is not None:
            self.apply.setEnabled(False)
            self.edit_requested.emit(change.edit)


def _has_the_chain_of(before: Explained, after: Explained) -> bool:
    chains = [[(side.position, side.side, side.steps) for side in one.answer.sides] for one in (before, after)]
    return (before.symbol, before.bar) == (after.symbol, after.bar) and chains[0] == chains[1]


def _step(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRepeat(True)
    return button


def _text() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return label


def _empty_page() -> QWidget:
    page = QWidget()
    title, words = QLabel("Why, and why not"), QLabel(_NOTHING)
    set_role(title, "title")
    set_role(words, "quiet")
    words.setWordWrap(True)
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    words.setMaximumWidth(560)
    column = QVBoxLayout(page)
    column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
    column.setSpacing(GAP)
    column.addStretch(1)
    column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    return page
