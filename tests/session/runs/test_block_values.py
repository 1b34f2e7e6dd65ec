"""Blocks' values over all bars of a result: the interpreter's, those of the newest question, and not too many."""

import datetime
import threading
from dataclasses import replace

import numpy as np
import pytest

from builder_app.codegen.interpreter.interpret import interpret_panel
from builder_app.codegen.why.looking import Looking, looking_at
from builder_app.flow.group_paths import path_id
from builder_app.flow.grouping import group_nodes
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Port
from builder_app.quicktest.engine.prices import pool_of
from builder_app.quicktest.request import TestConfig
from builder_app.session.drafts.document import Document
from builder_app.session.runs import block_values
from builder_app.session.runs.block_values import NO_RESULT, OTHER_PRICES, BlockValues
from builder_app.session.runs.prices_to_read import to_read
from builder_app.session.runs.traced_values import named_ports, traces_by_node, traces_by_port
from builder_app.session.runs.why import interpreted
from tests.session.strategist import Strategist, set_parameter


def asked(work: Strategist, document: Document, symbol: str, asker: str = "chart") -> BlockValues | str:
    """Ask, and wait for what is answered."""
    heard: list[BlockValues | str] = []
    work.session.block_values.ask(asker, document, symbol, heard.append, heard.append)
    work.until(lambda: bool(heard))
    (found,) = heard
    return found


def values(work: Strategist, document: Document, symbol: str) -> BlockValues:
    """Ask for what must be there."""
    found = asked(work, document, symbol)
    assert isinstance(found, BlockValues), found
    return found


@pytest.mark.parametrize("example", ["macd_with_trend", "momentum_and_calm", "pairs_spread", "supertrend"])
def test_values_are_the_interpreters_over_all_bars_of_a_test(work: Strategist, example: str) -> None:
    document = work.open_example(example)
    result = work.result_of(document)
    assert document.program is not None
    panel = work.session.load_prices(to_read(document.config, document.program))
    pool, _ = pool_of(panel, document.config.stock_pool)
    assert pool is not None
    seen = interpreted(panel, pool, document.config, (0, len(result.times)))
    with np.errstate(all="ignore"):
        meant = interpret_panel(document.flow, work.session.catalogue, seen)
    for symbol in (result.symbols[0], result.symbols[-1]):
        found = values(work, document, symbol)
        rows = next(member.rows for member in seen.members if member.symbol == symbol)
        compared = 0
        for name, wanted in meant[symbol].values.items():
            if isinstance(wanted, np.ndarray):
                expected = np.full(len(result.times), np.nan)
                expected[rows] = wanted.astype(float)
                np.testing.assert_array_equal(found.of(Port(*name.split("."))), expected, err_msg=name)
                compared += 1
        assert compared > 2


