"""A day to type or to pick, or no day at all."""

import datetime

from PySide6.QtCore import QDate, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCalendarWidget, QMenu, QWidget, QWidgetAction

from builder_app.ui.inspector.text_fields import TextLine
from builder_app.ui.pictures import picture
from builder_app.ui.stylesheet import set_property
from builder_app.ui.theme import Theme


class DateField(TextLine):
    """A date as 2003-01-31; empty is None, which the placeholder puts in words."""

    date_edited = Signal(object)
    """datetime.date, or None."""
    complained = Signal(str)
    """What is wrong with what was typed; empty: nothing any more."""

    def __init__(self, theme: Theme, none_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(none_words)
        self._calendar_action = QAction("Calendar", self)
        self._calendar_action.setToolTip("Pick a day")
        self._calendar_action.triggered.connect(self._open_calendar)
        self.addAction(self._calendar_action, TextLine.ActionPosition.TrailingPosition)
        self.text_committed.connect(self._read)
        self.set_theme(theme)

    def show_date(self, date: datetime.date | None) -> None:
        """Show this day, or none."""
        self.show_text("" if date is None else date.isoformat())
        set_property(self, "invalid", "false")

    def set_theme(self, theme: Theme) -> None:
        """Draw the icon in another scheme."""
        self._calendar_action.setIcon(picture("calendar", theme.color("quiet_text")))

    def _read(self, text: str) -> None:
        plain = text.strip()
        try:
            date = datetime.date.fromisoformat(plain) if plain else None
        except ValueError:
            set_property(self, "invalid", "true")
            self.complained.emit(f"'{plain}' is not a day; write it as 2003-01-31.")
            return
        set_property(self, "invalid", "false")
        self.complained.emit("")
        self.date_edited.emit(date)

    def _open_calendar(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        shown = QDate.fromString(self.text(), "yyyy-MM-dd")
        if shown.isValid():
            calendar.setSelectedDate(shown)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        calendar.clicked.connect(lambda day: self._pick(day, menu))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _pick(self, day: QDate, menu: QMenu) -> None:
        menu.close()
        self.setText(day.toString("yyyy-MM-dd"))
        self.commit()
