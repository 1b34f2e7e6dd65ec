"""A formula in the whole window: written with keys, seen in the code, in the test and while a slider is dragged."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from builder_app.flow.values import Formula, LogicFlow, ParameterReference, StrategyParameter
from tests.codegen.flows import flow, node
from tests.ui.window.strategist import Strategist, application


def crossing() -> LogicFlow:
    """Two averages, the fast one by a strategy parameter."""
    return flow(
        "Crossing",
        [
            node("price", "prices"),
            node("fast", "sma", "Fast", period=ParameterReference("fast_period")),
            node("slow", "sma", "Slow", period=30),
            node("above", "crosses_above"),
            node("below", "crosses_below"),
            node("buy", "enter_long"),
            node("sell", "exit_long"),
            node("size", "percent_of_equity", percent=10.0),
        ],
        [
            *("price.close > fast.price", "price.close > slow.price", "fast.value > above.a", "slow.value > above.b"),
            *("fast.value > below.a", "slow.value > below.b", "above.result > buy.condition"),
            *("below.result > sell.condition", "buy.signal > size.signal", "sell.signal > size.signal"),
        ],
        {"fast_period": StrategyParameter(10, 2.0, 60.0, 1.0)},
    )


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_a_formula_is_code_a_result_and_one_step_and_follows_the_slider(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.session.new_document(crossing())
        hands.sees_code()
        steps = len(hands.document.history.steps)
        before = hands.document.flow
        hands.click_block("slow")
        shown = hands.window.inspector.block_page.rows["period"]
        hands.sees(lambda: shown.editor.isVisible())
        shown.editor.setFocus()
        QTest.keyClicks(focused(), "=")
        QTest.keyClicks(focused(), "2*fa")
        QTest.keyClick(focused(), Qt.Key.Key_Tab)  # takes the name that is offered
        QTest.keyClicks(focused(), "+1")
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        assert hands.document.flow.nodes["slow"].parameters["period"] == Formula("2 * fast_period + 1")
        assert shown.chip.text() == "21 bars"
        assert len(hands.document.history.steps) == steps + 1
        assert hands.document.history.steps[-1].title == "Set period of Slow to 2 * fast_period + 1"
        hands.sees(lambda: 'timeperiod=2 * PARAMETERS["fast_period"] + 1' in hands.sees_code())
        hands.press("Ctrl+L")
        hands.sees_result()
        first = hands.window.strip.words()

        hands.canvas.setFocus()
        QTest.keyClick(hands.canvas, Qt.Key.Key_Escape)
        (slider,) = [one for one in hands.window.inspector.findChildren(QSlider) if one.isVisible()]
        share = (slider.sliderPosition() - slider.minimum()) / (slider.maximum() - slider.minimum())
        start = QPoint(round(8 + (slider.width() - 16) * share), slider.height() // 2)
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(slider, start + QPoint(30, 0))
        fast = hands.document.flow.parameters["fast_period"].value
        assert isinstance(fast, int)
        assert fast > 10
        hands.sees_result()
        assert hands.window.strip.words() != first, "The test followed both averages."
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 0))
        hands.click_block("slow")
        hands.sees(lambda: hands.window.inspector.block_page.rows["period"].chip.text() == f"{2 * fast + 1} bars")
        hands.press("Ctrl+Z")
        hands.press("Ctrl+Z")
        assert hands.document.flow.nodes == before.nodes


def test_a_formula_that_was_not_said_yet_is_kept_when_the_window_is_closed(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.session.new_document(crossing())
        hands.sees_code()
        hands.click_block("slow")
        shown = hands.window.inspector.block_page.rows["period"]
        hands.sees(lambda: shown.editor.isVisible())
        shown.editor.setFocus()
        QTest.keyClicks(focused(), "=")
        QTest.keyClicks(focused(), "3*fast_period")
        assert hands.document.flow.nodes["slow"].parameters["period"] == 30
    assert not isValid(opened.window)
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.sees(lambda: hands.window.document is not None)
        assert hands.document.flow.nodes["slow"].parameters["period"] == Formula("3 * fast_period")
