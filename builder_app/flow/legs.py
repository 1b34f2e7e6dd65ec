"""The legs of a strategy: which signals, which size and which exits belong together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from builder_app.flow.drawing import Drawing
from builder_app.flow.roles import ENTRIES, EXIT_RULES, EXITS, RESIZING, SIGNAL_CHANGES, SIZE, rule_words

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
    enters: frozenset[str] = frozenset()
    """The directions, long and short, in which the leg enters."""
    leaves: frozenset[str] = frozenset()
    """The directions for which it has an exit signal."""


@lru_cache(maxsize=1)
def legs(drawing: Drawing) -> tuple[Leg, ...]:
    """One leg for each position block, by id, and last that of the signals which have none.

    Several rules ask, one after the other, for those of the same drawing.
    """
    found = []
    for id in drawing.those(lambda template: SIZE in rule_words(template)):
        before = sorted(_reached(drawing.wiring.signals_into, id))
        behind = sorted(_reached(drawing.wiring.positions_out_of, id))
        words = {other: _words(drawing, other) for other in (*before, *behind)}
        changes = [other for other in before if not words[other].isdisjoint(SIGNAL_CHANGES)]
        changes += [other for other in behind if RESIZING in words[other]]
        signals = tuple(other for other in before if not words[other].isdisjoint(_SIGNALS))
        exits = tuple(other for other in behind if not words[other].isdisjoint(EXIT_RULES))
        found.append(_leg(drawing, id, signals, exits, tuple(changes)))
    loose = loose_signals(drawing)
    return (*found, _leg(drawing, None, with_sources(drawing, loose))) if loose else tuple(found)


def _leg(
    drawing: Drawing,
    position: str | None,
    signals: tuple[str, ...],
    exits: tuple[str, ...] = (),
    changes: tuple[str, ...] = (),
) -> Leg:
    return Leg(position, signals, exits, changes, entered(drawing, signals), left(drawing, signals))


def loose_signals(drawing: Drawing) -> tuple[str, ...]:
    """The entries and exits, and the blocks that pass them on, whose signal goes nowhere."""
    words = _SIGNALS | SIGNAL_CHANGES
    return tuple(id for id in drawing.those(lambda template: rule_words(template) & words) if id not in drawing.out_of)


def with_sources(drawing: Drawing, ends: tuple[str, ...]) -> tuple[str, ...]:
    """The entries and exits whose signals come out of these blocks, those among them included."""
    before = drawing.wiring.signals_into
    found = {id for end in ends for id in (end, *_reached(before, end)) if is_signal(drawing, id)}
    return tuple(id for id in drawing.known if id in found)


def is_signal(drawing: Drawing, id: str) -> bool:
    """Whether the block gives entries or exits."""
    return bool(_words(drawing, id) & _SIGNALS)


def entered(drawing: Drawing, signals: Iterable[str]) -> frozenset[str]:
    """The directions, long and short, in which these signals enter."""
    kinds = {_words(drawing, id) for id in signals}  # most often one
    return frozenset(ENTRIES[word] for words in kinds for word in words if word in ENTRIES)


def left(drawing: Drawing, signals: Iterable[str]) -> frozenset[str]:
    """The directions for which there is an exit among them."""
    kinds = {_words(drawing, id) for id in signals}
    return frozenset(EXITS[word] for words in kinds for word in words if word in EXITS)


def _words(drawing: Drawing, id: str) -> frozenset[str]:
    template = drawing.known.get(id)
    return frozenset() if template is None else rule_words(template)


def _reached(ways: Mapping[str, Sequence[str]], start: str) -> set[str]:
    """The other blocks that are reached over any number of these ways."""
    found, waiting = {start}, [start]
    while waiting:
        fresh = [other for other in ways.get(waiting.pop(), ()) if other not in found]
        found.update(fresh)
        waiting += fresh
    found.discard(start)
    return found
