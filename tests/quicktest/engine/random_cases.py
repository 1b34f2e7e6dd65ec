"""Random prices, rules and settings over the whole vocabulary of RULES, from a seed."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder_app.quicktest.engine.prices import Pool
from builder_app.quicktest.engine.replay import Replay
from builder_app.quicktest.engine.simulate import Simulation
from tests.quicktest.trading import pool_from, replay_of, trade


class Case(NamedTuple):
    """One test: prices, legs, arrays by key, limits and settings."""

    pool: Pool
    legs: list[dict[str, Any]]
    arrays: dict[str, NDArray[Any]]
    portfolio: dict[str, Any]
    settings: dict[str, Any]


def random_case(seed: int) -> Case:
    random = np.random.default_rng(seed)
    bars, symbols = int(random.integers(1, 40)), int(random.integers(1, 5))
    pool = random_pool(random, bars, symbols)
    shape = (bars, symbols)
    gaps = np.isnan(pool.fields[3])
    arrays: dict[str, NDArray[Any]] = {key: (random.random(shape) < 0.2) & ~gaps for key in "abcdr"}
    arrays["s"] = random.integers(0, 3, shape).astype(float)  # equal strengths are common
    arrays["s"][random.random(shape) < 0.05] = np.nan
    arrays["far"] = random.uniform(0.2, 3.0, shape)
    arrays["far"][random.random(shape) < 0.1] = random.choice([np.nan, 0.0, -1.0])
    arrays["part"] = random.uniform(2.0, 60.0, shape)
    arrays["part"][random.random(shape) < 0.1] = random.choice([np.nan, 0.0, -1.0])
    arrays["under"] = pool.fields[2] * random.uniform(0.85, 1.02, shape)
    arrays["over"] = pool.fields[1] * random.uniform(0.98, 1.15, shape)
    legs = [_leg(random) for _ in range(random.integers(1, 4))]
    return Case(pool, legs, arrays, _portfolio(random, pool.symbols), _settings(random))


def traded(case: Case, **changes: Any) -> Simulation:
    """What the engine makes of a case."""
    return trade(case.pool, case.legs, case.arrays, None, case.portfolio, **(case.settings | changes))


def replay(case: Case) -> Replay:
    """The case to be gone through again."""
    return replay_of(case.pool, (case.legs, case.arrays), None, case.portfolio, **case.settings)


def random_pool(random: np.random.Generator, bars: int, symbols: int) -> Pool:
    """Random walks with gaps inside, late beginnings and early ends; a symbol may have no bar at all."""
    table: dict[str, list[tuple[float, float, float, float] | None]] = {}
    together = random.random() < 0.3  # closes that move alike, for the correlation cap
    for column in range(symbols):
        price = float(random.uniform(5, 50))
        first, last = sorted(random.integers(0, bars + 1, 2)) if random.random() < 0.4 else (0, bars)
        rows: list[tuple[float, float, float, float] | None] = []
        for number in range(bars):
            if not first <= number < last or random.random() < 0.15:
                rows.append(None)
                continue
            open_price = price * math.exp(random.normal(0, 0.03))
            step = math.sin(number * 1.7) * 0.08 if together else 0.0
            price = open_price * math.exp(step + random.normal(0, 0.04))
            high = max(open_price, price) * math.exp(abs(random.normal(0, 0.03)))
            low = min(open_price, price) / math.exp(abs(random.normal(0, 0.03)))
            rows.append((open_price, high, low, price))
        table[f"S{column}"] = rows
    table["S0"][0] = table["S0"][0] or (10.0, 11.0, 9.0, 10.0)
    pool = pool_from(table)
    volume = np.where(np.isnan(pool.fields[3]), np.nan, random.integers(0, 400, (bars, symbols)).astype(float))
    step_hours = int(random.choice([6, 24]))
    times = np.datetime64("2020-01-01", "ns") + np.arange(bars) * np.timedelta64(step_hours, "h")
    return Pool(pool.symbols, times, (*pool.fields[:4], volume))


def _settings(random: np.random.Generator) -> dict[str, Any]:
    return {
        "initial_capital": float(random.uniform(100, 3000)),
        "commission_rate": float(random.choice([0.0, 0.002])),
        "minimum_commission": float(random.choice([0.0, 1.0])),
        "sell_tax_rate": float(random.choice([0.0, 0.001])),
        "slippage": float(random.choice([0.0, 0.003])),
        "lot_size": float(random.choice([0.0, 0.5, 5.0])),
        "maximum_positions": int(random.choice([0, 0, 1, 3])),
        "intrabar_order": str(random.choice(["stop_first", "target_first"])),
        "price_limit": float(random.choice([0.0, 0.0, 0.02, 0.05])),
        "maximum_volume_share": float(random.choice([0.0, 0.0, 0.2])),
    }


def _leg(random: np.random.Generator) -> dict[str, Any]:
    exits = _exits(random)
    has_risk = any(rule["kind"] in ("stop", "trailing_stop") and rule["unit"] != "level" for rule in exits)
    if not has_risk:
        exits = [rule for rule in exits if rule["unit"] != "risk"]
    size = _size(random, has_risk)
    leg: dict[str, Any] = {
        "name": "leg",
        "long_entry": "a" if random.random() < 0.8 else None,
        "long_exit": "b" if random.random() < 0.8 else None,
        "short_entry": "c",
        "short_exit": "d" if random.random() < 0.8 else None,
        "strength": "s" if random.random() < 0.5 else None,
        "size": size,
        "exits": exits,
    }
    if random.random() < 0.2:
        leg["cooldown"] = int(random.integers(0, 6))
    if random.random() < 0.3 and size["kind"] != "risk_percent":
        leg["rebalance"] = "r"
    return leg


def _size(random: np.random.Generator, has_risk: bool) -> dict[str, Any]:
    part: float | str = "part" if random.random() < 0.3 else float(random.uniform(5, 110))
    sizes: list[dict[str, Any]] = [
        {"kind": "percent_of_equity", "value": part},
        {"kind": "cash", "value": float(random.uniform(10, 900))},
        {"kind": "shares", "value": "part" if random.random() < 0.2 else 12.5},
        {"kind": "kelly", "value": float(random.uniform(0.1, 1)), "minimum_trades": int(random.integers(0, 4)),
         "before": float(random.uniform(5, 50)), "maximum": float(random.uniform(10, 100))},
    ]  # fmt: skip
    if has_risk:
        sizes += [{"kind": "risk_percent", "value": float(random.uniform(0.5, 10))}] * 2
    size = dict(sizes[random.integers(len(sizes))])
    if random.random() < 0.2:
        size["maximum"] = float(random.uniform(10, 100))
    return size


def _exits(random: np.random.Generator) -> list[dict[str, Any]]:
    kinds: list[tuple[str, tuple[str, ...], float]] = [
        ("stop", ("percent", "distance", "price"), 0.4),
        ("stop", ("percent", "distance"), 0.2),
        ("stop", ("level",), 0.15),
        ("trailing_stop", ("percent", "distance", "moving_distance"), 0.4),
        ("break_even", ("percent", "distance", "risk"), 0.25),
        ("time_stop", ("bars",), 0.2),
        ("target", ("percent", "distance", "price", "risk"), 0.4),
        ("target", ("percent", "distance", "risk"), 0.3),
        ("target", ("percent",), 0.2),
    ]
    exits = []
    for kind, units, chance in kinds:
        if random.random() < chance:
            unit = str(random.choice(units))
            rule: dict[str, Any] = {"kind": kind, "unit": unit, "value": _value(random, kind, unit)}
            if kind == "target" and random.random() < 0.7:
                rule["part"] = float(random.choice([20.0, 33.0, 50.0, 100.0]))
            exits.append(rule)
    return exits


def _value(random: np.random.Generator, kind: str, unit: str) -> float | str | int:
    match unit:
        case "bars":
            return int(random.integers(1, 8))
        case "price" | "level":
            side = random.random() < 0.8
            return ("over" if side else "under") if kind == "target" else ("under" if side else "over")
        case "risk":
            return float(random.uniform(0.3, 3))
        case _:
            if random.random() < 0.3:
                return "far"
            return float(random.uniform(1, 15)) / (1 if unit == "percent" else 5)


def _portfolio(random: np.random.Generator, symbols: tuple[str, ...]) -> dict[str, Any]:
    sectors = {symbol: str(random.choice(["Steel", "Bread"])) for symbol in symbols if random.random() < 0.7}
    limits: dict[str, Any] = {
        "maximum_weight": float(random.uniform(10, 90)),
        "maximum_gross_exposure": float(random.uniform(30, 150)),
        "maximum_net_exposure": float(random.uniform(10, 100)),
        "drawdown_halt": {"percent": float(random.uniform(2, 20)), "bars": [None, 3, 8][random.integers(3)]},
        "daily_loss": {"percent": float(random.uniform(0.5, 6)), "close": bool(random.random() < 0.5)},
        "maximum_turnover": {"percent": float(random.uniform(30, 200)), "bars": int(random.integers(1, 10))},
        "correlation_cap": {"correlation": float(random.uniform(-0.5, 0.9)), "bars": int(random.integers(2, 8))},
        "sector_cap": {"percent": float(random.uniform(20, 100)), "sectors": sectors},
    }
    return {name: limit for name, limit in limits.items() if random.random() < 0.15}
