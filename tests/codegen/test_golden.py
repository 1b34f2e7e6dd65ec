"""Whole programs as text: read by people in golden/, run on random prices here, and regenerated unchanged.

`REWRITE_GOLDEN=1 pytest tests/codegen/test_golden.py` writes them anew; read the difference before it is committed.
"""

import os
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest

from builder_app.codegen.checks import check_program
from builder_app.codegen.interpreter.interpret import interpret
from builder_app.codegen.program import ValidationStatus
from builder_app.flow.values import LogicFlow, ParameterReference, StrategyParameter
from tests.codegen.flows import CATALOGUE, compiled, executed, flow, node, random_prices
from tests.codegen.test_compile import assert_formatted

GOLDEN = Path(__file__).parent / "golden"


def crossover_with_stop() -> LogicFlow:
    """The first strategy of every strategist, with parameters of the strategy."""
    return flow(
        "Moving average crossover",
        [
            node("price", "prices", "Prices"),
            node("fast", "sma", "Fast average", period=ParameterReference("fast_period")),
            node("slow", "sma", "Slow average", period=ParameterReference("slow_period")),
            node("golden", "crosses_above", "Golden cross"),
            node("death", "crosses_below", "Death cross"),
            node("buy", "enter_long", "Buy"),
            node("sell", "exit_long", "Sell"),
            node("size", "percent_of_equity", "A quarter each", percent=25.0),
            node("stop", "percent_stop", "Stop", percent=ParameterReference("stop_percent")),
            node("limit", "maximum_positions", "At most four", count=4),
        ],
        [
            "price.close > fast.price",
            "price.close > slow.price",
            "fast.value > golden.a",
            "slow.value > golden.b",
            "fast.value > death.a",
            "slow.value > death.b",
            "golden.result > buy.condition",
            "death.result > sell.condition",
            "buy.signal > size.signal",
            "sell.signal > size.signal",
            "size.position > stop.position",
            "stop.position > limit.positions",
        ],
        {
            "fast_period": StrategyParameter(10, 2, 50, 1),
            "slow_period": StrategyParameter(30, 5, 200, 5),
            "stop_percent": StrategyParameter(5.0),
        },
    )


def long_short_with_atr_exits() -> LogicFlow:
    """Both directions by momentum, with a stop and a target that follow the market's range."""
    return flow(
        "Momentum, long and short",
        [
            node("macd", "macd", "MACD"),
            node("up", "crosses_above", "Momentum turns up", level=0.0),
            node("down", "crosses_below", "Momentum turns down", level=0.0),
            node("busy", "average_volume", "Usual volume", period=20),
            node("price", "prices"),
            node("loud", "greater_than", "Loud day"),
            node("long", "all_of", "Up on volume"),
            node("buy", "enter_long"),
            node("cover", "exit_short"),
            node("short", "enter_short"),
            node("sell", "exit_long"),
            node("size", "fixed_cash", "Ten thousand", amount=10_000.0),
            node("stop", "atr_stop", period=14, multiple=2.0),
            node("target", "atr_target", period=14, multiple=3.5),
        ],
        [
            "macd.histogram > up.a",
            "macd.histogram > down.a",
            "price.volume > loud.a",
            "busy.value > loud.b",
            "up.result > long.conditions",
            "loud.result > long.conditions",
            "long.result > buy.condition",
            "macd.histogram > buy.strength",
            "up.result > cover.condition",
            "down.result > short.condition",
            "down.result > sell.condition",
            "buy.signal > size.signal",
            "cover.signal > size.signal",
            "short.signal > size.signal",
            "sell.signal > size.signal",
            "size.position > stop.position",
            "stop.position > target.position",
        ],
    )


def rsi_reversal() -> LogicFlow:
    """Blocks without labels: everything is named after what it is."""
    return flow(
        "RSI reversal",
        [
            node("rsi", "rsi"),
            node("low", "crosses_above", level=30.0),
            node("high", "greater_than", level=70.0),
            node("buy", "enter_long"),
            node("sell", "exit_long"),
            node("size", "fixed_shares", quantity=100.0),
            node("trail", "trailing_stop", percent=8.0),
        ],
        [
            "rsi.value > low.a",
            "rsi.value > high.a",
            "low.result > buy.condition",
            "high.result > sell.condition",
            "buy.signal > size.signal",
            "sell.signal > size.signal",
            "size.position > trail.position",
        ],
    )


