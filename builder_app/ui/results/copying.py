"""Copy as picture, copy as data: what the context menus of the results put on the clipboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from builder_app.ui.results.sampling import time_words

if TYPE_CHECKING:
    from builder_app.session import RunResult


def offer_copies(widget: QWidget, picture_of: QWidget, data: Callable[[], str]) -> None:
    """Give `widget` a context menu that copies `picture_of` as a picture, or `data()` as text for a spreadsheet.

    Ctrl+C in the widget copies the data.
    """
    as_data = QAction("Copy as data", widget)
    as_data.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
    as_data.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    as_data.triggered.connect(lambda: copy_text(data()))
    as_picture = QAction("Copy as picture", widget)
    as_picture.triggered.connect(lambda: copy_picture(picture_of))
    widget.addActions([as_data, as_picture])
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(lambda place: _open_menu(widget, place))


def _open_menu(widget: QWidget, place: QPoint) -> None:
    menu = QMenu(widget)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addActions(widget.actions())
    menu.popup(widget.mapToGlobal(place))


def copy_text(text: str) -> None:
    """Put text on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def copy_picture(widget: QWidget) -> None:
    """Put a picture of the widget on the clipboard."""
    QGuiApplication.clipboard().setPixmap(widget.grab())


def curves_as_text(result: "RunResult | None") -> str:
    """Date, equity, benchmark and drawdown of every bar at full precision, with tabs between the columns."""
    lines = ["Date\tEquity\tBenchmark\tDrawdown"]
    if result is not None:
        columns = (result.times, result.equity.tolist(), result.benchmark.tolist(), result.drawdown.tolist())
        for time, equity, benchmark, drawdown in zip(*columns, strict=True):
            lines.append(f"{time_words(time)}\t{equity!r}\t{benchmark!r}\t{drawdown!r}")
    return "\n".join(lines)
