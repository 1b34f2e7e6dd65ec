"""Small hand-made prices and rules, and one call that trades them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder_app.market.prices.panel import Panel
from builder_app.quicktest.engine.plan import plan_from
from builder_app.quicktest.engine.prices import Pool
from builder_app.quicktest.engine.replay import Replay
from builder_app.quicktest.engine.rules import rules_from
from builder_app.quicktest.engine.settings import Settings
from builder_app.quicktest.engine.simulate import Simulation, simulate

Bar = tuple[float, float, float, float] | None
"""Open, high, low, close; None: a gap."""

FREE: dict[str, Any] = {"commission_rate": 0.0, "slippage": 0.0}
FLAT: Bar = (10.0, 10.0, 10.0, 10.0)


def pool_from(bars: Mapping[str, Sequence[Bar]]) -> Pool:
    """Bars by symbol, all of one length, as a pool of daily bars from 2020-01-01."""
    count = len(next(iter(bars.values())))
    table = np.full((4, count, len(bars)), np.nan)
    for column, rows in enumerate(bars.values()):
        for number, row in enumerate(rows):
            if row is not None:
                table[:, number, column] = row
    volume = np.where(np.isnan(table[3]), np.nan, 1000.0)
    times = np.datetime64("2020-01-01", "ns") + np.arange(count) * np.timedelta64(1, "D")
    return Pool(tuple(bars), times, (*(np.ascontiguousarray(field) for field in table), volume))


def without_empty_bars(pool: Pool) -> Pool:
    """The bars on which at least one symbol has one: those that a test is about."""
    rows = ~np.isnan(pool.fields[3]).all(axis=1)
    return Pool(pool.symbols, pool.times[rows], tuple(np.ascontiguousarray(field[rows]) for field in pool.fields))


def panel_from(pool: Pool) -> Panel:
    """The same prices as the market's panel."""
    digest = hashlib.sha256(repr(pool.symbols).encode() + pool.times.tobytes())
    for field in pool.fields:
        digest.update(field.tobytes())
    opens, highs, lows, closes, volumes = pool.fields
    return Panel(pool.symbols, pool.times, opens, highs, lows, closes, volumes, digest.hexdigest())


def leg(**changes: Any) -> dict[str, Any]:
    """A leg of 10 shares, long on "buy" until "sell"."""
    plain: dict[str, Any] = {
        "name": "Position",
        "long_entry": "buy",
        "long_exit": "sell",
        "short_entry": None,
        "short_exit": None,
        "strength": None,
        "size": {"kind": "shares", "value": 10.0},
        "exits": [],
    }
    return plain | changes


def short_leg(**changes: Any) -> dict[str, Any]:
    """A leg of 10 shares, short on "buy" until "sell"."""
    return leg(long_entry=None, long_exit=None, short_entry="buy", short_exit="sell", **changes)


def exit_rule(kind: str, unit: str, value: float | str) -> dict[str, Any]:
    return {"kind": kind, "unit": unit, "value": value}


def flags(pool: Pool, **bars: Sequence[int]) -> NDArray[np.bool_]:
    """True at the given bars of each symbol."""
    array = np.zeros(pool.fields[0].shape, dtype=np.bool_)
    for symbol, numbers in bars.items():
        array[list(numbers), pool.symbols.index(symbol)] = True
    return array


def trade(
    pool: Pool,
    legs: Sequence[Mapping[str, Any]],
    arrays: Mapping[str, NDArray[Any]],
    maximum: int | None = None,
    portfolio: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Simulation:
    """Trade the legs on the pool, without costs unless `settings` says otherwise; "buy" and "sell" default to never."""
    test = replay_of(pool, (legs, arrays), maximum, portfolio, **settings)
    simulation = simulate(test.pool, test.plan, test.settings, test.maximum_positions)
    assert simulation is not None
    return simulation


def replay_of(
    pool: Pool,
    strategy: tuple[Sequence[Mapping[str, Any]], Mapping[str, NDArray[Any]]],
    maximum: int | None = None,
    portfolio: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Replay:
    """The same test to be gone through again; `strategy`: legs and arrays."""
    legs, arrays = strategy
    document = {"legs": list(legs), "portfolio": {"maximum_positions": maximum, **(portfolio or {})}}
    rules, problems = rules_from(document)
    assert problems == ()
    never = np.zeros((len(pool.times), len(pool.symbols)), dtype=np.bool_)
    valid = ~np.isnan(pool.fields[3])
    plan, wrong = plan_from(rules, {"buy": never, "sell": never, **arrays}, pool.symbols, valid)
    assert wrong == ()
    assert plan is not None
    return Replay(pool, plan, Settings(**(FREE | settings)), rules.portfolio.maximum_positions)
