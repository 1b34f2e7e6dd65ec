"""Why and why not in a session: every entry of a real test is explained as it was traded."""

import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from builder_app.flow.edits import SetParameter
from builder_app.quicktest.request import RunResult
from builder_app.session.drafts.document import Document
from builder_app.session.runs.why import LOOKING, Explained
from builder_app.session.runs.why_trading import bar_words
from tests.session.strategist import Strategist, set_parameter


def explain(work: Strategist, document: Document, symbol: str, bar: int) -> Explained | str:
    """Ask, and wait for what is answered."""
    heard: list[Explained | str] = []
    work.session.why_not.ask(document, (symbol, bar), heard.append, heard.append)
    work.until(lambda: len(heard) == 2 or (bool(heard) and isinstance(heard[0], str)))
    if len(heard) == 2:
        first, last = heard
        assert isinstance(first, Explained)
        assert isinstance(last, Explained)
        assert [side.steps for side in first.answer.sides] == [side.steps for side in last.answer.sides]
        assert not any(side.change_sentence == LOOKING for side in last.answer.sides)
        assert all(side.holds or side.change_sentence == LOOKING for side in first.answer.sides)
    return heard[-1]


def bar_before(result: RunResult, bar: int) -> int:
    return bar - 1


def test_what_was_decided_before_each_fill_is_said_with_the_fill(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    trades = [trade for trade in result.trades if trade.exit_reason == "signal"][:3]
    assert trades
    for trade in trades:
        found = explain(work, document, trade.symbol, bar_before(result, trade.entry_bar))
        assert isinstance(found, Explained), found
        (entry,) = (side for side in found.answer.sides if side.side == "long_entry")
        assert entry.holds
        assert any(f"Bought at the next open, {bar_words(result.times[trade.entry_bar])}" in s for s in found.trading)
        assert any(f"{trade.entry_price:,.2f}" in sentence for sentence in found.trading)
        left = explain(work, document, trade.symbol, bar_before(result, trade.exit_bar))
        assert isinstance(left, Explained)
        (way_out,) = (side for side in left.answer.sides if side.side == "long_exit")
        assert way_out.holds
        assert any("by the signal" in sentence for sentence in left.trading)
        assert any("was held long" in sentence for sentence in left.trading)


def test_bar_without_an_entry_says_what_was_false_and_nothing_was_bought(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    entries = {trade.entry_bar for trade in result.trades}
    symbol = result.symbols[0]
    bar = next(bar for bar in range(200, len(result.times)) if not {bar, bar + 1} & entries)
    found = explain(work, document, symbol, bar)
    assert isinstance(found, Explained), found
    (entry,) = (side for side in found.answer.sides if side.side == "long_entry")
    assert not entry.holds
    assert f"{symbol} was not bought on {bar_words(result.times[bar])}" in entry.sentence
    assert entry.blockers
    assert not any("Bought" in sentence for sentence in found.trading)


def test_refused_entry_is_told_with_the_engines_reason(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    assert result.rejections, "the example's last bars are refused"
    rejection = result.rejections[0]
    found = explain(work, document, rejection.symbol, rejection.bar)
    assert isinstance(found, Explained)
    assert any(rejection.reason in sentence for sentence in found.trading)


def test_cash_and_what_is_held_make_the_equity(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    held = np.zeros(len(result.times), dtype=bool)
    for trade in result.trades:
        held[trade.entry_bar : trade.exit_bar] = True
    bar = int(np.flatnonzero(~held)[100])
    found = explain(work, document, result.symbols[0], bar)
    assert isinstance(found, Explained)
    equity = f"{result.equity[bar]:,.2f}"
    assert f"Nothing was held at this close; the equity was {equity}, of which {equity} in cash." in found.trading


def test_after_an_edit_the_tested_picture_is_still_what_is_explained(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    trade = result.trades[0]
    before = explain(work, document, trade.symbol, trade.entry_bar - 1)
    set_parameter(document, "fast_period", 3)
    work.until(lambda: document.is_coded)
    after = explain(work, document, trade.symbol, trade.entry_bar - 1)
    assert isinstance(before, Explained)
    assert isinstance(after, Explained)
    assert after.answer == before.answer


def test_other_symbols_are_those_of_the_tested_picture_and_not_of_the_newest(work: Strategist) -> None:
    document = work.open_example("pairs_spread")
    (other,) = (id for id, node in document.flow.nodes.items() if node.template == "other_symbol")
    work.session.set_config(document, replace(document.config, stock_pool=("AAPL",), end_date=date(2001, 6, 29)))
    work.session.edit(document, SetParameter(other, "symbol", "MSFT"))
    work.until(lambda: document.is_coded)
    work.result_of(document)
    before = explain(work, document, "AAPL", 300)
    assert isinstance(before, Explained), before
    assert before.remarks == ()
    work.session.edit(document, SetParameter(other, "symbol", "IBM"))
    work.until(lambda: document.is_coded)
    after = explain(work, document, "AAPL", 300)
    assert isinstance(after, Explained), after
    assert after.remarks == ()
    assert after.answer == before.answer


@pytest.mark.parametrize(("symbol", "bar", "words"), [("NOBODY", 5, "not among the symbols"), ("AAPL", 10**6, "again")])
def test_what_cannot_be_explained_is_said(work: Strategist, symbol: str, bar: int, words: str) -> None:
    document = work.open_example()
    work.result_of(document)
    assert words in str(explain(work, document, symbol, bar))


def test_without_a_result_the_way_to_one_is_said(work: Strategist) -> None:
    assert "test the strategy" in str(explain(work, work.open_example(), "AAPL", 5))


def test_a_session_that_ends_gives_its_question_up(work: Strategist) -> None:
    document = work.open_example("rsi_2")
    result = work.result_of(document)
    heard: list[Explained | str] = []
    work.session.why_not.ask(document, (result.symbols[0], 900), heard.append, heard.append)
    work.until(lambda: bool(heard))
    assert isinstance(heard[0], Explained)
    assert any(side.change_sentence == LOOKING for side in heard[0].answer.sides)
    (thread,) = work.session.why_not._answers._executor._threads
    work.session.why_not.close()
    began = time.monotonic()
    thread.join(10.0)
    assert time.monotonic() - began < 1.0
    work.mailbox.run_waiting()
    assert len(heard) == 1


def test_only_the_newest_question_is_answered(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    asking, heard = work.session.why_not, list[Explained | str]()
    for bar in range(300, 310):
        asking.ask(document, (result.symbols[0], bar), heard.append, heard.append)
    work.until(lambda: len(heard) == 2)
    assert [found.bar for found in heard if isinstance(found, Explained)] == [309, 309]
