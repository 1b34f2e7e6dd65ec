"""Panels of several symbols with gaps, and what a program and the interpreter say of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.interpret import Interpretation, InterpretedLeg, Member, Panel, interpret_panel
from builder_app.codegen.program import Program
from builder_app.flow.values import LogicFlow
from builder_app.quicktest.engine.bars import Bars, asked_symbols, bars_from, last_known
from builder_app.quicktest.engine.evaluate import Evaluation, evaluate
from builder_app.quicktest.engine.traces import Traced
from tests.codegen.flows import CATALOGUE, random_prices

POOL = ("AAA", "BBB", "CCC", "DDD")
SYMBOLS = (*POOL, "SPY")
FIELDS = ("open", "high", "low", "close", "volume")
Array = NDArray[Any]


def times_of(bars: int, hours: int = 0) -> Array:
    """Weekdays from Thursday, 29 November 2018, on; or bars so many hours apart."""
    if hours:
        return np.datetime64("2018-11-29T08:30", "ns") + np.arange(bars) * np.timedelta64(hours * 60, "m")
    days = np.busday_offset("2018-11-29", np.arange(bars), roll="forward")
    return days.astype("datetime64[ns]")


def random_bars(seed: int, bars: int = 100, hours: int = 0, gaps: float = 0.15) -> Bars:
    """Random walks with gaps; the first symbol has none, so that every row has a bar; SPY is looked at only."""
    random = np.random.default_rng(seed)
    fields = np.full((len(FIELDS), bars, len(SYMBOLS)), np.nan)
    for column in range(len(SYMBOLS)):
        prices = random_prices(seed * 10 + column % 3, bars)  # two symbols are alike, so that there are ties
        there = random.random(bars) >= (gaps if column else 0.0)
        there[-1:] = True
        for place, field in enumerate(FIELDS):
            fields[place, there, column] = prices[field][there]
    prices_of_all = (SYMBOLS, times_of(bars, hours), tuple(np.ascontiguousarray(field) for field in fields))
    return bars_from(prices_of_all, POOL, "SPY", SYMBOLS)


def panel_of(bars: Bars) -> Panel:
    """The same bars as the interpreter takes them."""
    columns = {symbol: tuple(field[:, place] for field in bars.fields) for place, symbol in enumerate(bars.symbols)}
    columns |= dict(bars.others)
    members = []
    for symbol, fields in columns.items():
        rows = np.flatnonzero(~np.isnan(fields[3]))
        prices: dict[str, Array] = {name: field[rows] for name, field in zip(FIELDS, fields, strict=True)}
        members.append(Member(symbol, {**prices, "time": bars.times[rows]}, rows, traded=symbol in bars.symbols))
    assert bars.benchmark is not None
    return Panel(bars.times, tuple(members), last_known(bars.benchmark))


def evaluated(program: Program, bars: Bars) -> tuple[dict[str, Any], Evaluation]:
    """RULES, and the arrays that the engine gets from the text."""
    names: dict[str, Any] = {"__name__": "strategy"}
    exec(compile(program.source, "strategy.py", "exec"), names)
    asked = asked_symbols(names["RULES"])
    wanted = {symbol: fields for symbol, fields in bars.others.items() if symbol in asked}
    seen = Bars(bars.symbols, bars.times, bars.fields, bars.benchmark, wanted)
    return names["RULES"], evaluate(names.get("STEPS", names["signals"]), seen, traced=Traced())


def assert_equal_on_panel(picture: LogicFlow, program: Program, bars: Bars) -> int:
    """The text says what the flow says, symbol by symbol and bar by bar; how many entries there were."""
    rules, evaluation = evaluated(program, bars)
    panel = panel_of(bars)
    meanings = interpret_panel(picture, CATALOGUE, panel)
    entries = 0
    for column, symbol in enumerate(bars.symbols):
        member = next(member for member in panel.members if member.symbol == symbol)
        arrays = {key: values[member.rows, column] for key, values in evaluation.arrays.items()}
        traces = {name: values[member.rows, column] for name, values in evaluation.traces.items()}
        entries += assert_equal(rules, arrays, meanings[symbol])
        for output, variable in program.variables.items():
            wanted = np.asarray(meanings[symbol].values[output], dtype=float)
            assert np.array_equal(traces[variable], wanted, equal_nan=True), (symbol, output)
    return entries


def assert_equal(rules: dict[str, Any], arrays: dict[str, Array], meaning: Interpretation) -> int:
    """RULES and arrays of one symbol are what the interpreter says; how many entries there were."""
    assert len(rules["legs"]) == len(meaning.legs)
    for leg, wanted in zip(rules["legs"], meaning.legs.values(), strict=True):
        assert_leg(leg, arrays, wanted)
    portfolio = {name: value for name, value in rules["portfolio"].items() if value is not None}
    assert portfolio == {name: value for name, value in meaning.limits.items() if value is not None}
    keys = [leg[side] for leg in rules["legs"] for side in ("long_entry", "short_entry") if leg[side] is not None]
    return sum(int(arrays[key].sum()) for key in keys)


def assert_leg(rules: dict[str, Any], arrays: dict[str, Array], leg: InterpretedLeg) -> None:
    """One leg of RULES with its arrays is the interpreter's."""
    size = dict(rules["size"])
    assert size.pop("kind") == leg.size[0]
    assert same(_level(size.pop("value"), arrays), leg.size[1])
    assert size == leg.more
    assert rules.get("cooldown") == leg.cooldown
    sides = {side: rules[side] for side in ("long_entry", "long_exit", "short_entry", "short_exit") if rules[side]}
    assert sides.keys() == leg.rules.keys()
    for side, key in sides.items():
        assert arrays[key].dtype == bool
        assert same(arrays[key], leg.rules[side]), side
    assert ("rebalance" in rules) == (leg.rebalance is not None)
    if leg.rebalance is not None:
        assert same(arrays[rules["rebalance"]], leg.rebalance)
    _assert_strength(rules, arrays, leg)
    assert len(rules["exits"]) == len(leg.exits)
    for written, (kind, unit, value, part) in zip(rules["exits"], leg.exits, strict=True):
        assert (written["kind"], written["unit"], written.get("part", 100)) == (kind, unit, part)
        assert same(_level(written["value"], arrays), value)


def _assert_strength(rules: dict[str, Any], arrays: dict[str, Array], leg: InterpretedLeg) -> None:
    entries = [leg.rules[side] for side in ("long_entry", "short_entry") if side in leg.rules]
    for bar in np.flatnonzero(np.logical_or.reduce(entries)) if entries else ():
        written = 1.0 if rules["strength"] is None else arrays[rules["strength"]][bar]
        assert same(written, leg.strength(int(bar)))


def _level(value: Any, arrays: dict[str, Array]) -> Any:
    return arrays[value] if isinstance(value, str) else value


def same(one: Any, other: Any) -> bool:
    """Bit by bit, with NaN equal to itself; a number equals an array that is that number throughout."""
    first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if first.shape != second.shape:
        first, second = np.broadcast_arrays(first, second)
    return bool(np.array_equal(first, second, equal_nan=True))
