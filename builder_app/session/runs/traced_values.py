"""The last values of a tested strategy's blocks, port by port, and what outputs are called."""

import math
from collections.abc import Mapping
from typing import Final

from builder_app.flow.group_paths import path_name
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Port
from builder_app.market.prices.panel import FloatArray
from builder_app.session.drafts.document import Document

PortValues = Mapping[str, Mapping[str, float]]
"""By block and by port."""
_JOINT: Final = "."


def traces_by_port(document: Document) -> dict[Port, FloatArray]:
    """By block and port, the values at the result's last bars, shape (last bars, symbols).

    Empty where the picture was changed after the test, for then they would be of other blocks.
    """
    result, program = document.result, document.program
    if result is None or program is None or document.result_is_stale:
        return {}
    found: dict[Port, FloatArray] = {}
    for key, variable in program.variables.items():
        node, _, port = key.partition(_JOINT)
        if variable in result.traces:
            found[Port(node, port)] = result.traces[variable]
    return found


def traces_by_node(document: Document) -> dict[str, FloatArray]:
    """For each block that has a step in the tested text, the last values of its first port, first symbol."""
    lines: dict[str, FloatArray] = {}
    for port, values in traces_by_port(document).items():
        lines.setdefault(port.node, values[:, 0])
    return lines


def values_at(document: Document, bar: int, symbol: str) -> PortValues:
    """Each block's port's value of one symbol at one bar of the result; no entry where it is not kept or not known."""
    result = document.result
    if result is None or symbol not in result.symbols:
        return {}
    column = result.symbols.index(symbol)
    found: dict[str, dict[str, float]] = {}
    for (node, port), values in traces_by_port(document).items():
        row = bar - (len(result.times) - len(values))
        if 0 <= row < len(values) and column < values.shape[1] and math.isfinite(values[row, column]):
            found.setdefault(node, {})[port] = float(values[row, column])
    return found


def named_ports(ports: Mapping[Port, object], flow: LogicFlow, catalogue: Catalogue) -> dict[str, Port]:
    """Outputs by what their blocks are called: with the port where a block has several, with a number where two are
    called the same."""
    counts: dict[str, int] = {}
    for port in ports:
        counts[port.node] = counts.get(port.node, 0) + 1
    found: dict[str, Port] = {}
    for port in ports:
        name = path_name(flow, catalogue, port.node)
        name = f"{name}, {port.port}" if counts[port.node] > 1 else name
        whole, number = name, 2
        while whole in found:
            whole, number = f"{name} ({number})", number + 1
        found[whole] = port
    return found
