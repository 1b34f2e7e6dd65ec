"""The drawing that every canvas of the benchmark shows: a grid of blocks, three wires for every two of them.

Every row is a small strategy that repeats each seven columns; most inputs also take a wire from the row below. Only the
standard library is needed, so that it can be read wherever a canvas runs.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final, NamedTuple

ACROSS: Final = 288.0
DOWN: Final = 192.0


class Kind(NamedTuple):
    """A kind of block: its inputs, its outputs, the outputs' type."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    color: str


class Block(NamedTuple):
    """A block: its kind and place."""

    id: str
    kind: Kind
    label: str
    x: float
    y: float


class Wire(NamedTuple):
    """A wire between an output and an input."""

    source: str
    output: str
    target: str
    input: str


@dataclass(frozen=True)
class Graph:
    """Blocks and wires."""

    blocks: tuple[Block, ...]
    wires: tuple[Wire, ...]


KINDS: Final = (
    Kind("prices", (), ("open", "high", "low", "close", "volume"), "#4C9BE8"),
    Kind("sma", ("price",), ("value",), "#4C9BE8"),
    Kind("add", ("a", "b"), ("value",), "#4C9BE8"),
    Kind("greater_than", ("a", "b"), ("result",), "#A58BEF"),
    Kind("all_of", ("conditions",), ("result",), "#A58BEF"),
    Kind("enter_long", ("condition", "strength"), ("signal",), "#45B97C"),
    Kind("percent_of_equity", ("signal",), ("position",), "#2FB5B0"),
)
# For each column of seven: (columns back, rows down, output, input).
_WIRES: Final = (
    (),
    ((1, 0, "close", "price"),),
    ((1, 0, "value", "a"), (1, 1, "value", "b")),
    ((1, 0, "value", "a"), (1, 1, "value", "b")),
    ((1, 0, "result", "conditions"), (1, 1, "result", "conditions")),
    ((1, 0, "result", "condition"),),
    ((1, 0, "signal", "signal"), (1, 1, "signal", "signal")),
)
_MORE_WIRES: Final = ((5, 3, 0, "value", "strength"), (4, 1, 2, "result", "conditions"), (6, 1, 2, "signal", "signal"))


def grid_graph(count: int) -> Graph:
    """The drawing with `count` blocks and 1.5 times as many wires, or nearly."""
    columns = ceil(sqrt(count))
    ids = {(place % columns, place // columns): f"block_{place:05d}" for place in range(count)}
    blocks, wires = [], []
    for (column, row), id in ids.items():
        kind = KINDS[column % len(KINDS)]
        label = f"{kind.name.replace('_', ' ')} {row}" if row % 2 else ""
        blocks.append(Block(id, kind, label, column * ACROSS, row * DOWN))
        for back, down, output, entry in _WIRES[column % len(KINDS)]:
            if (source := ids.get((column - back, row + down))) is not None:
                wires.append(Wire(source, output, id, entry))
    for of_seven, back, down, output, entry in _MORE_WIRES:
        for (column, row), id in ids.items():
            source = ids.get((column - back, row + down))
            if column % len(KINDS) == of_seven and source is not None and len(wires) < 1.5 * count:
                wires.append(Wire(source, output, id, entry))
    return Graph(tuple(blocks), tuple(wires))


def middle_block(graph: Graph) -> str:
    """A block in the middle of the grid."""
    columns = ceil(sqrt(len(graph.blocks)))
    return graph.blocks[len(graph.blocks) // columns // 2 * columns + columns // 2].id


def diamonds(count: int) -> Graph:
    """`count` diamonds in a row, 2 to the power of `count` ways from the first block to the last; one block behind."""
    add = KINDS[2]
    blocks = [Block("behind", add, "", (2 * count + 2) * ACROSS, 0.0), Block("tip_00000", add, "", 0.0, 0.0)]
    wires = []
    for place in range(count):
        tip, following = f"tip_{place:05d}", f"tip_{place + 1:05d}"
        for side, entry, y in (("above", "a", -DOWN), ("below", "b", DOWN)):
            id = f"{side}_{place:05d}"
            blocks.append(Block(id, add, "", (2 * place + 1) * ACROSS, y))
            wires += [Wire(tip, "value", id, "a"), Wire(id, "value", following, entry)]
        blocks.append(Block(following, add, "", (2 * place + 2) * ACROSS, 0.0))
    return Graph(tuple(blocks), tuple(wires))


def wires_to_try(graph: Graph) -> tuple[Wire, Wire]:
    """A new wire that fits, and one that would close a circle: through every diamond, or behind a block of the grid."""
    blocks = {block.id: block for block in graph.blocks}
    last = graph.blocks[-1].id
    if last.startswith("tip"):
        return Wire(last, "value", "behind", "a"), Wire(last, "value", "tip_00000", "b")
    taken = {(wire.target, wire.input) for wire in graph.wires}
    free = ((it.id, name) for it in graph.blocks for name in ("strength", "b") if name in it.kind.inputs)
    fitting = Wire(graph.blocks[0].id, "open", *next(entry for entry in free if entry not in taken))
    inner = next(wire for wire in graph.wires if wire.output == "value" and blocks[wire.source].kind.name == "sma")
    return fitting, Wire(inner.target, "value", inner.source, "price")
