"""A slow simulator written from the wording of the fill rules, in objects and lists: an oracle for the loop.

It shares no code with the loop and none of its shapes: each symbol is the list of its own bars (gaps do not exist in
it), a position is an object that looks its levels up in those bars anew each time, and limits are sums over positions.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.quicktest.engine.reference_account import Account
from tests.quicktest.engine.reference_exits import (
    initial_risk,
    price_targets_are_ahead,
    stops_are_behind,
)
from tests.quicktest.engine.reference_values import Order, Position, World


@dataclass
class Trading(Account):
    """An account that trades: entries, rebalancing, and what comes bar by bar."""

    # Entering -------------------------------------------------------------------------------------------------------
    def size(self, key: tuple[str, int, int], decided: int, price: float, risk: float) -> float:
        """How many shares the size rule comes to."""
        symbol, leg, side = key
        rule = self.world.legs[leg]["size"]
        value = self.world.value(rule["value"], symbol, decided)

        def part(percent: float) -> float:
            return self.affordable(self.open_equity * percent / 100, price, side)

        if rule["kind"] == "shares":
            shares = value
        elif rule["kind"] == "cash":
            shares = value / price
        elif rule["kind"] == "risk_percent":
            shares = self.open_equity * value / 100 / risk
        elif rule["kind"] == "kelly":
            shares = part(self.kelly(leg, rule))
        else:
            shares = part(value)
        if "maximum" in rule:
            shares = min(shares, part(rule["maximum"]))
        return self.lots(shares)

    def kelly(self, leg: int, rule: Mapping[str, Any]) -> float:
        returns = [t[10] / (t[7] * t[8]) for t in self.trades if t[1] == leg]
        if len(returns) < rule["minimum_trades"]:
            return float(rule["before"])
        wins, others = [r for r in returns if r > 0], [-r for r in returns if r <= 0]
        if not wins:
            return 0.0
        share = len(wins) / len(returns)
        if sum(others) > 0:
            share -= (1 - share) / ((sum(wins) / len(wins)) / (sum(others) / len(others)))
        return float(100 * rule["value"] * max(share, 0))

    def cooling(self, symbol: str, leg: int, number: int) -> bool:
        cooldown = self.world.legs[leg].get("cooldown") or 0
        if not cooldown or (symbol, leg) not in self.exits:
            return False
        places = self.world.places[symbol]
        return places[number] - places[self.exits[symbol, leg]] <= cooldown

    def enter(self, order: Order, number: int, raw: float) -> str:
        """Fill the order; the word for why not, or nothing."""
        world = self.world
        if self.cooling(order.symbol, order.leg, number):
            return "cooldown"
        if world.terms["maximum_positions"] and len(self.positions) >= world.terms["maximum_positions"]:
            return "maximum"
        if self.blocked(order.symbol, number, buying=order.side > 0):
            return "at limit"
        price = raw * (1 + order.side * world.terms["slippage"])
        if not stops_are_behind(world, order, price):
            return "past level"
        risk = initial_risk(world, order, price)
        if not price_targets_are_ahead(world, order, price):
            return "past level"
        shares = self.size((order.symbol, order.leg, order.side), order.decided, price, risk)
        if not 0 < shares < math.inf:
            return "size"
        why = self.cannot(order.symbol, order.side, number, (shares, price))
        if not why and self.too_alike(order.symbol, number):
            why = "too alike"
        if why:
            return why
        fee = self.pay(order.side, number, shares, price)
        self.positions.append(Position(order, number, price, shares, risk, fee))
        return ""

    def pay(self, side: int, number: int, shares: float, price: float) -> float:
        value = shares * price
        fee = self.costs(value, selling=side < 0)
        self.cash -= side * value + fee
        self.entered.append((number, value))
        return fee

    def cannot(self, symbol: str, side: int, number: int, order: tuple[float, float]) -> str:
        """Why these shares cannot be bought (or sold short) at this price now."""
        shares, price = order
        world, limits, value = self.world, self.world.portfolio, shares * price
        share = world.terms.get("maximum_volume_share", 0.0)
        bar = world.bar(symbol, number)
        assert bar
        if number <= self.halted_until:
            return "halted"
        if world.days[number] == self.lost_day:
            return "lost today"
        if self.blocked(symbol, number, buying=side > 0):
            return "at limit"
        if share and shares > share * bar.volume * (1 + 1e-9):
            return "volume"
        worths = [(p, self.worth(p, number)) for p in self.positions]
        sectors = limits.get("sector_cap", {}).get("sectors", {})
        alike = {
            p.symbol for p in self.positions if p.symbol == symbol or sectors.get(p.symbol, 0) == sectors.get(symbol)
        }
        net = sum(p.side * w for p, w in worths)
        turnover = limits.get("maximum_turnover")
        recent = sum(v for n, v in self.entered if turnover and n > number - turnover["bars"])
        checks = [
            ("weight", limits.get("maximum_weight"), value + sum(w for p, w in worths if p.symbol == symbol)),
            ("gross", limits.get("maximum_gross_exposure"), value + sum(w for _, w in worths)),
            ("net", limits.get("maximum_net_exposure") if abs(net + side * value) > abs(net) else None,
             abs(net + side * value)),
            ("sector", limits.get("sector_cap", {}).get("percent"),
             value + sum(w for p, w in worths if p.symbol in alike)),
            ("turnover", turnover and turnover["percent"], value + recent),
        ]  # fmt: skip
        for word, percent, amount in checks:
            most = (percent or 0) / 100 * self.open_equity
            if percent and amount > most + 1e-9 * abs(most):
                return word
        free = self.free_cash()
        need = value + self.costs(value, selling=side < 0)
        return "cash" if need > free and need - free > 1e-9 * abs(free) else ""

    def too_alike(self, symbol: str, number: int) -> bool:
        cap = self.world.portfolio.get("correlation_cap")
        others = {p.symbol for p in self.positions} - {symbol}
        return cap is not None and any(
            (found := self.world.correlation(symbol, other, number, cap["bars"])) is not None
            and found > cap["correlation"]
            for other in others
        )

    # Rebalancing ----------------------------------------------------------------------------------------------------
    def resize(self, p: Position, number: int, larger: bool) -> None:
        bar = self.world.bar(p.symbol, number)
        if p.resize is None or not bar or p.leaving:
            return
        price = bar.open * (1 + p.side * self.world.terms["slippage"])
        wanted = self.size((p.symbol, p.leg, p.side), p.resize, price, p.risk)
        valued = 0 < wanted < math.inf
        more = wanted - p.shares if valued and abs(wanted - p.shares) > 1e-9 * p.shares else 0.0
        if not larger:
            if more < 0:
                p.resize = None
                if not self.blocked(p.symbol, number, buying=p.side < 0):
                    self.leave(p, number, bar.open, "rebalance", (False, -more))
            return
        p.resize = None
        if not valued:
            self.refused.append((p.symbol, p.leg, number, p.side, "size"))
        elif more > 0:
            why = self.cannot(p.symbol, p.side, number, (more, price))
            if why:
                self.refused.append((p.symbol, p.leg, number, p.side, why))
                return
            p.fees += self.pay(p.side, number, more, price)
            p.mean = (p.shares * p.mean + more * price) / (p.shares + more)
            p.shares += more

    # The course of a bar --------------------------------------------------------------------------------------------
    def opening(self, number: int) -> None:
        world = self.world
        for p in self.in_order():
            bar = world.bar(p.symbol, number)
            if p.leaving and bar and not self.blocked(p.symbol, number, buying=p.side < 0):
                self.leave(p, number, bar.open, p.leaving, (False, None))
        self.open_equity = self.cash + sum(p.side * self.worth(p, number) for p in self.in_order())
        for p in self.in_order():
            self.resize(p, number, larger=False)
        ready = [order for order in self.orders if world.bar(order.symbol, number)]
        self.orders = [order for order in self.orders if order not in ready]
        for order in sorted(ready, key=lambda o: (-o.strength, world.symbols.index(o.symbol), o.leg)):
            bar = world.bar(order.symbol, number)
            assert bar
            why = self.enter(order, number, bar.open)
            if why:
                self.refused.append((order.symbol, order.leg, number, order.side, why))
        for p in self.in_order():
            if p.entry_bar < number:
                self.resize(p, number, larger=True)

    def closing(self, number: int) -> None:
        world = self.world
        here = [symbol for symbol in world.symbols if world.bar(symbol, number)]
        for p in self.positions:
            longest = [rule["value"] for rule in world.legs[p.leg]["exits"] if rule["kind"] == "time_stop"]
            if p.symbol in here and longest and world.age(p, number) >= min(longest):
                p.leaving = p.leaving or "time"
        for symbol in here:
            for leg in range(len(world.legs)):
                self.decide(symbol, leg, number)
        for p in self.in_order():
            if p.symbol in here and world.own[p.symbol][-1].number == number:
                self.leave(p, number, world.own[p.symbol][-1].close, "end of test", (False, None))
        worths = [(p.side, p.shares * world.last_close(p.symbol, number)) for p in self.in_order()]
        self.equity.append(self.cash + sum(side * worth for side, worth in worths))
        self.held_at_close.append(tuple(sum(worth for side, worth in worths if side == one) for one in (1, -1)))
        self.open_at_close.append(len(worths))
        self.cashes.append(self.cash)
        self.watch(number)

    def watch(self, number: int) -> None:
        halt, loss = self.world.portfolio.get("drawdown_halt"), self.world.portfolio.get("daily_loss")
        equity, days = self.equity[number], self.world.days
        if halt and number == self.halted_until:
            self.peak = equity
        elif halt and number > self.halted_until:
            self.peak = max(self.peak, equity)
            if equity <= self.peak * (1 - halt["percent"] / 100):
                self.halted_until = math.inf if halt.get("bars") is None else number + halt["bars"]
        if loss:
            before = [self.equity[n] for n in range(number) if days[n] < days[number]]
            yesterday = before[-1] if before else self.world.terms["initial_capital"]
            if equity <= yesterday * (1 - loss["percent"] / 100):
                self.lost_day = days[number]
                for p in self.positions if loss.get("close") else ():
                    p.leaving = p.leaving or "daily loss"

    def decide(self, symbol: str, leg: int, number: int) -> None:
        """What one leg orders for one symbol after a close."""
        rules, held = self.world.legs[leg], self.held(symbol, leg)

        def at(name: str) -> bool:
            return bool(rules.get(name) is not None and self.world.arrays[rules[name]][symbol][number])

        wanted = []
        for side, word in ((1, "long"), (-1, "short")):
            leaving, entering, is_held = at(f"{word}_exit"), at(f"{word}_entry"), held and held.side == side
            if held and is_held and leaving:
                held.leaving = "signal"
            if entering and leaving and not is_held:
                self.refused.append((symbol, leg, number, side, "exit too"))
            if entering and not leaving:
                wanted.append(side)
        if at("rebalance") and held and not held.leaving:
            held.resize = number
        if len(wanted) == 2:
            self.refused.append((symbol, leg, number, 0, "both"))
        elif wanted and not (held and held.side == wanted[0]):
            why = self.order(symbol, leg, wanted[0], number)
            if why:
                self.refused.append((symbol, leg, number, wanted[0], why))

    def order(self, symbol: str, leg: int, side: int, number: int) -> str:
        """Order an entry; the word for why not, or nothing."""
        rules, held = self.world.legs[leg], self.held(symbol, leg)
        if held and not held.leaving:
            return "opposite"
        if self.world.own[symbol][-1].number == number:
            return "no bar"
        values = [rule["value"] for rule in rules["exits"] if rule["kind"] != "time_stop" and rule["unit"] != "level"]
        if not all(0 < self.world.value(value, symbol, number) < math.inf for value in values):
            return "exit value"
        size = self.world.value(rules["size"]["value"], symbol, number)
        if not 0 < size < math.inf:
            return "size value"
        strength = 1.0 if rules["strength"] is None else self.world.value(rules["strength"], symbol, number)
        if math.isnan(strength):
            return "strength"
        self.orders.append(Order(symbol, leg, side, strength, number))
        return ""


def run(world: World) -> Trading:
    """Trade, bar by bar."""
    account = Trading(world, world.terms["initial_capital"], peak=world.terms["initial_capital"])
    for number in range(len(world.days)):
        account.opening(number)
        for p in account.in_order():
            bar = world.bar(p.symbol, number)
            if bar:
                account.inside(p, number, bar)
        account.closing(number)
    return account


__all__: Sequence[str] = ("Trading", "run")
