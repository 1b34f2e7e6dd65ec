"""Which outputs fit which inputs, and what to say where they do not."""

from collections.abc import Mapping
from typing import Final

from builder_app.flow.templates import InputPort, OutputPort
from builder_app.flow.values import PortType
from builder_app.flow.wording import words

CARRIES: Final[Mapping[PortType, str]] = {
    PortType.SERIES: "A series",
    PortType.BOOLEAN: "A true/false",
    PortType.SIGNAL: "A signal",
    PortType.POSITION: "A position",
    PortType.PORTFOLIO: "A portfolio",
}
TAKES: Final[Mapping[PortType, str]] = {
    PortType.SERIES: "a number per bar",
    PortType.BOOLEAN: "true/false",
    PortType.SIGNAL: "entry and exit signals",
    PortType.POSITION: "positions",
    PortType.PORTFOLIO: "a portfolio",
}
_BETWEEN: Final[Mapping[tuple[PortType, PortType], str]] = {
    (PortType.SERIES, PortType.BOOLEAN): "put a comparison between them",
    (PortType.SERIES, PortType.SIGNAL): "put a comparison and an entry or exit between them",
    (PortType.SERIES, PortType.POSITION): "put a comparison, an entry and a position size between them",
    (PortType.BOOLEAN, PortType.SERIES): "wire in a price or an indicator",
    (PortType.BOOLEAN, PortType.SIGNAL): "put an entry or exit between them",
    (PortType.BOOLEAN, PortType.POSITION): "put an entry and a position size between them",
    (PortType.SIGNAL, PortType.POSITION): "put a position size between them",
    (PortType.SIGNAL, PortType.PORTFOLIO): "put a position size and a portfolio rule between them",
    (
        PortType.POSITION,
        PortType.PORTFOLIO,
    ): "wire it into an input for positions, or put a portfolio rule between them",
}
_WIRE_IN: Final[Mapping[PortType, str]] = {
    PortType.SERIES: "wire in a price or an indicator",
    PortType.BOOLEAN: "wire in a condition",
    PortType.SIGNAL: "wire in an entry or exit",
    PortType.POSITION: "wire in a position size or a stop",
    PortType.PORTFOLIO: "wire in a portfolio rule",
}


def port_name(port: InputPort | OutputPort) -> str:
    """What a strategist calls the port: its display name, or its name in words."""
    return port.display_name or words(port.name)


def misfit(output: OutputPort, entry: InputPort, block: str = "") -> str | None:
    """The sentence that says why this output can't be wired into this input (of `block`, quoted); None where it can."""
    if output.type is entry.type:
        return None
    advice = _BETWEEN.get((output.type, entry.type), _WIRE_IN[entry.type])
    where = f"'{port_name(entry)}'" + (f" of {block}" if block else "")
    return f"{CARRIES[output.type]} can't be wired into {where}, which takes {TAKES[entry.type]}; {advice}."


def wire_in(entry: InputPort) -> str:
    """What to wire into this input, as an order."""
    return f"{_WIRE_IN[entry.type].capitalize()}."
