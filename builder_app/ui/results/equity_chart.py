"""The curves of equity and drawdown with what is written over them, as one chart."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from builder_app.ui.results.annotations import Annotations
from builder_app.ui.results.curves import Curves
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult


class EquityChart(QWidget):
    """Equity against benchmark and drawdown; `options` makes the money's axis logarithmic."""

    bar_clicked = Signal(int)
    bar_hovered = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = Curves(theme, self)
        self.annotations = Annotations(self.curves, theme)
        self.graphics = self.curves.graphics
        self.options = QToolButton(self)
        self.options.setText("Log")
        self.options.setCheckable(True)
        self.options.setAutoRaise(True)
        self.options.setToolTip("Logarithmic axis: equal heights are equal shares of the money")
        self.options.toggled.connect(self.curves.set_logarithmic)
        self.curves.bar_clicked.connect(self.bar_clicked)
        self.curves.bar_hovered.connect(self.bar_hovered)
        self.curves.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.curves)
        self.setAccessibleName("Equity against benchmark, and drawdown")

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result's curves and the marks of its trades."""
        if result is not self.curves.result:
            self.annotations.show_result(result)
        self.curves.show_result(result, stale)

    def point_at(self, bar: int) -> None:
        """Put the crosshair on a bar; −1 takes it away."""
        self.annotations.point_at(bar)

    def bars_in_view(self) -> tuple[int, int]:
        """The first and the last bar in view."""
        return self.curves.bars_in_view()

    def span(self) -> tuple[float, float]:
        """What of the axis of bars is in view."""
        return self.curves.span()

    def show_span(self, low: float, high: float) -> None:
        """Bring these bars into view."""
        self.curves.show_span(low, high)

    def show_all(self) -> None:
        """Bring every bar into view."""
        self.curves.show_all()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self.curves.set_theme(theme)
        self.annotations.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay the sheet over the curves at every size."""
        if watched is self.curves and isinstance(event, QResizeEvent):
            self.annotations.resize(event.size())
        return super().eventFilter(watched, event)
