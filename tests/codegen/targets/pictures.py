"""The flows that every target is run on: an average crossover with different sizes and exits, and a few others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from builder_app.flow.values import Formula, LogicFlow, Node, ParameterReference, StrategyParameter, frozen_mapping
from tests.codegen.flows import flow, node
from tests.codegen.test_golden import bollinger_bands

_AVERAGES: Final = (
    node("price", "prices", "Prices"),
    node("fast", "sma", "Fast average", period=10),
    node("slow", "sma", "Slow average", period=30),
    node("golden", "crosses_above", "Golden cross"),
    node("death", "crosses_below", "Death cross"),
)
_WIRES: Final = (
    "price.close > fast.price",
    "price.close > slow.price",
    "fast.value > golden.a",
    "slow.value > golden.b",
    "fast.value > death.a",
    "slow.value > death.b",
)
SHARES: Final = node("size", "fixed_shares", "Hundred shares", quantity=100.0)


def crossover(*exits: Node, size: Node = SHARES, both_ways: bool = False, limit: Node | None = None) -> LogicFlow:
    """Long on the golden cross until the death cross (short then, where it trades both ways), with these exits."""
    words = ["enter_long", "exit_long", *(["enter_short", "exit_short"] if both_ways else [])]
    causes = {"enter_long": "golden", "exit_long": "death", "enter_short": "death", "exit_short": "golden"}
    nodes = [*_AVERAGES, *(node(word, word) for word in words), size, *exits, *([limit] if limit else [])]
    wires = [*_WIRES, *(f"{causes[word]}.result > {word}.condition" for word in words)]
    wires += [f"{word}.signal > {size.id}.signal" for word in words]
    before = size.id
    for each in exits:
        wires.append(f"{before}.position > {each.id}.position")
        before = each.id
    if limit is not None:
        wires.append(f"{before}.position > {limit.id}.positions")
    return flow("Average crossover", nodes, wires)


def with_percent_stop() -> LogicFlow:
    """A stop 5 % under the fill price."""
    return crossover(node("stop", "percent_stop", "Stop", percent=5.0))


def with_stop_and_target() -> LogicFlow:
    """Both: the first one that is touched counts."""
    stop = node("stop", "percent_stop", "Stop", percent=4.0)
    return crossover(stop, node("target", "percent_target", "Target", percent=6.0))


def with_atr_stop() -> LogicFlow:
    """A stop as far away as the market moves."""
    return crossover(node("stop", "atr_stop", "Range stop", period=14, multiple=2.0))


def with_trailing_stop() -> LogicFlow:
    """A stop that follows the best price."""
    return crossover(node("stop", "trailing_stop", "Trailing stop", percent=8.0))


def both_ways() -> LogicFlow:
    """Always in the market: each cross turns the position around."""
    return crossover(both_ways=True)


def both_ways_with_stop() -> LogicFlow:
    """Both directions with a stop."""
    return crossover(node("stop", "percent_stop", "Stop", percent=5.0), both_ways=True)


def quarter_of_equity() -> LogicFlow:
    """A size that follows the equity."""
    return crossover(size=node("size", "percent_of_equity", "A quarter", percent=25.0))


def ten_thousand() -> LogicFlow:
    """A size in money."""
    return crossover(size=node("size", "fixed_cash", "Ten thousand", amount=10_000.0))


def at_most_two() -> LogicFlow:
    """A limit over all symbols, whose entries compete for two places."""
    return crossover(limit=node("limit", "maximum_positions", "At most two", count=2))


def chandelier() -> LogicFlow:
    """A trailing stop whose distance follows the market's range, with a first stop and a target of twice its risk."""
    first = node("first", "percent_stop", "First stop", percent=6.0)
    stop = node("stop", "chandelier_stop", "Chandelier", period=22, multiple=3.0)
    return crossover(
        first, stop, node("target", "risk_multiple_target", "Twice the risk", multiple=2.0), both_ways=True
    )


def swing_low() -> LogicFlow:
    """A stop at a price of the decision, and the fill price once the trade has gained."""
    stop = node("stop", "swing_low_stop", "Swing low", period=10, buffer=1.0)
    return crossover(stop, node("even", "break_even_stop", "Break even", percent=4.0))


def moving_average_stop() -> LogicFlow:
    """A stop that follows a series, with a size by the market's volatility."""
    size = node("size", "volatility_target", "Same volatility", target=10.0, period=20, maximum=30.0)
    return crossover(node("stop", "moving_average_stop", "At the average", period=20), size=size)


def risk_per_trade() -> LogicFlow:
    """A size by the distance of the stop."""
    size = node("size", "risk_per_trade", "One percent of risk", percent=1.0, maximum=40.0)
    return crossover(node("stop", "percent_stop", "Stop", percent=5.0), size=size)


def twenty_bars() -> LogicFlow:
    """Left by the clock, or earlier by the cross; sized by volatility."""
    size = node("size", "volatility_target", "Same volatility", target=10.0, period=20, maximum=30.0)
    return crossover(node("time", "time_stop", "Twenty bars", bars=20), size=size, both_ways=True)


def by_formulas() -> LogicFlow:
    """Both averages, the size and the stop follow one strategy parameter; the slow one by a long formula."""
    size = node("size", "fixed_shares", "Shares", quantity=Formula("10 * pace"))
    drawn = crossover(node("stop", "percent_stop", "Stop", percent=Formula("pace / 2")), size=size)
    slow = node("slow", "sma", "Slow average", period=Formula("min(round(pace * 2.5) + 5, pace * 3, max(pace, 200))"))
    fast = node("fast", "sma", "Fast average", period=ParameterReference("pace"))
    nodes = frozen_mapping({**drawn.nodes, "fast": fast, "slow": slow})
    return replace(drawn, nodes=nodes, parameters=frozen_mapping({"pace": StrategyParameter(10)}))


PICTURES: Final[Mapping[str, Callable[[], LogicFlow]]] = {
    "crossover": crossover,
    "percent_stop": with_percent_stop,
    "stop_and_target": with_stop_and_target,
    "atr_stop": with_atr_stop,
    "trailing_stop": with_trailing_stop,
    "both_ways": both_ways,
    "both_ways_with_stop": both_ways_with_stop,
    "quarter_of_equity": quarter_of_equity,
    "ten_thousand": ten_thousand,
    "at_most_two": at_most_two,
    "chandelier": chandelier,
    "swing_low": swing_low,
    "moving_average_stop": moving_average_stop,
    "risk_per_trade": risk_per_trade,
    "twenty_bars": twenty_bars,
    "by_formulas": by_formulas,
    "bollinger_bands": bollinger_bands,
}
SAMPLE_SYMBOLS: Final[Sequence[str]] = ("AAPL", "FB", "GOOG", "IBM", "MSFT")
