"""One strategy parameter: name and value, and under them the bounds at the ends of a slider, and the step."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from builder_app.flow.values import Literal, Secret, StrategyParameter
from builder_app.ui.inspector.number_fields import NumberSlider
from builder_app.ui.inspector.number_text import number_text
from builder_app.ui.inspector.parameter_form import slider_fits
from builder_app.ui.inspector.secret_field import SecretField
from builder_app.ui.inspector.strategy_parameter_values import (
    as_float,
    is_number,
    misfit,
    read_number,
    stays_whole,
    step_of,
    value_text,
)
from builder_app.ui.inspector.text_fields import TextLine
from builder_app.ui.pictures import picture
from builder_app.ui.stylesheet import set_property, set_role
from builder_app.ui.theme import GAP_SMALL, Theme

_VALUE_WIDTH: Final = 80
_BOUND_WIDTH: Final = 44
_BOUNDS: Final = ("minimum", "maximum", "step")
_TITLES: Final = ("Name", "Value", "Minimum", "Maximum", "Step")


class StrategyParameterRow(QWidget):
    """One strategy parameter. What does not fit is said under it, and nothing is asked for."""

    changed = Signal(object)
    """The StrategyParameter as it should be."""
    renamed = Signal(str)
    remove_requested = Signal()
    finished = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = StrategyParameter(None)
        self.name = TextLine()
        self.value = TextLine()
        self.secret = SecretField()
        self.lock = QToolButton()
        self.bounds = {field: TextLine() for field in _BOUNDS}
        self.slider = NumberSlider()
        self._no_slider = QLabel()
        self._step_title = QLabel("step")
        self._range = QHBoxLayout()
        self.remove = QToolButton()
        self.message = QLabel()
        self._lay_out()
        self.set_theme(theme)
        self.name.text_committed.connect(lambda text: self.renamed.emit(text.strip()))
        self.value.text_committed.connect(self._set_value)
        self.secret.secret_committed.connect(self._set_secret)
        self.secret.finished.connect(self.finished)
        self.lock.clicked.connect(self._set_sensitive)
        for field, line in self.bounds.items():
            line.text_committed.connect(lambda text, field=field: self._set_bound(field, text))
        for line in (self.name, self.value, *self.bounds.values()):
            line.finished.connect(self.finished)
        self.slider.number_edited.connect(self._slide)
        self.slider.finished.connect(self.finished)
        self.remove.clicked.connect(self.remove_requested)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_SMALL)
        grid.setVerticalSpacing(GAP_SMALL)
        set_role(self.message, "loss")
        self.message.setWordWrap(True)
        self.message.hide()
        set_role(self._step_title, "small")
        self._prepare_fields()
        self._range.setContentsMargins(0, 0, 0, 0)
        self._range.setSpacing(GAP_SMALL)
        self._range.addWidget(self.bounds["minimum"])
        self._range.addWidget(self.slider, 1)
        self._range.addWidget(self._no_slider, 1)
        self._range.addWidget(self.bounds["maximum"])
        self._range.addWidget(self._step_title)
        self._range.addWidget(self.bounds["step"])
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.value, 0, 1)
        grid.addWidget(self.secret, 0, 1)
        grid.addWidget(self.lock, 0, 2)
        grid.addWidget(self.remove, 0, 3)
        grid.addLayout(self._range, 1, 0, 1, 4)
        grid.addWidget(self.message, 2, 0, 1, 4)

    def _prepare_fields(self) -> None:
        for title, line in zip(_TITLES, self._lines(), strict=True):
            line.setToolTip(title)
            set_property(line, "role", "cell")
        self.value.setFixedWidth(_VALUE_WIDTH)
        self.secret.setFixedWidth(_VALUE_WIDTH)
        set_property(self.secret.line, "role", "cell")
        self.lock.setCheckable(True)
        self.lock.setToolTip(
            "Sensitive: kept encrypted, shown as dots, never in code or files. Switching this empties the value."
        )
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        for words, line in zip(("min", "max", "step"), self.bounds.values(), strict=True):
            line.setPlaceholderText(words)
            line.setFixedWidth(_BOUND_WIDTH)
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.bounds["minimum"].setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.remove.setToolTip("Remove; blocks that use it keep its value")

    def _name_fields(self, name: str) -> None:
        """Say of each field which strategy parameter it is of: there are as many of each as there are rows."""
        for title, line in zip(_TITLES, self._lines(), strict=True):
            line.setAccessibleName(f"{title} of {name}")
        self.secret.line.setAccessibleName(f"Value of {name}")
        self.lock.setAccessibleName(f"{name} is sensitive")
        self.remove.setAccessibleName(f"Remove {name}")
        self.slider.setAccessibleName(f"{name}, slider")

    def show_parameter(self, name: str, parameter: StrategyParameter, uses: int) -> None:
        """Show a parameter that `uses` blocks' parameters take their value from."""
        self._parameter = parameter
        self.name.show_text(name)
        self._name_fields(name)
        self.name.setToolTip(f"'{name}', used {uses} time{'' if uses == 1 else 's'}")
        self.value.setVisible(not parameter.sensitive)
        self.secret.setVisible(parameter.sensitive)
        self.secret.show_secret(parameter.value if parameter.sensitive else Secret())
        self.lock.setChecked(parameter.sensitive)
        self.value.show_text(value_text(parameter.value))
        for field, line in self.bounds.items():
            number = getattr(parameter, field)
            line.show_text("" if number is None else number_text(number))
            line.setVisible(is_number(parameter.value))
        self._step_title.setVisible(is_number(parameter.value))
        step = step_of(parameter)
        fits = is_number(parameter.value) and slider_fits(parameter.minimum, parameter.maximum, step)
        self.slider.setVisible(fits)
        self._no_slider.setVisible(not fits)
        if fits and not self.slider.isSliderDown():
            self.slider.set_form(as_float(parameter.minimum), as_float(parameter.maximum), step)
            self.slider.show_number(as_float(parameter.value))
        self.say("")

    def commit(self) -> None:
        """Say what was typed and not said yet."""
        for line in self._lines():
            line.commit()
        self.secret.commit()

    def say(self, message: str, line: TextLine | None = None) -> None:
        """Show what does not fit, at this field; nothing: all is well."""
        self.message.setText(message)
        self.message.setVisible(bool(message))
        for other in self._lines():
            set_property(other, "invalid", "true" if other is line else "false")

    def set_theme(self, theme: Theme) -> None:
        """Draw the icon in another scheme."""
        self.remove.setIcon(picture("cross", theme.color("quiet_text")))
        self.lock.setIcon(picture("lock", theme.color("quiet_text")))
        self.secret.set_theme(theme)

    def _lines(self) -> tuple[TextLine, ...]:
        return (self.name, self.value, *self.bounds.values())

    def _slide(self, number: float) -> None:
        value = round(number) if stays_whole(self._parameter, number) else float(number)
        self._parameter = replace(self._parameter, value=value)
        self.value.show_text(value_text(value))
        self.changed.emit(self._parameter)

    def _set_value(self, text: str) -> None:
        before = self._parameter.value
        value: Literal = text
        if is_number(before):
            number = read_number(text)
            if number is None:
                self.say(f"'{text}' is not a number.", self.value)
                return
            value = round(number) if stays_whole(self._parameter, number) else number
        elif isinstance(before, bool):
            value = text.strip().lower() in ("true", "yes", "1")
        self._ask(replace(self._parameter, value=value), self.value)

    def _set_secret(self, text: str) -> None:
        self._parameter = replace(self._parameter, value=Secret(text))
        self.changed.emit(self._parameter)

    def _set_sensitive(self, sensitive: bool) -> None:
        """What was readable is in the history already, and what was secret must not become readable: both go."""
        self._parameter = StrategyParameter(Secret() if sensitive else 0)
        self.changed.emit(self._parameter)
        self.finished.emit()

    def _set_bound(self, field: str, text: str) -> None:
        number = read_number(text)
        line = self.bounds[field]
        if text.strip() and number is None:
            self.say(f"'{text}' is not a number.", line)
            return
        bounds = {"minimum": self._parameter.minimum, "maximum": self._parameter.maximum, "step": self._parameter.step}
        bounds[field] = number
        self._ask(StrategyParameter(self._parameter.value, **bounds, sensitive=self._parameter.sensitive), line)

    def _ask(self, parameter: StrategyParameter, line: TextLine) -> None:
        complaint = misfit(parameter)
        self.say(complaint, line)
        if not complaint:
            self._parameter = parameter
            self.changed.emit(parameter)