def test_last_bars_are_those_that_the_test_kept(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    for column, symbol in enumerate(result.symbols):
        found = values(work, document, symbol)
        for port, kept in traces_by_port(document).items():
            np.testing.assert_array_equal(found.of(port)[-len(kept) :], kept[:, column])
        for node, line in traces_by_node(document).items():
            if not column:
                np.testing.assert_array_equal(found.last(len(line))[node], line)


def test_every_bar_says_what_its_series_hold_by_block_and_port(work: Strategist) -> None:
    document = work.open_example("bollinger_long_short")
    result = work.result_of(document)
    found = values(work, document, result.symbols[0])
    for bar in (0, 60, len(result.times) - 1):
        said = {Port(node, port): value for node, ports in found.at(bar).items() for port, value in ports.items()}
        known = {port: float(series[bar]) for port, series in found.series.items() if np.isfinite(series[bar])}
        assert said == known
    assert found.at(len(result.times)) == {}
    assert found.at(-1) == {}
    names = named_ports(found.series, found.flow, work.session.catalogue)
    assert names["Bollinger bands, upper"] == Port("bands", "upper")
    assert {"Bollinger bands, upper", "Prices, close"} <= names.keys()


def test_blocks_inside_a_group_have_values_under_the_path_to_them(work: Strategist) -> None:
    document = work.open_example()
    averages = [id for id, node in document.flow.nodes.items() if node.template in ("sma", "ema")]
    work.result_of(document)
    before = values(work, document, "AAPL")
    work.session.edit(document, group_nodes(document.flow, work.session.catalogue, averages, "Averages"))
    work.until(lambda: document.is_coded)
    result = work.result_of(document)
    (group,) = (id for id, node in document.flow.nodes.items() if node.template.startswith("group"))
    found = values(work, document, "AAPL")
    assert len(averages) > 1
    for id in averages:
        np.testing.assert_array_equal(found.of(Port(path_id((group,), id), "value")), before.of(Port(id, "value")))
    assert any("Averages ▸" in name for name in named_ports(found.series, found.flow, work.session.catalogue))
    assert found.result is result


def test_what_is_known_is_answered_at_once_and_each_question_has_a_number(work: Strategist) -> None:
    document = work.open_example()
    work.result_of(document)
    first = values(work, document, "AAPL")
    heard: list[BlockValues] = []
    number = work.session.block_values.ask("canvas", document, "AAPL", heard.append)
    (again,) = heard
    assert again.generation == number > first.generation
    assert again.series is first.series


def test_only_the_newest_question_of_an_asker_is_answered(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    heard: list[BlockValues] = []
    other: list[BlockValues] = []
    numbers = [work.session.block_values.ask("chart", document, symbol, heard.append) for symbol in result.symbols]
    work.session.block_values.ask("canvas", document, result.symbols[0], other.append)
    work.until(lambda: bool(heard) and bool(other))
    assert [(each.symbol, each.generation) for each in heard] == [(result.symbols[-1], numbers[-1])]
    assert [each.symbol for each in other] == [result.symbols[0]]
    work.session.block_values.ask("chart", document, result.symbols[1], heard.append)
    work.session.block_values.stop("chart")
    values(work, document, result.symbols[0])
    assert len(heard) == 1


def test_nothing_is_worked_out_in_the_owners_thread(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def noted(flow: LogicFlow, catalogue: Catalogue, *, is_whole: bool = True) -> Looking:
        threads.append(threading.current_thread())
        return looking_at(flow, catalogue, is_whole=is_whole)

    monkeypatch.setattr(block_values, "looking_at", noted)
    document = work.open_example()
    work.result_of(document)
    values(work, document, "AAPL")
    assert threads
    assert threading.main_thread() not in threads


def test_without_a_result_or_with_other_prices_a_sentence_says_so(work: Strategist) -> None:
    document = work.open_example()
    assert asked(work, document, "AAPL") == NO_RESULT
    work.result_of(document)
    assert "was not among the symbols" in str(asked(work, document, "NOBODY"))
    document.tested_config = replace(document.config, start_date=datetime.date(2005, 1, 3))
    assert asked(work, document, "AAPL") == OTHER_PRICES


def test_a_stale_result_still_has_the_values_of_what_was_tested(work: Strategist) -> None:
    document = work.open_example()
    work.result_of(document)
    before = values(work, document, "AAPL")
    work.session.block_values._known.clear()
    set_parameter(document, "fast_period", 3)
    work.until(lambda: document.is_coded)
    after = values(work, document, "AAPL")
    for port, series in before.series.items():
        np.testing.assert_array_equal(after.of(port), series)


def test_memory_is_bounded_and_results_that_are_gone_are_forgotten(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = work.open_example()
    result = work.result_of(document)
    known = work.session.block_values
    first = values(work, document, result.symbols[0])
    monkeypatch.setattr(block_values, "MOST_BYTES", int(1.5 * first.size))
    values(work, document, result.symbols[1])
    assert known.known(result, result.symbols[0]) is None
    assert known.known(result, result.symbols[1]) is not None
    work.session.set_config(document, TestConfig(initial_capital=5000.0))
    newer = work.result_of(document)
    values(work, document, newer.symbols[0])
    assert known.known(result, result.symbols[1]) is None


def test_of_very_many_bars_the_newest_are_kept(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    document = work.open_example()
    result = work.result_of(document)
    whole = values(work, document, "AAPL")
    work.session.block_values._known.clear()
    monkeypatch.setattr(block_values, "MOST_CELLS", 3000)
    found = values(work, document, "AAPL")
    assert 0 < found.first < len(result.times)
    for port, series in whole.series.items():
        np.testing.assert_array_equal(found.of(port)[found.first :], series[found.first :])
        assert np.isnan(found.of(port)[: found.first]).all()
    assert found.at(found.first - 1) == {}
    assert found.at(found.first) == whole.at(found.first)
