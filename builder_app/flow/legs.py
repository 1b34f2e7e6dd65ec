"""The legs of a strategy: which signals, which size and which exits belong together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from builder_app.flow.drawing import Drawing
from builder_app.flow.roles import ENTRIES, EXIT_RULES, EXITS, RESIZING, SIGNAL_CHANGES, SIZE, rule_words
from builder_app.flow.values import PortType

_SIGNALS: Final = frozenset((*ENTRIES, *EXITS))


@dataclass(frozen=True, slots=True)
class Leg:
    """A position block with the signals that reach it and the stops and targets behind it, all as node ids.

    `position` is None for signals that have no position block behind them: they share one leg of the default size.
    """

    position: str | None
    signals: tuple[str, ...]
    exits: tuple[str, ...]
    changes: tuple[str, ...] = ()
    """Blocks that say more about the entries (a rest, a strength) or the size (when it is looked at again)."""


@lru_cache(maxsize=1)
def legs(drawing: Drawing) -> tuple[Leg, ...]:
    """One leg for each position block, by id, and last that of the signals which have none.

    Several rules ask, one after the other, for those of the same drawing.
    """
    found = []
    for node, template in drawing.blocks():
        if SIZE in rule_words(template):
            before, behind = sorted(_before(drawing, node.id)), sorted(_behind(drawing, node.id))
            signals = tuple(id for id in before if is_signal(drawing, id))
            exits = tuple(id for id in behind if _words(drawing, id) & EXIT_RULES)
            changes = [id for id in before if _words(drawing, id) & SIGNAL_CHANGES]
            changes += [id for id in behind if RESIZING in _words(drawing, id)]
            found.append(Leg(node.id, signals, exits, tuple(changes)))
    loose = loose_signals(drawing)
    return (*found, Leg(None, with_sources(drawing, loose), ())) if loose else tuple(found)


def loose_signals(drawing: Drawing) -> tuple[str, ...]:
    """The entries and exits, and the blocks that pass them on, whose signal goes nowhere."""
    words = _SIGNALS | SIGNAL_CHANGES
    return tuple(
        id for id, template in drawing.known.items() if not drawing.out_of.get(id) and rule_words(template) & words
    )


def with_sources(drawing: Drawing, ends: tuple[str, ...]) -> tuple[str, ...]:
    """The entries and exits whose signals come out of these blocks, those among them included."""
    found = {id for end in ends for id in (end, *_before(drawing, end)) if is_signal(drawing, id)}
    return tuple(id for id in drawing.known if id in found)


def is_signal(drawing: Drawing, id: str) -> bool:
    """Whether the block gives entries or exits."""
    return bool(_words(drawing, id) & _SIGNALS)


def entered(drawing: Drawing, leg: Leg) -> frozenset[str]:
    """The directions, long and short, in which the leg enters."""
    return frozenset(ENTRIES[word] for id in leg.signals for word in _words(drawing, id) if word in ENTRIES)


def left(drawing: Drawing, leg: Leg) -> frozenset[str]:
    """The directions for which the leg has an exit signal."""
    return frozenset(EXITS[word] for id in leg.signals for word in _words(drawing, id) if word in EXITS)


def _words(drawing: Drawing, id: str) -> frozenset[str]:
    template = drawing.known.get(id)
    return frozenset() if template is None else rule_words(template)


def _before(drawing: Drawing, start: str) -> Iterator[str]:
    """The blocks from which signals run into this one, over any number of wires."""
    seen, waiting = {start}, [start]
    while waiting:
        id = waiting.pop()
        template = drawing.known.get(id)
        for edge in drawing.into.get(id, ()):
            entry = template.input_port(edge.target.port) if template is not None else None
            if entry is not None and entry.type is PortType.SIGNAL and edge.source.node not in seen:
                seen.add(edge.source.node)
                waiting.append(edge.source.node)
                yield edge.source.node


def _behind(drawing: Drawing, start: str) -> Iterator[str]:
    """The blocks into which this position runs, over any number of wires."""
    seen, waiting = {start}, [start]
    while waiting:
        id = waiting.pop()
        template = drawing.known.get(id)
        for edge in drawing.out_of.get(id, ()):
            output = template.output_port(edge.source.port) if template is not None else None
            if output is not None and output.type is PortType.POSITION and edge.target.node not in seen:
                seen.add(edge.target.node)
                waiting.append(edge.target.node)
                yield edge.target.node
