"""The strategy's own parameters as a table: name, value with slider, bounds, step; add and remove."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from builder_app.flow.edits import Edit, SetStrategyParameter
from builder_app.flow.values import LogicFlow, StrategyParameter, fresh_id
from builder_app.ui.inspector.strategy_parameter_row import StrategyParameterRow
from builder_app.ui.inspector.wishes import references_in, remove_strategy_parameter, rename_strategy_parameter
from builder_app.ui.pictures import picture
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, Theme


class StrategyParametersTable(QWidget):
    """The table, with the button that adds a row."""

    edit_requested = Signal(object)
    edit_finished = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flow = LogicFlow()
        self.rows: dict[str, StrategyParameterRow] = {}
        self.add = QPushButton("Add parameter")
        set_role(self.add, "flat")
        self.add.setToolTip("A number of the whole strategy that blocks can share")
        self.add.clicked.connect(self._add)
        self._empty = QLabel("Numbers that several blocks share. Add one here, or from the ⋯ of a block's parameter.")
        self._empty.setWordWrap(True)
        set_role(self._empty, "quiet")
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(GAP)
        self._lines.addWidget(self._empty)
        self._lines.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_theme(theme)

    def show_parameters(self, flow: LogicFlow) -> None:
        """Show the parameters of `flow`; rows stay with their names."""
        self._flow = flow
        for name in [name for name in self.rows if name not in flow.parameters]:
            row = self.rows.pop(name)
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        references = references_in(flow)
        for place, (name, parameter) in enumerate(flow.parameters.items()):
            row = self.rows.get(name) or self._new_row(name)
            if self._lines.indexOf(row) != place:
                self._lines.insertWidget(place, row)
            row.show_parameter(name, parameter, len(references.get(name, ())))
        self._empty.setVisible(not flow.parameters)

    def commit(self) -> None:
        """Say what was typed and not said yet."""
        for row in tuple(self.rows.values()):
            row.commit()

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        self._theme = theme
        self.add.setIcon(picture("add", theme.color("quiet_text")))
        for row in self.rows.values():
            row.set_theme(theme)

    def _new_row(self, name: str) -> StrategyParameterRow:
        row = StrategyParameterRow(self._theme, self)
        row.changed.connect(lambda parameter: self.edit_requested.emit(SetStrategyParameter(name, parameter)))
        row.renamed.connect(lambda new: self._rename(name, new))
        row.remove_requested.connect(lambda: self._ask(remove_strategy_parameter(self._flow, name)))
        row.finished.connect(self.edit_finished)
        self.rows[name] = row
        return row

    def _rename(self, old: str, new: str) -> None:
        row = self.rows[old]
        if not new:
            row.say("A strategy parameter needs a name.", row.name)
        elif new != old and new in self._flow.parameters:
            row.say(f"There is a strategy parameter '{new}' already; choose another name.", row.name)
        elif new != old:
            self._ask(rename_strategy_parameter(self._flow, old, new))

    def _add(self) -> None:
        name = fresh_id("parameter", self._flow.parameters)
        self._ask(SetStrategyParameter(name, StrategyParameter(10, 1.0, 100.0, 1.0)))
        if name in self.rows:
            self.rows[name].name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.rows[name].name.selectAll()

    def _ask(self, edit: Edit) -> None:
        self.edit_requested.emit(edit)
        self.edit_finished.emit()
