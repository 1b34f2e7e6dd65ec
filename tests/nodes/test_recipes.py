"""Each recipe's meaning: evaluated as it stands, against TA-Lib itself or a formula written out here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import talib
from numpy.typing import NDArray

from builder_app.codegen import prelude
from builder_app.flow.values import NodeType, ParameterValue
from tests.shipped import shipped_catalogue

FOLDER = Path(__file__).parents[2] / "resources" / "node_templates"
TEMPLATES = shipped_catalogue().templates
Array = NDArray[np.float64]


def _prices(bars: int = 300) -> dict[str, Array]:
    random = np.random.default_rng(7)
    close = 50 * np.exp(np.cumsum(random.normal(0, 0.02, bars)))
    open_ = close * (1 + random.normal(0, 0.005, bars))
    high = np.maximum(open_, close) * (1 + np.abs(random.normal(0, 0.004, bars)))
    low = np.minimum(open_, close) * (1 - np.abs(random.normal(0, 0.004, bars)))
    return {"open": open_, "high": high, "low": low, "close": close, "volume": random.uniform(1e5, 1e6, bars)}


PRICES = _prices()


def recipe_value(
    template: str,
    port: str,
    more: dict[str, Any] | None = None,
    *,
    wired: dict[str, Any] | None = None,
    **parameters: ParameterValue,
) -> Any:
    """What the output gives with these inputs wired, these parameters set, and the rest at their defaults.

    `more` are names that stand for something else than usual: other prices, a market for what looks across symbols.
    """
    block = TEMPLATES[template]
    given = more or {}
    functions: dict[str, Any] = {name: prelude.FUNCTIONS[name] for name in prelude.NAMES}
    functions |= {
        "ta": talib,
        "np": np,
        "all_of": lambda conditions: np.logical_and.reduce(conditions),
        "any_of": lambda conditions: np.logical_or.reduce(conditions),
        "count_of": lambda conditions: np.sum(conditions, axis=0),
        **{name: _with_market(name, given.get("market")) for name in ("top_across", "of_symbol", "of_benchmark")},
    }
    names = {"prices": PRICES, **given, **block.default_parameters, **parameters}
    for input_port in block.input_ports:
        if input_port.name not in (wired or {}) and input_port.default:
            names[input_port.name] = eval(input_port.default, dict(functions), dict(names))
    return eval(block.outputs[port], functions, {**names, **(wired or {})})


def _with_market(name: str, market: object) -> Callable[..., Any]:
    """Recipes leave the market out; the text puts it in."""
    return lambda *arguments: prelude.FUNCTIONS[name](*arguments, market)


def _value(template: str, port: str, *, wired: dict[str, Any] | None = None, **parameters: ParameterValue) -> Any:
    options: dict[str, Any] = dict(parameters)
    return recipe_value(template, port, wired=wired, **options)


def _mean(values: Array, period: int) -> Array:
    return np.array([values[i + 1 - period : i + 1].mean() if i + 1 >= period else np.nan for i in range(len(values))])


def _exponential(values: Array, period: int) -> Array:
    """The mean of the first `period` values, then each new value with the weight 2 / (period + 1)."""
    result = np.full(len(values), np.nan)
    result[period - 1] = values[:period].mean()
    for i in range(period, len(values)):
        result[i] = result[i - 1] + 2 / (period + 1) * (values[i] - result[i - 1])
    return result


def _wilder(values: Array, period: int, first: int) -> Array:
    """Wilder's average: the mean of `period` values from `first` on, then one part in `period` of each new value."""
    result = np.full(len(values), np.nan)
    result[first + period - 1] = values[first : first + period].mean()
    for i in range(first + period, len(values)):
        result[i] = (result[i - 1] * (period - 1) + values[i]) / period
    return result


def _relative_strength(values: Array, period: int) -> Array:
    steps = np.concatenate([[0.0], np.diff(values)])
    gains = _wilder(np.maximum(steps, 0), period, 1)
    losses = _wilder(np.maximum(-steps, 0), period, 1)
    return 100 * gains / (gains + losses)


def _true_range() -> Array:
    before = np.concatenate([[np.nan], PRICES["close"][:-1]])
    parts = [PRICES["high"] - PRICES["low"], np.abs(PRICES["high"] - before), np.abs(PRICES["low"] - before)]
    widest: Array = np.maximum.reduce(parts)
    return widest


