"""The theme as a Qt style sheet: every standard control in the tokens' colours, on the 4 px grid, focus visible.

A widget says what it is for by the dynamic property `role`:
QLabel: `title` (18 px), `section` (the small heading of a group), `quiet`, `small`, `gain`, `loss`, `warning`, `chip`,
`hint` (said for a moment, over what is around it);
QTableView: `rows` (whole rows are chosen, no cell has a frame);
QPushButton: `primary`, `flat`, `link`; QFrame: `hairline` (a dividing line), `card`;
QLineEdit: `name` (looks like a heading until it is edited), `cell` (narrow); QPlainTextEdit: `page` (no frame).
The property `invalid` of a field is "true" where its content does not fit.
"""

from pathlib import Path
from string import Template
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from builder_app.ui.pictures import write_picture
from builder_app.ui.theme import (
    CORNER,
    CORNER_CONTROL,
    GAP,
    GAP_GROUP,
    GAP_SMALL,
    MARGIN,
    TEXT,
    TEXT_LARGE,
    TEXT_SMALL,
    Theme,
    palette,
    text_font,
)

STYLE: Final = "Fusion"
"""The style of Qt that the sheet is written for."""
SELECTION_SHARE: Final = 0.14
"""How much accent a selected row's ground holds."""

_PICTURES: Final = {
    "arrow_down": ("chevron_down", "quiet_text"),
    "arrow_up": ("chevron_up", "quiet_text"),
    "arrow_right": ("chevron_right", "quiet_text"),
    "tick": ("tick", "on_accent"),
    "dash": ("dash", "on_accent"),
    "dot": ("dot", "on_accent"),
    "menu_tick": ("tick", "text"),
    "cross": ("cross", "quiet_text"),
    "float": ("copy", "quiet_text"),
}

SEPARATORS: Final = """
QMainWindow::separator { background: palette(mid); width: 1px; height: 1px; }
QMainWindow::separator:hover { background: palette(highlight); }
"""
"""The main window's own sheet; its colours are the palette's (`mid` is the hairline), so that it is the same in all
themes."""

_GROUND: Final = """
QWidget { color: $text; font-size: ${text_size}px; }
QWidget:disabled { color: $disabled; }
QMainWindow, QDialog, QDockWidget, QStackedWidget, QScrollArea { background: $panel; }
QSplitter::handle { background: $hairline; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { border: 1px solid transparent; }
QScrollArea:focus { border-color: $accent; }
QFrame[role="hairline"] { background: $hairline; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="card"] { background: $control; border: none; border-radius: ${corner}px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${text_large}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${text_small}px; font-weight: 600; color: $quiet_text; }
QLabel[role="quiet"] { color: $quiet_text; }
QLabel[role="small"] { color: $quiet_text; font-size: ${text_small}px; }
QLabel[role="gain"] { color: $gain; }
QLabel[role="loss"] { color: $loss; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="chip"] { background: $control; border-radius: ${corner_control}px; padding: 2px ${gap}px; }
QToolTip { background: $panel; color: $text; border: 1px solid $hairline; padding: ${small}px ${gap}px; }
QLabel[role="hint"] { background: $panel; color: $text; border: 1px solid $warning; border-radius: ${corner_control}px;
  padding: ${small}px ${gap}px; }
QStatusBar { background: $panel; border-top: 1px solid $hairline; }
QStatusBar::item { border: none; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $hairline; spacing: ${small}px;
           padding: ${small}px ${gap}px; }
QToolBar::separator { background: $hairline; width: 1px; margin: ${small}px; }
"""

_BUTTONS: Final = """
QPushButton { background: $control; border: 1px solid $hairline; border-radius: ${corner_control}px;
              padding: 3px ${group}px; min-height: 16px; }
QPushButton:hover { background: $control_hover; }
QPushButton:pressed { background: $hairline; }
QPushButton:focus { border: 2px solid $accent; padding: 2px 11px; }
QPushButton:checked { background: $selection; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $control; color: $disabled; border-color: $hairline; }
QPushButton[role="flat"] { background: transparent; border-color: transparent; color: $text; padding: 3px ${gap}px; }
QPushButton[role="flat"]:disabled { color: $disabled; }
QPushButton[role="flat"]:hover { background: $control; }
QPushButton[role="flat"]:focus { border: 2px solid $accent; padding: 2px 7px; }
QPushButton[role="link"] { background: transparent; border-color: transparent; color: $accent; padding: 3px 0px;
                           text-align: left; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border: 2px solid $accent; padding: 2px 0px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${corner_control}px;
              padding: 3px; }
QToolButton:hover { background: $control_hover; }
QToolButton:pressed, QToolButton:checked { background: $selection; }
QToolButton:focus { border: 2px solid $accent; padding: 2px; }
QToolButton::menu-indicator { image: none; }
"""

