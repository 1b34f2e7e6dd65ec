"""The window of one form: what the block is, its inputs, parameters and expressions, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from builder_app.flow.values import NodeType
from builder_app.session import events
from builder_app.session.blocks.block_checks import Fault
from builder_app.session.blocks.block_drafts import BlockDraft, DraftInput, DraftOutput, DraftParameter, slug
from builder_app.ui.block_maker.laying_out import lay_out
from builder_app.ui.block_maker.preview import BlockPicture, ValuesView
from builder_app.ui.block_maker.rows import InputRow, OutputRow, ParameterRow, mark_invalid
from builder_app.ui.block_maker.section import Section
from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.inspector.text_fields import TextBox
from builder_app.ui.palette.groups import GROUP_TITLES
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import Theme

PAUSE_MILLISECONDS: Final = 150
"""So long nothing is typed before it is checked."""
_SIZE: Final = (1080, 760)
_HEAD: Final = ("name", "display_name", "category", "description")
_NO_INPUTS: Final = "No inputs: the block reads the prices by itself."
_NO_PARAMETERS: Final = "No parameters: the block is the same wherever it is used."
_NO_OUTPUTS: Final = "No outputs yet: what does the block give?"
_GROUPED: Final = (
    "The block is made of a group, so its ports and parameters are the group's. To change what is inside, change the "
    "group in a strategy and save it as your block again."
)
_HELP: Final = (
    'Expressions may use the inputs and parameters above, prices["open"], "high", "low", "close" and "volume", TA-Lib '
    "as ta.SMA(…), NumPy's elementary functions as np.log(…), and previous, change, highest, lowest, crossed_above, "
    "crossed_below, is_above, is_below, + − * / & | ~ and comparisons."
)


class BlockMaker(QDialog):
    """Passive and not modal: it asks for checks, and wishes, of what stands in the form."""

    check_requested = Signal(object, bool)
    save_requested = Signal(object, bool)
    """The BlockDraft, and whether it is to be a new block."""
    share_requested = Signal(str, bool)
    delete_requested = Signal(str)

    def __init__(self, draft: BlockDraft, theme: Theme, parent: QWidget | None = None, *, as_new: bool = False) -> None:
        super().__init__(parent)
        self._first = draft
        self.as_new = as_new or draft.base is None
        self._is_shared = False
        self._names_itself = not draft.name
        self.resize(*_SIZE)
        self.setMinimumSize(880, 560)
        self.setSizeGripEnabled(True)
        self.head: dict[str, QLineEdit | TextBox] = {}
        self.head_faults: dict[str, QLabel] = {name: self._fault_label() for name in _HEAD}
        self._make_head(draft)
        self.inputs: Section[InputRow] = Section(
            "inputs", "Inputs", _NO_INPUTS, lambda: InputRow(DraftInput(self._free("input")))
        )
        self.parameters: Section[ParameterRow] = Section(
            "parameters", "Parameters", _NO_PARAMETERS, lambda: ParameterRow(DraftParameter(self._free("parameter")))
        )
        self.outputs: Section[OutputRow] = Section(
            "outputs",
            "Outputs",
            _NO_OUTPUTS,
            lambda: OutputRow(DraftOutput(self._free("output")), is_group=draft.is_group),
        )
        self.help = QLabel(_GROUPED if draft.is_group else _HELP)
        self.picture, self.values = BlockPicture(theme), ValuesView(theme)
        self.values_heading, self.values_line = QLabel(), QLabel()
        self.changes_heading, self.changes_line = QLabel(), QLabel()
        self.state = QLabel()
        self.save_button, self.copy_button = QPushButton("Save"), QPushButton("Save as new")
        self.share_button, self.delete_button = QPushButton("Share"), QPushButton("Delete")
        self._fill(draft)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._ask)
        lay_out(self)
        self._wire()
        self._show_kind()

    # -- what stands there ----------------------------------------------------------------------------------------

    @property
    def draft(self) -> BlockDraft:
        """The form as it stands."""
        description = self.head["description"]
        return replace(
            self._first,
            name=self._line("name").strip(),
            display_name=self._line("display_name"),
            description=description.toPlainText() if isinstance(description, TextBox) else "",
            category=self._line("category"),
            node_type=NodeType(str(self.type.currentData())),
            inputs=tuple(row.draft() for row in self.inputs.rows),
            parameters=tuple(row.draft() for row in self.parameters.rows),
            outputs=tuple(row.draft() for row in self.outputs.rows),
        )

    def begins_as(self, draft: BlockDraft) -> bool:
        """Whether the form was opened for this block, of which it makes the next version."""
        return not self.as_new and self._first == draft

    def show_checked(self, event: events.BlockChecked) -> None:
        """Show what is wrong where, or what the block gives."""
        faults = event.checked.faults
        for name, label in self.head_faults.items():
            own = [fault.sentence for fault in faults if fault.field == name]
            label.setText("\n".join(own))
            label.setVisible(bool(own))
            mark_invalid(self.head[name], bool(own))
        for section in (self.inputs, self.parameters, self.outputs):
            section.show_faults(faults)
        self.picture.show_template(event.checked.template)
        self.save_button.setEnabled(not faults)
        self._say_state(faults)
        preview = event.preview
        if preview is not None:
            self.values.show_values(preview)
            self.values_heading.setText(f"On {preview.symbol}, newest bars" if preview.symbol else "Values")
            self.values_line.setText(preview.sentence)
            self.values_line.setVisible(bool(preview.sentence))
            self.values_heading.show()
        elif not self.values_heading.isHidden():
            self.values_heading.setText("Values when the checks passed last")
        template, base = event.checked.template, self._first.base
        is_next = template is not None and base is not None and not self.as_new and template.version != base.version
        if is_next and template is not None:
            self.changes_heading.setText(f"Saving makes version {template.version}")
            self.changes_line.setText("\n".join(event.changes) or "Only words differ.")
        self.changes_heading.setVisible(is_next)
        self.changes_line.setVisible(is_next)

    def show_refused(self, message: str) -> None:
        """A wish could not be done."""
        set_role(self.state, "loss")
        self.state.setText(message)

    def show_shared(self, is_shared: bool) -> None:
        """Whether every user may use it."""
        self._is_shared = is_shared
        self.share_button.setText("Stop sharing" if is_shared else "Share")
        self.share_button.setToolTip(
            "Show the block to its owner alone again"
            if is_shared
            else "Let every user use the block; only you change it"
        )

    def start_copy(self, name: str) -> None:
        """Make a new block of what stands here: it gets a name of its own, and is saved by Save."""
        self.as_new = True
        self._set_line("name", name)
        self._set_line("display_name", f"{self._line('display_name').strip()} copy")
        self._show_kind()
        self._ask()
        self.head["display_name"].setFocus()
        self.head["display_name"].selectAll()

    def set_theme(self, theme: Theme) -> None:
        """Draw in another scheme."""
        self.picture.theme = self.values.theme = theme
        self.picture.update()
        self.values.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is checked for a form that is gone."""
        self._pause.stop()
        super().closeEvent(event)

    # -- making and wiring ----------------------------------------------------------------------------------------

    def _make_head(self, draft: BlockDraft) -> None:
        for name, text, hint in (
            ("display_name", draft.display_name, "What it is called on the canvas"),
            ("name", draft.name, "its_name_in_files"),
            ("category", draft.category, "Its group in the palette"),
        ):
            line = QLineEdit(text)
            line.setPlaceholderText(hint)
            line.setAccessibleName(name.replace("_", " ").capitalize())
            self.head[name] = line
        description = TextBox(lines=2)
        description.setPlainText(draft.description)
        description.setPlaceholderText("What it does, in a sentence: the palette and the inspector show it.")
        description.setAccessibleName("Description")
        self.head["description"] = description
        self.type = QuietCombo()
        self.type.setAccessibleName("Type of the block")
        for type in NodeType:
            self.type.addItem(GROUP_TITLES[type], type)
        self.type.setCurrentIndex(list(NodeType).index(draft.node_type))

    def _fill(self, draft: BlockDraft) -> None:
        for port in draft.inputs:
            self.inputs.add(InputRow(port))
        for parameter in draft.parameters:
            self.parameters.add(ParameterRow(parameter))
        for output in draft.outputs:
            self.outputs.add(OutputRow(output, is_group=draft.is_group))
        if draft.is_group:
            for section in (self.inputs, self.parameters, self.outputs):
                section.set_fixed()

    def _wire(self) -> None:
        for name in ("name", "display_name", "category"):
            line = self.head[name]
            if isinstance(line, QLineEdit):
                line.textChanged.connect(self._pause.start)
        self.head["description"].textChanged.connect(self._pause.start)
        self.head["display_name"].textChanged.connect(self._follow_display_name)
        typed = self.head["name"]
        if isinstance(typed, QLineEdit):
            typed.textEdited.connect(self._name_was_typed)
        self.type.currentIndexChanged.connect(self._pause.start)
        for section in (self.inputs, self.parameters, self.outputs):
            section.changed.connect(self._pause.start)
        self.save_button.clicked.connect(self._save)
        self.copy_button.clicked.connect(lambda: self.start_copy(f"{self._line('name')[:55]}_copy"))
        self.share_button.clicked.connect(lambda: self.share_requested.emit(self._first.name, not self._is_shared))
        self.delete_button.clicked.connect(lambda: self.delete_requested.emit(self._first.name))

    def _show_kind(self) -> None:
        """A new block, or one that there is: its name stays, since strategies refer to it by that."""
        own = not self.as_new
        self.setWindowTitle(f"Block {self._first.display_name}" if own else "New block")
        self.head["name"].setEnabled(not own)
        self.head["name"].setToolTip("Strategies refer to the block by this name, so it stays" if own else "")
        for button in (self.copy_button, self.share_button, self.delete_button):
            button.setVisible(own)
        self.save_button.setEnabled(False)
        self.save_button.setToolTip("Make the next version of the block" if own else "Make the block")

    def _ask(self) -> None:
        self.check_requested.emit(self.draft, self.as_new)

    def _save(self) -> None:
        self.save_requested.emit(self.draft, self.as_new)

    def _follow_display_name(self) -> None:
        if self.as_new and self._names_itself:
            self._set_line("name", slug(self._line("display_name")))

    def _name_was_typed(self) -> None:
        self._names_itself = False

    def _say_state(self, faults: Sequence[Fault]) -> None:
        whole = [fault.sentence for fault in faults if not fault.field]
        many = f"{len(faults)} things are to be mended." if len(faults) > 1 else "One thing is to be mended."
        set_role(self.state, "loss" if whole else "quiet")
        self.state.setText("\n".join(whole) or (many if faults else "All checks pass."))

    def _free(self, stem: str) -> str:
        """A name that no row has."""
        rows = (*self.inputs.rows, *self.parameters.rows, *self.outputs.rows)
        taken = {row.text("name").strip() for row in rows}
        number = 1
        while (name := stem if number == 1 else f"{stem}_{number}") in taken:
            number += 1
        return name

    def _line(self, name: str) -> str:
        field = self.head[name]
        return field.text() if isinstance(field, QLineEdit) else ""

    def _set_line(self, name: str, text: str) -> None:
        field = self.head[name]
        if isinstance(field, QLineEdit):
            field.setText(text)

    def _fault_label(self) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.hide()
        set_role(label, "loss")
        return label