def _same(found: Array, expected: Array) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("source", ["close", "open", "high", "low"])
@pytest.mark.parametrize("period", [1, 2, 20, 200])
def test_averages_are_their_formulas_at_every_source(period: int, source: str) -> None:
    _same(_value("sma", "value", period=period, source=source), _mean(PRICES[source], period))
    _same(_value("ema", "value", period=period, source=source), _exponential(PRICES[source], period))


@pytest.mark.parametrize("period", [2, 14, 100])
def test_rsi_and_atr_are_wilders_formulas(period: int) -> None:
    _same(_value("rsi", "value", period=period), _relative_strength(PRICES["close"], period))
    _same(_value("atr", "value", period=period), _wilder(_true_range(), period, 1))


@pytest.mark.parametrize(("period", "deviations"), [(2, 0.5), (20, 2.0), (200, 3.0)])
def test_bollinger_bands_stand_population_deviations_from_the_mean(period: int, deviations: float) -> None:
    close = PRICES["close"]
    middle = _mean(close, period)
    spread = np.array([close[max(i + 1 - period, 0) : i + 1].std() for i in range(len(close))])
    for port, expected in (
        ("upper", middle + deviations * spread),
        ("middle", middle),
        ("lower", middle - deviations * spread),
    ):
        found = _value("bollinger_bands", port, period=period, deviations=deviations)
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_macd_is_fast_minus_slow_its_average_and_the_difference() -> None:
    macd, signal, histogram = (_value("macd", port) for port in ("macd", "signal", "histogram"))
    expected = talib.MACD(PRICES["close"], fastperiod=12, slowperiod=26, signalperiod=9)
    for found, value in zip((macd, signal, histogram), expected, strict=True):
        _same(found, value)
    # Both averages begin at bar 25, the fast one from the mean of bars 14 to 25.
    fast = np.concatenate([np.full(14, np.nan), _exponential(PRICES["close"][14:], 12)])
    line = fast - _exponential(PRICES["close"], 26)
    _same(macd[33:], line[33:])
    _same(histogram, macd - signal)


def test_prices_and_volume_come_out_as_they_are() -> None:
    for column, values in PRICES.items():
        assert _value("prices", column) is values
    _same(_value("average_volume", "value", period=5), _mean(PRICES["volume"], 5))


def test_arithmetic_takes_a_wire_or_its_number() -> None:
    a, b = PRICES["close"], PRICES["open"]
    operations: dict[str, Callable[[Any, Any], Any]] = {
        "add": lambda x, y: x + y,
        "subtract": lambda x, y: x - y,
        "multiply": lambda x, y: x * y,
        "divide": lambda x, y: x / y,
    }
    for name, operation in operations.items():
        _same(_value(name, "value", wired={"a": a, "b": b}), operation(a, b))
        _same(_value(name, "value", wired={"a": a}, number=2.5), operation(a, 2.5))
        _same(_value(name, "value", wired={"a": a}), a)


def test_division_by_zero_has_no_value_and_no_warning() -> None:
    found = _value("divide", "value", wired={"a": np.array([1.0, 0.0, 4.0]), "b": np.array([0.0, 0.0, 2.0])})
    np.testing.assert_array_equal(found, [np.nan, np.nan, 2.0])
    assert np.isnan(_value("divide", "value", wired={"a": np.array([1.0, 0.0])}, number=0)).all()


def test_a_constant_is_a_float_at_every_bar() -> None:
    found = _value("constant", "value", value=30)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, np.full(300, 30.0))


def test_looking_back_never_looks_ahead() -> None:
    high, low, close = PRICES["high"], PRICES["low"], PRICES["close"]
    np.testing.assert_array_equal(_value("previous_value", "value", bars=3), [*[np.nan] * 3, *close[:-3]])
    np.testing.assert_array_equal(_value("previous_value", "value", bars=0), close)
    expected = [high[i - 19 : i + 1].max() if i >= 19 else np.nan for i in range(300)]
    np.testing.assert_array_equal(_value("highest", "value"), expected)
    expected = [low[i - 19 : i + 1].min() if i >= 19 else np.nan for i in range(300)]
    np.testing.assert_array_equal(_value("lowest", "value"), expected)


