"""Numbers to type, to step and to drag: exact, with their unit, and never moved by a wheel that only scrolls past."""

import math
import re
from typing import Final

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSlider, QStyle, QStyleOptionSlider, QWidget

from builder_app.ui.inspector.hint import show_hint
from builder_app.ui.inspector.number_text import DIGITS, LARGEST, decimal_places, number_bounds, number_text

MIXED: Final = "—"
"""Stands for values that differ."""
_REST_MILLISECONDS: Final = 300
_NUMBER: Final = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+−]?\d+)?$")
_BEGINNING: Final = re.compile(r"[-+−]?\d*\.?\d*([eE][-+−]?\d*)?$")


class NumberField(QDoubleSpinBox):
    """A number. Typing is said at Return or when the focus leaves, steps at once; `finished` ends a gesture.

    Shows every digit of its value (at least those of its step), and words where there is no one number to show. Where
    `grouped`, thousands are parted by commas; elsewhere a comma is read as a decimal point.
    """

    number_edited = Signal(object)
    """int where the field is `whole`, else float."""
    finished = Signal()
    formula_wanted = Signal()
    """Somebody typed =."""

    def __init__(self, parent: QWidget | None = None, *, whole: bool = False, grouped: bool = False) -> None:
        super().__init__(parent)
        self._whole, self._grouped = whole, grouped
        self._told: tuple[float | None, str] = (None, "")
        self._words = ""
        self._unit = ""
        self._least_digits = 0
        self._bounds = (-LARGEST, LARGEST)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.finished)
        self.setLocale(QLocale.c())
        self.setDecimals(0 if whole else DIGITS)
        self.setRange(*self._bounds)
        self.setKeyboardTracking(False)
        self.setCorrectionMode(QDoubleSpinBox.CorrectionMode.CorrectToNearestValue)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.editingFinished.connect(self.commit)
        self.lineEdit().textEdited.connect(self._forget_words)

    def set_form(self, minimum: float | None, maximum: float | None, step: float, unit: str = "") -> None:
        """Bounds (None: none), step and unit."""
        self._bounds = (-LARGEST if minimum is None else minimum, LARGEST if maximum is None else maximum)
        self._least_digits = 0 if self._whole else decimal_places(step)
        self._unit = f" {unit}" if unit else ""
        self.blockSignals(True)
        self.setSingleStep(step)
        self._widen_to(self.value())
        self.setSuffix("" if self._words else self._unit)
        self.blockSignals(False)

    def set_least_digits(self, digits: int) -> None:
        """Show at least so many decimals, whatever the step is (2 for money)."""
        self._least_digits = digits

    def show_number(self, value: float | None, words: str = "") -> None:
        """Show a number; or `words`, with `value` as where stepping starts. What is shown already is left alone."""
        if (value, words) == self._told:
            return
        self._told, self._words = (value, words), words
        self.blockSignals(True)
        self.setSuffix("" if words else self._unit)
        number = 0.0 if value is None else float(value)
        self._widen_to(number)
        place = self.lineEdit().cursorPosition()
        self.setValue(number)
        if self.hasFocus():
            self.lineEdit().setCursorPosition(min(place, len(self.lineEdit().text())))
        self.blockSignals(False)

    def commit(self) -> None:
        """Say what was typed, if it is new."""
        if self._words:
            self.setSuffix("")
            return
        self.interpretText()
        if self._say():
            self._rest.stop()
            self.finished.emit()

    def stepBy(self, steps: int) -> None:
        """A step by arrow, key or wheel is said at once."""
        self._forget_words()
        super().stepBy(steps)
        if self._say():
            self._rest.start()

    def textFromValue(self, value: float) -> str:
        """The number with all its digits, or the words."""
        if self._words:
            return self._words
        return number_text(value, self._least_digits, grouped=self._grouped)

    def valueFromText(self, text: str) -> float:
        """The number in the text; Qt asks only for texts that `validate` let through."""
        plain = self._plain(text)
        return float(plain.replace("−", "-")) if _NUMBER.match(plain) else self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Acceptable: a number inside the bounds; Intermediate: what may become one."""
        plain = self._plain(text)
        if not _BEGINNING.match(plain) and text != self._words:
            return QValidator.State.Invalid, text, position
        inside = _NUMBER.match(plain) and self.minimum() <= self.valueFromText(text) <= self.maximum()
        fits = inside and not (self._whole and not plain.lstrip("-+−").isdigit())
        return (QValidator.State.Acceptable if fits else QValidator.State.Intermediate), text, position

    def fixup(self, text: str) -> str:
        """A number outside the bounds becomes the nearest one, which is said; no number becomes what was there."""
        if self._told[1] and not _NUMBER.match(self._plain(text)):
            self._words = self._told[1]
            return self._words
        typed = self.valueFromText(text)
        number = min(max(typed, self.minimum()), self.maximum())
        taken = round(number) if self._whole else number
        if taken != typed:
            show_hint(self, number_bounds(*self._bounds, whole=self._whole, grouped=self._grouped))
        return self.textFromValue(taken) + self.suffix()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel turns the number only where the strategist is in the field; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed; = asks for a formula."""
        if event.text() == "=":
            self.formula_wanted.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            told, self._told = self._told, (None, "")
            self.show_number(*told)
            self.selectAll()
            return
        super().keyPressEvent(event)

    def _say(self) -> bool:
        value = self.value()
        if (value, "") == self._told:
            return False
        self._told = (value, "")
        if self.suffix() != self._unit:
            self.blockSignals(True)
            self.setSuffix(self._unit)
            self.blockSignals(False)
        self.number_edited.emit(round(value) if self._whole else value)
        return True

    def _forget_words(self, _text: str = "") -> None:
        if self._words:
            self._words = ""

    def _plain(self, text: str) -> str:
        plain = text.removesuffix(self.suffix()).strip() if self.suffix() else text.strip()
        return plain.replace(",", "") if self._grouped else plain.replace(",", ".")

    def _widen_to(self, value: float) -> None:
        """A value outside the bounds, from a file, is shown as it is; the problems say what is wrong with it."""
        self.setRange(min(self._bounds[0], value), max(self._bounds[1], value))


