"""One line of the form for each input, parameter and output: its fields side by side, and below what is wrong."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from builder_app.flow.values import PortType
from builder_app.session.blocks.block_drafts import DraftInput, DraftKind, DraftOutput, DraftParameter
from builder_app.ui.inspector.editors import ExpressionEditor, QuietCombo
from builder_app.ui.stylesheet import set_property, set_role
from builder_app.ui.theme import GAP_SMALL, code_font

NARROW: Final = 56
NAME_WIDTH: Final = 112
TYPE_WIDTH: Final = 128
REMOVE_WIDTH: Final = 24
_CODE_HINT: Final = 'for example prices["close"]'


class Row(QWidget):
    """Fields by the names that the draft has for them. `changed`: something was typed; `removed`: take it away."""

    changed = Signal()
    removed = Signal()

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.fields: dict[str, QWidget] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_SMALL)
        self._grid.setVerticalSpacing(GAP_SMALL)
        self.fault = QLabel()
        self.fault.setWordWrap(True)
        self.fault.hide()
        set_role(self.fault, "loss")
        self.remove_button = QToolButton()
        self.remove_button.setText("✕")
        self.remove_button.setToolTip(f"Take the {what} away")
        self.remove_button.setAccessibleName(f"Take the {what} away")
        self.remove_button.setFixedWidth(REMOVE_WIDTH)
        self.remove_button.clicked.connect(self.removed)

    def show_faults(self, faults: Sequence[tuple[str, str]]) -> None:
        """Mark the fields that are wrong, and say why below: (field, sentence)."""
        wrong = {field for field, _ in faults}
        for name, field in self.fields.items():
            mark_invalid(field, name in wrong)
        self.fault.setText("\n".join(sentence for _, sentence in faults))
        self.fault.setVisible(bool(faults))

    def text(self, name: str) -> str:
        """What stands in a line or a box."""
        field = self.fields[name]
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText()
        return field.text() if isinstance(field, QLineEdit) else ""

    def set_fixed(self, names: Sequence[str]) -> None:
        """Show these fields as they are, not to be changed."""
        for name in names:
            field = self.fields[name]
            field.setEnabled(False)
            if isinstance(field, QLineEdit):
                field.setPlaceholderText("")

    def add_line(self, name: str, text: str, width: int = 0, hint: str = "") -> QLineEdit:
        """A line of text; without `width` it takes what is left."""
        line = QLineEdit(text)
        line.setPlaceholderText(hint)
        line.textChanged.connect(self.changed)
        self._place(name, line, width)
        return line

    def add_choice(self, name: str, choices: Sequence[str], chosen: str) -> QuietCombo:
        """One of several words."""
        combo = QuietCombo()
        for choice in choices:
            combo.addItem(choice, choice)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))
        combo.currentIndexChanged.connect(self.changed)
        self._place(name, combo, TYPE_WIDTH)
        return combo

    def add_check(self, name: str, words: str, *, is_on: bool) -> QCheckBox:
        """Yes or no."""
        check = QCheckBox(words)
        check.setChecked(is_on)
        check.toggled.connect(self.changed)
        self._place(name, check, 0)
        check.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return check

    def choice(self, name: str) -> str:
        """The chosen word."""
        field = self.fields[name]
        return str(field.currentData()) if isinstance(field, QuietCombo) else ""

    def finish(self, below: QWidget | None = None) -> None:
        """Put the button that removes the row at the end, what takes the whole width below it, and the faults."""
        column = self._grid.columnCount()
        self._grid.addWidget(self.remove_button, 0, column)
        if below is not None:
            self._grid.addWidget(below, 1, 0, 1, column + 1)
        self._grid.addWidget(self.fault, 2, 0, 1, column + 1)

    def _place(self, name: str, field: QWidget, width: int) -> None:
        field.setAccessibleName(f"{name.replace('_', ' ').capitalize()} of the {self.what}")
        if width:
            field.setFixedWidth(width)
        column = len(self.fields)
        self._grid.addWidget(field, 0, column, Qt.AlignmentFlag.AlignVCenter)
        if not width and isinstance(field, QLineEdit):
            self._grid.setColumnStretch(column, 1)
        self.fields[name] = field


class InputRow(Row):
    """An input: its name, what it carries, whether it must be wired, and what it is while it is not."""

    def __init__(self, port: DraftInput) -> None:
        super().__init__("input")
        self._port = port
        self.add_line("name", port.name, NAME_WIDTH, "name")
        self.add_choice("type", [str(type) for type in PortType], str(port.type))
        self.required = self.add_check("required", "Must be wired", is_on=port.required)
        self.add_line("default", port.default, hint=f"while unwired, {_CODE_HINT}").setFont(code_font())
        self.finish()

    def draft(self) -> DraftInput:
        """The input as it stands."""
        port = self._port
        name = self.text("name").strip()
        return replace(
            port,
            name=name,
            display_name=port.display_name if name == port.name else "",
            type=PortType(self.choice("type")),
            required=self.required.isChecked(),
            default=self.text("default"),
        )


class ParameterRow(Row):
    """A parameter: its name and kind, its default and range, the step of its slider, and its unit."""

    def __init__(self, parameter: DraftParameter) -> None:
        super().__init__("parameter")
        self._parameter = parameter
        self.add_line("name", parameter.name, NAME_WIDTH, "name")
        kinds = [kind for kind in DraftKind if kind is not DraftKind.OTHER or parameter.kind is DraftKind.OTHER]
        kind = self.add_choice("kind", [str(one) for one in kinds], str(parameter.kind))
        for name in ("default", "minimum", "maximum", "step"):
            line = self.add_line(name, str(getattr(parameter, name)), hint="–" if name != "default" else "")
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            line.setMinimumWidth(NARROW)
        self.add_line("unit", parameter.unit, NARROW, "–")
        self.finish()
        kind.currentIndexChanged.connect(self._follow_kind)
        self._follow_kind()

    def draft(self) -> DraftParameter:
        """The parameter as it stands; one whose name was changed takes its title from the new name."""
        was = self._parameter
        name = self.text("name").strip()
        return replace(
            was,
            name=name,
            kind=DraftKind(self.choice("kind")),
            title=was.title if name == was.name else "",
            default=self.text("default"),
            minimum=self.text("minimum"),
            maximum=self.text("maximum"),
            step=self.text("step"),
            unit=self.text("unit"),
        )

    def _follow_kind(self) -> None:
        """Only a number has a range."""
        kind = self.choice("kind")
        has_range = kind in (DraftKind.WHOLE, DraftKind.NUMBER)
        for name in ("minimum", "maximum", "step", "unit"):
            self.fields[name].setEnabled(has_range)
        self.fields["kind"].setEnabled(kind != DraftKind.OTHER)
        default = self.fields["default"]
        if kind == DraftKind.PRICE and isinstance(default, QLineEdit):
            default.setPlaceholderText("close")


class OutputRow(Row):
    """An output: its name, what it carries, and the expression that it is."""

    def __init__(self, port: DraftOutput, *, is_group: bool) -> None:
        super().__init__("output")
        self._port = port
        self.add_line("name", port.name, NAME_WIDTH, "name")
        self.add_choice("type", [str(type) for type in PortType], str(port.type))
        said = QLabel("" if is_group else "is")
        set_role(said, "quiet")
        self._grid.addWidget(said, 0, 2)
        self._grid.setColumnStretch(2, 1)
        self.editor = ExpressionEditor()
        self.editor.show_value(port.expression, mixed=False)
        self.editor.box.setAccessibleName("Expression of the output")
        self.editor.box.setPlaceholderText("an expression over inputs and parameters")
        self.editor.box.textChanged.connect(self.changed)
        self.editor.box.setFixedHeight(3 * self.editor.box.fontMetrics().lineSpacing() + 12)
        self.editor.box.setVisible(not is_group)
        self.fields["expression"] = self.editor.box
        self.finish(self.editor.box)

    def draft(self) -> DraftOutput:
        """The output as it stands."""
        port, name = self._port, self.text("name").strip()
        return replace(
            port,
            name=name,
            display_name=port.display_name if name == port.name else "",
            type=PortType(self.choice("type")),
            expression=self.text("expression"),
        )


def mark_invalid(field: QWidget, is_invalid: bool) -> None:
    """Frame a field in the colour of what is wrong, or no more."""
    set_property(field, "invalid", "true" if is_invalid else "false")
