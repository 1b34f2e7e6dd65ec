"""The values a logic flow is made of. All are frozen; a changed flow is a new flow that shares what did not change."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from builder_app.flow.formula_reading import FormulaFault, tree_of
from builder_app.flow.formula_trees import written

K = TypeVar("K")
V = TypeVar("V")
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class NodeType(StrEnum):
    """The eight kinds of block, in the order in which a strategy usually runs through them."""

    INDICATOR = "INDICATOR"
    CONDITION = "CONDITION"
    SIGNAL = "SIGNAL"
    POSITION = "POSITION"
    STOP_LOSS = "STOP_LOSS"
    STOP_PROFIT = "STOP_PROFIT"
    RISK_MANAGEMENT = "RISK_MANAGEMENT"
    CUSTOM = "CUSTOM"


class PortType(StrEnum):
    """What runs along a wire."""

    SERIES = "series"
    """A number per bar and symbol."""
    BOOLEAN = "boolean"
    """True or false per bar and symbol."""
    SIGNAL = "signal"
    """Entries and exits with direction and strength."""
    POSITION = "position"
    """Sized orders with their exit rules."""
    PORTFOLIO = "portfolio"
    """Positions under portfolio rules."""


class Port(NamedTuple):
    """One end of a wire: a node's id and the name of one of its ports."""

    node: str
    port: str


class Edge(NamedTuple):
    """A wire from an output port to an input port. Its natural order is that of the JSON form."""

    source: Port
    target: Port


class Point(NamedTuple):
    """A place on the canvas, in canvas units (one unit is one pixel at 100 % zoom); y grows downwards."""

    x: float
    y: float


class Rect(NamedTuple):
    """A rectangle on the canvas: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ParameterReference:
    """A parameter value that is taken from the strategy parameter of this name: `{"parameter": "fast_period"}`."""

    name: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A parameter value that is worked out from strategy parameters: `{"formula": "2 * fast_period + 1"}`.

    A text that can be read has one form, whatever its spaces and parentheses were; one that cannot is kept as it is.
    """

    text: str

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "text", written(tree_of(self.text)))
        except FormulaFault:
            return


Binding = ParameterReference | Formula
"""Values that are taken from strategy parameters; a reference is the simplest formula, and has a form of its own."""
Literal = None | bool | int | float | str


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A sensitive value. It prints as dots, so that no message, title or report can tell it; the codec never writes it.

    The session seals it for the store: then `value` is None and `sealed` is ciphertext, the only thing of a secret that
    JSON ever holds. `why` says, as a sentence, why a value that was there could not be opened; `kept` are the
    ciphertexts that could not be opened, by the place where each belongs, so that saving does not lose them.
    """

    value: Literal = None
    why: str = ""
    sealed: str = field(default="", compare=False)
    kept: Mapping[tuple[str, ...], str] = field(default_factory=lambda: frozen_mapping(), compare=False)

    @property
    def is_set(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def __repr__(self) -> str:
        """Dots, whatever the value is, and however long."""
        return "•••" if self.is_set else "nothing"

    __str__ = __repr__


ParameterValue = Literal | Binding | Secret


def frozen_mapping(items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> Mapping[K, V]:
    """A read-only copy of `items`, in their order."""
    return MappingProxyType(thawed(items) if isinstance(items, Mapping) else dict(items))


def thawed(items: Mapping[K, V]) -> dict[K, V]:
    """A copy of `items` that may be changed; quicker than `dict` where they are a frozen mapping."""
    return items.copy() if isinstance(items, MappingProxyType) else dict(items)


@dataclass(frozen=True, slots=True)
class StrategyParameter:
    """A named number (or text) of the whole strategy that blocks may refer to; bounds and step are for sliders.

    The value of a sensitive one is always a Secret, and what holds a Secret is always sensitive.
    """

    value: Literal | Secret
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    sensitive: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.value, Secret):
            object.__setattr__(self, "sensitive", True)
        elif self.sensitive:
            object.__setattr__(self, "value", Secret(self.value))


@dataclass(frozen=True, slots=True)
class Node:
    """One block of the picture. `parameters` holds what was set; what is missing is the template's default."""

    id: str
    template: str
    template_version: str = "1.0.0"
    parameters: Mapping[str, ParameterValue] = field(default_factory=frozen_mapping)
    label: str = ""
    position: Point = Point(0.0, 0.0)
    muted: bool = False
    note: str = ""
    collapsed: bool = False
    """Shown as its title only; it changes nothing in what the strategy does."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled rectangle that groups nodes for the eye; it changes nothing in what the strategy does."""

    id: str
    title: str
    rect: Rect
    color: str = ""


