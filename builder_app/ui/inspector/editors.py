"""One control per kind of parameter. Each shows a value, says what the strategist makes of it, and ends the gesture."""

import math
from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from builder_app.flow.values import Literal, Secret
from builder_app.ui.inspector.number_fields import MIXED, NumberField, NumberSlider
from builder_app.ui.inspector.parameter_form import ParameterForm, ParameterKind
from builder_app.ui.inspector.secret_field import SecretField
from builder_app.ui.inspector.text_fields import TextBox, TextLine
from builder_app.ui.theme import Theme


class ParameterEditor(QWidget):
    """What all editors share. `below` is a part that takes the whole width under the line (a slider, a formula)."""

    value_edited = Signal(object)
    """The new value, a Literal."""
    finished = Signal()
    """The gesture is over: what was said since the last one is one step of the history."""
    formula_wanted = Signal()
    """The value shall be worked out from strategy parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.below: QWidget | None = None
        self._line = QVBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)

    def hold(self, control: QWidget) -> None:
        """Make this the control that stands in the line; it gets the focus."""
        self._line.addWidget(control)
        self.setFocusProxy(control)

    def show_value(self, value: object, *, mixed: bool) -> None:
        """Show the value, or that the chosen blocks differ."""
        raise NotImplementedError

    def commit(self) -> None:
        """Say what was typed and not said yet."""

    def set_theme(self, theme: Theme) -> None:
        """Draw what is drawn by hand in another scheme."""

    def controls(self) -> tuple[QWidget, ...]:
        """The widgets that carry tooltip and accessible name."""
        return tuple(widget for widget in (self.focusProxy(), self.below) if widget is not None)


class NumberEditor(ParameterEditor):
    """A whole number or any number: a field, and a slider where there are bounds."""

    def __init__(self, form: ParameterForm) -> None:
        super().__init__()
        whole = form.kind is ParameterKind.INTEGER
        money = form.unit == "money"
        self.field = NumberField(whole=whole, grouped=money)
        self.field.set_form(form.minimum, form.maximum, form.step, "" if money else form.unit)
        if money:
            self.field.set_least_digits(2)
        self.field.number_edited.connect(self._edited_in_field)
        self.field.finished.connect(self.finished)
        self.field.formula_wanted.connect(self.formula_wanted)
        self.hold(self.field)
        self.slider: NumberSlider | None = None
        if form.slider is not None:
            self.slider = NumberSlider(whole=whole)
            self.slider.set_form(*form.slider, form.step)
            self.slider.number_edited.connect(self._edited_by_slider)
            self.slider.finished.connect(self.finished)
            self.below = self.slider

    def show_value(self, value: object, *, mixed: bool) -> None:
        """A value that is no number (from a file) is shown in its own words."""
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        words = MIXED if mixed else "" if number is not None else _words(value)
        self.field.show_number(number, words)
        if self.slider is not None and number is not None and not self.slider.isSliderDown():
            self.slider.show_number(number)

    def commit(self) -> None:
        """Say what was typed."""
        self.field.commit()

    def _edited_in_field(self, value: float) -> None:
        if self.slider is not None:
            self.slider.show_number(value)
        self.value_edited.emit(value)

    def _edited_by_slider(self, value: float) -> None:
        self.field.show_number(value)
        self.value_edited.emit(value)


class QuietCombo(QComboBox):
    """A choice that the wheel does not change while the panel scrolls past."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only where the strategist is in it."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceEditor(ParameterEditor):
    """One of the values that the schema lists."""

    def __init__(self, choices: Sequence[Literal]) -> None:
        super().__init__()
        self.combo = QuietCombo()
        for choice in choices:
            self.combo.addItem(_words(choice), choice)
        self.combo.activated.connect(self._chosen)
        self.hold(self.combo)

    def show_value(self, value: object, *, mixed: bool) -> None:
        """A value that is not on the list (from a file) is shown in its own words."""
        index = -1 if mixed else self.combo.findData(value)
        self.combo.setPlaceholderText(MIXED if mixed else _words(value))
        if index != self.combo.currentIndex():
            self.combo.setCurrentIndex(index)

    def _chosen(self, index: int) -> None:
        self.value_edited.emit(self.combo.itemData(index))
        self.finished.emit()


