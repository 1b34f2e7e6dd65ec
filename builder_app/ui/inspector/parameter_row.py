"""One parameter as a line: its title, its control, a button back to the default, a tie to strategy parameters."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QStackedWidget, QToolButton, QWidget

from builder_app.flow.formulas import text_of, value_of
from builder_app.flow.values import Binding, Formula, ParameterReference, StrategyParameter
from builder_app.flow.wording import value_words
from builder_app.ui.inspector.binding_chip import BindingChip
from builder_app.ui.inspector.editors import editor_for
from builder_app.ui.inspector.formula_answers import Written, answer_of, written_formula
from builder_app.ui.inspector.formula_field import FormulaField
from builder_app.ui.inspector.parameter_form import ParameterForm, ParameterKind
from builder_app.ui.inspector.wishes import ParameterState, values_of
from builder_app.ui.pictures import picture
from builder_app.ui.theme import GAP_SMALL, Theme

CONTROL_WIDTH = 128


class ParameterRow(QWidget):
    """Shows a ParameterState; says what the strategist wants."""

    value_edited = Signal(object)
    """The new value for every chosen block."""
    finished = Signal()
    reset_requested = Signal()
    bind_requested = Signal(object)
    """Take the value from this strategy parameter, or from this formula: a Binding."""
    bind_new_requested = Signal()
    """Make a strategy parameter of this value, and take it from there."""
    unbind_requested = Signal(object)
    """Have an own value again: this one, what the strategy parameters make."""

    def __init__(self, form: ParameterForm, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self._state: ParameterState | None = None
        self._strategy: Mapping[str, StrategyParameter] = {}
        self._is_writing = False
        """Whether somebody is writing a formula that is not the parameter's yet."""
        self._told = ""
        """The formula's text as it was shown or said last."""
        self.editor = editor_for(form)
        self.chip = BindingChip(form, theme)
        self._formula: FormulaField | None = None
        self.reset = QToolButton()
        self.menu_button = QToolButton()
        self._title = QLabel(form.title)
        self._controls = QStackedWidget()
        self._lay_out()
        self._name_everything()
        self.set_theme(theme)
        self.editor.value_edited.connect(self.value_edited)
        self.editor.finished.connect(self.finished)
        self.editor.formula_wanted.connect(self.write_formula)
        self.reset.clicked.connect(self._back)
        self.menu_button.clicked.connect(self._open_menu)
        self.chip.clicked.connect(self._use_chip)

    def _lay_out(self) -> None:
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

    @property
    def formula(self) -> FormulaField:
        """The line for a formula: made where one is wanted, which is rare."""
        if self._formula is None:
            field = self._formula = FormulaField(self)
            field.hide()
            field.line.setAccessibleName(f"Formula of {self.form.title}")
            field.edited.connect(self._preview)
            field.committed.connect(self._take_formula)
            field.given_up.connect(self._give_up_formula)
            grid = self.layout()
            assert isinstance(grid, QGridLayout)
            grid.addWidget(field, 2, 0, 1, 4)
        return self._formula

    def _name_everything(self) -> None:
        form = self.form
        for widget in (self._title, *self.editor.controls()):
            widget.setToolTip(form.description)
        for widget in self.editor.controls():
            widget.setAccessibleName(form.title)
            widget.setAccessibleDescription(form.description)
        self._title.setBuddy(self.editor.focusProxy() or self.editor.below or self.editor)
        self.menu_button.setAccessibleName(f"More about {form.title}")
        self.menu_button.setToolTip("Use a strategy parameter or a formula (=), or go back to the default")

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        self._theme = theme
        self.menu_button.setIcon(picture("more", theme.color("quiet_text")))
        self.editor.set_theme(theme)
        self.chip.set_theme(theme)
        self._draw_reset()

    def show_state(self, state: ParameterState, strategy: Mapping[str, StrategyParameter]) -> None:
        """Show the parameter; what is shown already is left alone."""
        self._strategy = strategy
        if state == self._state:
            self._describe_binding()
            return
        self._state, self._is_writing = state, False
        if isinstance(state.binding, Formula):
            self._told = state.binding.text
            self.formula.show_formula(self._told)
        if state.binding is None:
            self.editor.show_value(state.value, mixed=state.mixed)
        self._show_parts()
        self._draw_reset()

    def show_idle(self, idle: bool) -> None:
        """Show that a wire has taken the parameter's place, or that it counts."""
        self.setEnabled(not idle)
        self.setToolTip("Not used: a wire gives this value. Take the wire away to set it here." if idle else "")

    def commit(self) -> None:
        """Say what was typed and not said yet; where the value is a strategy parameter's, nothing can be typed."""
        if self._writes():
            self._take_formula()
        elif self._binding is None and self._state is not None:
            self.editor.commit()

    def write_formula(self) -> None:
        """Let the strategist write a formula, from what the value is now."""
        if self._state is None:
            return
        if not self._writes():
            held, plain = self._binding, self._state.value
            start = "" if self._state.mixed else value_words(plain)
            self._told, self._is_writing = text_of(held) if held is not None else start, True
            self.formula.show_formula(self._told)
            self._show_parts()
        self.formula.start()

    def menu(self) -> QMenu:
        """The menu of this parameter as it is now."""
        menu = QMenu(self)
        choose = menu.addMenu("Use strategy parameter…")
        for name, parameter in self._strategy.items():
            action = choose.addAction(f"{name}  ({parameter.value})")
            action.triggered.connect(lambda _=False, name=name: self.bind_requested.emit(ParameterReference(name)))
        if self._strategy:
            choose.addSeparator()
        choose.addAction("New strategy parameter").triggered.connect(self.bind_new_requested)
        if self.form.kind in (ParameterKind.INTEGER, ParameterKind.NUMBER):
            menu.addAction("Write a formula…  (=)").triggered.connect(self.write_formula)
        menu.addSeparator()
        unbind = menu.addAction("Unbind and keep the value")
        unbind.setEnabled(self._binding is not None)
        unbind.triggered.connect(self._unbind)
        default = "" if self.form.default is None else f" ({value_words(self.form.default)})"
        reset = menu.addAction(f"Back to the default{default}")
        reset.setEnabled(self._state is not None and self._state.changed)
        reset.triggered.connect(self.reset_requested)
        return menu

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def _binding(self) -> Binding | None:
        return self._state.binding if self._state is not None else None

    def _writes(self) -> bool:
        """Whether the line for a formula is there."""
        return self._is_writing or isinstance(self._binding, Formula)

    def _show_parts(self) -> None:
        """The chip where the value is bound, the line where it is a formula, else the control."""
        bound = self._binding is not None or self._is_writing
        self._controls.setCurrentIndex(1 if bound else 0)
        if self.editor.below is not None:
            self.editor.below.setVisible(not bound)
        self._controls.setVisible(bound or self.editor.focusProxy() is not None)
        if self._writes() or self._formula is not None:
            self.formula.setVisible(self._writes())
        self.reset.setVisible(bound or (self._state is not None and self._state.changed))
        self._describe_binding()

    def _describe_binding(self) -> None:
        if self._writes():
            self.formula.show_strategy(self._strategy)
            self._preview()
        elif isinstance(self._binding, ParameterReference):
            self.chip.show_reference(self._binding.name, self._strategy.get(self._binding.name))

    def _preview(self) -> None:
        """Say what the written formula comes to, or what is wrong with it; quietly as long as it is being written."""
        text = self.formula.line.text()
        self._show_answer(self._answer(text), firm=text == self._told)

    def _show_answer(self, found: Written, *, firm: bool) -> None:
        self.chip.show_formula(self.formula.line.text(), found.number, well=not (firm and found.sentence))
        offered = not firm and self.formula.line.offers.isVisible()  # a name is being written: the list helps
        self.formula.say("" if offered else found.sentence, firm=firm)

    def _answer(self, text: str) -> Written:
        binding = self._binding
        if isinstance(binding, Formula) and text == binding.text:
            return answer_of(binding, self.form, self._strategy)
        return written_formula(text, self.form, self._strategy) if text.strip() else Written(None)

    def _draw_reset(self) -> None:
        bound = self._binding is not None or self._is_writing
        default = value_words(self.form.default)
        self.reset.setIcon(picture("cross" if bound else "reset", self._theme.color("quiet_text")))
        self.reset.setToolTip("Unbind and keep the value" if bound else f"Back to the default ({default})")
        self.reset.setAccessibleName(f"{'Unbind' if bound else 'Reset'} {self.form.title}")

    # -- what is wished -----------------------------------------------------------------------------------------------

    def _take_formula(self) -> None:
        """Say what was written, if it is new and can be read; nothing written: the value is the block's own again."""
        text = self.formula.line.text()
        found = self._answer(text)
        if text == self._told or not self._writes():
            self._stop_writing()
        elif not text.strip():
            self._back()
        elif found.value is None:
            self._show_answer(found, firm=True)
        else:
            self._told, self._is_writing = text, False
            wish = self.bind_requested if isinstance(found.value, Binding) else self.unbind_requested
            wish.emit(found.value)
            self._show_parts()
            self._draw_reset()

    def forget_writing(self) -> None:
        """Give up what was written and could not be taken."""
        if isinstance(self._binding, Formula):
            self.formula.show_formula(self._told)
            self._preview()
        self._stop_writing()

    def _give_up_formula(self) -> None:
        self.forget_writing()
        proxy = self.editor.focusProxy()
        if self._binding is None and proxy is not None:
            proxy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop_writing(self) -> None:
        if self._is_writing:
            self._is_writing = False
            self._show_parts()
            self._draw_reset()

    def _back(self) -> None:
        if self._binding is not None:
            self._unbind()
        elif self._is_writing:
            self._give_up_formula()
        else:
            self.reset_requested.emit()

    def _unbind(self) -> None:
        if self._binding is None:
            return
        value, default = value_of(self._binding, values_of(self._strategy)), self.form.default
        kept = default if isinstance(value, Binding) else value
        self.unbind_requested.emit(None if isinstance(kept, Binding) else kept)

    def _use_chip(self) -> None:
        if self._writes():
            self.formula.start()
        else:
            self._open_menu()

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
