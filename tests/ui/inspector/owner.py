"""An owner of the inspector, as the window is one: it applies each wish and shows the flow again."""

from builder_app.flow.edits import Edit, apply
from builder_app.flow.problems import Problem
from builder_app.flow.values import LogicFlow
from builder_app.ui.inspector import InspectorView
from tests.ui.inspector.samples import CATALOGUE, FLOW


class Owner:
    """Keeps the flow, and what was asked for: edits, and `|` for the end of a gesture."""

    def __init__(self, view: InspectorView, flow: LogicFlow = FLOW) -> None:
        self.view = view
        self.flow = flow
        self.selected: frozenset[str] = frozenset()
        self.problems: tuple[Problem, ...] = ()
        self.asked: list[object] = []
        view.edit_requested.connect(self.edit)
        view.edit_finished.connect(lambda: self.asked.append("|"))

    @property
    def edits(self) -> list[object]:
        """What was asked for without the ends of gestures."""
        return [wish for wish in self.asked if wish != "|"]

    def edit(self, edit: Edit) -> None:
        """Apply an edit and show the flow again."""
        self.asked.append(edit)
        self.flow, _ = apply(self.flow, edit)
        self.show()

    def select(self, *ids: str) -> None:
        """Choose these blocks."""
        self.selected = frozenset(ids)
        self.show()

    def show(self) -> None:
        """Show the flow."""
        self.view.show_selection(self.flow, CATALOGUE, self.selected, self.problems)