class CheckEditor(ParameterEditor):
    """True or false."""

    def __init__(self) -> None:
        super().__init__()
        self.check = QCheckBox()
        self.check.clicked.connect(self._clicked)
        self.hold(self.check)

    def show_value(self, value: object, *, mixed: bool) -> None:
        """Half checked: the chosen blocks differ."""
        show_check(self.check, None if mixed else bool(value))

    def _clicked(self, checked: bool) -> None:
        self.check.setTristate(False)
        self.value_edited.emit(checked)
        self.finished.emit()


class TextEditor(ParameterEditor):
    """A short text."""

    def __init__(self) -> None:
        super().__init__()
        self.line = TextLine()
        self.line.text_committed.connect(self.value_edited.emit)
        self.line.finished.connect(self.finished)
        self.hold(self.line)

    def show_value(self, value: object, *, mixed: bool) -> None:
        """Where the chosen blocks differ, the field is empty and says so."""
        self.line.setPlaceholderText(MIXED if mixed else "")
        self.line.show_text("" if mixed else _words(value))

    def commit(self) -> None:
        """Say what was typed."""
        self.line.commit()


class ExpressionEditor(ParameterEditor):
    """A formula, in the fixed font, over the whole width."""

    def __init__(self) -> None:
        super().__init__()
        self.box = TextBox(lines=4, code=True)
        self.box.text_committed.connect(self.value_edited.emit)
        self.box.finished.connect(self.finished)
        self.below = self.box

    def show_value(self, value: object, *, mixed: bool) -> None:
        """Where the chosen blocks differ, the box is empty and says so."""
        self.box.setPlaceholderText(MIXED if mixed else "")
        self.box.show_text("" if mixed else _words(value))

    def commit(self) -> None:
        """Say what was typed."""
        self.box.commit()


class SecretEditor(ParameterEditor):
    """A sensitive value: dots, and a button that shows it while it is held down."""

    def __init__(self, form: ParameterForm) -> None:
        super().__init__()
        self._type = form.value_type
        self.field = SecretField()
        self.field.secret_committed.connect(self._edited)
        self.field.finished.connect(self.finished)
        self.hold(self.field)

    def show_value(self, value: object, *, mixed: bool) -> None:
        """Whether there is a value, never which."""
        self.field.show_secret(value, mixed=mixed)

    def commit(self) -> None:
        """Say what was typed."""
        self.field.commit()

    def set_theme(self, theme: Theme) -> None:
        """Draw the button's icon in another scheme."""
        self.field.set_theme(theme)

    def controls(self) -> tuple[QWidget, ...]:
        """The line carries the name."""
        return (self.field.line,)

    def _edited(self, text: str) -> None:
        self.value_edited.emit(Secret(typed_as(self._type, text)))


def typed_as(value_type: str, text: str) -> Literal:
    """The text as a value of this JSON type; the text itself where it is none, so that the rules can say so."""
    try:
        match value_type:
            case "integer":
                return int(text)
            case "number":
                number = float(text)
                return number if math.isfinite(number) else text
            case "boolean":
                return {"true": True, "false": False}.get(text.strip().lower(), text)
            case _:
                return text
    except ValueError:
        return text


def show_check(check: QCheckBox, state: bool | None) -> None:
    """Show a check on, off, or neither, without saying anything."""
    check.blockSignals(True)
    check.setTristate(state is None)
    if state is None:
        check.setCheckState(check.checkState().PartiallyChecked)
    else:
        check.setChecked(state)
    check.blockSignals(False)


def editor_for(form: ParameterForm) -> ParameterEditor:
    """The control that fits the parameter's kind."""
    match form.kind:
        case ParameterKind.INTEGER | ParameterKind.NUMBER:
            return NumberEditor(form)
        case ParameterKind.CHOICE:
            return ChoiceEditor(form.choices)
        case ParameterKind.CHECK:
            return CheckEditor()
        case ParameterKind.TEXT:
            return TextEditor()
        case ParameterKind.EXPRESSION:
            return ExpressionEditor()
        case ParameterKind.SECRET:
            return SecretEditor(form)
        case _:
            assert_never(form.kind)


def _words(value: object) -> str:
    return "" if value is None else str(value)
