"""Blocks' values on the canvas: the mouse goes over the chart, and every port says what it was at that bar."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from builder_app.codegen.interpreter.interpret import interpret_panel
from builder_app.flow.edits import SetStrategyParameter
from builder_app.flow.group_paths import path_id
from builder_app.flow.values import PortType
from builder_app.quicktest.engine.prices import pool_of
from builder_app.session.runs.prices_to_read import to_read
from builder_app.session.runs.why import interpreted
from builder_app.ui.canvas.node_painting import value_words
from builder_app.ui.results.charts import PRICES
from builder_app.ui.window.values_on_canvas import PATIENCE_MILLISECONDS
from tests.ui.window.strategist import Strategist, application


def opened_and_tested(hands: Strategist, example: str = "moving_average_crossover") -> None:
    hands.window.commands.open_and_test_example(example)
    hands.sees_result()
    hands.window.show_dock("Results")
    hands.sees(hands.window.results.charts.curves.isVisible)
    QTest.qWait(50)
    hands.canvas.fit_all()


def meanings(hands: Strategist, symbol: str) -> dict[str, np.ndarray]:
    """What the independent interpreter gives for every output of the strategy in front, over the result's bars."""
    document = hands.document
    assert document.result is not None
    assert document.program is not None
    panel = hands.session.load_prices(to_read(document.config, document.program))
    pool, _ = pool_of(panel, document.config.stock_pool)
    assert pool is not None
    bars = len(document.result.times)
    seen = interpreted(panel, pool, document.config, (0, bars))
    with np.errstate(all="ignore"):
        found = interpret_panel(document.flow, hands.session.catalogue, seen)[symbol].values
    rows = next(member.rows for member in seen.members if member.symbol == symbol)
    whole = {}
    for name, values in found.items():
        if isinstance(values, np.ndarray):
            whole[name] = np.full(bars, np.nan)
            whole[name][rows] = values
    return whole


def move_to(hands: Strategist, bar: int) -> None:
    """Move the mouse over the chart of equity to this bar, from a little way off."""
    charts, result = hands.window.results.charts, hands.document.result
    assert result is not None
    viewport = charts.curves.graphics.viewport()
    place = charts.curves.place(bar, float(result.equity[bar])).toPoint()
    QTest.mouseMove(viewport, place - QPoint(25, 0))
    QTest.mouseMove(viewport, place)
    hands.sees(lambda: charts.bar == bar)


def expected_on(hands: Strategist, node: str, meant: dict[str, np.ndarray], at: tuple[str, int]) -> dict[str, str]:
    """What the ports of a block are to say at a bar; `at`: the id that the strategy knows the block by, and the bar."""
    id, bar = at
    face = hands.canvas.canvas.items_by_node[node].face
    types = {port.name: port.type for port in face.ports if not port.is_input}
    said = {}
    for port, type in types.items():
        values = meant.get(f"{id}.{port}")
        if type in (PortType.SERIES, PortType.BOOLEAN) and values is not None and np.isfinite(values[bar]):
            said[port] = value_words(float(values[bar]), type)
    return said


def path(hands: Strategist) -> tuple[str, ...]:
    """The groups that are open, one inside the other."""
    return hands.canvas.levels.path


def sees_values(hands: Strategist, node: str, wanted: dict[str, str]) -> None:
    """Wait until the block's ports say this."""
    hands.sees(lambda: dict(hands.canvas.canvas.items_by_node[node].state.values) == wanted)


def test_ports_say_the_value_of_any_bar_under_the_mouse(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands)
        result = hands.document.result
        assert result is not None
        symbol = hands.window.results.charts.symbol or result.symbols[0]
        meant = meanings(hands, symbol)
        curves = hands.window.results.charts.curves
        for bar in (60, 700, 1500, len(result.times) - 130, len(result.times) - 5):
            curves.show_span(max(0, bar - 40), min(len(result.times), bar + 40))
            QApplication.processEvents()
            move_to(hands, bar)
            shown = 0
            for node in ("fast_average", "slow_average"):
                wanted = expected_on(hands, node, meant, (node, bar))
                sees_values(hands, node, wanted)
                shown += len(wanted)
            assert shown == 2


