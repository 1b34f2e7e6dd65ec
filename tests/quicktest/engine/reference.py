"""A slow simulator written from the wording of the fill rules, in objects and lists: an oracle for the loop.

It shares no code with the loop. It follows each symbol's own bars (gaps do not exist in them) and keeps its orders and
positions as objects.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Order:
    """An entry that waits for an open."""

    symbol: str
    leg: int
    side: str
    strength: float
    amount: float | None
    shares: float | None
    exits: list[tuple[str, str, float]]
    rank: tuple[int, int]


@dataclass
class Holding:
    """A position."""

    symbol: str
    leg: int
    side: str
    shares: float
    price: float
    bar: int
    fees: float
    exits: list[tuple[str, str, float]]
    extreme: float
    leaving: bool = False


@dataclass
class Account:
    """Everything that a test changes."""

    terms: Mapping[str, Any]
    cash: float
    holdings: dict[tuple[str, int], Holding] = field(default_factory=dict)
    trades: list[tuple[Any, ...]] = field(default_factory=list)
    refused: list[tuple[str, int, int, int, str]] = field(default_factory=list)

    def fee(self, value: float, selling: bool) -> float:
        commission: float = max(self.terms["minimum_commission"], self.terms["commission_rate"] * value)
        tax: float = self.terms["sell_tax_rate"] * value if selling else 0.0
        return commission + tax

    def margin(self) -> float:
        return sum(2 * h.shares * h.price for h in self.holdings.values() if h.side == "short")

    def leave(self, holding: Holding, bar: int, raw: float, reason: str, ambiguous: bool = False) -> None:
        slip = self.terms["slippage"]
        if holding.side == "long":
            price = raw - raw * slip
            fee = self.fee(price * holding.shares, selling=True)
            self.cash += price * holding.shares - fee
            gain = (price - holding.price) * holding.shares
        else:
            price = raw + raw * slip
            fee = self.fee(price * holding.shares, selling=False)
            self.cash -= price * holding.shares + fee
            gain = (holding.price - price) * holding.shares
        fees = fee + holding.fees
        del self.holdings[holding.symbol, holding.leg]
        self.trades.append(
            (holding.symbol, holding.leg, holding.side, holding.bar, bar, reason, ambiguous,
             holding.shares, holding.price, price, gain - fees, fees)
        )  # fmt: skip

    def enter(self, order: Order, bar: int, raw: float) -> str:
        """Fill the order; the word for why not, or nothing."""
        limit = self.terms["maximum_positions"]
        if limit and len(self.holdings) >= limit:
            return "maximum"
        selling = order.side == "short"
        price = raw * (1 - self.terms["slippage"]) if selling else raw * (1 + self.terms["slippage"])
        shares = self.shares(order, price, selling)
        if not shares > 0:
            return "size"
        value = shares * price
        need = value + self.fee(value, selling)
        free = self.cash - self.margin()
        if need > free and need - free > 1e-9 * abs(free):
            return "cash"
        fee = self.fee(value, selling)
        self.cash += value - fee if selling else -value - fee
        self.holdings[order.symbol, order.leg] = Holding(
            order.symbol, order.leg, order.side, shares, price, bar, fee, order.exits, price
        )
        return ""

    def shares(self, order: Order, price: float, selling: bool) -> float:
        if order.shares is not None:
            shares = order.shares
        elif order.amount is not None and order.leg in self.terms["cash_legs"]:
            shares = order.amount / price
        else:
            assert order.amount is not None
            tax = self.terms["sell_tax_rate"] if selling else 0.0
            shares = order.amount / (price + price * self.terms["commission_rate"] + price * tax)
            if shares * price * self.terms["commission_rate"] < self.terms["minimum_commission"]:
                shares = (order.amount - self.terms["minimum_commission"]) / (price + price * tax)
        lot = self.terms["lot_size"]
        return math.floor(shares / lot + 1e-9) * lot if lot else shares


def levels(holding: Holding) -> tuple[tuple[float, str] | None, float | None]:
    """The stop's level and name, and the target's level."""
    sign = 1 if holding.side == "long" else -1
    stops: list[tuple[float, str]] = []
    targets: list[float] = []
    for kind, unit, value in holding.exits:
        if kind == "target":
            targets.append(holding.price + sign * (holding.price * value / 100 if unit == "percent" else value))
            continue
        base = holding.price if kind == "stop" else holding.extreme
        distance = base * value / 100 if unit == "percent" else value
        stops.append((base - sign * distance, "stop" if kind == "stop" else "trailing stop"))
    stop = None
    if stops:
        level = max(stops)[0] if sign > 0 else min(stops)[0]
        stop = (level, next(name for value, name in sorted(stops, key=lambda s: s[1]) if value == level))
    return stop, (min(targets) if sign > 0 else max(targets)) if targets else None


def inside(account: Account, holding: Holding, number: int, bar: Mapping[str, float]) -> None:
    """What happens to a position between an open and a close."""
    stop, target = levels(holding)
    long = holding.side == "long"

    def reached(level: float, price: float, below: bool) -> bool:
        return price <= level if below else price >= level

    if stop and reached(stop[0], bar["open"], long):
        return account.leave(holding, number, bar["open"], stop[1])
    if target is not None and reached(target, bar["open"], not long):
        return account.leave(holding, number, bar["open"], "target")
    adverse, kind = (bar["low"], bar["high"]) if long else (bar["high"], bar["low"])
    stopped = stop is not None and reached(stop[0], adverse, long)
    hit = target is not None and reached(target, kind, not long)
    if hit and stopped and account.terms["intrabar_order"] == "target_first":
        stopped = False
        return account.leave(holding, number, target or 0.0, "target", ambiguous=True)
    if stopped and stop:
        return account.leave(holding, number, stop[0], stop[1], ambiguous=hit)
    if hit:
        return account.leave(holding, number, target or 0.0, "target")
    holding.extreme = max(holding.extreme, kind) if long else min(holding.extreme, kind)
    return None


def run(
    bars: Mapping[str, Sequence[Mapping[str, float] | None]],
    legs: Sequence[Mapping[str, Any]],
    arrays: Mapping[str, Mapping[str, Sequence[Any]]],
    terms: Mapping[str, Any],
) -> tuple[Account, list[float]]:
    """Trade; `arrays` give for each key and symbol one value a bar. Returns account and equity at each close."""
    symbols = list(bars)
    terms = dict(terms, cash_legs=[n for n, leg in enumerate(legs) if leg["size"]["kind"] == "cash"])
    account = Account(terms, terms["initial_capital"])
    waiting: list[Order] = []
    equity: list[float] = []
    count = len(next(iter(bars.values())))
    last = {s: max((n for n in range(count) if bars[s][n]), default=-1) for s in symbols}
    close: dict[str, float] = {}
    for number in range(count):
        here = {s: bar for s in symbols if (bar := bars[s][number])}
        for holding in [h for h in account.holdings.values() if h.leaving and h.symbol in here]:
            account.leave(holding, number, here[holding.symbol]["open"], "signal")
        ready = sorted((o for o in waiting if o.symbol in here), key=lambda o: (-o.strength, o.rank))
        waiting = [o for o in waiting if o.symbol not in here]
        for order in ready:
            why = account.enter(order, number, here[order.symbol]["open"])
            if why:
                account.refused.append((order.symbol, order.leg, number, 1 if order.side == "long" else -1, why))
        for holding in list(account.holdings.values()):
            if holding.symbol in here:
                inside(account, holding, number, here[holding.symbol])
        new: list[Order] = []
        for rank, symbol in enumerate(symbols):
            if symbol in here:
                for place, leg in enumerate(legs):
                    new += decisions(account, (symbol, place, rank), leg, (arrays, number, number == last[symbol]))
        for holding in list(account.holdings.values()):
            if last[holding.symbol] == number:
                account.leave(holding, number, here[holding.symbol]["close"], "end of test")
        close |= {symbol: bar["close"] for symbol, bar in here.items()}
        worth = account.cash
        for h in account.holdings.values():
            worth += h.shares * close[h.symbol] * (1 if h.side == "long" else -1)
        equity.append(worth)
        for order in new:
            if legs[order.leg]["size"]["kind"] == "percent_of_equity":
                order.amount = worth * legs[order.leg]["size"]["value"] / 100
        waiting += new
    return account, equity


def decisions(
    account: Account, slot: tuple[str, int, int], leg: Mapping[str, Any], now: tuple[Any, int, bool]
) -> list[Order]:
    """What one leg orders for one symbol after a close."""
    symbol, place, rank = slot
    arrays, number, over = now
    held = account.holdings.get((symbol, place))

    def at(name: str) -> bool:
        return bool(leg[name] is not None and arrays[leg[name]][symbol][number])

    def refuse(direction: int, why: str) -> None:
        account.refused.append((symbol, place, number, direction, why))

    wanted = []
    for side, direction in (("long", 1), ("short", -1)):
        leaving, entering = at(f"{side}_exit"), at(f"{side}_entry")
        if held and held.side == side and leaving:
            held.leaving = True
        if entering and leaving and not (held and held.side == side):
            refuse(direction, "exit too")
        if entering and not leaving:
            wanted.append((side, direction))
    if len(wanted) == 2:
        refuse(0, "both")
        return []
    for side, direction in wanted:
        if held and held.side == side:
            continue
        if held and not held.leaving:
            refuse(direction, "opposite")
            continue
        if over:
            refuse(direction, "no bar")
            continue
        exits = [
            (e["kind"], e["unit"], arrays[e["value"]][symbol][number] if isinstance(e["value"], str) else e["value"])
            for e in leg["exits"]
        ]
        if any(math.isnan(value) or math.isinf(value) or value <= 0 for _, _, value in exits):
            refuse(direction, "exit value")
            continue
        strength = 1.0 if leg["strength"] is None else arrays[leg["strength"]][symbol][number]
        if math.isnan(strength):
            refuse(direction, "strength")
            continue
        kind, size = leg["size"]["kind"], leg["size"]["value"]
        shares = size if kind == "shares" else None
        return [Order(symbol, place, side, strength, None if shares else size, shares, exits, (rank, place))]
    return []
