"""The last values of a tested strategy's blocks, port by port: for the charts, and for the canvas at one bar."""

import math
from collections.abc import Mapping
from typing import Final

from builder_app.flow.group_paths import path_name
from builder_app.flow.templates import Catalogue
from builder_app.market.prices.panel import FloatArray
from builder_app.session.drafts.document import Document

PortValues = Mapping[str, Mapping[str, float]]
"""By block and by port."""
_JOINT: Final = "."


def traces_by_port(document: Document) -> dict[tuple[str, str], FloatArray]:
    """By block and port, the values at the result's last bars, shape (last bars, symbols).

    Empty where the picture was changed after the test, for then they would be of other blocks.
    """
    result, program = document.result, document.program
    if result is None or program is None or document.result_is_stale:
        return {}
    found: dict[tuple[str, str], FloatArray] = {}
    for key, variable in program.variables.items():
        node, _, port = key.partition(_JOINT)
        if variable in result.traces:
            found[node, port] = result.traces[variable]
    return found


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


def charted_values(document: Document, catalogue: Catalogue) -> dict[str, FloatArray]:
    """What may be drawn with prices: by the block's name, with its port where it has several; (last bars, symbols)."""
    traces = traces_by_port(document)
    ports: dict[str, int] = {}
    for node, _ in traces:
        ports[node] = ports.get(node, 0) + 1
    found: dict[str, FloatArray] = {}
    for (node, port), values in traces.items():
        name = path_name(document.flow, catalogue, node)
        name = f"{name}, {port}" if ports[node] > 1 else name
        number = 2
        whole = name
        while whole in found:
            whole, number = f"{name} ({number})", number + 1
        found[whole] = values
    return found
