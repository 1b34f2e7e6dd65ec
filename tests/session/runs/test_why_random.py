"""On random strategies of all blocks every trade and every refusal is explained, by a block of the right kind."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.flow.values import LogicFlow
from builder_app.quicktest.request import Rejection, RunRequest, RunResult, TestConfig, Trade
from builder_app.quicktest.runner import Runner
from builder_app.session.runs.why import BarAnswer, Question, explained
from builder_app.session.runs.why_levels import STOPS
from builder_app.session.runs.why_orders import REFUSED
from builder_app.session.runs.why_refusals import is_at_once
from tests.codegen.flows import CATALOGUE, compiled
from tests.codegen.panels import POOL
from tests.codegen.test_end_to_end import panel
from tests.codegen.test_panels import panel_flows

CONFIG = TestConfig(stock_pool=POOL, benchmark="SPY", slippage=0.001, maximum_positions=3)
KINDS = {"stop": "stop", "trailing stop": "trailing_stop", "break even": "break_even", "time": "time_stop"}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as shared:
        yield shared


def before(result: RunResult, symbol: str, bar: int) -> int:
    """The symbol's bar before this one."""
    assert result.replay is not None
    closes = result.replay.pool.fields[3][:bar, POOL.index(symbol)]
    return int(np.flatnonzero(~np.isnan(closes))[-1])


def answer_at(picture: LogicFlow, result: RunResult, seed: int, at: tuple[str, int]) -> BarAnswer:
    prices = panel(seed, 80)
    found, _ = explained(Question(picture, CATALOGUE, CONFIG, result, at), lambda _config: prices)
    return found.answer


def assert_trade(answer: BarAnswer, trade: Trade) -> None:
    """Its size has a row with shares, and what closed it is a block of that kind."""
    leg = answer.rules.legs[trade.leg]
    (side,) = (
        side
        for side in answer.sides
        if side.position == leg.position and side.side == ("long_entry" if trade.direction > 0 else "short_entry")
    )
    assert side.holds
    assert any(step.node == leg.size.node and step.value.endswith("shares") for step in side.steps)
    left = [step for step in side.steps if step.name.startswith(("Sold on", "Bought back on"))]
    assert left
    if trade.exit_reason in (*STOPS, "target", "time"):
        kind = KINDS.get(trade.exit_reason, "target")
        assert any(step.node == block.node for step in left for block in leg.exits if block.kind == kind)


def assert_refusal(answer: BarAnswer, refusal: Rejection) -> None:
    """A side says it, and a row says what it was."""
    told = [side for side in answer.sides if side.side == REFUSED or "The order was refused" in side.sentence]
    assert any(refusal.reason in side.sentence for side in told)
    assert any(step.blocks and step.phrase == refusal.reason for side in told for step in side.steps)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(picture=panel_flows(), seed=st.integers(0, 50))
def test_every_trade_and_every_refusal_is_explained(runner: Runner, picture: LogicFlow, seed: int) -> None:
    result = runner.run(RunRequest(compiled(picture).source, CONFIG, panel(seed, 80)))
    if not isinstance(result, RunResult):  # a level that no engine takes, said before
        return
    for trade in list(result.trades)[:4]:
        decided = before(result, trade.symbol, trade.entry_bar)
        assert_trade(answer_at(picture, result, seed, (trade.symbol, decided)), trade)
    for refusal in list(result.rejections)[:4]:
        bar = refusal.bar
        assert_refusal(answer_at(picture, result, seed, (refusal.symbol, bar)), refusal)
        if not is_at_once(refusal):
            decided = before(result, refusal.symbol, bar)
            assert_refusal(answer_at(picture, result, seed, (refusal.symbol, decided)), refusal)
