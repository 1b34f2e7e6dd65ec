"""The Health page: alarms above, figures at the left, two plots at the right."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from builder_app.session.care.health_rows import figure_rows
from builder_app.ui.health.figures_table import FiguresTable
from builder_app.ui.health.plot import TimesPlot
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, MARGIN, Theme

if TYPE_CHECKING:
    from builder_app.session.care.health import Alarm, Health

READ_EVERY: Final = 30_000
"""Milliseconds after which a page that is looked at wishes for new figures."""
_WIDEST_TABLE: Final = 440
_NARROW: Final = 720
"""Below this width the plots stand under the figures."""
_LEAST_PLOTS: Final = 200
"""Height of both plots; in a high page they are up to twice as high."""
_ABOVE_PLOTS: Final = 72
"""Height of what stands above and below them."""


class HealthView(QStackedWidget):
    """Shows one health. Passive: it is given figures and wishes for new ones while it is looked at."""

    refresh_requested = Signal()
    """New figures are wished for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.health: Health | None = None
        self.table = FiguresTable()
        self.tests = TimesPlot("Quick tests", "No quick test yet. Press F5 to run one.", theme)
        no_saves = "Every edit is saved at once; the first figure comes a minute after it."
        self.saves = TimesPlot("Draft saves, minute by minute", no_saves, theme)
        self._sentences: list[QLabel] = []
        self._alarms = QVBoxLayout()
        self._alarms.setSpacing(GAP_SMALL)
        self.as_of = QLabel()
        set_role(self.as_of, "quiet")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._page())
        self.addWidget(_empty_state())
        self.addWidget(self._scroll)
        self._timer = QTimer(self)
        self._timer.setInterval(READ_EVERY)
        self._timer.timeout.connect(self.refresh_requested)
        self.setAccessibleName("Health")

    @property
    def alarm_texts(self) -> list[str]:
        """The sentences about alarms, as they are shown."""
        return [label.text() for label in self._sentences]

    def show_health(self, health: "Health") -> None:
        """Show these figures and alarms."""
        before, self.health = self.health, health
        if before is None or before.alarms != health.alarms:
            self._show_alarms(health.alarms)
        self.table.show_rows(figure_rows(health.figures))
        if before is None or before.figures.test_times != health.figures.test_times:
            self.tests.show_points(health.figures.test_times)
        if before is None or before.figures.save_times != health.figures.save_times:
            self.saves.show_points(health.figures.save_times)
        self.as_of.setText(_as_of(health))
        self.setCurrentIndex(1)

    def set_theme(self, theme: Theme) -> None:
        """Draw the page in another scheme."""
        for plot in (self.tests, self.saves):
            plot.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Who looks wants figures of now."""
        super().showEvent(event)
        if self.health is not None:
            self.as_of.setText(f"{_as_of(self.health)}, reading newer figures…")
        self.refresh_requested.emit()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is read."""
        self._timer.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside one another where there is room, else one under the other."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        self._parts.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)
        self.table.setMaximumWidth(_NARROW if is_narrow else _WIDEST_TABLE)
        self._plots.setFixedHeight(min(max(event.size().height() - _ABOVE_PLOTS, _LEAST_PLOTS), 2 * _LEAST_PLOTS))

    def _page(self) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(MARGIN, GAP_GROUP, MARGIN, GAP_GROUP)
        lines.setSpacing(GAP_GROUP)
        head = QHBoxLayout()
        head.setSpacing(GAP_GROUP)
        head.addLayout(self._alarms, 1)
        head.addWidget(self.as_of, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        lines.addLayout(head)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.setSpacing(MARGIN * 2)
        self._parts.addWidget(self.table, 2, Qt.AlignmentFlag.AlignTop)
        plots = QVBoxLayout()
        plots.setSpacing(GAP)
        for plot in (self.tests, self.saves):
            plots.addWidget(plot, 1)
        self._plots = QWidget()
        self._plots.setLayout(plots)
        plots.setContentsMargins(0, 0, 0, 0)
        self._parts.addWidget(self._plots, 3, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(self._parts)
        lines.addStretch(1)
        return page

    def _show_alarms(self, alarms: "tuple[Alarm, ...]") -> None:
        for label in self._sentences:
            self._alarms.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._sentences = [_sentence(f"▲ {alarm.message} {alarm.hint}", "warning") for alarm in alarms]
        if not alarms:
            self._sentences = [_sentence("All is well: no alarms.", "quiet")]
        for label in self._sentences:
            self._alarms.addWidget(label)


def _as_of(health: "Health") -> str:
    return f"As of {health.figures.at.astimezone():%H:%M:%S}"


def _sentence(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_role(label, role)
    return label


def _empty_state() -> QWidget:
    page = QWidget()
    lines = QVBoxLayout(page)
    lines.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    title = QLabel("No figures yet")
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    below = QLabel("How long tests and saves take, and whatever is not as it should be, is shown here in a moment.")
    below.setAlignment(Qt.AlignmentFlag.AlignCenter)
    below.setWordWrap(True)
    set_role(below, "quiet")
    lines.addStretch(1)
    lines.addWidget(title)
    lines.addWidget(below)
    lines.addStretch(1)
    return page
