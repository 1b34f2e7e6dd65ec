"""What became of an order is told in the blocks' words, and is what the engine did: size, stops, exit, or refusal."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from builder_app.flow.values import LogicFlow, frozen_mapping
from builder_app.quicktest.request import RunResult, Trade
from builder_app.session.drafts.document import Document
from builder_app.session.runs.why import Explained, Side, Step
from builder_app.session.runs.why_levels import STOPS
from builder_app.session.runs.why_orders import HELD_LONG, HELD_SHORT, REFUSED
from tests.session.strategist import Strategist

ENTRY = {1: "long_entry", -1: "short_entry"}


def explained(work: Strategist, document: Document, symbol: str, bar: int) -> Explained:
    """The first answer, without waiting for smallest changes."""
    heard: list[Explained | str] = []
    work.session.why_not.ask(document, (symbol, bar), heard.append, heard.append)
    work.until(lambda: bool(heard))
    work.session.why_not.stop()
    found = heard[0]
    assert isinstance(found, Explained), found
    return found


def some(trades: list[Trade]) -> Iterator[Trade]:
    """Two trades of each way out."""
    told: dict[str, int] = {}
    for trade in trades:
        told[trade.exit_reason] = told.get(trade.exit_reason, 0) + 1
        if told[trade.exit_reason] <= 2:
            yield trade


def side_of(found: Explained, *names: str) -> Side:
    return next(side for side in found.answer.sides if side.side in names)


def row(side: Side, node: str) -> Step:
    return next(step for step in side.steps if step.node == node)


def decided_at(result: RunResult, trade: Trade) -> int:
    """The bar whose close decided a trade: the symbol's last one before the fill."""
    replay = result.replay
    assert replay is not None
    closes = replay.pool.fields[3][: trade.entry_bar, replay.pool.symbols.index(trade.symbol)]
    return int(np.flatnonzero(~np.isnan(closes))[-1])


@pytest.mark.parametrize("example", ["bollinger_long_short", "keltner_breakout", "rsi_2", "turtle_breakout"])
def test_a_trades_chain_goes_from_its_size_to_the_block_that_closed_it(work: Strategist, example: str) -> None:
    document = work.open_example(example)
    result, nodes = work.result_of(document), document.flow.nodes
    assert result.replay is not None
    (size,) = (id for id, node in nodes.items() if node.template in ("percent_of_equity", "risk_per_trade"))
    stopped = 0
    for trade in some(list(result.trades)):
        found = explained(work, document, trade.symbol, decided_at(result, trade))
        side = side_of(found, ENTRY[trade.direction])
        assert side.holds
        parts = [t for t in result.trades if (t.symbol, t.entry_bar) == (trade.symbol, trade.entry_bar)]
        bought = sum(part.quantity for part in parts)
        assert row(side, size).value == f"{bought:,.2f}".rstrip("0").rstrip(".") + " shares"
        rules = {id for id, node in nodes.items() if node.template.endswith(("_stop", "_target"))}
        closing = [step for step in side.steps[:-1] if step.holds and step.node in rules]
        if trade.exit_reason in (*STOPS, "target", "time"):
            (step,) = closing
            if trade.exit_reason != "time":
                levels = result.replay.levels(trade.symbol)
                assert levels is not None
                kept = levels.target if trade.exit_reason == "target" else levels.stop
                assert step.value == f"{kept[trade.exit_bar, trade.leg]:,.2f}"
                stopped += 1
            assert nodes[step.node].label in side.steps[-1].phrase
        else:
            assert closing == []
        assert f"{trade.exit_price:,.2f}" in side.steps[-1].phrase
    assert stopped or example == "rsi_2"


def test_what_is_held_says_where_its_stops_stand_and_what_will_close_it(work: Strategist) -> None:
    document = work.open_example("keltner_breakout")
    result = work.result_of(document)
    assert result.replay is not None
    trade = next(t for t in result.trades if t.exit_reason == "trailing stop" and t.exit_bar > t.entry_bar + 4)
    (stop,) = (id for id, node in document.flow.nodes.items() if node.template == "chandelier_stop")
    levels = result.replay.levels(trade.symbol)
    assert levels is not None
    before = None
    for bar in range(trade.entry_bar, trade.exit_bar):
        side = side_of(explained(work, document, trade.symbol, bar), HELD_LONG, HELD_SHORT)
        assert side.holds
        assert f"{trade.entry_price:,.2f}" in side.sentence
        assert row(side, stop).holds is True
        assert row(side, stop).value == f"{levels.stop[trade.exit_bar, trade.leg]:,.2f}"
        before = side
    assert before is not None
    after = explained(work, document, trade.symbol, trade.exit_bar)
    assert side_of(after, HELD_LONG, HELD_SHORT).steps[-1].value == before.steps[-1].value


