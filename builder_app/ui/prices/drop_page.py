"""Where an import begins: files dropped or chosen, or symbols to fetch from Yahoo."""

import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from builder_app.session.prices.prices_import import YAHOO_FREQUENCIES, YahooWish, symbols_in, yahoo_is_installed
from builder_app.ui.inspector.date_field import DateField
from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.prices.words import frequency_title
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN, Theme

_FORMS: Final = "CSV, Excel and Parquet files, a folder of them, or the folder of Qlib’s binary files"
_NO_YAHOO: Final = "Fetching from Yahoo needs the package yfinance: pip install 'strategy-builder[yahoo]'"


class DropPage(QWidget):
    """Offers the three ways to begin."""

    files_requested = Signal()
    folder_requested = Signal()
    fetch_requested = Signal(object)
    """A YahooWish."""
    complained = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files = QPushButton("Choose files…")
        set_role(self.files, "primary")
        self.folder = QPushButton("Choose a folder…")
        self.symbols = QLineEdit()
        self.symbols.setPlaceholderText("AAPL, MSFT, SAP.DE")
        self.symbols.setAccessibleName("Symbols at Yahoo")
        self.frequency = QuietCombo()
        self.frequency.setAccessibleName("Frequency")
        for frequency in YAHOO_FREQUENCIES:
            self.frequency.addItem(frequency_title(frequency), frequency)
        self.frequency.setCurrentIndex(self.frequency.findData("daily"))
        self.start = DateField(theme, "first price")
        self.start.setAccessibleName("First day")
        self._first: datetime.date | None = None
        self.start.date_edited.connect(self._take_start)
        self.start.complained.connect(self.complained)
        self.fetch = QPushButton("Fetch")
        self._lay_out()
        self.files.clicked.connect(self.files_requested)
        self.folder.clicked.connect(self.folder_requested)
        self.fetch.clicked.connect(self._ask)
        self.symbols.returnPressed.connect(self._ask)
        if not yahoo_is_installed():
            for widget in (self.symbols, self.frequency, self.start, self.fetch):
                widget.setEnabled(False)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        self.start.set_theme(theme)

    def _lay_out(self) -> None:
        title = QLabel("Drop price files here")
        set_role(title, "title")
        forms = QLabel(_FORMS)
        set_role(forms, "quiet")
        yahoo = QLabel("Or fetch them from Yahoo" if yahoo_is_installed() else _NO_YAHOO)
        set_role(yahoo, "quiet")
        for label in (title, forms, yahoo):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self.symbols.setMinimumWidth(220)
        self.frequency.setFixedWidth(112)
        self.start.setFixedWidth(136)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP_GROUP)
        column.addStretch(2)
        column.addWidget(title)
        column.addWidget(forms)
        column.addSpacing(GAP)
        column.addLayout(_centred(self.files, self.folder))
        column.addSpacing(2 * MARGIN)
        column.addWidget(yahoo)
        column.addLayout(_centred(self.symbols, self.frequency, self.start, self.fetch))
        column.addStretch(3)

    def _take_start(self, day: datetime.date | None) -> None:
        self._first = day
        self.start.show_date(day)

    def _ask(self) -> None:
        symbols = symbols_in(self.symbols.text())
        if not symbols:
            self.complained.emit("Write the symbols to fetch, such as AAPL, MSFT.")
            return
        wish = YahooWish(symbols, str(self.frequency.currentData()), self._first)
        self.fetch_requested.emit(wish)


def _centred(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP)
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
