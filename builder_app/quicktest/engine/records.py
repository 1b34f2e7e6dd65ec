"""Trades and refused entries as values, made from the loop's records only when somebody looks at them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from . import book


@dataclass(frozen=True, slots=True)
class TradeRecord:
    """One round trip; bars are indices, prices include slippage, `pnl` is after costs, `costs` are fees and taxes.

    The excursions are the best and the worst price while it was held, as fractions of the price of its first fill:
    ≥ 0 and ≤ 0. Of its last bar they know the open and the price at which it was left, before slippage.
    """

    symbol: str
    leg: int
    direction: int
    quantity: float
    entry_bar: int
    entry_price: float
    exit_bar: int
    exit_price: float
    exit_reason: str
    ambiguous: bool
    pnl: float
    costs: float
    favourable_excursion: float = 0.0
    adverse_excursion: float = 0.0

    @property
    def return_fraction(self) -> float:
        """Profit or loss over the entry's traded value."""
        return self.pnl / (self.quantity * self.entry_price)


@dataclass(frozen=True, slots=True)
class RejectionRecord:
    """An entry not taken: the bar where it was refused, +1 long, −1 short, 0 both at once, and a sentence why."""

    symbol: str
    leg: int
    bar: int
    direction: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Trades(Sequence[TradeRecord]):
    """Trades in the order of their exits. `whole` and `real`, shape (trades, columns), as the loop's book has them."""

    symbols: tuple[str, ...]
    legs: int
    whole: NDArray[np.int64]
    real: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.whole)

    @overload
    def __getitem__(self, index: int) -> TradeRecord: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TradeRecord]: ...
    def __getitem__(self, index: int | slice) -> TradeRecord | Sequence[TradeRecord]:
        if isinstance(index, slice):
            return Trades(self.symbols, self.legs, self.whole[index], self.real[index])
        return self._made(self.whole[index].tolist(), self.real[index].tolist())

    def __iter__(self) -> Iterator[TradeRecord]:
        for start in range(0, len(self.whole), 10_000):
            whole, real = self.whole[start : start + 10_000].tolist(), self.real[start : start + 10_000].tolist()
            yield from map(self._made, whole, real)

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence holds the same trades."""
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(TradeRecord.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _made(self, whole: Sequence[int], real: Sequence[float]) -> TradeRecord:
        slot, direction, entry_bar, exit_bar, reason, ambiguous = whole
        quantity, entry_price, exit_price, pnl, costs, favourable, adverse = real
        return TradeRecord(
            self.symbols[slot // self.legs],
            slot % self.legs,
            direction,
            quantity,
            entry_bar,
            entry_price,
            exit_bar,
            exit_price,
            book.EXIT_REASONS[reason],
            ambiguous != 0,
            pnl,
            costs,
            favourable,
            adverse,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Rejections(Sequence[RejectionRecord]):
    """Refused entries, the first ones of each test; `counts` says by reason how many there were in all."""

    symbols: tuple[str, ...]
    legs: int
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many entries were refused."""
        return int(self.counts.sum())

    @property
    def by_reason(self) -> dict[str, int]:
        """How many entries were refused for each reason that came up, in the order in which they came up first."""
        first = dict.fromkeys(self.rows[:, 3].tolist())
        order = [*first, *(reason for reason in np.flatnonzero(self.counts).tolist() if reason not in first)]
        return {book.REJECTION_REASONS[reason]: int(self.counts[reason]) for reason in order}

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> RejectionRecord: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[RejectionRecord]: ...
    def __getitem__(self, index: int | slice) -> RejectionRecord | Sequence[RejectionRecord]:
        if isinstance(index, slice):
            return tuple(map(self._made, self.rows[index].tolist()))
        return self._made(self.rows[index].tolist())

    def __iter__(self) -> Iterator[RejectionRecord]:
        return map(self._made, self.rows.tolist())

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence holds the same refusals."""
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(RejectionRecord.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _made(self, row: Sequence[int]) -> RejectionRecord:
        slot, bar, direction, reason = row
        return RejectionRecord(
            self.symbols[slot // self.legs], slot % self.legs, bar, direction, book.REJECTION_REASONS[reason]
        )
