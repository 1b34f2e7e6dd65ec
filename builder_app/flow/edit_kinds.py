"""The kinds of edit: the one vocabulary in which a flow changes. `edits.apply` says what each of them does."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder_app.flow.values import Edge, Frame, Group, Node, ParameterValue, Point, StickyNote, StrategyParameter


@dataclass(frozen=True, slots=True)
class AddNode:
    """Put a node on the canvas."""

    node: Node


@dataclass(frozen=True, slots=True)
class RemoveNodes:
    """Take nodes away, and every wire that starts or ends in them."""

    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class MoveNodes:
    """Put nodes at these places."""

    positions: Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Connect:
    """Draw a wire."""

    edge: Edge


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Take a wire away."""

    edge: Edge


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Set a node's parameter; `is_set=False` returns it to the template's default (`value` counts for nothing then)."""

    node: str
    name: str
    value: ParameterValue = None
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class Rename:
    """Change a node's label."""

    node: str
    label: str


@dataclass(frozen=True, slots=True)
class Annotate:
    """Change a node's note."""

    node: str
    note: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Bypass a node, or bring it back."""

    node: str
    muted: bool


@dataclass(frozen=True, slots=True)
class Collapse:
    """Show a node as its title only, or whole again."""

    node: str
    collapsed: bool


@dataclass(frozen=True, slots=True)
class SetTemplateVersion:
    """Draw the node with another version of its template."""

    node: str
    version: str


@dataclass(frozen=True, slots=True)
class AddFrame:
    """Put a frame on the canvas."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class ChangeFrame:
    """Put this frame in the place of the one with its id."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class RemoveFrame:
    """Take a frame away; its nodes stay."""

    frame: str


@dataclass(frozen=True, slots=True)
class AddNote:
    """Put a sticky note on the canvas."""

    note: StickyNote


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """Put this sticky note in the place of the one with its id."""

    note: StickyNote


@dataclass(frozen=True, slots=True)
class RemoveNote:
    """Take a sticky note away."""

    note: str


@dataclass(frozen=True, slots=True)
class SetStrategyParameter:
    """Define or change a strategy parameter; None takes it away."""

    name: str
    parameter: StrategyParameter | None


@dataclass(frozen=True, slots=True)
class RenameStrategy:
    """Change the strategy's name."""

    name: str


@dataclass(frozen=True, slots=True)
class SetRoute:
    """Lead a wire through these points; none: straight from end to end."""

    edge: Edge
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class SetGroup:
    """Say what the group of this id is; None takes it away (its instances stay, as blocks of an unknown kind)."""

    id: str
    group: Group | None


@dataclass(frozen=True, slots=True)
class InGroup:
    """Change what is inside a group: an edit of its blocks, wires, frames and notes."""

    group: str
    edit: "Edit"


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits as one step of the history. `title` names the step; empty: it is named after its edits."""

    edits: tuple["Edit", ...]
    title: str = ""


Edit = (
    AddNode
    | RemoveNodes
    | MoveNodes
    | Connect
    | Disconnect
    | SetParameter
    | Rename
    | Annotate
    | Mute
    | Collapse
    | SetTemplateVersion
    | AddFrame
    | ChangeFrame
    | RemoveFrame
    | AddNote
    | ChangeNote
    | RemoveNote
    | SetStrategyParameter
    | RenameStrategy
    | SetRoute
    | SetGroup
    | InGroup
    | Batch
)
