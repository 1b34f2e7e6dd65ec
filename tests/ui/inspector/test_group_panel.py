"""What a group shows to the outside, changed in the inspector."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import Edit, apply
from builder_app.flow.values import GROUP_INPUTS, GROUP_OUTPUTS, Group, LogicFlow, Node, frozen_mapping
from builder_app.ui.inspector.group_panel import GroupPanel
from tests.ui.inspector.samples import CATALOGUE


def group(id: str, title: str) -> Group:
    """A group with nothing inside."""
    inside = (Node(each, each) for each in (GROUP_INPUTS, GROUP_OUTPUTS))
    return Group(id, title, LogicFlow(nodes=frozen_mapping((node.id, node) for node in inside)))


class Shown:
    """A panel with an owner that answers, as the window does."""

    def __init__(self, qtbot: QtBot) -> None:
        self.flow = LogicFlow(groups=frozen_mapping({id: group(id, id.title()) for id in ("trend", "risk")}))
        self.edits: list[Edit] = []
        self.chosen = "trend"
        self.panel = GroupPanel()
        qtbot.addWidget(self.panel)
        self.panel.edit_requested.connect(self.take)
        self.panel.show()
        self.show("trend")

    def take(self, edit: Edit) -> None:
        """Apply an edit and show the group again."""
        self.edits.append(edit)
        self.flow, _ = apply(self.flow, edit)
        self.show(self.chosen)

    def show(self, id: str) -> None:
        """Show this group."""
        self.chosen = id
        self.panel.show_group(self.flow, CATALOGUE, self.flow.groups[id], is_open=False)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """The panel with the group “Trend”."""
    return Shown(qtbot)


def test_what_was_typed_goes_to_the_group_it_was_typed_for(shown: Shown) -> None:
    shown.panel.title.selectAll()
    QTest.keyClicks(shown.panel.title, "Calm")
    shown.panel.description.selectAll()
    QTest.keyClicks(shown.panel.description, "Only when it is calm.")
    shown.show("risk")
    assert len(shown.edits) == 2
    titles = {id: (held.title, held.description) for id, held in shown.flow.groups.items()}
    assert titles == {"trend": ("Calm", "Only when it is calm."), "risk": ("Risk", "")}
    assert (shown.panel.title.text(), shown.panel.description.toPlainText()) == ("Risk", "")


def test_showing_another_group_changes_nothing(shown: Shown) -> None:
    for id in ("risk", "trend", "risk"):
        shown.show(id)
    assert shown.edits == []
