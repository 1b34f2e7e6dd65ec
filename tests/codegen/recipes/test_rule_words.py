"""What the words of signals, sizes, stops and limits become in RULES, and what of them cannot be said."""

from typing import Any

import pytest

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program
from builder_app.flow.values import LogicFlow, Node, ParameterReference, StrategyParameter
from tests.codegen.flows import CATALOGUE, compiled, flow, node
from tests.codegen.panels import evaluated, random_bars


def strategy(more: list[Node], wires: list[str], parameters: dict[str, StrategyParameter] | None = None) -> LogicFlow:
    """An entry, an exit, and what else is given."""
    base = [node("rsi", "rsi"), node("low", "less_than", level=40.0), node("high", "greater_than", level=60.0)]
    lead = ["rsi.value > low.a", "rsi.value > high.a", "low.result > buy.condition"]
    return flow("Words", [*base, node("buy", "enter_long"), *more], [*lead, *wires], parameters)


def rules_of(picture: LogicFlow) -> dict[str, Any]:
    return evaluated(compiled(picture), random_bars(1))[0]


def refusal(picture: LogicFlow) -> str:
    made = compile_flow(picture, CATALOGUE)
    assert not isinstance(made, Program), made.source
    return made[0].message


SIZED = ["buy.signal > size.signal"]


def test_size_may_change_from_bar_to_bar_under_a_key() -> None:
    rules = rules_of(strategy([node("size", "volatility_target", maximum=40.0)], SIZED))
    assert rules["legs"][0]["size"] == {"kind": "percent_of_equity", "value": "size", "maximum": 40.0}


def test_size_worked_out_of_strategy_parameters_follows_them() -> None:
    picture = strategy(
        [node("size", "equal_weight", count=ParameterReference("slots"))], SIZED, {"slots": StrategyParameter(4)}
    )
    rules, evaluation = evaluated(compiled(picture), random_bars(1))
    assert set(evaluation.arrays[rules["legs"][0]["size"]["value"]][:, 0]) == {25.0}


def test_kelly_says_all_its_numbers() -> None:
    rules = rules_of(strategy([node("size", "kelly_from_trades", minimum_trades=20)], SIZED))
    size = {"kind": "kelly", "value": 0.5, "minimum_trades": 20, "before": 5.0, "maximum": 100.0}
    assert rules["legs"][0]["size"] == size


def test_odds_that_lose_are_refused_as_a_size() -> None:
    assert "never enter" in refusal(strategy([node("size", "kelly_fraction", win_rate=30.0, payoff=1.0)], SIZED))


def test_one_rest_holds_for_all_entries_of_a_position() -> None:
    more = [node("rest", "cooldown", bars=4), node("sell", "exit_long"), node("size", "fixed_shares")]
    wires = ["buy.signal > rest.signal", "rest.signal > size.signal", "high.result > sell.condition"]
    rules = rules_of(strategy(more, [*wires, "sell.signal > size.signal"]))
    assert rules["legs"][0]["cooldown"] == 4
    again = [*more, node("again", "enter_short")]
    picture = strategy(
        again, [*wires, "sell.signal > size.signal", "high.result > again.condition", "again.signal > size.signal"]
    )
    assert "rest for different numbers" in refusal(picture)


def test_reversal_enters_and_leaves_both_ways() -> None:
    more = [node("turn", "reverse"), node("size", "fixed_shares")]
    wires = ["low.result > turn.up", "high.result > turn.down", "turn.signal > size.signal", *SIZED]
    leg = rules_of(strategy(more, wires))["legs"][0]
    assert leg["long_exit"] == leg["short_entry"] is not None
    assert leg["short_exit"] is not None


def test_changing_levels_are_arrays_even_where_they_are_one_number() -> None:
    more = [node("size", "fixed_shares"), node("floor", "constant", value=30.0), node("stop", "moving_average_stop")]
    rules, evaluation = evaluated(
        compiled(strategy(more, [*SIZED, "size.position > stop.position", "floor.value > stop.level"])), random_bars(1)
    )
    (rule,) = rules["legs"][0]["exits"]
    assert (rule["kind"], rule["unit"]) == ("stop", "level")
    assert set(evaluation.arrays[rule["value"]][:, 0]) == {30.0}


LIMITS: dict[str, tuple[dict[str, Any], Any]] = {
    "maximum_weight": ({"percent": 20.0}, 20.0),
    "drawdown_halt": ({"percent": 15.0}, {"percent": 15.0, "bars": None}),
    "daily_loss": ({"percent": 2.0, "close": True}, {"percent": 2.0, "close": True}),
    "turnover_limit": ({"percent": 150.0, "bars": 20}, {"percent": 150.0, "bars": 20}),
    "correlation_cap": ({"correlation": 0.7, "bars": 30}, {"correlation": 0.7, "bars": 30}),
    "sector_cap": (
        {"percent": 25.0, "sectors": "XOM: Energy\nAAPL : Information technology;MSFT: Information technology"},
        {
            "percent": 25.0,
            "sectors": {"AAPL": "Information technology", "MSFT": "Information technology", "XOM": "Energy"},
        },
    ),
}


@pytest.mark.parametrize("name", list(LIMITS))
def test_limit_is_what_the_block_says(name: str) -> None:
    values, wanted = LIMITS[name]
    more = [node("size", "fixed_shares"), node("limit", name, **values)]
    portfolio = rules_of(strategy(more, [*SIZED, "size.position > limit.positions"]))["portfolio"]
    key = {"turnover_limit": "maximum_turnover"}.get(name, name)
    assert portfolio == {"maximum_positions": None, key: wanted}


def test_several_limits_stand_together_and_the_tightest_number_counts() -> None:
    more = [
        node("size", "fixed_shares"),
        node("wide", "maximum_weight", percent=30.0),
        node("tight", "maximum_weight", percent=10.0),
        node("few", "maximum_positions", count=3),
    ]
    wires = ["size.position > wide.positions", "wide.portfolio > tight.portfolio", "tight.portfolio > few.portfolio"]
    assert rules_of(strategy(more, [*SIZED, *wires]))["portfolio"] == {"maximum_positions": 3, "maximum_weight": 10.0}


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ("AAPL", "'AAPL'"),
        ("AAPL: ", "'AAPL:'"),
        (": Energy", "': Energy'"),
        ("A: x, A: y", "'A: y'"),
        (" , ,", "empty"),
    ],
)
def test_table_of_sectors_that_cannot_be_read_is_refused(table: str, word: str) -> None:
    more = [node("size", "fixed_shares"), node("limit", "sector_cap", sectors=table)]
    assert word in refusal(strategy(more, [*SIZED, "size.position > limit.positions"]))


def test_limit_on_some_positions_only_is_refused() -> None:
    more = [node("size", "fixed_shares"), node("other", "fixed_cash"), node("limit", "gross_exposure")]
    wires = [*SIZED, "buy.signal > other.signal", "size.position > limit.positions"]
    assert "some of the positions only" in refusal(strategy(more, wires))


def test_two_halts_that_differ_are_refused() -> None:
    more = [node("size", "fixed_shares"), node("one", "drawdown_halt", percent=10.0), node("two", "drawdown_halt")]
    wires = [*SIZED, "size.position > one.positions", "one.portfolio > two.portfolio"]
    assert "differ in more than a number" in refusal(strategy(more, wires))
