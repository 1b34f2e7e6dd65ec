"""One parameter as a line: its title, its control, a button back to the default, a tie to a strategy parameter."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QStackedWidget, QToolButton, QWidget

from builder_app.flow.values import Literal, Secret, StrategyParameter
from builder_app.ui.inspector.editors import editor_for
from builder_app.ui.inspector.parameter_form import ParameterForm
from builder_app.ui.inspector.wishes import ParameterState
from builder_app.ui.pictures import picture
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP_SMALL, Theme

CONTROL_WIDTH = 128


class ParameterRow(QWidget):
    """Shows a ParameterState; says what the strategist wants."""

    value_edited = Signal(object)
    """The new value for every chosen block."""
    finished = Signal()
    reset_requested = Signal()
    bind_requested = Signal(str)
    """Take the value from the strategy parameter of this name."""
    bind_new_requested = Signal()
    """Make a strategy parameter of this value, and take it from there."""
    unbind_requested = Signal(object)
    """Have an own value again: this one, the strategy parameter's."""

    def __init__(self, form: ParameterForm, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self._state: ParameterState | None = None
        self._strategy: Mapping[str, StrategyParameter] = {}
        self.editor = editor_for(form)
        self.chip = QPushButton()
        self.reset = QToolButton()
        self.menu_button = QToolButton()
        self._title = QLabel(form.title)
        self._controls = QStackedWidget()
        self._lay_out()
        self._name_everything()
        self.set_theme(theme)
        self.editor.value_edited.connect(self.value_edited)
        self.editor.finished.connect(self.finished)
        self.reset.clicked.connect(self._back)
        self.menu_button.clicked.connect(self._open_menu)
        self.chip.clicked.connect(self._open_menu)

    def _lay_out(self) -> None:
        set_role(self.chip, "chip")
        self._controls.addWidget(self.editor)
        self._controls.addWidget(self.chip)
        self._controls.setFixedWidth(CONTROL_WIDTH)
        self._title.setWordWrap(True)
        kept = self.reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(kept)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_SMALL)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._controls, 0, 1)
        grid.addWidget(self.reset, 0, 2)
        grid.addWidget(self.menu_button, 0, 3)
        if self.editor.below is not None:
            grid.addWidget(self.editor.below, 1, 0, 1, 4)
        if self.editor.focusProxy() is None:
            self.editor.hide()

    def _name_everything(self) -> None:
        form = self.form
        for widget in (self._title, *self.editor.controls()):
            widget.setToolTip(form.description)
        for widget in self.editor.controls():
            widget.setAccessibleName(form.title)
            widget.setAccessibleDescription(form.description)
        self._title.setBuddy(self.editor.focusProxy() or self.editor.below or self.editor)
        self.menu_button.setAccessibleName(f"More about {form.title}")
        self.menu_button.setToolTip("Use a strategy parameter, or go back to the default")

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        self._theme = theme
        quiet = theme.color("quiet_text")
        self.menu_button.setIcon(picture("more", quiet))
        self.chip.setIcon(picture("link", theme.color("accent")))
        self.editor.set_theme(theme)
        self._draw_reset()

    def show_state(self, state: ParameterState, strategy: Mapping[str, StrategyParameter]) -> None:
        """Show the parameter; what is shown already is left alone."""
        self._strategy = strategy
        if state == self._state and (state.reference is None or self.chip.text() == state.reference):
            self._describe_chip(state)
            return
        self._state = state
        bound = state.reference is not None
        self._controls.setCurrentIndex(1 if bound else 0)
        if self.editor.below is not None:
            self.editor.below.setVisible(not bound)
        self._controls.setVisible(bound or self.editor.focusProxy() is not None)
        if not bound:
            self.editor.show_value(state.value, mixed=state.mixed)
        self._describe_chip(state)
        self.reset.setVisible(bound or state.changed)
        self._draw_reset()

    def show_idle(self, idle: bool) -> None:
        """Show that a wire has taken the parameter's place, or that it counts."""
        self.setEnabled(not idle)
        self.setToolTip("Not used: a wire gives this value. Take the wire away to set it here." if idle else "")

    def commit(self) -> None:
        """Say what was typed and not said yet; where the value is a strategy parameter's, nothing can be typed."""
        if self._state is not None and self._state.reference is None:
            self.editor.commit()

    def menu(self) -> QMenu:
        """The menu of this parameter as it is now."""
        menu = QMenu(self)
        choose = menu.addMenu("Use strategy parameter…")
        for name, parameter in self._strategy.items():
            action = choose.addAction(f"{name}  ({parameter.value})")
            action.triggered.connect(lambda _=False, name=name: self.bind_requested.emit(name))
        if self._strategy:
            choose.addSeparator()
        choose.addAction("New strategy parameter").triggered.connect(self.bind_new_requested)
        menu.addSeparator()
        bound = self._state is not None and self._state.reference is not None
        unbind = menu.addAction("Unbind and keep the value")
        unbind.setEnabled(bound)
        unbind.triggered.connect(self._unbind)
        default = "" if self.form.default is None else f" ({self.form.default})"
        reset = menu.addAction(f"Back to the default{default}")
        reset.setEnabled(self._state is not None and self._state.changed)
        reset.triggered.connect(self.reset_requested)
        return menu

    def _describe_chip(self, state: ParameterState) -> None:
        name = state.reference
        if name is None:
            return
        self.chip.setText(name)
        self.chip.setAccessibleName(f"{self.form.title}: strategy parameter {name}")
        known = self._strategy.get(name)
        self.chip.setToolTip(
            f"Taken from the strategy parameter '{name}', which is {known.value} now."
            if known is not None
            else f"There is no strategy parameter '{name}'; choose another one or unbind."
        )
        self._mark_unknown(known is None)

    def _mark_unknown(self, unknown: bool) -> None:
        self.chip.setIcon(picture("error" if unknown else "link", self._theme.color("loss" if unknown else "accent")))

    def _draw_reset(self) -> None:
        bound = self._state is not None and self._state.reference is not None
        self.reset.setIcon(picture("cross" if bound else "reset", self._theme.color("quiet_text")))
        self.reset.setToolTip("Unbind and keep the value" if bound else f"Back to the default ({self.form.default})")
        self.reset.setAccessibleName(f"{'Unbind' if bound else 'Reset'} {self.form.title}")

    def _back(self) -> None:
        if self._state is not None and self._state.reference is not None:
            self._unbind()
        else:
            self.reset_requested.emit()

    def _unbind(self) -> None:
        if self._state is None or self._state.reference is None:
            return
        known = self._strategy.get(self._state.reference)
        value: Literal | Secret = known.value if known is not None else _literal(self.form.default)
        self.unbind_requested.emit(value)

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))


def _literal(value: object) -> Literal:
    return value if isinstance(value, bool | int | float | str) else None
