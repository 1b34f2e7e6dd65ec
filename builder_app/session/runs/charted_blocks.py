"""Blocks' values as a chart of prices draws them: by name, in the pane and the styles that their templates say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from builder_app.flow.group_paths import GroupPath, Level, level_at, split_id
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import LogicFlow, Port, PortType
from builder_app.market.prices.panel import FloatArray
from builder_app.session.runs.block_values import BlockValues
from builder_app.session.runs.traced_values import named_ports

PLAIN: Final = "line"


@dataclass(frozen=True, slots=True, eq=False)
class ChartedLine:
    """One output's values over all bars of the result, and its style, one of a template's `plot.styles`.

    `is_condition`: they are 1 and 0 for yes and no.
    """

    name: str
    values: FloatArray
    style: str = PLAIN
    is_condition: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ChartedBlock:
    """What is drawn when a name is chosen. `has_own_pane`: it is no price and belongs below the prices."""

    lines: tuple[ChartedLine, ...]
    has_own_pane: bool = False


def charted_blocks(values: BlockValues, catalogue: Catalogue) -> dict[str, ChartedBlock]:
    """By name what may be drawn: each block with all its outputs, and each output of a block that has several."""
    ports: dict[str, list[Port]] = {}
    for port in values.series:
        ports.setdefault(port.node, []).append(port)
    wholes = named_ports({Port(node, ""): None for node in ports}, values.flow, catalogue)
    singles = {port: name for name, port in named_ports(values.series, values.flow, catalogue).items()}
    levels: dict[GroupPath, Level | None] = {}
    found: dict[str, ChartedBlock] = {}
    for name, whole in wholes.items():
        template = _template(values.flow, catalogue, whole.node, levels)
        owned = ports[whole.node]
        lines = tuple(_line(port, values, template) for port in owned)
        has_own_pane = template is not None and template.plot.get("pane") == "own"
        found[name] = ChartedBlock(lines, has_own_pane)
        if len(owned) > 1:
            for port, line in zip(owned, lines, strict=True):
                found[singles[port]] = ChartedBlock((line,), has_own_pane)
    return found


def _line(port: Port, values: BlockValues, template: NodeTemplate | None) -> ChartedLine:
    styles = template.plot.get("styles") if template is not None else None
    style = styles.get(port.port) if isinstance(styles, Mapping) else None
    output = template.output_port(port.port) if template is not None else None
    name = output.display_name if output is not None and output.display_name else port.port
    is_condition = output is not None and output.type is PortType.BOOLEAN
    return ChartedLine(name, values.of(port), style if isinstance(style, str) else PLAIN, is_condition)


def _template(
    flow: LogicFlow, catalogue: Catalogue, id: str, levels: dict[GroupPath, Level | None]
) -> NodeTemplate | None:
    """The template of a block, also of one inside groups; `levels` remembers those that were looked up."""
    path, node = split_id(flow, id)
    if path not in levels:
        levels[path] = level_at(flow, catalogue, path)
    level = levels[path]
    inside = level.flow.nodes.get(node) if level is not None else None
    return level.catalogue.of(inside) if level is not None and inside is not None else None