def bollinger_bands() -> LogicFlow:
    """Several outputs of one block, and two ways in that merge."""
    return flow(
        "Bollinger bands",
        [
            node("price", "prices"),
            node("bands", "bollinger_bands", period=20, deviations=2.0),
            node("below", "less_than", "Under the lower band"),
            node("deep", "previous_value", "Yesterday's low", bars=1, source="low"),
            node("lower", "greater_than", "Undercut and back"),
            node("mid", "crosses_above", "Back at the middle"),
            node("buy", "enter_long"),
            node("again", "enter_long"),
            node("sell", "exit_long"),
            node("size", "percent_of_equity", percent=20.0),
            node("target", "percent_target", percent=12.0),
        ],
        [
            "price.close > below.a",
            "bands.lower > below.b",
            "price.close > lower.a",
            "deep.value > lower.b",
            "price.close > mid.a",
            "bands.middle > mid.b",
            "below.result > buy.condition",
            "lower.result > again.condition",
            "mid.result > sell.condition",
            "buy.signal > size.signal",
            "again.signal > size.signal",
            "sell.signal > size.signal",
            "size.position > target.position",
        ],
    )


def custom_formulas() -> LogicFlow:
    """A strategist's own formulas, one of them too wide for a line."""
    return flow(
        "Own formulas",
        [
            node("price", "prices"),
            node("top", "highest", "Highest high of twenty bars", period=20),
            node("bottom", "lowest", "Lowest low of twenty bars", period=20),
            node("place", "custom_expression", "Place in the range", expression="(c - b) / (a - b) * 100"),
            node(
                "calm",
                "custom_condition",
                "Calm and high",
                expression='a > 80 and is_below(ta.ATR(prices["high"], prices["low"], prices["close"], timeperiod=10)'
                " / b, 0.05) and change(c, 3) > 0 and not is_equal(c, previous(c, 1))",
            ),
            node("weak", "less_than", "Weak", level=40.0),
            node("buy", "enter_long"),
            node("sell", "exit_long"),
            node("size", "percent_of_equity", percent=10.0),
        ],
        [
            "top.value > place.a",
            "bottom.value > place.b",
            "price.close > place.c",
            "place.value > calm.a",
            "price.close > calm.b",
            "price.close > calm.c",
            "place.value > weak.a",
            "calm.result > buy.condition",
            "weak.result > sell.condition",
            "buy.signal > size.signal",
            "sell.signal > size.signal",
        ],
    )


def default_position() -> LogicFlow:
    """Signals with no size of their own."""
    return flow(
        "Crossover without a size",
        [
            node("cross", "moving_average_crossover", "Trend up", fast_period=5, slow_period=20),
            node("rsi", "rsi", "Strength", period=10),
            node("hot", "greater_than", "Too hot", level=80.0),
            node("buy", "enter_long"),
            node("sell", "exit_long"),
        ],
        [
            "cross.signal > buy.condition",
            "rsi.value > hot.a",
            "hot.result > sell.condition",
            "rsi.value > buy.strength",
        ],
    )


FLOWS = (
    crossover_with_stop,
    long_short_with_atr_exits,
    rsi_reversal,
    bollinger_bands,
    custom_formulas,
    default_position,
)


@pytest.mark.parametrize("make", FLOWS, ids=lambda make: make.__name__)
def test_program_is_the_golden_text(make: FunctionType) -> None:
    program = compiled(make())
    file = GOLDEN / f"{make.__name__}.py"
    if os.environ.get("REWRITE_GOLDEN"):
        file.write_text(program.source, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == program.source
    assert_formatted(program.source)
    assert check_program(program.source).status is ValidationStatus.VALID


@pytest.mark.parametrize("make", FLOWS, ids=lambda make: make.__name__)
def test_golden_program_runs_and_trades_as_the_flow_says(make: FunctionType) -> None:
    picture = make()
    program = compiled(picture)
    entered = 0
    for seed in range(5):
        prices = random_prices(seed, 400)
        names, answer = executed(program, prices)
        meaning = interpret(picture, CATALOGUE, prices)
        for rules, leg in zip(names["RULES"]["legs"], meaning.legs.values(), strict=True):
            for side, wanted in leg.rules.items():
                assert np.array_equal(answer[rules[side]], wanted)
                assert not answer[rules[side]][: program.warm_up - 1].all()
            entered += int(answer[rules["long_entry"]].sum())
    assert entered > 0, "A golden strategy that never enters shows nothing."


def test_every_golden_file_belongs_to_a_flow() -> None:
    assert {file.stem for file in GOLDEN.glob("*.py")} == {make.__name__ for make in FLOWS}
