"""The inspector's page for chosen blocks: label, what they are, problems, parameters, note, muted."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QVBoxLayout, QWidget

from builder_app.flow.edits import Annotate, Batch, Edit, Mute, Rename
from builder_app.flow.formulas import value_of
from builder_app.flow.problems import Problem
from builder_app.flow.summary import idle_parameters
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import Binding, Literal, LogicFlow, Node, fresh_id
from builder_app.flow.wording import value_words
from builder_app.ui.inspector.block_head import BlockHead
from builder_app.ui.inspector.editors import show_check
from builder_app.ui.inspector.parameter_form import parameter_forms
from builder_app.ui.inspector.parameter_row import ParameterRow
from builder_app.ui.inspector.text_fields import TextBox
from builder_app.ui.inspector.wishes import (
    ParameterState,
    bind_to_new,
    parameter_state,
    reset_parameter,
    set_parameter,
    values_of,
)
from builder_app.ui.problems import ProblemRow
from builder_app.ui.problems.severity import by_severity
from builder_app.ui.problems.view import block_label
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, Theme

_MOST_PROBLEMS = 8


class BlockPage(QWidget):
    """Shows one block, or several at once: of one template with its parameters, of several without."""

    edit_requested = Signal(object)
    edit_finished = Signal()
    fix_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flow = LogicFlow()
        self._nodes: tuple[Node, ...] = ()
        self._template: NodeTemplate | None = None
        self.rows: dict[str, ParameterRow] = {}
        self.problem_rows: list[ProblemRow] = []
        self.head = BlockHead()
        self.note = TextBox(lines=3)
        self.muted = QCheckBox("Muted")
        self._parameters = QVBoxLayout()
        self._problems = QVBoxLayout()
        self._unknown = QLabel()
        self._note_title = QLabel("Note")
        self._lay_out()
        self.head.label_line.text_committed.connect(self._rename)
        self.head.label_line.finished.connect(self.edit_finished)
        self.note.text_committed.connect(self._annotate)
        self.note.finished.connect(self.edit_finished)
        self.muted.clicked.connect(self._mute)

    def _lay_out(self) -> None:
        self._parameters.setSpacing(GAP)
        self._problems.setSpacing(GAP_SMALL)
        self._unknown.setWordWrap(True)
        set_role(self._unknown, "quiet")
        set_role(self._note_title, "section")
        self.note.setPlaceholderText("Why this block is here")
        self.note.setAccessibleName("Note")
        self.muted.setToolTip("A muted block is bypassed: what feeds it goes on to what follows it.")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP_GROUP)
        lines.addWidget(self.head)
        lines.addLayout(self._problems)
        lines.addWidget(hairline())
        lines.addLayout(self._parameters)
        lines.addWidget(self._unknown)
        self._rule = hairline()
        lines.addWidget(self._rule)
        note = QVBoxLayout()
        note.setSpacing(GAP_SMALL)
        note.addWidget(self._note_title)
        note.addWidget(self.note)
        lines.addLayout(note)
        lines.addWidget(self.muted, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addStretch(1)

    def show_blocks(
        self, flow: LogicFlow, catalogue: Catalogue, ids: Sequence[str], problems: tuple[Problem, ...]
    ) -> None:
        """Show the blocks `ids` of `flow` (at least one); rows stay as long as the template does."""
        self._flow = flow
        if [node.id for node in self._nodes] != list(ids):
            for row in self.rows.values():
                row.forget_writing()
        self._nodes = tuple(flow.nodes[id] for id in ids)
        same = len({(node.template, node.template_version) for node in self._nodes}) == 1
        template = catalogue.of(self._nodes[0]) if same else None
        self.head.show_blocks(self._nodes, catalogue, self._theme)
        if template is not self._template or template is None:
            self._template = template
            self._build_rows()
        idle = self._idle_parameters(flow, ids)
        for name, row in self.rows.items():
            row.show_state(parameter_state(self._nodes, row.form), flow.parameters)
            row.show_idle(name in idle)
        self._say_unknown(same=same)
        self._show_problems(problems, flow, catalogue)
        one = len(self._nodes) == 1
        for widget in (self._note_title, self.note, self._rule):
            widget.setVisible(one)
        self.note.show_text(self._nodes[0].note if one else "")
        muted = {node.muted for node in self._nodes}
        show_check(self.muted, muted.pop() if len(muted) == 1 else None)

    def commit(self) -> None:
        """Say what was typed and not said yet."""
        for row in tuple(self.rows.values()):
            row.commit()
        if self.note.isVisible():
            self.note.commit()
        self.head.label_line.commit()

    def set_theme(self, theme: Theme) -> None:
        """Draw the page in another scheme."""
        self._theme = theme
        self.head.set_theme(theme)
        for row in self.rows.values():
            row.set_theme(theme)
        for problem_row in self.problem_rows:
            problem_row.set_theme(theme)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _idle_parameters(self, flow: LogicFlow, ids: Sequence[str]) -> frozenset[str]:
        """The parameters that no chosen block uses, because a wire has taken their place."""
        if self._template is None:
            return frozenset()
        wired: dict[str, set[str]] = {id: set() for id in ids}
        for edge in flow.edges:
            if edge.target.node in wired:
                wired[edge.target.node].add(edge.target.port)
        return frozenset.intersection(*(idle_parameters(self._template, ports) for ports in wired.values()))

    def _build_rows(self) -> None:
        for row in self.rows.values():
            self._parameters.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        for form in parameter_forms(self._template) if self._template is not None else ():
            row = ParameterRow(form, self._theme, self)
            row.value_edited.connect(lambda value, row=row: self._set(row, value))
            row.finished.connect(self.edit_finished)
            row.reset_requested.connect(lambda row=row: self._ask(reset_parameter(self._nodes, row.form)))
            row.bind_requested.connect(lambda value, row=row: self._set(row, value, over=True))
            row.bind_new_requested.connect(lambda row=row: self._bind_new(row))
            row.unbind_requested.connect(lambda value, row=row: self._set(row, value, over=True))
            self._parameters.addWidget(row)
            self.rows[form.name] = row

    def _say_unknown(self, *, same: bool) -> None:
        if not same:
            text = "These blocks are of several kinds; choose blocks of one kind to set their parameters together."
        elif self._template is None:
            values = ", ".join(f"{name} = {value_words(value)}" for name, value in self._nodes[0].parameters.items())
            text = f"This program does not know the block '{self._nodes[0].template}'. It is kept as it is"
            text += f", with {values}." if values else "."
        else:
            text = "" if self.rows else "This block has no parameters."
        self._unknown.setText(text)
        self._unknown.setVisible(bool(text))

    def _show_problems(self, problems: tuple[Problem, ...], flow: LogicFlow, catalogue: Catalogue) -> None:
        ids = {node.id for node in self._nodes}
        own = by_severity(tuple(problem for problem in problems if problem.node in ids))[:_MOST_PROBLEMS]
        several = len(self._nodes) > 1
        while len(self.problem_rows) > len(own):
            row = self.problem_rows.pop()
            self._problems.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.problem_rows) < len(own):
            row = ProblemRow(self._theme, self, card=True)
            row.fix_requested.connect(self.fix_requested)
            self._problems.addWidget(row)
            self.problem_rows.append(row)
        for row, problem in zip(self.problem_rows, own, strict=True):
            block = block_label(problem.node, flow, catalogue) if several else ""
            if row.problem != problem or row.block != block:
                row.show_problem(problem, block)

    # -- wishes -----------------------------------------------------------------------------------------------------

    def _ask(self, edit: Edit) -> None:
        self.edit_requested.emit(edit)
        self.edit_finished.emit()

    def _set(self, row: ParameterRow, value: Literal | Binding, *, over: bool = False) -> None:
        self.edit_requested.emit(set_parameter(self._nodes, row.form, value))
        if over:
            self.edit_finished.emit()

    def _bind_new(self, row: ParameterRow) -> None:
        state: ParameterState = parameter_state(self._nodes, row.form)
        value = value_of(state.value, values_of(self._flow.parameters))
        value = None if isinstance(value, Binding) else value
        self._ask(bind_to_new(self._nodes, row.form, fresh_id(row.form.name, self._flow.parameters), value))

    def _rename(self, label: str) -> None:
        self.edit_requested.emit(Rename(self._nodes[0].id, label.strip()))

    def _annotate(self, note: str) -> None:
        self.edit_requested.emit(Annotate(self._nodes[0].id, note))

    def _mute(self, muted: bool) -> None:
        self.muted.setTristate(False)
        edits = tuple(Mute(node.id, muted) for node in self._nodes)
        self._ask(edits[0] if len(edits) == 1 else Batch(edits, "Mute blocks" if muted else "Unmute blocks"))


def hairline() -> QFrame:
    """A dividing line."""
    line = QFrame()
    set_role(line, "hairline")
    return line