LIMITS: dict[str, tuple[dict[str, Any], str]] = {
    "maximum_positions": ({"count": 1}, "maximum number"),
    "maximum_weight": ({"percent": 0.5}, "The symbol would have been"),
    "gross_exposure": ({"percent": 10.0}, "positions together"),
    "net_exposure": ({"percent": 10.0}, "Long less short"),
    "turnover_limit": ({"percent": 5.0, "bars": 50}, "entries of the last bars"),
    "drawdown_halt": ({"percent": 0.5, "bars": 30}, "fallen too far"),
    "correlation_cap": ({"correlation": 0.05, "bars": 20}, "moved too much"),
    "sector_cap": ({"percent": 5.0, "sectors": "AAPL: Technology, MSFT: Technology"}, "sector"),
}


def limited(flow: LogicFlow, template: str, parameters: dict[str, Any]) -> LogicFlow:
    """The flow with another limit in the place of its own."""
    held = replace(flow.nodes["limit"], template=template, parameters=frozen_mapping(parameters), label="The limit")
    return replace(flow, nodes=frozen_mapping({**flow.nodes, "limit": held}))


@pytest.mark.parametrize("template", LIMITS)
def test_limit_that_refused_an_entry_is_named_and_no_condition_is_blamed(work: Strategist, template: str) -> None:
    parameters, words = LIMITS[template]
    flow = limited(work.open_example("turtle_breakout").flow, template, parameters)
    document = work.session.new_document(flow)
    work.until(lambda: document.is_coded)
    result = work.result_of(document)
    refusal = next(one for one in result.rejections if words in one.reason)
    replay = result.replay
    assert replay is not None
    closes = replay.pool.fields[3][: refusal.bar, replay.pool.symbols.index(refusal.symbol)]
    bar = int(np.flatnonzero(~np.isnan(closes))[-1])
    decided = side_of(explained(work, document, refusal.symbol, bar), "long_entry")
    in_bar = side_of(explained(work, document, refusal.symbol, refusal.bar), REFUSED)
    for side in (decided, in_bar):
        (blocking,) = (step for step in side.steps if step.blocks)
        assert (blocking.node, blocking.value) == ("limit", "refused")
        assert blocking.phrase == refusal.reason
        assert refusal.reason in side.sentence
        assert side.change_sentence.startswith("No condition stood in the way")
        assert "The limit" in side.change_sentence
        assert side.change is None
        assert any(step.value == "not filled" for step in side.steps)


def test_too_little_cash_and_the_tests_own_limits_are_told_apart(work: Strategist) -> None:
    document = work.open_example("turtle_breakout")
    result = work.result_of(document)
    poor = next(one for one in result.rejections if "free cash" in one.reason)
    side = side_of(explained(work, document, poor.symbol, poor.bar), REFUSED)
    (blocking,) = (step for step in side.steps if step.blocks)
    assert document.flow.nodes[blocking.node].template == "risk_per_trade"
    assert "the free cash was less than" in side.change_sentence
    work.session.set_config(document, replace(document.config, maximum_positions=1))
    limited_result = work.result_of(document)
    full = next(one for one in limited_result.rejections if "maximum number" in one.reason)
    side = side_of(explained(work, document, full.symbol, full.bar), REFUSED)
    (blocking,) = (step for step in side.steps if step.blocks)
    assert (blocking.node, blocking.name) == ("", "Test set-up")


def test_an_entry_while_it_is_held_says_that_nothing_follows(work: Strategist) -> None:
    document = work.open_example("turtle_breakout")
    result = work.result_of(document)
    for trade in result.trades:
        for bar in range(trade.entry_bar, trade.exit_bar - 1):
            side = side_of(explained(work, document, trade.symbol, bar), "long_entry")
            if side.holds:
                assert side.steps[-1].value == "held already"
                return
    raise AssertionError("a breakout is followed by another one while it is held")


def test_position_that_is_sized_again_tells_its_next_parts_only(work: Strategist) -> None:
    document = work.open_example("momentum_rank")
    result = work.result_of(document)
    parts = [t for t in result.trades if t.exit_reason == "rebalance"]
    trade = parts[len(parts) // 2]
    side = side_of(explained(work, document, trade.symbol, trade.exit_bar - 1), HELD_LONG)
    exits = [step for step in side.steps if step.name.startswith("Sold on")]
    assert 1 <= len(exits) <= 6
    (weights,) = (id for id, node in document.flow.nodes.items() if node.template == "rebalance")
    assert exits[0].node == weights
    assert "made it smaller" in exits[0].phrase