A = np.array([1.0, 2.0, 3.0, 2.0, 2.0, 1.0, np.nan, 3.0])
B = np.array([2.0, 2.0, 2.0, 2.0, 2.0 + 1e-12, 2.0, 2.0, 2.0])


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("greater_than", [0, 0, 1, 0, 0, 0, 0, 1]),
        ("less_than", [1, 0, 0, 0, 0, 1, 0, 0]),
        ("crosses_above", [0, 0, 1, 0, 0, 0, 0, 0]),
        ("crosses_below", [0, 0, 0, 0, 0, 1, 0, 0]),
    ],
)
def test_comparisons_hold_a_tie_for_a_tie_and_no_value_for_false(template: str, expected: list[int]) -> None:
    for found in (
        _value(template, "result", wired={"a": A, "b": B}),
        _value(template, "result", wired={"a": A}, level=2.0),
    ):
        assert found.dtype == np.bool_
        np.testing.assert_array_equal(found, np.array(expected, dtype=bool))


def test_between_includes_its_bounds_and_never_holds_without_a_value() -> None:
    found = _value("between", "result", wired={"value": A}, lower_level=2.0, upper_level=3)
    np.testing.assert_array_equal(found, np.array([0, 1, 1, 1, 1, 0, 0, 1], dtype=bool))
    found = _value("between", "result", wired={"value": A, "upper": B}, lower_level=1.5)
    np.testing.assert_array_equal(found, np.array([0, 1, 0, 1, 1, 0, 0, 0], dtype=bool))


def test_logic_is_and_or_not() -> None:
    x, y = np.array([True, True, False, False]), np.array([True, False, True, False])
    np.testing.assert_array_equal(_value("all_of", "result", wired={"conditions": [x, y]}), x & y)
    np.testing.assert_array_equal(_value("any_of", "result", wired={"conditions": [x, y]}), x | y)
    np.testing.assert_array_equal(_value("not", "result", wired={"condition": x}), [False, False, True, True])


def test_moving_average_crossover_is_true_where_the_fast_mean_comes_to_stand_above_the_slow_one() -> None:
    fast, slow = _mean(PRICES["close"], 10), _mean(PRICES["close"], 30)
    expected = [i > 29 and bool(fast[i] > slow[i] and fast[i - 1] <= slow[i - 1]) for i in range(300)]
    assert 3 <= sum(expected) <= 40
    np.testing.assert_array_equal(_value("moving_average_crossover", "signal"), expected)
    wired = _value("moving_average_crossover", "signal", wired={"price": PRICES["close"]})
    np.testing.assert_array_equal(wired, expected)


RULES = {
    "enter_long": {"signal": "enter_long(condition, strength=strength)"},
    "exit_long": {"signal": "exit_long(condition)"},
    "enter_short": {"signal": "enter_short(condition, strength=strength)"},
    "exit_short": {"signal": "exit_short(condition)"},
    "percent_of_equity": {"position": "position(signal, percent_of_equity=percent)"},
    "fixed_cash": {"position": "position(signal, cash=amount)"},
    "fixed_shares": {"position": "position(signal, shares=quantity)"},
    "percent_stop": {"position": "stop(position, percent=percent)"},
    "trailing_stop": {"position": "trailing_stop(position, percent=percent)"},
    "percent_target": {"position": "target(position, percent=percent)"},
    "maximum_positions": {"portfolio": "portfolio(positions, portfolio, maximum_positions=count)"},
}


def test_rule_blocks_say_exactly_what_the_closed_vocabulary_says() -> None:
    for name, recipes in RULES.items():
        assert TEMPLATES[name].outputs == recipes
    for name, word in (("atr_stop", "stop"), ("atr_target", "target")):
        recipe = TEMPLATES[name].outputs["position"]
        head = f"{word}(position, distance=multiple * "
        assert recipe.startswith(head)
        atr = eval(recipe.removeprefix(head).removesuffix(")"), {"ta": talib}, {"prices": PRICES, "period": 14})
        _same(atr, _wilder(_true_range(), 14, 1))


def test_every_series_and_boolean_recipe_is_checked_above() -> None:
    by_test_talib = {path.stem for path in (FOLDER / "indicator" / "talib").rglob("*.json")}
    computed = {
        name for name, block in TEMPLATES.items() if block.node_type in (NodeType.INDICATOR, NodeType.CONDITION)
    } - by_test_talib
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    text = "".join(texts)
    assert [name for name in sorted(computed) if f'"{name}"' not in text] == []
