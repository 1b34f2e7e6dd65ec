"""The curves with what is written over them, as one widget."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from builder_app.ui.results.annotations import Annotations
from builder_app.ui.results.copying import curves_as_text, offer_copies
from builder_app.ui.results.curves import Curves
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult


class Charts(QWidget):
    """Equity against benchmark and drawdown. Drag and wheel move and zoom the dates, a double click shows all."""

    bar_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = Curves(theme, self)
        self.annotations = Annotations(self.curves, theme)
        self.curves.bar_clicked.connect(self.bar_clicked)
        self.curves.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.curves)
        self.setMinimumSize(240, 120)
        self.setAccessibleName("Equity against benchmark, and drawdown")
        self.setToolTip("")
        offer_copies(self.curves.graphics, self, lambda: curves_as_text(self.curves.result))

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result's curves and the marks of its trades."""
        if result is not self.curves.result:
            self.annotations.show_result(result)
        self.curves.show_result(result, stale)

    def point_at(self, bar: int) -> None:
        """Put the crosshair on a bar, and bring it into view."""
        first, last = self.curves.bars_in_view()
        if not first <= bar <= last:
            self.curves.show_all()
        self.annotations.point_at(bar)

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self.curves.set_theme(theme)
        self.annotations.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay the sheet over the curves at every size."""
        if watched is self.curves and isinstance(event, QResizeEvent):
            self.annotations.resize(event.size())
        return super().eventFilter(watched, event)