def test_another_symbol_of_the_price_chart_has_its_own_values(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands, "momentum_rank")
        charts = hands.window.results.charts
        QTest.mouseClick(charts.buttons.button(PRICES), Qt.MouseButton.LeftButton)
        hands.sees(lambda: bool(charts.prices.columns()))
        node = "gain"
        bar = 2500
        charts.prices.show_span(bar - 40, bar + 40)
        for symbol in ("GOOG", "MSFT", "AAPL"):
            meant = meanings(hands, symbol)
            charts.prices.symbols.setCurrentText(symbol)
            charts.prices.symbols.activated.emit(charts.prices.symbols.currentIndex())
            hands.sees(lambda: bool(charts.prices.columns()))
            QApplication.processEvents()
            plot = charts.prices.plots[0]
            across = charts.prices.place_in(plot, bar, 0.0).x()
            spot = QPointF(across, charts.prices.rect_of(plot).center().y()).toPoint()
            viewport = charts.prices.graphics.viewport()
            QTest.mouseMove(viewport, spot - QPoint(25, 0))
            QTest.mouseMove(viewport, spot)
            hands.sees(lambda: charts.bar == bar)
            wanted = expected_on(hands, node, meant, (node, bar))
            assert wanted
            sees_values(hands, node, wanted)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_blocks_of_an_opened_group_have_lines_and_values(qtbot: QtBot, tmp_path: Path, scheme: str) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.actions_by_id[f"theme_{scheme}"].trigger()
        opened_and_tested(hands)
        before = {id: np.array(line) for id, line in hands.canvas.canvas.traces.items()}
        chosen = {id for id, node in hands.document.flow.nodes.items() if node.template in ("sma", "crosses_above")}
        hands.canvas.setFocus()
        hands.canvas.select(chosen)
        known = set(hands.document.flow.nodes)
        hands.press("Ctrl+G", hands.canvas)
        (group,) = set(hands.document.flow.nodes) - known
        hands.press("F5")
        hands.sees_result()
        spot = hands.canvas.canvas.picture.rect_of(group).topLeft() + QPointF(60, 14)
        QTest.mouseDClick(hands.canvas.viewport(), Qt.MouseButton.LeftButton, pos=hands.canvas.mapFromScene(spot))
        assert path(hands) == (group,)
        scene = hands.canvas.canvas
        hands.sees(lambda: chosen <= scene.traces.keys())
        for id in chosen & before.keys():
            np.testing.assert_array_equal(scene.traces[id], before[id])
            line = scene.items_by_node[id].state.sparkline
            assert line is not None
            assert not line.isEmpty()
        result = hands.document.result
        assert result is not None
        meant = meanings(hands, result.symbols[0])
        hands.window.results.charts.curves.show_span(560, 640)
        QApplication.processEvents()
        move_to(hands, 600)
        for id in chosen:
            wanted = expected_on(hands, id, meant, (path_id((group,), id), 600))
            assert wanted
            sees_values(hands, id, wanted)
        folder = os.environ.get("STRATEGY_BUILDER_SCREENSHOTS")
        if folder:
            QTest.qWait(100)
            hands.window.grab().save(str(Path(folder) / f"values-in-group-{scheme}.png"))
        hands.press("Esc", hands.canvas)
        assert path(hands) == ()
        hands.press("F5")
        hands.sees_result()
        assert not any("›" in id for id in scene.traces), "at the top only its own blocks have lines"


def fast_period(hands: Strategist, value: int) -> None:
    """Set the strategy's fast period, as the inspector does."""
    held = hands.document.flow.parameters["fast_period"]
    hands.session.edit(hands.document, SetStrategyParameter("fast_period", replace(held, value=value)))


def test_live_tests_ask_for_nothing_that_nobody_looks_at(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands)
        asked: list[object] = []
        monkeypatch.setattr(hands.session.block_values, "ask", lambda *question: asked.append(question))
        hands.press("Ctrl+L")
        for value in (11, 12, 13):
            before = hands.document.result
            fast_period(hands, value)
            hands.sees(lambda before=before: hands.document.result is not before)  # type: ignore[misc]
            hands.sees_result()
        QTest.qWait(2 * PATIENCE_MILLISECONDS)
        assert asked == []
        move_to(hands, 600)
        hands.sees(lambda: bool(asked))


def test_lines_and_values_in_an_opened_group_follow_live_results(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands)
        hands.canvas.select({"fast_average", "slow_average"})
        hands.canvas.setFocus()
        known = set(hands.document.flow.nodes)
        hands.press("Ctrl+G", hands.canvas)
        (group,) = set(hands.document.flow.nodes) - known
        hands.press("Return", hands.canvas)
        assert path(hands) == (group,)
        hands.press("Ctrl+L")
        hands.sees_result()
        hands.window.results.charts.curves.show_span(560, 640)
        QApplication.processEvents()
        move_to(hands, 600)
        scene = hands.canvas.canvas
        for value in (6, 17):
            fast_period(hands, value)
            hands.sees_result()
            result = hands.document.result
            assert result is not None
            meant = meanings(hands, result.symbols[0])
            line = meant[f"{path_id((group,), 'fast_average')}.value"][-120:]
            hands.sees(lambda line=line: np.array_equal(scene.traces.get("fast_average", ()), line))  # type: ignore[misc]
            at = (path_id((group,), "fast_average"), 600)
            sees_values(hands, "fast_average", expected_on(hands, "fast_average", meant, at))
