"""Reports from the window: a button in the results, a file name, and a file that reads back."""

import csv
import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application


def open_and_test(hands: Strategist) -> None:
    hands.window.commands.open_and_test_example("moving_average_crossover")
    hands.sees_result()


def save(hands: Strategist, id: str, path: Path) -> bytes:
    hands.window.actions_by_id[id].trigger()
    hands.choose_path(path)
    hands.sees(path.exists)
    hands.sees(lambda: "was written" in hands.window.centre.messages.text)
    return path.read_bytes()


def test_every_kind_of_report_is_written(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        open_and_test(hands)
        result = hands.document.result
        assert result is not None
        paper = save(hands, "report_pdf", tmp_path / "r.pdf")
        assert paper.startswith(b"%PDF-")
        assert paper.rstrip().endswith(b"%%EOF")
        page = save(hands, "report_html", tmp_path / "r.html").decode("utf-8")
        assert result.code_hash in page
        assert "data:image/svg+xml;base64," in page, "the picture is in it"
        rows = list(csv.DictReader(save(hands, "report_trades", tmp_path / "t.csv").decode().splitlines()))
        assert len(rows) == len(result.trades)
        equity = list(csv.DictReader(save(hands, "report_equity", tmp_path / "e.csv").decode().splitlines()))
        assert [float(row["equity"]) for row in equity] == result.equity.tolist()
        assert save(hands, "report_excel", tmp_path / "r.xlsx").startswith(b"PK")
        folder = os.environ.get("STRATEGY_BUILDER_SCREENSHOTS")
        if folder:
            (Path(folder) / "report.pdf").write_bytes(paper)
            (Path(folder) / "report.html").write_text(page, encoding="utf-8")
            hands.window.grab().save(str(Path(folder) / "report-button.png"))


def test_a_report_without_its_picture_says_why_and_where_to_have_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder_app.ui.window.report_commands.MOST_DRAWN", 9)
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        open_and_test(hands)
        page = save(hands, "report_html", tmp_path / "r.html").decode("utf-8")
        assert "data:image/svg+xml;base64," not in page
        assert "The picture is not shown: its 10 blocks would be too small to read. File ▸ Save picture as SVG…" in page


def test_button_in_the_results_offers_the_same_actions(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        open_and_test(hands)
        button = hands.window.reports.button
        hands.sees(button.isVisible)
        offered = [action.text() for action in button.menu().actions()]
        assert offered == [
            "Report as PDF…",
            "Report as HTML…",
            "Result as Excel file…",
            "Trades as CSV…",
            "Equity as CSV…",
        ]
        assert all(action.isEnabled() for action in button.menu().actions())


def test_without_a_result_there_is_nothing_to_report(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees_code()
        hands.window.actions_by_id["report_pdf"].trigger()
        assert "test the strategy" in hands.window.centre.messages.text


def test_place_that_cannot_be_written_is_said_and_nothing_is_left(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        open_and_test(hands)
        folder = tmp_path / "here"
        folder.mkdir()
        (folder / "r.html").mkdir()
        reports, messages = hands.window.reports, hands.window.centre.messages
        content = reports._content(hands.document, with_picture=False)
        reports._write(lambda _content: b"x", content, folder / "r.html")
        hands.sees(lambda: "r.html" in messages.text and "Writing" not in messages.text)
        assert [one.name for one in folder.iterdir()] == ["r.html"]
        assert hands.window.reports.button.isEnabled()
