"""What a group shows to the outside, to be changed: its title, what it does, its ports, what instances may set."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from builder_app.flow.edits import Edit
from builder_app.flow.group_ports import (
    add_port,
    describe_group,
    expose,
    hidden_parameters,
    hide_parameter,
    move_port,
    open_ports,
    remove_port,
    rename_port,
    retitle,
)
from builder_app.flow.groups import instances_of
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import GROUP_INPUTS, GROUP_OUTPUTS, Group, GroupPort, LogicFlow, Port
from builder_app.flow.wording import words
from builder_app.ui.inspector.text_fields import TextBox, TextLine
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_SMALL

_SIDES: Final = ((GROUP_INPUTS, "Inputs", "input"), (GROUP_OUTPUTS, "Outputs", "output"))
_MOST_OFFERED: Final = 40
_BUTTON: Final = 24


class GroupPanel(QWidget):
    """Shows one group. Its wishes are edits of the whole strategy."""

    edit_requested = Signal(object)
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = LogicFlow()
        self._catalogue = Catalogue()
        self.group: Group | None = None
        self.title = TextLine()
        self.title.setAccessibleName("Title of the group")
        self.title.setPlaceholderText("Group")
        self.title.setToolTip("The group's title; in the code it names the function")
        self.description = TextBox(lines=2)
        self.description.setAccessibleName("What the group does")
        self.description.setPlaceholderText("What the group does; the code says it too")
        self.open_button = QPushButton("Open the group")
        self.open_button.setToolTip("Draw inside the group (double-click it, or Enter)")
        self._said = QLabel()
        self._said.setWordWrap(True)
        set_role(self._said, "quiet")
        self.ports: dict[tuple[str, str], TextLine] = {}
        self.adders: dict[str, QToolButton] = {}
        self._parts = QVBoxLayout()
        self._parts.setSpacing(GAP_SMALL)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        lines.addWidget(_section("Group"))
        for widget in (self.title, self.description, self._said, self.open_button):
            lines.addWidget(widget)
        lines.addLayout(self._parts)
        self.title.text_committed.connect(lambda text: self._wish(lambda id: retitle(self._whole, id, text.strip())))
        self.description.text_committed.connect(
            lambda text: self._wish(lambda id: describe_group(self._whole, id, text.strip()))
        )
        self.open_button.clicked.connect(self.open_requested)

    def show_group(self, whole: LogicFlow, catalogue: Catalogue, group: Group, *, is_open: bool) -> None:
        """Show a group of the strategy `whole`; `is_open`: the canvas shows its inside.

        What was typed for another group and not said yet is said first.
        """
        self._whole, self._catalogue = whole, catalogue
        if self.group is not None and self.group.id != group.id:
            self.commit()
            whole = self._whole  # saying it changes the strategy, which is shown meanwhile
            group = whole.groups.get(group.id, group)
        before, self.group = self.group, group
        self.title.show_text(group.title)
        self.description.show_text(group.description)
        self.open_button.setVisible(not is_open)
        count = instances_of(whole, group.id)
        shared = f"There are {count} instances; a change inside is one of all of them." if count > 1 else ""
        self._said.setText(shared)
        self._said.setVisible(bool(shared))
        if before is None or _face(before) != _face(group):
            self._build()

    def commit(self) -> None:
        """Say what was typed and not said yet."""
        for field in (self.title, *self.ports.values()):
            field.commit()
        self.description.commit()

    # -- parts ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        group = self.group
        _clear(self._parts)
        self.ports, self.adders = {}, {}
        if group is None:
            return
        for boundary, title, kind in _SIDES:
            ports = group.inputs if boundary == GROUP_INPUTS else group.outputs
            self._parts.addSpacing(GAP)
            self._parts.addWidget(_section(title))
            for port in ports:
                self._parts.addLayout(self._port_row(boundary, port, kind))
            self._add_button(f"Add {kind}…", kind, partial(self._offer_ports, is_input=boundary == GROUP_INPUTS))
        self._parts.addSpacing(GAP)
        self._parts.addWidget(_section("Each instance may set"))
        for held in group.parameters:
            row = QHBoxLayout()
            row.addWidget(QLabel(words(held.name).capitalize()), 1)
            tip = f"Keep {words(held.name)} inside the group"
            row.addWidget(self._button("✕", tip, partial(self._hide, held.name)))
            self._parts.addLayout(row)
        self._add_button("Add parameter…", "parameter", self._offer_parameters)

    def _port_row(self, boundary: str, port: GroupPort, kind: str) -> QHBoxLayout:
        field = TextLine()
        field.show_text(port.display_name or words(port.name))
        field.setAccessibleName(f"Name of the {kind} {words(port.name)}")
        field.setToolTip(f"The {kind}'s name ({port.type.value}); its wires stay")
        field.text_committed.connect(
            lambda text: self._wish(lambda id: rename_port(self._whole, id, boundary, port.name, text.strip()))
        )
        self.ports[boundary, port.name] = field
        said = port.display_name or words(port.name)
        row = QHBoxLayout()
        row.setSpacing(GAP_SMALL)
        row.addWidget(field, 1)

        def moved(steps: int) -> Callable[[], None]:
            return lambda: self._wish(lambda id: move_port(self._whole, id, boundary, port.name, steps))

        row.addWidget(self._button("↑", f"Show {said} further up", moved(-1)))
        row.addWidget(self._button("↓", f"Show {said} further down", moved(1)))
        remove = partial(remove_port, boundary=boundary, name=port.name)
        tip = f"Remove {said} with its wires, inside and at every instance"
        row.addWidget(self._button("✕", tip, lambda: self._wish(lambda id: remove(self._whole, id))))
        return row

    def _button(self, sign: str, tip: str, call: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFixedSize(_BUTTON, _BUTTON)
        button.setAutoRaise(True)
        button.clicked.connect(lambda _checked=False: call())
        return button

    def _add_button(self, text: str, kind: str, fill: Callable[[QMenu], None]) -> None:
        button = QToolButton()
        button.setText(text)
        button.setAutoRaise(True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: fill(menu))
        button.setMenu(menu)
        self.adders[kind] = button
        self._parts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _offer_ports(self, menu: QMenu, *, is_input: bool) -> None:
        menu.clear()
        if self.group is None:
            return
        offered = list(open_ports(self._whole, self._catalogue, self.group.id, is_input))
        for end, said in offered[:_MOST_OFFERED]:
            menu.addAction(said, partial(self._add_port, end, is_input))
        self._say_nothing(menu, offered, "Every port inside is wired or shown already.")

    def _offer_parameters(self, menu: QMenu) -> None:
        menu.clear()
        if self.group is None:
            return
        offered = list(hidden_parameters(self._whole, self._catalogue, self.group.id))
        for node, name, said in offered[:_MOST_OFFERED]:
            menu.addAction(said, partial(self._expose, node, name))
        self._say_nothing(menu, offered, "Every parameter inside is shown already.")

    def _say_nothing(self, menu: QMenu, offered: Sequence[object], why: str) -> None:
        if not offered:
            menu.addAction(why).setEnabled(False)
        elif len(offered) > _MOST_OFFERED:
            menu.addAction(f"{len(offered) - _MOST_OFFERED} more: draw the wire inside").setEnabled(False)

    # -- wishes -----------------------------------------------------------------------------------------------------

    def _add_port(self, end: Port, is_input: bool) -> None:
        self._wish(lambda id: add_port(self._whole, self._catalogue, id, end, is_input))

    def _expose(self, node: str, name: str) -> None:
        self._wish(lambda id: expose(self._whole, self._catalogue, id, node, name))

    def _hide(self, name: str) -> None:
        self._wish(lambda id: hide_parameter(self._whole, id, name))

    def _wish(self, edit_of: Callable[[str], Edit | None]) -> None:
        if self.group is None or self.group.id not in self._whole.groups:
            return
        edit = edit_of(self.group.id)
        if edit is not None:
            self.edit_requested.emit(edit)


def _face(group: Group) -> tuple[object, ...]:
    return group.id, group.inputs, group.outputs, group.parameters


def _section(title: str) -> QLabel:
    label = QLabel(title)
    set_role(label, "section")
    return label


def _clear(layout: QVBoxLayout | QHBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, QVBoxLayout | QHBoxLayout):
            _clear(inner)
            inner.deleteLater()