class NumberSlider(QSlider):
    """A slider over numbers. A click goes to its place; dragging says every value, and `finished` at release."""

    number_edited = Signal(object)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._whole = whole
        self._minimum, self._step = 0.0, 1.0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.finished)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._say)
        self.sliderReleased.connect(self.finished)

    def set_form(self, minimum: float, maximum: float, step: float) -> None:
        """Bounds and step."""
        self._minimum, self._step = minimum, step
        steps = max(1, math.floor((maximum - minimum) / step + 1e-9))
        self.blockSignals(True)
        self.setRange(0, steps)
        self.setPageStep(max(1, steps // 10))
        self.blockSignals(False)
        self.update()

    def show_number(self, value: float) -> None:
        """Put the handle at this number, or at the end that is nearer."""
        place = round((value - self._minimum) / self._step)
        self.blockSignals(True)
        self.setValue(min(max(place, 0), self.maximum()))
        self.blockSignals(False)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The handle jumps under the mouse, and is held."""
        if event.button() is Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            handle = self.style().subControlRect(
                QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
            )
            if not handle.contains(event.position().toPoint()):
                room = self.width() - handle.width()
                left = round(event.position().x() - handle.width() / 2)
                self.setValue(QStyle.sliderValueFromPosition(0, self.maximum(), left, room))
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves the handle only where the strategist is on the slider; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _say(self, place: int) -> None:
        value = round(self._minimum + place * self._step, DIGITS)
        self.number_edited.emit(round(value) if self._whole else value)
        if not self.isSliderDown():
            self._rest.start()
