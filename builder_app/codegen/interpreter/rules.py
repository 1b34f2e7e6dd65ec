"""What the words of rules mean to the independent interpreter: legs with their signals, sizes, exits, and limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.calendar import first_in

Array = NDArray[Any]

SIDES: Final = {
    "enter_long": "long_entry",
    "exit_long": "long_exit",
    "enter_short": "short_entry",
    "exit_short": "short_exit",
}
_SIZES: Final = ("percent_of_equity", "cash", "shares", "risk_percent", "kelly")
_NUMBERS_OF_LIMITS: Final = {"correlation_cap": "correlation"}


@dataclass(frozen=True, slots=True)
class Signal:
    """A word, the bars at which it holds, how strongly (None: 1), and the bars of rest before it."""

    word: str
    condition: Array
    strength: Array | None = None
    cooldown: float | None = None


@dataclass(slots=True)
class InterpretedLeg:
    """One position block: at which bars it enters and leaves, how strongly, how large, and what ends it.

    `size` is its kind and value, `more` what else it says; exits are kind, unit, value and part.
    """

    size: tuple[str, Any]
    more: dict[str, float] = field(default_factory=dict)
    rules: dict[str, Array] = field(default_factory=dict)
    strengths: list[tuple[Array, Array | None]] = field(default_factory=list)
    exits: list[tuple[str, str, Any, float]] = field(default_factory=list)
    cooldown: float | None = None
    rebalance: Array | None = None

    def add(self, signals: list[Signal]) -> None:
        """Signals of the same word merge: any of them counts."""
        for signal in signals:
            side = SIDES[signal.word]
            held = self.rules.get(side)
            self.rules[side] = signal.condition if held is None else held | signal.condition
            if signal.word.startswith("enter"):
                self.strengths.append((signal.condition, signal.strength))
                self.cooldown = signal.cooldown

    def strength(self, bar: int) -> float:
        """The greatest known strength of the entries that hold at this bar; 1 for an entry that has none of its own."""
        held = [1.0 if own is None else float(own[bar]) for condition, own in self.strengths if condition[bar]]
        return max((strength for strength in held if strength == strength), default=float("nan"))


@dataclass(slots=True)
class Interpretation:
    """Values by "node.port", legs by position block in order (the default position, "", last), and the limits."""

    values: dict[str, Any] = field(default_factory=dict)
    legs: dict[str, InterpretedLeg] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)

    @property
    def maximum_positions(self) -> float | None:
        """The most positions at once; None: any number."""
        limit: float | None = self.limits.get("maximum_positions")
        return limit


@dataclass(slots=True)
class Rules:
    """Takes the rule words of one block, and writes what they say into an interpretation."""

    node: str
    found: Interpretation
    series: Callable[[Any], Array]
    time: Array

    def take(self, word: str, inputs: list[Any], keywords: dict[str, Any]) -> Any:
        """What the word gives: signals for a signal, the names of legs for a position and a portfolio."""
        if word in SIDES:
            return self._signals({word: inputs[0]}, keywords.get("strength"))
        if word == "signals":
            strength = keywords.pop("strength", None)
            return self._signals({name: held for name, held in keywords.items() if held is not None}, strength)
        if word in ("cooldown", "once_per", "with_strength"):
            return [self._changed(word, signal, keywords) for wire in inputs[0] for signal in wire]
        if word == "position":
            return self._position(inputs, keywords)
        if word == "portfolio":
            return self._portfolio(inputs, keywords)
        legs = [leg for wire in _wires(inputs[0]) for leg in wire]
        for leg in dict.fromkeys(legs):
            self._end(word, self.found.legs[leg], keywords)
        return legs

    def _signals(self, conditions: dict[str, Array], strength: Any) -> list[Signal]:
        series = None if strength is None else self.series(strength)
        return [Signal(word, held, series if word.startswith("enter") else None) for word, held in conditions.items()]

    def _changed(self, word: str, signal: Signal, keywords: dict[str, Any]) -> Signal:
        if not signal.word.startswith("enter"):
            return signal
        if word == "cooldown":
            return Signal(signal.word, signal.condition, signal.strength, float(keywords["bars"]))
        if word == "with_strength":
            return Signal(signal.word, signal.condition, self.series(keywords["strength"]), signal.cooldown)
        held = first_in(signal.condition, self.time, keywords["period"])
        return Signal(signal.word, held, signal.strength, signal.cooldown)

    def _position(self, inputs: list[Any], keywords: dict[str, Any]) -> list[str]:
        kind = next(name for name in keywords if name in _SIZES)
        more = {name: float(value) for name, value in keywords.items() if name != kind}
        leg = InterpretedLeg((kind, keywords[kind]), more)
        for wire in inputs[0]:
            leg.add(wire)
        self.found.legs[self.node] = leg
        return [self.node]

    def _end(self, word: str, leg: InterpretedLeg, keywords: dict[str, Any]) -> None:
        if word == "rebalance":
            when = keywords["when"]
            leg.rebalance = when if leg.rebalance is None else leg.rebalance | when
            return
        part = float(keywords.pop("part", 100))
        ((unit, value),) = keywords.items()
        anew = unit in ("level", "moving_distance")
        leg.exits.append((word, unit, self.series(value) if anew else value, part))

    def _portfolio(self, inputs: list[Any], keywords: dict[str, Any]) -> list[str]:
        kind, *_ = keywords
        value = float(keywords.pop(kind))
        if kind in ("drawdown_halt", "daily_loss", "maximum_turnover", "correlation_cap", "sector_cap"):
            named = {_NUMBERS_OF_LIMITS.get(kind, "percent"): value}
            self.found.limits[kind] = named | {name: _setting(kind, name, held) for name, held in keywords.items()}
        else:
            self.found.limits[kind] = min(value, self.found.limits.get(kind, value))
        return [leg for position in [*inputs[0], inputs[1] or []] for leg in position]


def _setting(kind: str, name: str, held: Any) -> Any:
    if name == "sectors":
        pairs = [entry.split(":") for entry in held.replace("\n", ",").replace(";", ",").split(",") if entry.strip()]
        return {symbol.strip(): sector.strip() for symbol, sector in pairs}
    if kind == "drawdown_halt" and held == 0:
        return None
    return held if name == "close" else float(held)


def _wires(given: Any) -> list[Any]:
    """The wires into a position's input: one list of legs, or a list of such lists."""
    return given if given and isinstance(given[0], list) else [given]


def constant(value: Any) -> bool:
    """Whether a value is one number for all bars."""
    return bool(np.ndim(value) == 0)
