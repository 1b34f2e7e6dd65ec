"""The wires of a flow as the rules look at them: by their ends, and those that are odd."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Edge, Port, PortType


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """What one walk over all wires tells. A flow has thousands of them, and most rules find nothing to say of any."""

    into: Mapping[str, Sequence[Edge]]
    """The wires that end in each block, in natural order; blocks without any are missing."""
    out_of: Mapping[str, Sequence[Edge]]
    """Those that start in it."""
    wired: Set[Port]
    """Every input (or what a wire takes for one) in which a wire ends."""
    odd: Sequence[Edge]
    """The wires of which an end does not exist, or whose ends are of different types, in natural order."""
    doubled: Set[str]
    """The blocks with an input that takes one wire and has several."""
    signals_into: Mapping[str, Sequence[str]]
    """For each block those whose wires end in one of its inputs for signals."""
    positions_out_of: Mapping[str, Sequence[str]]
    """For each block those into which its outputs of positions are wired."""


class _Kind(NamedTuple):
    """What the templates at both ends say of a wire; few kinds of wire are many wires."""

    takes_one: bool
    is_odd: bool
    brings_signals: bool
    brings_positions: bool


def wiring_of(edges: Sequence[Edge], known: Mapping[str, NodeTemplate]) -> Wiring:
    """The wires, looked at once. `known` are the templates of the blocks whose kind is known."""
    into: defaultdict[str, list[Edge]] = defaultdict(list)
    out_of: defaultdict[str, list[Edge]] = defaultdict(list)
    signals: defaultdict[str, list[str]] = defaultdict(list)
    positions: defaultdict[str, list[str]] = defaultdict(list)
    wired, doubled, odd = set[Port](), set[str](), list[Edge]()
    kinds: dict[tuple[int, str, int, str], _Kind] = {}
    for edge in edges:
        (source, output), target = edge
        taker, entry = target
        giving, taking = known.get(source), known.get(taker)
        key = (id(giving), output, id(taking), entry)
        kind = kinds.get(key)
        if kind is None:
            kind = kinds[key] = _kind(giving, output, taking, entry)
        takes_one, is_odd, brings_signals, brings_positions = kind
        into[taker].append(edge)
        out_of[source].append(edge)
        if takes_one and target in wired:
            doubled.add(taker)
        wired.add(target)
        if is_odd:
            odd.append(edge)
        if brings_signals:
            signals[taker].append(source)
        if brings_positions:
            positions[source].append(taker)
    return Wiring(into, out_of, wired, odd, doubled, signals, positions)


def _kind(giving: NodeTemplate | None, output_name: str, taking: NodeTemplate | None, entry_name: str) -> _Kind:
    output = giving.output_port(output_name) if giving is not None else None
    entry = taking.input_port(entry_name) if taking is not None else None
    has_lost_an_end = (giving is not None and output is None) or (taking is not None and entry is None)
    misfits = output is not None and entry is not None and output.type is not entry.type
    return _Kind(
        takes_one=entry is not None and not entry.multiple,
        is_odd=has_lost_an_end or misfits,
        brings_signals=entry is not None and entry.type is PortType.SIGNAL,
        brings_positions=output is not None and output.type is PortType.POSITION,
    )
