"""The import assistant, by mouse and keys: columns are corrected, repairs ticked, prices taken in."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from builder_app import paths
from builder_app.session.prices.prices_import import Kind
from builder_app.ui.prices.import_window import ImportWindow
from builder_app.ui.theme import load_theme
from tests.cli.test_bad_prices import prices, rows
from tests.market.importing.test_yahoo import answer
from tests.ui.prices.desk import Desk


def csv(folder: Path, lines: list[str] | None = None) -> Path:
    path = folder / "ABC.csv"
    path.write_text(prices(rows() if lines is None else lines))
    return path


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def shown(assistant: ImportWindow, desk: Desk, path: Path) -> None:
    assistant.options.exchange.setCurrentIndex(1)
    assistant._exchange = ""
    assistant.open_paths([path])
    desk.until(lambda: assistant.look is not None and not assistant.importing.is_busy)


def kind(assistant: ImportWindow, row: int) -> QTreeWidgetItem:
    item = assistant.findings.topLevelItem(row)
    assert item is not None
    return item


def drop(window: ImportWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def test_a_dropped_file_is_shown_with_its_columns_and_taken_in(
    qtbot: QtBot, assistant: ImportWindow, desk: Desk, tmp_path: Path
) -> None:
    drop(assistant, csv(tmp_path))
    desk.until(lambda: assistant.take.isEnabled())
    assert assistant.source.text() == "ABC.csv"
    assert [box.currentText() for box in assistant.preview.boxes[:3]] == ["Symbol", "Date", "Open"]
    assert assistant.preview.model().index(1, 0).data() == "ABC"
    assert assistant.totals.text() == "1 symbol · daily · 20 rows · 2020-01-01 to 2020-01-20"
    with qtbot.waitSignal(assistant.imported, timeout=1) as told:
        click(assistant.take)
        desk.until(lambda: desk.symbols() and (not isValid(assistant) or not assistant.isVisible()))
    assert told.args[0].symbols == ("ABC",)
    assert [info.symbol for info in desk.symbols()] == ["ABC"]


def test_a_column_is_corrected_in_the_box_above_it(assistant: ImportWindow, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(prices(rows()).replace("Open,High", "First,Top"))
    shown(assistant, desk, path)
    assert not assistant.take.isEnabled()
    assert "no column for open and high" in assistant.message.text()
    for column, meaning in ((2, "open"), (3, "high")):
        box = assistant.preview.boxes[column]
        box.setCurrentIndex(box.findData(meaning))
        box.activated.emit(box.currentIndex())
        desk.until(lambda: not assistant.importing.is_busy)
    assert assistant.take.isEnabled()
    assert not assistant.message.isVisible()


def test_an_ambiguous_date_is_settled_in_its_box(assistant: ImportWindow, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "ABC.csv"
    path.write_text("Date,Open,High,Low,Close\n01/02/2020,1,2,1,2\n03/02/2020,1,2,1,2\n")
    shown(assistant, desk, path)
    assert "can be day/month or month/day" in assistant.message.text()
    assistant.options.dates.setCurrentIndex(assistant.options.dates.findData(True))
    assistant.options.dates.activated.emit(1)
    desk.until(lambda: assistant.take.isEnabled())
    click(assistant.take)
    desk.until(lambda: desk.symbols())
    assert str(desk.symbols()[0].start) == "2020-02-01"


def test_faults_are_listed_by_kind_and_only_ticked_ones_are_repaired(
    assistant: ImportWindow, desk: Desk, tmp_path: Path
) -> None:
    shown(assistant, desk, csv(tmp_path, [*rows(), rows()[3], "ABC,2020-01-21,40,33,30,31,1000"]))
    titles = [kind(assistant, row).text(0) for row in range(assistant.findings.topLevelItemCount())]
    assert titles == ["Repeated dates", "Open or close outside low to high"]
    assert assistant.take.isEnabled(), "what must be repaired is ticked"
    repeated = kind(assistant, 0).child(0)
    assert repeated is not None
    repeated.setCheckState(0, Qt.CheckState.Unchecked)
    assert not assistant.take.isEnabled()
    assert "1 fault must be repaired first." in assistant.totals.text()
    repeated.setCheckState(0, Qt.CheckState.Checked)
    assert [repair.kind for repair in assistant.findings.chosen()["ABC"]] == [Kind.REPEATED]
    click(assistant.take)
    desk.until(lambda: desk.symbols())
    assert [made.repair.kind for made in desk.symbols()[0].repairs] == [Kind.REPEATED]
    assert desk.symbols()[0].bars == 21


def test_another_repair_is_chosen_in_its_box(assistant: ImportWindow, desk: Desk, tmp_path: Path) -> None:
    shown(assistant, desk, csv(tmp_path, [*rows(), "ABC,2020-01-04,14,18,13,17,1000"]))
    box = assistant.findings._boxes[0]
    assert [box.itemText(place) for place in range(box.count())] == ["Keep the last row", "Keep the first row"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    click(assistant.take)
    desk.until(lambda: desk.symbols())
    assert desk.library.load().close[3, 0] == 15.0


def test_sound_prices_say_so(assistant: ImportWindow, desk: Desk, tmp_path: Path) -> None:
    shown(assistant, desk, csv(tmp_path))
    assert assistant.nothing_found.isVisible()
    assert not assistant.findings.isVisible()


def test_a_file_that_cannot_be_read_is_a_sentence_and_another_may_be_chosen(
    assistant: ImportWindow, desk: Desk, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"nothing")
    shown(assistant, desk, broken)
    assert "could not be read as a spreadsheet" in assistant.message.text()
    assert not assistant.take.isEnabled()
    assert assistant.totals.text() == "Nothing can be imported yet."
    assistant.open_paths([csv(tmp_path)])
    desk.until(lambda: assistant.take.isEnabled())
    assert not assistant.message.isVisible()


def test_symbols_typed_are_fetched_from_yahoo(
    assistant: ImportWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def download(wish: Any, symbol: str) -> Any:
        asked.append((wish.symbols, wish.frequency, symbol))
        return answer()

    monkeypatch.setattr("builder_app.market.importing.yahoo._download", download)
    click(assistant.drop.fetch)
    assert "Write the symbols to fetch" in assistant.message.text()
    QTest.keyClicks(assistant.drop.symbols, "aapl, msft")
    click(assistant.drop.fetch)
    desk.until(lambda: assistant.take.isEnabled())
    assert asked == [(("AAPL", "MSFT"), "daily", "AAPL"), (("AAPL", "MSFT"), "daily", "MSFT")]
    assert not assistant.preview.isVisible()
    click(assistant.take)
    desk.until(lambda: len(desk.symbols()) == 2)


def test_what_yahoo_does_not_give_is_said_and_the_rest_may_be_taken(
    assistant: ImportWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(_wish: Any, symbol: str) -> Any:
        return answer() if symbol == "AAPL" else answer().iloc[:0]

    monkeypatch.setattr("builder_app.market.importing.yahoo._download", download)
    QTest.keyClicks(assistant.drop.symbols, "aapl, gone")
    click(assistant.drop.fetch)
    desk.until(lambda: assistant.take.isEnabled())
    assert assistant.message.text() == "Yahoo gave no prices of GONE; check the symbol, or choose other dates."
    assert assistant.message.isVisible()
    click(assistant.take)
    desk.until(lambda: [info.symbol for info in desk.symbols()] == ["AAPL"])


def test_cancel_stops_reading_and_says_so(assistant: ImportWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def download(_wish: Any, _symbol: str) -> Any:
        go_on.wait(20)
        return answer()

    monkeypatch.setattr("builder_app.market.importing.yahoo._download", download)
    QTest.keyClicks(assistant.drop.symbols, "AAA BBB")
    click(assistant.drop.fetch)
    desk.until(lambda: assistant.progress.isVisible() and "AAA" in assistant.stage.text())
    assert assistant.cancel.text() == "Cancel"
    click(assistant.cancel)
    go_on.set()
    assert assistant.message.text() == "Reading was stopped."
    assert assistant.cancel.text() == "Close"
    assert assistant.drop.isEnabled()
    assert desk.symbols() == ()


def test_every_field_has_a_name_for_screen_readers_and_a_tooltip(assistant: ImportWindow) -> None:
    for box in (
        assistant.options.dates,
        assistant.options.decimals,
        assistant.options.zone,
        assistant.options.exchange,
    ):
        assert box.accessibleName()
        assert box.toolTip()


def test_it_takes_on_the_other_scheme(assistant: ImportWindow, desk: Desk, tmp_path: Path) -> None:
    shown(assistant, desk, csv(tmp_path, [*rows(), rows()[3]]))
    light = load_theme(paths.resources() / "themes", "light")
    assistant.set_theme(light)
    assert kind(assistant, 0).foreground(0).color() == light.color("loss")
