"""The order in which Tab goes through a panel whose parts are made when they are wanted: as they are laid out.

Qt puts what is made later behind everything that there is in the window, the canvas included, which keeps the Tab key.
"""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QStackedWidget, QWidget


def tab_stops(part: QWidget) -> Iterator[QWidget]:
    """What Tab may stop at inside a part, in the order of its layouts, hidden parts and pages too."""
    if part.focusProxy() is None and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    elif isinstance(part, QScrollArea):
        if (inside := part.widget()) is not None:
            yield from tab_stops(inside)
    elif isinstance(part, QStackedWidget):
        for page in range(part.count()):
            if (shown := part.widget(page)) is not None:
                yield from tab_stops(shown)
    elif (lines := part.layout()) is not None:
        yield from _stops_in(lines)


def put_in_order(part: QWidget) -> None:
    """Let Tab go through a part in the order of its layouts."""
    for before, after in pairwise(tab_stops(part)):
        QWidget.setTabOrder(before, after)


def _stops_in(lines: QLayout) -> Iterator[QWidget]:
    for place in range(lines.count()):
        item = lines.itemAt(place)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield from tab_stops(widget)
        elif inner is not None:
            yield from _stops_in(inner)
