"""A dragged slider moves the result; saving, closing and deleting keep what they promise."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSlider
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import SetParameter
from builder_app.ui.results.lists import NOTES
from tests.ui.window.strategist import Strategist, application


def open_example(hands: Strategist) -> None:
    hands.window.commands.open_and_test_example("moving_average_crossover")
    hands.sees_result()


def drag(slider: QSlider, pixels: int) -> None:
    handle = QPoint(slider.width() * slider.sliderPosition() // max(slider.maximum(), 1), slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=handle)
    for step in range(1, 6):
        QTest.mouseMove(slider, handle + QPoint(pixels * step // 5, 0))
        QTest.qWait(10)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=handle + QPoint(pixels, 0))


def test_dragged_slider_moves_the_result_in_live_mode_and_is_one_step(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        open_example(hands)
        hands.press("Ctrl+L")
        hands.sees(lambda: hands.window.actions_by_id["live"].isChecked())
        before = hands.document.result
        assert before is not None
        steps = len(hands.document.history.steps)
        slider = hands.window.inspector.findChildren(QSlider)
        shown = [one for one in slider if one.isVisible()]
        assert shown, "the strategy's parameters have sliders"
        drag(shown[0], 24)
        hands.sees(lambda: hands.document.flow.parameters["fast_period"].value != 10)
        hands.sees_result()
        assert hands.document.result is not None
        assert hands.document.result.code_hash != before.code_hash
        assert len(hands.document.history.steps) == steps + 1
        hands.press("Ctrl+Z")
        assert hands.document.flow.parameters["fast_period"].value == 10


def test_cancelled_test_says_so_and_leaves_the_strategy_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        flow = hands.document.flow
        hands.sees_code()
        hands.press("F5")
        hands.press("Shift+F5")
        hands.sees(hands.window.results.failure.isVisible)
        assert hands.document.flow == flow


def test_closed_strategy_is_found_again_on_the_start_page_with_its_figure(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        open_example(hands)
        flow = hands.document.flow
        hands.press("Ctrl+W")
        hands.sees(lambda: hands.window.document is None)
        hands.session.flush()
        hands.window.following.refresh_start_page()
        (card,) = hands.window.start_page.recents.cards
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
        hands.sees(lambda: hands.window.document is not None)
        assert hands.document.flow == flow
        assert hands.document.result is not None


def test_strategy_is_saved_as_a_flow_file_and_opened_again(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        open_example(hands)
        flow = hands.document.flow
        hands.press("Ctrl+Shift+S")
        hands.choose_path(tmp_path / "mine.flow.json")
        hands.sees((tmp_path / "mine.flow.json").exists)
        hands.press("Ctrl+O")
        hands.choose_path(tmp_path / "mine.flow.json")
        hands.sees(lambda: len(hands.session.documents) == 2)
        assert hands.document.flow == flow


def test_broken_flow_file_is_refused_with_a_sentence_and_nothing_is_opened(qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.flow.json"
    broken.write_text('{"format": "logic-flow", "version": 99}', encoding="utf-8")
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+O")
        hands.choose_path(broken)
        hands.sees(hands.window.centre.messages.isVisible)
        assert "newer version" in hands.window.centre.messages.text
        assert not hands.session.documents


def test_prices_are_imported_from_a_csv_file(qtbot: QtBot, tmp_path: Path) -> None:
    prices = tmp_path / "ACME.csv"
    days = [f"2020-01-{day:02},10,11,9,10.5,1000" for day in range(1, 29)]
    prices.write_text("\n".join(["Date,Open,High,Low,Close,Volume", *days]), encoding="utf-8")
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        hands.click_button("Import prices…", hands.window.start_page)
        assistant = hands.window.prices.import_window
        assert assistant is not None
        hands.click_button("Choose files…", assistant)
        hands.choose_path(prices)
        hands.sees(assistant.take.isEnabled)
        hands.click_button("Import", assistant)
        hands.sees(lambda: "ACME" in [info.symbol for info in hands.session.symbols()])
        hands.sees(lambda: "Imported ACME" in hands.window.centre.messages.text)


def test_live_result_says_what_the_check_of_its_signals_found_when_the_hand_rests(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        open_example(hands)
        hands.press("Ctrl+L")
        hands.window.edit(SetParameter("fast_average", "period", 7))
        hands.sees_result()
        lists, metrics = hands.window.results.lists, hands.window.results.metrics
        lists.tabs.setCurrentIndex(NOTES)
        changes = [change.text() for change in metrics.findChildren(QLabel)]
        hands.sees(lambda: "No look-ahead: " in lists.notes.text())
        assert "is checked as soon as" not in lists.notes.text()
        assert hands.window.strip.shown == (hands.document.result, False)
        assert hands.window.results._result is hands.document.result
        assert [change.text() for change in metrics.findChildren(QLabel)] == changes
