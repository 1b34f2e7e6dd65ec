"""The reference's account: its money, and how positions are left (see reference.py)."""

import math
from dataclasses import dataclass, field
from typing import Any

from tests.quicktest.engine.reference_exits import stop_of, targets_of
from tests.quicktest.engine.reference_values import Bar, Order, Position, World


@dataclass
class Account:
    """Everything that a test changes."""

    world: World
    cash: float
    positions: list[Position] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    trades: list[tuple[Any, ...]] = field(default_factory=list)
    refused: list[tuple[str, int, int, int, str]] = field(default_factory=list)
    equity: list[float] = field(default_factory=list)
    cashes: list[float] = field(default_factory=list)
    held_at_close: list[tuple[float, ...]] = field(default_factory=list)
    """What long and what short positions are worth at each close."""
    open_at_close: list[int] = field(default_factory=list)
    levels: dict[tuple[str, int, int], tuple[float, str, float, int]] = field(default_factory=dict)
    """By symbol, leg and bar: stop, what it is called, nearest target, the entry's bar."""
    entered: list[tuple[int, float]] = field(default_factory=list)
    exits: dict[tuple[str, int], int] = field(default_factory=dict)
    open_equity: float = 0.0
    peak: float = 0.0
    halted_until: float = -1
    lost_day: Any = None

    # Money ----------------------------------------------------------------------------------------------------------
    def costs(self, value: float, selling: bool) -> float:
        terms = self.world.terms
        commission = max(terms["minimum_commission"], terms["commission_rate"] * value)
        return float(commission + (terms["sell_tax_rate"] * value if selling else 0.0))

    def free_cash(self) -> float:
        return self.cash - sum(2 * p.shares * p.mean for p in self.positions if p.side < 0)

    def held(self, symbol: str, leg: int) -> Position | None:
        return next((p for p in self.positions if (p.symbol, p.leg) == (symbol, leg)), None)

    def in_order(self) -> list[Position]:
        return sorted(self.positions, key=lambda p: (self.world.symbols.index(p.symbol), p.leg))

    def worth(self, position: Position, number: int) -> float:
        """At this open; in a gap at the last close."""
        bar = self.world.bar(position.symbol, number)
        return position.shares * (bar.open if bar else self.world.before(position.symbol, number).close)

    def blocked(self, symbol: str, number: int, buying: bool) -> bool:
        limit = self.world.terms.get("price_limit", 0.0)
        bars = self.world.own[symbol]
        place = self.world.places[symbol].get(number)
        if not limit or not place:
            return False
        edge = bars[place - 1].close * (1 + limit if buying else 1 - limit)
        return bool(bars[place].open >= edge * (1 - 1e-9) if buying else bars[place].open <= edge * (1 + 1e-9))

    # Leaving --------------------------------------------------------------------------------------------------------
    def leave(self, p: Position, number: int, raw: float, reason: str, how: tuple[bool, float | None]) -> None:
        """Sell all (None) or some shares."""
        ambiguous, some = how
        shares = p.shares if some is None else some
        slip = self.world.terms["slippage"]
        price = raw - raw * slip if p.side > 0 else raw + raw * slip
        fee = self.costs(price * shares, selling=p.side > 0)
        entry_fee = p.fees if shares == p.shares else p.fees * shares / p.shares
        self.cash += p.side * price * shares - fee
        p.glimpsed.append(raw)
        seen = [p.price, *p.glimpsed, *self.world.lived(p, number + (reason == "end of test"))]
        best, worst = (max(seen), min(seen)) if p.side > 0 else (min(seen), max(seen))
        pnl = p.side * (price - p.mean) * shares - fee - entry_fee
        self.trades.append(
            (p.symbol, p.leg, p.side, p.entry_bar, number, reason, ambiguous, shares, p.mean, price, pnl,
             fee + entry_fee, p.side * (best / p.price - 1), p.side * (worst / p.price - 1))
        )  # fmt: skip
        p.shares -= shares
        p.fees -= entry_fee
        if p.shares == 0 or some is None:
            self.positions.remove(p)
            self.exits[p.symbol, p.leg] = number

    def take(self, p: Position, number: int, target: int, at: tuple[float, bool]) -> None:
        """Sell a target's part."""
        raw, ambiguous = at
        rules = [rule for rule in self.world.legs[p.leg]["exits"] if rule["kind"] == "target"]
        p.taken.append(target)
        parts = [rule.get("part", 100.0) for rule in rules]
        if sum(parts[n] for n in p.taken) >= 100 * (1 - 1e-9):
            self.leave(p, number, raw, "target", (ambiguous, None))
            return
        shares = min(self.lots(p.first_shares * parts[target] / 100), p.shares)
        if p.shares - shares <= 1e-9 * p.shares:
            self.leave(p, number, raw, "target", (ambiguous, None))
        elif shares > 0:
            self.leave(p, number, raw, "target", (ambiguous, shares))

    def inside(self, p: Position, number: int, bar: Bar) -> None:
        """What happens to a position between an open and a close."""
        world, long = self.world, p.side > 0
        level, reason = stop_of(world, p, number)
        nearest = next((price for _, price in targets_of(world, p)), p.side * math.inf)
        self.levels[p.symbol, p.leg, number] = level, reason, nearest, p.entry_bar
        opened = bar.open <= level if long else bar.open >= level
        ahead = [(n, t) for n, t in targets_of(world, p) if (bar.open >= t if long else bar.open <= t)]
        if (opened or ahead) and self.blocked(p.symbol, number, buying=not long):
            p.leaving = p.leaving or (reason if opened else "target")
            return
        if opened:
            self.leave(p, number, bar.open, reason, (False, None))
            return
        for target, _ in ahead:
            if p in self.positions:
                self.take(p, number, target, (bar.open, False))
        if p not in self.positions:
            return
        hit = [(n, t) for n, t in targets_of(world, p) if (bar.high >= t if long else bar.low <= t)]
        stopped = bar.low <= level if long else bar.high >= level
        ambiguous = stopped and bool(hit)
        if hit or stopped:
            p.glimpsed.append(bar.open)
        if not stopped or world.terms["intrabar_order"] == "target_first":
            for target, price in hit:
                if p in self.positions:
                    self.take(p, number, target, (price, ambiguous))
        if stopped and p in self.positions:
            self.leave(p, number, level, reason, (ambiguous, None))

    def lots(self, shares: float) -> float:
        lot = self.world.terms["lot_size"]
        return math.floor(shares / lot + 1e-9) * lot if lot and math.isfinite(shares) else shares

    def affordable(self, amount: float, price: float, side: int) -> float:
        """Shares whose value, commission and tax together are the amount."""
        terms = self.world.terms
        tax = terms["sell_tax_rate"] if side < 0 else 0.0
        shares = amount / (price + price * terms["commission_rate"] + price * tax)
        if terms["commission_rate"] * shares * price < terms["minimum_commission"]:
            shares = (amount - terms["minimum_commission"]) / (price + price * tax)
        return float(shares)
