"""The reference's values: bars, orders, positions, and the world they are in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Bar:
    """One bar of one symbol; `number` is the test's bar."""

    number: int
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True)
class Order:
    """An entry that waits for an open."""

    symbol: str
    leg: int
    side: int
    strength: float
    decided: int


class Position:
    """A position; `glimpsed` are prices that it saw inside bars in which it, or a part of it, was left."""

    def __init__(self, order: Order, entry_bar: int, price: float, shares: float, risk: float, fees: float) -> None:
        self.symbol, self.leg, self.side, self.decided = order.symbol, order.leg, order.side, order.decided
        self.entry_bar, self.price, self.mean, self.risk, self.fees = entry_bar, price, price, risk, fees
        self.shares = self.first_shares = shares
        self.leaving: str | None = None
        self.resize: int | None = None
        self.taken: list[int] = []
        self.glimpsed: list[float] = []


@dataclass(frozen=True)
class World:
    """What a test is given: each symbol's own bars, the legs, arrays by key and symbol, terms and limits."""

    own: Mapping[str, Sequence[Bar]]
    legs: Sequence[Mapping[str, Any]]
    arrays: Mapping[str, Mapping[str, Sequence[Any]]]
    terms: Mapping[str, Any]
    portfolio: Mapping[str, Any]
    days: Sequence[Any]

    @cached_property
    def symbols(self) -> list[str]:
        return list(self.own)

    @cached_property
    def places(self) -> dict[str, dict[int, int]]:
        """Where in a symbol's own bars the test's bars are."""
        return {symbol: {bar.number: place for place, bar in enumerate(bars)} for symbol, bars in self.own.items()}

    def bar(self, symbol: str, number: int) -> Bar | None:
        place = self.places[symbol].get(number)
        return None if place is None else self.own[symbol][place]

    def before(self, symbol: str, number: int) -> Bar:
        """The symbol's last bar before a bar of the test."""
        return [bar for bar in self.own[symbol] if bar.number < number][-1]

    def last_close(self, symbol: str, number: int) -> float:
        return [bar for bar in self.own[symbol] if bar.number <= number][-1].close

    def lived(self, p: Position, number: int) -> list[float]:
        """Highs and lows of the bars that the position was held in, before a bar."""
        bars = [bar for bar in self.own[p.symbol] if p.entry_bar <= bar.number < number]
        return [price for bar in bars for price in (bar.high, bar.low)]

    def age(self, p: Position, number: int) -> int:
        """How many bars the position has been held at this bar's close."""
        return self.places[p.symbol][number] - self.places[p.symbol][p.entry_bar] + 1

    def value(self, value: Any, symbol: str, number: int) -> float:
        """A number, or what an array holds for a symbol at a bar."""
        return float(self.arrays[value][symbol][number] if isinstance(value, str) else value)

    def correlation(self, one: str, other: str, number: int, wanted: int) -> float | None:
        """Of the last returns between common bars before a bar; None where there is none."""
        first = {bar.number: bar.close for bar in self.own[one] if bar.number < number}
        second = {bar.number: bar.close for bar in self.own[other] if bar.number < number}
        common = sorted(first.keys() & second.keys())[-wanted - 1 :]
        if len(common) < wanted + 1:
            return None
        rows = np.array([[first[n] for n in common], [second[n] for n in common]])
        returns = rows[:, 1:] / rows[:, :-1] - 1
        if (returns.std(axis=1) == 0).any():
            return None
        return float(np.corrcoef(returns)[0, 1])
