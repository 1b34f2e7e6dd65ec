"""While a slider is dragged in live mode, results, sparklines and problem marks follow; the mouse is not let go."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from builder_app.flow.values import LogicFlow, ParameterReference, StrategyParameter
from builder_app.session import events
from builder_app.session.runs import live
from tests.codegen.flows import flow, node
from tests.ui.window.strategist import Strategist, application

STEPS = 12


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not turn live off while it is being tested; but where that is what is tested."""
    monkeypatch.setattr(live, "LIMIT_SECONDS", 60.0)


def crossing() -> LogicFlow:
    """The fast average's period may be dragged beyond the slow one's, which the block refuses."""
    return flow(
        "Crossing",
        [
            node("cross", "moving_average_crossover", fast_period=ParameterReference("fast"), slow_period=30),
            node("average", "sma", period=ParameterReference("fast")),
            node("price", "prices"),
            node("above", "greater_than"),
            node("both", "any_of"),
            node("buy", "enter_long"),
            node("size", "percent_of_equity", percent=10.0),
            node("stop", "percent_stop", percent=5.0),
        ],
        [
            *("price.close > average.price", "price.close > above.a", "average.value > above.b"),
            *("cross.signal > both.conditions", "above.result > both.conditions", "both.result > buy.condition"),
            *("buy.signal > size.signal", "size.position > stop.position"),
        ],
        {"fast": StrategyParameter(10, 2, 60, 1)},
    )


@contextmanager
def live_window(qtbot: QtBot, folder: Path) -> Iterator[tuple[Strategist, QSlider]]:
    with application(folder) as opened:
        hands = Strategist(qtbot, opened)
        hands.session.new_document(crossing())
        hands.sees_code()
        hands.press("Ctrl+L")
        hands.sees_result()
        sliders = [one for one in hands.window.inspector.findChildren(QSlider) if one.isVisible()]
        assert len(sliders) == 1
        yield hands, sliders[0]


def handle(slider: QSlider) -> QPoint:
    share = (slider.sliderPosition() - slider.minimum()) / max(slider.maximum() - slider.minimum(), 1)
    return QPoint(round(8 + (slider.width() - 16) * share), slider.height() // 2)


def test_results_and_sparklines_follow_the_slider_before_it_is_let_go(qtbot: QtBot, tmp_path: Path) -> None:
    with live_window(qtbot, tmp_path) as (hands, slider):
        finished: list[events.RunFinished] = []
        hands.session.subscribe(lambda event: finished.append(event) if isinstance(event, events.RunFinished) else None)
        steps, start = len(hands.document.history.steps), handle(slider)
        figures = {hands.window.strip.words()}
        lines = [np.array(hands.canvas.canvas.traces["average"])]
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, STEPS + 1):
            before = hands.document.flow.parameters["fast"].value
            QTest.mouseMove(slider, start + QPoint(2 * step, 0))
            if hands.document.flow.parameters["fast"].value == before:
                continue
            hands.sees_result()
            figures.add(hands.window.strip.words())
            lines.append(np.array(hands.canvas.canvas.traces["average"]))
        assert slider.isSliderDown(), "the mouse still holds it"
        assert len(finished) >= 3
        assert all(event.live for event in finished)
        assert len(figures) >= 3, "the strip's figures moved with it"
        assert len({line.tobytes() for line in lines}) >= 3, "so did the sparkline"
        assert hands.window.results._result is hands.document.result
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(2 * STEPS, 0))
        assert len(hands.document.history.steps) == steps + 1
        hands.sees_result()


def test_problem_marks_come_and_go_with_the_slider(qtbot: QtBot, tmp_path: Path) -> None:
    with live_window(qtbot, tmp_path) as (hands, slider):
        start = handle(slider)
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(slider, QPoint(slider.width() - 1, start.y()))
        hands.sees(lambda: "cross" in hands.canvas.canvas.problems)
        assert hands.document.result_is_stale
        assert "changed after this test" in hands.window.strip.words()
        QTest.mouseMove(slider, start)
        hands.sees(lambda: "cross" not in hands.canvas.canvas.problems)
        hands.sees_result()
        assert slider.isSliderDown()
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start)
        assert hands.document.live


def test_quick_drag_tests_the_newest_value_last_and_queues_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with live_window(qtbot, tmp_path) as (hands, slider):
        begun: list[events.Event] = []
        hands.session.subscribe(lambda event: begun.append(event) if isinstance(event, events.RunStarted) else None)
        values, start = set(), handle(slider)
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
        for step in range(60):
            QTest.mouseMove(slider, start + QPoint(step % 30, 0))
            values.add(hands.document.flow.parameters["fast"].value)
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(29, 0))
        hands.sees_result()
        hands.sees(lambda: hands.session.is_idle)
        assert len(values) > 5
        assert len(begun) < 60, "what was overtaken was dropped"
        assert hands.document.result is not None
        assert hands.document.result.code_hash == hands.document.tested_hash


def test_slow_tests_turn_live_off_with_a_sentence_and_the_switch_follows(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_window(qtbot, tmp_path) as (hands, slider):
        monkeypatch.setattr(live, "LIMIT_SECONDS", 0.0)
        start = handle(slider)
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, STEPS + 1):
            QTest.mouseMove(slider, start + QPoint(3 * step, 0))
            hands.sees(lambda: hands.session.is_idle)
            if not hands.document.live:
                break
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(3 * step, 0))
        assert not hands.document.live
        assert not hands.window.actions_by_id["live"].isChecked()
        assert "Live is off: the last 3 tests took longer than" in hands.window.centre.messages.text
