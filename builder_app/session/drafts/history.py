"""Undo and redo as a value: the steps taken, each with its inverse and title, and the place among them."""

from dataclasses import dataclass, replace

from builder_app.flow.edits import (
    Annotate,
    Batch,
    Edit,
    MoveNodes,
    Rename,
    RenameStrategy,
    SetParameter,
    SetStrategyParameter,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the edit, the edit that takes it back, its title, and the key of the gesture that it belongs to."""

    edit: Edit
    inverse: Edit
    title: str
    gesture: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Steps in the order in which they were taken; the first `position` of them are done, the others undone."""

    steps: tuple[Step, ...] = ()
    position: int = 0

    @property
    def next_undo(self) -> Step | None:
        """The step that undo takes back, or None."""
        return self.steps[self.position - 1] if self.position else None

    @property
    def next_redo(self) -> Step | None:
        """The step that redo takes again, or None."""
        return self.steps[self.position] if self.position < len(self.steps) else None

    def merges(self, step: Step) -> bool:
        """Whether `step` goes on with the gesture of the newest step, so that both are one step."""
        last = self.next_undo
        return bool(step.gesture) and last is not None and last.gesture == step.gesture and self.next_redo is None

    def taken(self, step: Step) -> "History":
        """With a step taken now: what was undone is forgotten; a gesture that goes on stays one step."""
        done = self.steps[: self.position]
        if self.merges(step):
            first = done[-1]
            both = replace(step, edit=_both(first.edit, step.edit), inverse=_both(step.inverse, first.inverse))
            return History((*done[:-1], both), self.position)
        return History((*done, step), self.position + 1)

    def undone(self) -> "History":
        """One step back."""
        return replace(self, position=self.position - 1)

    def redone(self) -> "History":
        """One step forward."""
        return replace(self, position=self.position + 1)


def _both(first: Edit, second: Edit) -> Edit:
    """Both edits in turn; of two of one kind on one thing only the later needs to be kept."""
    if _same_target(first, second):
        return second
    parts = (first.edits if isinstance(first, Batch) and not first.title else (first,)) + (second,)
    return Batch(parts)


def _same_target(first: Edit, second: Edit) -> bool:
    match first, second:
        case SetParameter(), SetParameter():
            return (first.node, first.name) == (second.node, second.name)
        case Rename(), Rename():
            return first.node == second.node
        case Annotate(), Annotate():
            return first.node == second.node
        case SetStrategyParameter(), SetStrategyParameter():
            return first.name == second.name
        case RenameStrategy(), RenameStrategy():
            return True
        case MoveNodes(), MoveNodes():
            return first.positions.keys() == second.positions.keys()
        case _:
            return False
