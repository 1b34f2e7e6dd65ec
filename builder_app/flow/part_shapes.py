"""The shapes that the parts of a flow must have as JSON values."""

from typing import Final

from builder_app.flow.json_shape import (
    Shape,
    flag,
    id_text,
    listing,
    literal_or_sealed,
    number,
    one_of,
    parameter_value,
    record,
    table,
    text,
)
from builder_app.flow.unreadable import Faults, Path
from builder_app.flow.values import PortType


def _checked_before(value: object, path: Path, faults: Faults) -> None:
    """For members that were looked at before the shape is."""


POINT: Final[Shape] = record({"x": number, "y": number})
RECT: Final[Shape] = listing(number, exactly=4)
PORT: Final[Shape] = record({"node": text, "port": text})
EDGE: Final[Shape] = record({"source": PORT, "target": PORT})
NODE: Final[Shape] = record(
    {"id": id_text, "template": text},
    {
        "template_version": text,
        "parameters": table(parameter_value),
        "label": text,
        "position": POINT,
        "muted": flag,
        "note": text,
        "collapsed": flag,
    },
)
FRAME: Final[Shape] = record({"id": id_text, "title": text, "rect": RECT}, {"color": text})
STICKY_NOTE: Final[Shape] = record({"id": id_text, "text": text, "rect": RECT})
STRATEGY_PARAMETER: Final[Shape] = record(
    {"value": literal_or_sealed}, {"minimum": number, "maximum": number, "step": number, "x-sensitive": flag}
)
WIRE: Final[Shape] = record({"source": PORT, "target": PORT}, {"points": listing(POINT)})
GROUP_PORT: Final[Shape] = record({"name": id_text, "type": one_of(*PortType)}, {"display_name": text})
GROUP: Final[Shape] = record(
    {
        "id": id_text,
        "title": text,
        "nodes": listing(NODE),
        "edges": listing(WIRE),
        "inputs": listing(GROUP_PORT),
        "outputs": listing(GROUP_PORT),
    },
    {
        "description": text,
        "parameters": listing(record({"name": id_text, "node": text, "parameter": text})),
        "frames": listing(FRAME),
        "notes": listing(STICKY_NOTE),
    },
)
FLOW: Final[Shape] = record(
    {"format": _checked_before, "version": _checked_before, "nodes": listing(NODE), "edges": listing(WIRE)},
    {
        "name": text,
        "parameters": table(STRATEGY_PARAMETER),
        "frames": listing(FRAME),
        "notes": listing(STICKY_NOTE),
        "groups": listing(GROUP),
    },
)