_FIELDS: Final = """
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
  background: $control; border: 1px solid $hairline; border-radius: ${corner_control}px;
  selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $quiet_text; }
QLineEdit, QAbstractSpinBox, QComboBox { padding: 3px 7px; min-height: 16px; max-height: 16px; }
QLineEdit[role="cell"] { padding: 3px 4px; }
QLineEdit[role="cell"]:focus { padding: 2px 3px; }
QPlainTextEdit, QTextEdit { padding: 2px 3px; }
QLineEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $outline; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QComboBox:on { border: 2px solid $accent; padding: 2px 6px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 1px 2px; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] { border: 2px solid $loss; padding: 2px 6px; }
QLineEdit[role="name"] { background: transparent; border: none; border-bottom: 1px solid transparent;
  border-radius: 0px; padding: 3px 0px 4px 0px; font-weight: 600; }
QLineEdit[role="name"]:hover { border-bottom-color: $outline; }
QLineEdit[role="name"]:focus { border-bottom: 2px solid $accent; padding: 3px 0px; }
QPlainTextEdit[role="page"], QTextBrowser[role="page"] { background: $panel; border: 1px solid transparent;
  border-radius: 0px; padding: 0px; }
QPlainTextEdit[role="page"]:focus, QTextBrowser[role="page"]:focus { border-color: $accent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none; padding: 0px 0px 0px 4px; }
QAbstractSpinBox { padding-right: 16px; }
QAbstractSpinBox:focus { padding-right: 15px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 16px; border: none;
  background: transparent; margin: 1px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $control_hover; }
QAbstractSpinBox::up-arrow { image: url("$arrow_up"); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url("$arrow_down"); width: 8px; height: 8px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$arrow_down"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $hairline; padding: ${small}px; outline: none; }
QCheckBox, QRadioButton { spacing: ${gap}px; background: transparent; padding: 2px 0px; }
QCheckBox::indicator, QListView::indicator, QTableView::indicator, QTreeView::indicator {
  width: 14px; height: 14px; border: 1px solid $outline; border-radius: 3px; background: $control; }
QCheckBox::indicator:hover, QListView::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked,
QTreeView::indicator:checked {
  background: $accent; border-color: $accent; image: url("$tick"); }
QCheckBox::indicator:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QCheckBox::indicator:checked:focus, QCheckBox::indicator:indeterminate:focus { border-color: $text; }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url("$dash"); }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $outline; border-radius: 8px;
  background: $control; }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url("$dot"); }
QRadioButton::indicator:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QRadioButton::indicator:checked:focus { border-color: $text; }
QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 2px; border-radius: 1px; background: $outline; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 1px; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0px; border-radius: 6px; background: $text; }
QSlider::handle:horizontal:hover { background: $accent; }
QSlider::handle:horizontal:focus { background: $accent; border: 2px solid $text; width: 8px; height: 8px; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $outline; }
QProgressBar { background: $control; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""

_LISTS: Final = """
QListView, QTreeView, QTableView { background: $panel; border: 1px solid transparent; outline: none;
  selection-background-color: $selection; selection-color: $text; alternate-background-color: $panel; }
QListView[role="field"] { border: 1px solid $hairline; border-radius: ${corner_control}px; padding: ${small}px; }
QListView:focus[role="field"] { border: 2px solid $accent; padding: 3px; }
QListView:focus, QTreeView:focus, QTableView:focus { border-color: $accent; }
QListView::item, QTreeView::item { padding: ${small}px ${gap}px; border-radius: ${corner_control}px; }
QListView::item:hover, QTreeView::item:hover { background: $control; }
QListView::item:selected, QTreeView::item:selected { background: $selection; color: $text; }
QListView::item:focus, QTreeView::item:focus { border: 1px solid $accent; }
QTableView { gridline-color: $hairline; }
QTableView::item { padding: ${small}px ${gap}px; }
QTableView::item:selected { background: $selection; color: $text; }
QTableView::item:focus { border: 1px solid $accent; }
QTableView[role="rows"]::item:focus { border: none; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $quiet_text; font-size: ${text_small}px; font-weight: 600;
  border: none; border-bottom: 1px solid $hairline; padding: ${small}px ${gap}px; }
