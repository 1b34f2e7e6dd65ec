"""How a price file's dates, numbers and times are to be understood, where the file does not show it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from builder_app.session.prices.prices_import import ColumnChoice, exchange_title, known_exchanges
from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_SMALL

_ZONES: Final = (
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/Toronto",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Zurich",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Australia/Sydney",
)


class ReadingOptions(QWidget):
    """Shows one choice; a changed box is a wish for another one."""

    choice_requested = Signal(object)
    """The ColumnChoice as it should be."""
    exchange_requested = Signal(object)
    """The code of a calendar, "" for none, None for the one that each symbol seems to follow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = ColumnChoice(())
        self.dates, self.decimals, self.zone, self.stamped, self.exchange = (QuietCombo() for _ in range(5))
        _fill(self.dates, (("As the file shows", None), ("Day first: 31/01/2010", True), ("Month first", False)))
        _fill(self.decimals, (("As the file shows", ""), ("Point: 1,234.5", "point"), ("Comma: 1.234,5", "comma")))
        _fill(self.zone, [(zone, zone) for zone in _ZONES])
        self.zone.setEditable(True)
        self.zone.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        _fill(self.stamped, (("End of the bar", "end"), ("Start of the bar", "start")))
        exchanges = [(exchange_title(code), code) for code in known_exchanges()]
        _fill(self.exchange, (("As it seems", None), ("Do not check", ""), *exchanges))
        self._lay_out()
        self._connect()

    def show_choice(self, choice: ColumnChoice) -> None:
        """Show how the sheet is read."""
        self._choice = choice
        self.dates.setCurrentIndex(self.dates.findData(choice.day_first))
        self.decimals.setCurrentIndex(self.decimals.findData(choice.decimal))
        self.stamped.setCurrentIndex(self.stamped.findData(choice.stamped))
        self.zone.setCurrentText(choice.zone)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP_SMALL)
        rows = (
            ("Dates", self.dates, "Where a date such as 01/02/2010 can be read in two ways"),
            ("Numbers", self.decimals, "Which sign stands before the parts of a number"),
            ("Time zone", self.zone, "Of times within a day that do not name their zone"),
            ("Times stand at", self.stamped, "Bars within a day are kept at their end, when their prices are known"),
            ("Exchange's calendar", self.exchange, "In which missing days are looked for"),
        )
        for column, (title, box, hint) in enumerate(rows):
            label = QLabel(title)
            set_role(label, "small")
            label.setBuddy(box)
            for widget in (label, box):
                widget.setToolTip(hint)
            box.setAccessibleName(title)
            box.setMinimumContentsLength(12)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 1)

    def _connect(self) -> None:
        self.dates.activated.connect(lambda _index: self._ask(day_first=self.dates.currentData()))
        self.decimals.activated.connect(lambda _index: self._ask(decimal=self.decimals.currentData()))
        self.stamped.activated.connect(lambda _index: self._ask(stamped=self.stamped.currentData()))
        self.zone.activated.connect(lambda _index: self._ask(zone=self.zone.currentText().strip()))
        line = self.zone.lineEdit()
        if line is not None:
            line.editingFinished.connect(lambda: self._ask(zone=self.zone.currentText().strip()))
        self.exchange.activated.connect(lambda _index: self.exchange_requested.emit(self.exchange.currentData()))

    def _ask(self, **changes: object) -> None:
        choice = replace(self._choice, **changes)  # type: ignore[arg-type]
        if choice != self._choice:
            self._choice = choice
            self.choice_requested.emit(choice)


def _fill(box: QComboBox, rows: Iterable[tuple[str, object]]) -> None:
    for title, value in rows:
        box.addItem(title, value)
