"""Where everything stands: tabs and strip in the middle, docks around them, toolbar above, status line below."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from builder_app.ui.code.target_chooser import TargetChooser
from builder_app.ui.results.strip import ResultsStrip
from builder_app.ui.theme import GAP
from builder_app.ui.window.actions import ACTIONS
from builder_app.ui.window.message_bar import MessageBar

LAYOUT_VERSION: Final = 3
BOTTOM_DOCKS: Final = ("Results", "Why", "Tests", "Code", "Problems", "History", "Health")


@dataclass(frozen=True, slots=True)
class Centre:
    """The middle of the window: a message when there is one, the tabs, and the strip that is always there."""

    widget: QWidget
    messages: MessageBar
    tabs: QTabWidget
    strip: ResultsStrip


def build_centre(strip: ResultsStrip) -> Centre:
    """The middle of the window."""
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    messages = MessageBar()
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setTabsClosable(True)
    tabs.setMovable(False)
    column.addWidget(messages)
    column.addWidget(tabs, 1)
    column.addWidget(strip)
    return Centre(widget, messages, tabs, strip)


def build_docks(window: QMainWindow, views: Mapping[str, QWidget]) -> dict[str, QDockWidget]:
    """A dock for each view by title: blocks at the left, inspector at the right, the others as tabs at the bottom.

    Qt only moves a dock away that stands behind another tab; its view is hidden here, so that it knows that nobody
    looks, and may wait. The room that it needs stays.
    """
    docks = {}
    for title, view in views.items():
        dock = QDockWidget(title, window)
        dock.setObjectName(f"dock_{title}")
        dock.setWidget(view)
        keeping = view.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)
        view.setSizePolicy(keeping)
        dock.visibilityChanged.connect(view.setVisible)
        docks[title] = dock
    window.setDockNestingEnabled(True)
    window.setTabPosition(Qt.DockWidgetArea.BottomDockWidgetArea, QTabWidget.TabPosition.North)
    window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["Blocks"])
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["Inspector"])
    first = docks[BOTTOM_DOCKS[0]]
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, first)
    for title in BOTTOM_DOCKS[1:]:
        window.tabifyDockWidget(first, docks[title])
    for title in BOTTOM_DOCKS:
        dock = docks[title]
        dock.topLevelChanged.connect(lambda _floats, moved=dock: _fit_title_bar(moved))
        _fit_title_bar(dock)
    window.setDockOptions(window.dockOptions() | QMainWindow.DockOption.GroupedDragging)
    first.raise_()
    window.resizeDocks([docks["Blocks"], docks["Inspector"]], [240, 312], Qt.Orientation.Horizontal)
    window.resizeDocks([first], [280], Qt.Orientation.Vertical)
    return docks


class DockPlaces:
    """Hides all docks for a while, for the start page or for focus, and shows again those that were shown.

    They come and go together: the window lays itself out once, and what stands between them changes its size once.
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        self._window, self._docks = window, docks
        self._hidden: list[QDockWidget] | None = None

    def hide_all(self) -> None:
        """Leave only the middle of the window."""
        if self._hidden is None:
            self._hidden = [dock for dock in self._docks.values() if not dock.isHidden()]
            self._all_at_once([dock.hide for dock in self._hidden])

    def show_all(self) -> None:
        """Show what `hide_all` hid."""
        hidden, self._hidden = self._hidden, None
        self._all_at_once([dock.show for dock in hidden or ()])

    def _all_at_once(self, calls: Sequence[Callable[[], None]]) -> None:
        layout = self._window.layout()
        if layout is None or not calls:
            return
        layout.setEnabled(False)
        for call in calls:
            call()
        layout.setEnabled(True)
        layout.activate()


def _fit_title_bar(dock: QDockWidget) -> None:
    """At the bottom the tabs say what a dock is; one that floats needs a title to be held by."""
    if dock.isFloating():
        dock.setTitleBarWidget(None)  # type: ignore[arg-type]
    else:
        flat = QWidget()
        flat.setFixedHeight(0)
        dock.setTitleBarWidget(flat)


def build_menus(window: QMainWindow, actions: Mapping[str, QAction], docks: Mapping[str, QDockWidget]) -> None:
    """The menu bar from the table of actions; View gets a switch for each dock."""
    menus: dict[str, QMenu] = {}
    for row in ACTIONS:
        menu = menus.get(row.menu)
        if menu is None:
            menu = menus[row.menu] = window.menuBar().addMenu(f"&{row.menu}")
            menu.setToolTipsVisible(True)
        if row.starts_group:
            menu.addSeparator()
        menu.addAction(actions[row.id])
    menus["View"].addSeparator()
    for dock in docks.values():
        menus["View"].addAction(dock.toggleViewAction())


def add_target_chooser(bar: QToolBar, export: QAction) -> TargetChooser:
    """The button of the engine that is written for, left of Export."""
    chooser = TargetChooser()
    chooser.setObjectName("targetChooser")
    bar.insertSeparator(export)
    bar.insertWidget(export, chooser)
    return chooser


def build_toolbar(window: QMainWindow, actions: Mapping[str, QAction]) -> tuple[QToolBar, QToolButton, QLabel]:
    """The toolbar; with it the button of the strategy's name and the label that says whether the draft is saved."""
    bar = QToolBar("Toolbar")
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    name = QToolButton()
    name.setObjectName("strategyName")
    name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    name.setToolTip("The open strategies")
    bar.addWidget(name)
    bar.addSeparator()
    for id in ("undo", "redo"):
        bar.addAction(actions[id])
    bar.addSeparator()
    for id, text in (("test", "▶ Test"), ("live", "● Live"), ("export", "Export"), ("commands", "Search  Ctrl+K")):
        actions[id].setIconText(text)
        if id == "commands":
            spring = QWidget()
            spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            bar.addWidget(spring)
        bar.addAction(actions[id])
        bar.widgetForAction(actions[id]).setObjectName(f"tool_{id}")
    saved = QLabel()
    saved.setObjectName("savedMark")
    saved.setContentsMargins(GAP, 0, GAP, 0)
    saved.setMinimumWidth(saved.fontMetrics().horizontalAdvance("not saved") + 4 * GAP)
    saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    bar.addWidget(saved)
    window.addToolBar(bar)
    return bar, name, saved


def remember_layout(window: QMainWindow, settings: QSettings) -> None:
    """Keep where the docks stand, for this screen's size."""
    key = _screen_key(window)
    settings.setValue(f"{key}/geometry", window.saveGeometry())
    settings.setValue(f"{key}/state", window.saveState(LAYOUT_VERSION))


def restore_layout(window: QMainWindow, settings: QSettings) -> bool:
    """Put the docks where they stood on this screen; False where that is not known."""
    key = _screen_key(window)
    geometry, state = settings.value(f"{key}/geometry"), settings.value(f"{key}/state")
    if geometry is None or state is None:
        return False
    window.restoreGeometry(geometry)
    return bool(window.restoreState(state, LAYOUT_VERSION))


def _screen_key(window: QMainWindow) -> str:
    size = window.screen().size()
    return f"layout/{size.width()}x{size.height()}"
