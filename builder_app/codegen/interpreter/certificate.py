"""The equivalence certificate: the picture, worked out by the independent interpreter, against what its text said.

The text is run elsewhere; its RULES and arrays come in as data. They are compared bar by bar: every entry and exit,
the strength where something is entered, and every size and exit level that is an array.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.interpret import Interpretation, InterpretedLeg, Member, Panel, interpret_panel
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import name_of

COLUMNS: Final = ("open", "high", "low", "close", "volume")
MOST_TOLD: Final = 5
_SIDES: Final = {
    "long_entry": "enter long",
    "long_exit": "exit long",
    "short_entry": "enter short",
    "short_exit": "exit short",
}

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was compared, and how the text differs from the picture: sentences, none where they are equal."""

    bars: int
    symbols: int
    values: int
    """How many single values were compared."""
    differences: tuple[str, ...] = ()
    subject: str = "The code"
    """What was compared with the picture, as a sentence begins."""

    @property
    def holds(self) -> bool:
        """Whether the text does what the picture says on all these bars."""
        return not self.differences

    @property
    def sentence(self) -> str:
        """What the certificate says."""
        if self.differences:
            return f"{self.subject} differs from the picture: {self.differences[0]}"
        where = f"{self.bars:,} bars of {self.symbols} symbol{'s' if self.symbols != 1 else ''}"
        return f"{self.subject} equals the picture on {where}: {self.values:,} values compared, bar by bar."


def panel_of(symbols: tuple[str, ...], times: NDArray[Any], fields: Mapping[str, NDArray[np.float64]]) -> Panel:
    """Prices of shape (bars, symbols), NaN in gaps, as the interpreter takes them; no benchmark is among them."""
    members = []
    for column, symbol in enumerate(symbols):
        rows = np.flatnonzero(~np.isnan(fields["close"][:, column]))
        prices: dict[str, NDArray[Any]] = {name: fields[name][rows, column] for name in COLUMNS}
        members.append(Member(symbol, prices | {"time": times[rows]}, rows))
    return Panel(times, tuple(members), np.full(len(times), np.nan))


def certify(flow: LogicFlow, catalogue: Catalogue, panel: Panel, said: tuple[Mapping[str, Any], Arrays]) -> Certificate:
    """Compare what the text said on a panel, its RULES and its arrays by key, with what the flow means there.

    `flow` has no errors. Arrays have the shape (bars, symbols), in the panel's order.
    """
    rules, arrays = said
    with np.errstate(all="ignore"):
        meaning = interpret_panel(flow, catalogue, panel)
    found = _Comparison(flow, catalogue, panel)
    for column, member in enumerate(panel.members):
        own = {key: array[member.rows, column] for key, array in arrays.items()}
        found.compare(member, rules, own, meaning[member.symbol])
    return Certificate(len(panel.times), len(panel.members), found.values, tuple(found.told[:MOST_TOLD]))


class _Comparison:
    """Counts what is compared, and tells the first difference of each kind."""

    def __init__(self, flow: LogicFlow, catalogue: Catalogue, panel: Panel) -> None:
        self._flow, self._catalogue, self._panel = flow, catalogue, panel
        self.values = 0
        self.told: list[str] = []

    def compare(self, member: Member, rules: Mapping[str, Any], own: Arrays, meaning: Interpretation) -> None:
        legs = rules["legs"]
        if len(legs) != len(meaning.legs):
            self._tell(f"it has {len(legs)} positions, the picture has {len(meaning.legs)}.")
            return
        for written, (node, leg) in zip(legs, meaning.legs.items(), strict=True):
            name = name_of(self._flow, node, self._catalogue) if node else "Default position"
            for what, one, other in _pairs(written, own, leg):
                self._same(member, f"'{name}', {what}", one, other)
        limits = {name: value for name, value in rules.get("portfolio", {}).items() if value is not None}
        meant = {name: value for name, value in meaning.limits.items() if value is not None}
        for name in sorted(limits.keys() | meant.keys()):
            self.values += 1
            if limits.get(name) != meant.get(name):
                words = name.replace("_", " ")
                self._tell(f"its limit of {words} is {limits.get(name)}, the picture's {meant.get(name)}.")

    def _same(self, member: Member, what: str, one: Any, other: Any) -> None:
        first, second = np.broadcast_arrays(np.asarray(one), np.asarray(other))
        self.values += first.size
        equal = first == second
        if first.dtype.kind == "f" and second.dtype.kind == "f":
            equal |= np.isnan(first) & np.isnan(second)
        wrong = np.flatnonzero(~np.atleast_1d(equal))
        if wrong.size:
            row = member.rows[int(wrong[0])] if np.ndim(one) or np.ndim(other) else 0
            day = np.datetime_as_string(self._panel.times[row].astype("datetime64[D]"))
            self._tell(f"{what} of {member.symbol or 'the symbol'} differs first on {day}.")

    def _tell(self, sentence: str) -> None:
        if sentence not in self.told:
            self.told.append(sentence)


def _pairs(written: Mapping[str, Any], own: Arrays, leg: InterpretedLeg) -> Iterator[tuple[str, Any, Any]]:
    """What the text says and what the picture means, for everything that a leg has."""
    none = np.zeros(1, dtype=bool)
    for side, words in _SIDES.items():
        key = written.get(side)
        yield words, own[key] if key is not None else none, leg.rules.get(side, none)
    entries = [leg.rules[side] for side in ("long_entry", "short_entry") if side in leg.rules]
    bars = np.flatnonzero(np.logical_or.reduce(entries)) if entries else np.empty(0, dtype=np.int64)
    key = written.get("strength")
    strengths = np.ones(len(bars)) if key is None else own[key][bars]
    yield "strength", strengths, np.array([leg.strength(int(bar)) for bar in bars], dtype=np.float64)
    size = written["size"]
    yield "kind of size", np.array(size["kind"] == leg.size[0]), np.array(True)
    yield "size", _level(size["value"], own), leg.size[1]
    more = {name: value for name, value in size.items() if name not in ("kind", "value")}
    yield "bounds of the size", np.array(more == leg.more), np.array(True)
    yield "rest after an exit", np.array(written.get("cooldown") == leg.cooldown), np.array(True)
    if written.get("rebalance") is not None or leg.rebalance is not None:
        yield (
            "rebalancing",
            own.get(str(written.get("rebalance")), none),
            none if leg.rebalance is None else leg.rebalance,
        )
    yield "number of exits", np.array(len(written["exits"])), np.array(len(leg.exits))
    for rule, (kind, unit, value, part) in zip(written["exits"], leg.exits, strict=False):
        yield f"part of {kind}", np.array(float(rule.get("part", 100))), np.array(float(part))
        yield f"kind of {kind}", np.array((rule["kind"], rule["unit"]) == (kind, unit)), np.array(True)
        yield kind.replace("_", " "), _level(rule["value"], own), value


def _level(value: Any, own: Arrays) -> Any:
    return own[value] if isinstance(value, str) else float(value)