@dataclass(frozen=True, slots=True)
class StickyNote:
    """A free text on the canvas."""

    id: str
    text: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class GroupPort:
    """An input or an output of a group, as its instances show it. `name` is what wires refer to."""

    name: str
    type: PortType
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class GroupParameter:
    """A parameter of an inner block that each instance of the group may set; its default is the inner block's value."""

    name: str
    node: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a picture as a block of its own, of which there may be several instances.

    `body` is a flow of which only blocks, wires, frames and notes count. Two blocks in it stand for the group's own
    ports: the outputs of GROUP_INPUTS are the group's inputs, the inputs of GROUP_OUTPUTS its outputs.
    """

    id: str
    title: str
    body: "LogicFlow"
    inputs: tuple[GroupPort, ...] = ()
    outputs: tuple[GroupPort, ...] = ()
    parameters: tuple[GroupParameter, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class LogicFlow:
    """A whole picture: nodes by id, wires in their natural order, what groups and explains them, and the parameters.

    `name` is the strategy's name. In the store it and `parameters` have columns of their own; in a file they stand
    beside the nodes.
    """

    nodes: Mapping[str, Node] = field(default_factory=frozen_mapping)
    edges: tuple[Edge, ...] = ()
    frames: Mapping[str, Frame] = field(default_factory=frozen_mapping)
    notes: Mapping[str, StickyNote] = field(default_factory=frozen_mapping)
    parameters: Mapping[str, StrategyParameter] = field(default_factory=frozen_mapping)
    name: str = ""
    groups: Mapping[str, Group] = field(default_factory=frozen_mapping)
    """What blocks of the kind `group:<id>` are, by id; whether any are drawn or not."""
    routes: Mapping[Edge, tuple[Point, ...]] = field(default_factory=frozen_mapping)
    """The points through which wires are led, from their start on; wires without any are not in it."""

    def edges_into(self, node: str) -> tuple[Edge, ...]:
        """The wires that end in this node, in natural order."""
        return tuple(edge for edge in self.edges if edge.target.node == node)

    def edges_out_of(self, node: str) -> tuple[Edge, ...]:
        """The wires that start in this node, in natural order."""
        return tuple(edge for edge in self.edges if edge.source.node == node)


EMPTY_FLOW: Final = LogicFlow()

GROUP_PREFIX: Final = "group:"
"""The template of an instance is this and the group's id."""
GROUP_INPUTS: Final = "group_inputs"
"""Id and template of the block that stands for a group's inputs inside it."""
GROUP_OUTPUTS: Final = "group_outputs"
"""Id and template of the block that stands for a group's outputs inside it."""


def fresh_id(stem: str, taken: Iterable[str]) -> str:
    """`stem`, or `stem_2`, `stem_3`, …: the first that is not taken."""
    used = taken if isinstance(taken, AbstractSet | Mapping) else set(taken)
    if stem not in used:
        return stem
    number = 2
    while f"{stem}_{number}" in used:
        number += 1
    return f"{stem}_{number}"


def with_node(flow: LogicFlow, node: Node) -> LogicFlow:
    """The flow with this node added, or put in the place of the one with its id."""
    return replace(flow, nodes=frozen_mapping({**flow.nodes, node.id: node}))
