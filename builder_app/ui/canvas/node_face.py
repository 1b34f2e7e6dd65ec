"""What a block shows and where on it: title, quiet line, ports, size. Values only; painting is elsewhere.

All places are relative to the block's top left corner, in canvas units.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.groups import BOUNDARY
from builder_app.flow.summary import parameter_line
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import Node, NodeType, Port, PortType
from builder_app.flow.wording import block_name, words
from builder_app.ui.canvas.texts import text_width
from builder_app.ui.theme import TEXT, TEXT_SMALL

GRID: Final = 8.0
BAND: Final = 4.0
NARROWEST: Final = 180.0
WIDEST: Final = 260.0
ROW: Final = 24.0
TEXT_LEFT: Final = 36.0
"""Where the title starts: the band, 8, the icon of 16, 8."""
SIDE: Final = 12.0
BADGE: Final = 16.0
SPARKLINE: Final = 24.0
COLLAPSED: Final = 40.0
"""The height of a block that shows its title only."""
HALO: Final = 12.0
PORT_REACH: Final = 12.0
"""How near, in pixels, a port is under the pointer."""
OUTSIDE: Final = 14.0
"""How far halo, badge and selection reach over the block's edge."""


class PortEnd(NamedTuple):
    """One port of one block. Inputs and outputs may share a name, so the side belongs to it."""

    node: str
    port: str
    is_input: bool

    @property
    def place_in_flow(self) -> Port:
        """The same end as wires name it."""
        return Port(self.node, self.port)


@dataclass(frozen=True, slots=True)
class PortFace:
    """A port as drawn. `type` is None where no template knows the port: its wires are kept all the same."""

    name: str
    is_input: bool
    type: PortType | None
    title: str
    description: str
    multiple: bool
    place: QPointF
    text_width: float


@dataclass(frozen=True, slots=True)
class NodeFace:
    """A block as drawn."""

    title: str
    subtitle: str
    node_type: NodeType | None
    known: bool
    muted: bool
    about: str
    width: float
    height: float
    has_sparkline: bool
    ports: tuple[PortFace, ...]
    collapsed: bool = False
    """Only the title shows, and all ports of a side are in one place."""
    is_group: bool = False
    """It stands for other blocks, and can be opened."""
    is_boundary: bool = False
    """It stands for the ports of the group that is open."""

    @property
    def rect(self) -> QRectF:
        """The body."""
        return QRectF(0, 0, self.width, self.height)

    def port(self, name: str, is_input: bool) -> PortFace | None:
        """The port of this name on this side, or None."""
        return next((port for port in self.ports if port.name == name and port.is_input == is_input), None)


def make_face(node: Node, catalogue: Catalogue, wired: Iterable[PortEnd] = (), has_sparkline: bool = False) -> NodeFace:
    """The face of `node`. `wired` are the ends of its wires: those that no template knows get a port too."""
    template = catalogue.of(node)
    title = block_name(node, catalogue)
    ends = frozenset(wired)
    subtitle = _subtitle(node, template, {end.port for end in ends if end.is_input})
    inputs, outputs = _port_names(template, ends)
    # Ports stay where they are when a wire makes a parameter idle, so the line's room does not depend on wires.
    first_port = 56.0 if subtitle or _subtitle(node, template, ()) else 40.0
    ports = (
        *(_port_face(template, name, True, first_port + ROW * row) for row, name in enumerate(inputs)),
        *(_port_face(template, name, False, first_port + ROW * row) for row, name in enumerate(outputs)),
    )
    if node.collapsed:
        ports = tuple(replace(port, place=QPointF(0, COLLAPSED / 2), text_width=0.0) for port in ports)
        has_sparkline = False
    width = _width(title, "" if node.collapsed else subtitle, ports)
    height = COLLAPSED if node.collapsed else first_port + ROW * max(len(inputs), len(outputs), 1) - GRID
    return NodeFace(
        title=title,
        subtitle=subtitle,
        node_type=template.node_type if template else None,
        known=template is not None,
        muted=node.muted,
        about=_about(node, template),
        width=width,
        height=height + (SPARKLINE + GRID if has_sparkline else 0),
        has_sparkline=has_sparkline,
        ports=tuple(_at_right_edge(port, width) for port in ports),
        collapsed=node.collapsed,
        is_group=template is not None and bool(template.body),
        is_boundary=node.id in BOUNDARY and node.template == node.id,
    )


def _subtitle(node: Node, template: NodeTemplate | None, wired: Collection[str]) -> str:
    return parameter_line(node, template, wired) if template else f"unknown block '{node.template}'"


def _port_names(template: NodeTemplate | None, wired: Iterable[PortEnd]) -> tuple[list[str], list[str]]:
    inputs = [port.name for port in template.input_ports] if template else []
    outputs = [port.name for port in template.output_ports] if template else []
    for end in sorted(set(wired)):
        side = inputs if end.is_input else outputs
        if end.port not in side:
            side.append(end.port)
    return inputs, outputs


def _port_face(template: NodeTemplate | None, name: str, is_input: bool, y: float) -> PortFace:
    known = None
    multiple = False
    if template:
        input_port = template.input_port(name)
        known = input_port if is_input else template.output_port(name)
        multiple = is_input and input_port is not None and input_port.multiple
    title = (known.display_name if known else "") or words(name)
    return PortFace(
        name=name,
        is_input=is_input,
        type=known.type if known else None,
        title=title,
        description=known.description if known else "This port is not in the block's template; its wire is kept.",
        multiple=multiple,
        place=QPointF(0, y),
        text_width=text_width(title, TEXT_SMALL),
    )


def _at_right_edge(port: PortFace, width: float) -> PortFace:
    if port.is_input:
        return port
    return PortFace(
        port.name,
        port.is_input,
        port.type,
        port.title,
        port.description,
        port.multiple,
        QPointF(width, port.place.y()),
        port.text_width,
    )


def _width(title: str, subtitle: str, ports: tuple[PortFace, ...]) -> float:
    left = max((port.text_width for port in ports if port.is_input), default=0.0)
    right = max((port.text_width for port in ports if not port.is_input), default=0.0)
    wanted = max(
        TEXT_LEFT + text_width(title, TEXT, True) + BADGE + SIDE,
        TEXT_LEFT + text_width(subtitle, TEXT_SMALL) + SIDE,
        left + right + 4 * SIDE,
    )
    return min(NARROWEST + GRID * ceil(max(0.0, wanted - NARROWEST) / GRID), WIDEST)


def _about(node: Node, template: NodeTemplate | None) -> str:
    if template is None:
        about = f"This program does not know the block '{node.template}'. It is kept as it is."
    else:
        about = ": ".join(part for part in (template.display_name, template.description) if part)
    muted = "Muted: the strategy runs as if this block were a plain wire." if node.muted else ""
    return "\n".join(part for part in (about, node.note, muted) if part)