QTableCornerButton::section { background: $panel; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $hairline; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $quiet_text; border: none; border-bottom: 2px solid transparent;
  padding: 6px ${group}px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $text; background: $control; }
QTabBar::close-button { image: url("$cross"); width: 12px; height: 12px; }
QDockWidget { titlebar-close-icon: url("$cross"); titlebar-normal-icon: url("$float"); }
QDockWidget::title { background: $panel; text-align: left; padding: ${gap}px ${group}px; }
QDockWidget::close-button, QDockWidget::float-button { border: none; background: transparent; padding: 0px;
  subcontrol-origin: padding; subcontrol-position: right center; width: 16px; height: 16px; icon-size: 16px; }
QDockWidget::close-button { right: 8px; }
QDockWidget::float-button { right: 28px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $control_hover; border-radius: 4px; }
QMenuBar { background: $panel; }
QMenuBar::item { background: transparent; padding: ${small}px ${gap}px; border-radius: ${corner_control}px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $control_hover; }
QMenu { background: $panel; border: 1px solid $hairline; padding: ${small}px; }
QMenu::item { padding: ${small}px 24px ${small}px ${group}px; border-radius: ${corner_control}px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $hairline; margin: ${small}px; }
QMenu::right-arrow { image: url("$arrow_right"); width: 12px; height: 12px; }
QMenu::indicator:checked { image: url("$menu_tick"); width: 12px; height: 12px; padding-left: ${small}px; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $outline; border-radius: 2px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: $quiet_text; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QCalendarWidget QWidget { background: $panel; alternate-background-color: $panel; }
QCalendarWidget QAbstractItemView { selection-background-color: $accent; selection-color: $on_accent; }
"""


def blended(front: QColor, back: QColor, share: float) -> QColor:
    """`share` (0–1) of `front` over `back`, opaque: what a half-clear ground looks like, as one colour."""
    return QColor(
        round(front.red() * share + back.red() * (1 - share)),
        round(front.green() * share + back.green() * (1 - share)),
        round(front.blue() * share + back.blue() * (1 - share)),
    )


def selection_ground(theme: Theme) -> QColor:
    """The ground of a selected row on a panel."""
    return blended(theme.color("accent"), theme.color("panel"), SELECTION_SHARE)


def stylesheet(theme: Theme, pictures: Path) -> str:
    """The whole style sheet. The few small pictures it needs are written into the folder `pictures`."""
    values: dict[str, str | int] = dict(theme.colors)
    values |= {
        "selection": selection_ground(theme).name(),
        "disabled": blended(theme.color("text"), theme.color("panel"), 0.45).name(),
        "accent_hover": blended(theme.color("accent"), theme.color("text"), 0.85).name(),
        "small": GAP_SMALL,
        "gap": GAP,
        "group": GAP_GROUP,
        "margin": MARGIN,
        "corner": CORNER,
        "corner_control": CORNER_CONTROL,
        "text_small": TEXT_SMALL,
        "text_size": TEXT,
        "text_large": TEXT_LARGE,
    }
    for key, (name, token) in _PICTURES.items():
        values[key] = write_picture(name, theme.color(token), pictures).as_posix()
    return Template(_GROUND + _BUTTONS + _FIELDS + _LISTS).substitute(values)


def dress(application: QApplication, theme: Theme) -> None:
    """Give the whole program this theme's style, palette and font. Style sheets are the window's own matter.

    Not the application's: that would go over every widget that any library keeps without showing it, which takes four
    times as long as the window itself (pyqtgraph keeps a form of options for every plot).
    """
    if application.style().objectName() != STYLE.casefold():  # every new style is put on widget by widget
        application.setStyle(STYLE)
    application.setPalette(palette(theme))
    if application.font() != text_font():
        application.setFont(text_font())


def set_role(widget: QWidget, role: str) -> None:
    """Say what the widget is for (see the module's text); one that is shown already is drawn anew."""
    set_property(widget, "role", role)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the style sheet reads, and draw the widget by it.

    A widget that was never shown nor measured reads the sheet when that comes.
    """
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
