"""Where the reference's stops and targets stand, looked up from the wording of rule 3 each time anew."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from tests.quicktest.engine.reference_values import Bar, Order, Position, World


def _rules(world: World, leg: int, kind: str) -> Iterator[Mapping[str, Any]]:
    return (rule for rule in world.legs[leg]["exits"] if rule["kind"] == kind)


def _fixed(world: World, of: Order | Position, rule: Mapping[str, Any], price: float, risk: float) -> float:
    """The level of a rule that is read at the decision; `price` is that of the fill."""
    value = world.value(rule["value"], of.symbol, of.decided)
    away = of.side if rule["kind"] == "target" else -of.side
    match rule["unit"]:
        case "price":
            return value
        case "percent":
            return price + away * (price * value / 100.0)
        case "risk":
            return price + away * (value * risk)
        case _:
            return price + away * value


def _fixed_stops(world: World, of: Order | Position, price: float) -> list[float]:
    return [_fixed(world, of, r, price, 0.0) for r in _rules(world, of.leg, "stop") if r["unit"] != "level"]


def stops_are_behind(world: World, order: Order, price: float) -> bool:
    return all(order.side * level < order.side * price for level in _fixed_stops(world, order, price))


def price_targets_are_ahead(world: World, order: Order, price: float) -> bool:
    risk = initial_risk(world, order, price)
    levels = [_fixed(world, order, rule, price, risk) for rule in _rules(world, order.leg, "target")]
    return all(order.side * level > order.side * price for level in levels)


def initial_risk(world: World, order: Order, price: float) -> float:
    """The distance to the tightest stop or trailing stop at the fill."""
    distances = [order.side * (price - level) for level in _fixed_stops(world, order, price)]
    for rule in _rules(world, order.leg, "trailing_stop"):
        value = world.value(rule["value"], order.symbol, order.decided)
        distances.append(price * value / 100 if rule["unit"] == "percent" else value)
    return min(distances, default=math.inf)


def targets_of(world: World, p: Position) -> list[tuple[int, float]]:
    """The targets not taken yet, the nearest first."""
    levels = [_fixed(world, p, rule, p.price, p.risk) for rule in _rules(world, p.leg, "target")]
    left = [(number, level) for number, level in enumerate(levels) if number not in p.taken]
    return sorted(left, key=lambda pair: p.side * pair[1])


def _best_before(world: World, p: Position, number: int) -> float:
    lived = [bar for bar in world.own[p.symbol] if p.entry_bar <= bar.number < number]
    return max([p.price, *(b.high for b in lived)]) if p.side > 0 else min([p.price, *(b.low for b in lived)])


def stop_of(world: World, p: Position, number: int) -> tuple[float, str]:
    """The tightest stop's level and its name; beyond every price where there is none."""
    found = [(level, "stop") for level in _fixed_stops(world, p, p.price)]
    previous = _previous(world, p, number)
    for rule in _rules(world, p.leg, "stop"):
        if rule["unit"] == "level":
            value = world.value(rule["value"], p.symbol, previous.number)
            found += [(value, "stop")] if 0 < value < math.inf else []
    for rule in _rules(world, p.leg, "trailing_stop"):
        found += [(level, "trailing stop") for level in _trailing(world, p, rule, number)]
    best = _best_before(world, p, number)
    for rule in _rules(world, p.leg, "break_even"):
        value = world.value(rule["value"], p.symbol, p.decided)
        needed = {"percent": p.price * value / 100, "risk": value * p.risk}.get(rule["unit"], value)
        found += [(p.price, "break even")] if p.side * (best - p.price) >= needed else []
    if not found:
        return -p.side * math.inf, "stop"
    tightest = max(p.side * level for level, _ in found)
    order = ("stop", "trailing stop", "break even")
    return min(
        ((level, name) for level, name in found if p.side * level == tightest), key=lambda pair: order.index(pair[1])
    )


def _previous(world: World, p: Position, number: int) -> Bar:
    """The symbol's bar before this one; it is the decision's in the entry bar."""
    return world.before(p.symbol, number)


def _trailing(world: World, p: Position, rule: Mapping[str, Any], number: int) -> list[float]:
    if rule["unit"] != "moving_distance":
        best, value = _best_before(world, p, number), world.value(rule["value"], p.symbol, p.decided)
        return [best - p.side * (best * value / 100.0 if rule["unit"] == "percent" else value)]
    levels = []
    for bar in world.own[p.symbol]:
        if p.entry_bar <= bar.number <= number:
            value = world.value(rule["value"], p.symbol, _previous(world, p, bar.number).number)
            if 0 < value < math.inf:
                levels.append(_best_before(world, p, bar.number) - p.side * value)
    return [max(levels, key=lambda level: p.side * level)] if levels else []
