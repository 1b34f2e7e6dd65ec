"""The history of a strategy's code in the real window: kept by tests, compared, and gone back to."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import SetParameter
from builder_app.session.code.code_history import RowKind
from builder_app.ui.code.history_dialog import FAILED, CodeHistoryDialog
from tests.ui.window.strategist import Strategist, application


def test_code_of_an_earlier_test_is_compared_and_gone_back_to(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened.window.commands.open_example("moving_average_crossover")
        document = hands.document
        opened.session.run_test(document)
        hands.sees_result()
        opened.session.edit(document, SetParameter("stop", "percent", 9.0))
        hands.sees(lambda: document.is_coded)
        first = document.result
        opened.session.run_test(document)
        hands.sees(lambda: document.result is not first and not document.result_is_stale)

        hands.press("Ctrl+Alt+H")
        hands.sees(lambda: bool(opened.window.findChildren(CodeHistoryDialog)))
        (dialog,) = opened.window.findChildren(CodeHistoryDialog)
        hands.sees(lambda: dialog.list.count() == 2)
        hands.sees(lambda: dialog.comparison is not None and not dialog.comparison.changes)
        assert not dialog.restore_button.isEnabled(), "the newest code is what is drawn"

        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
        hands.sees(lambda: dialog.comparison is not None and len(dialog.comparison.changes) == 1)
        assert dialog.comparison is not None
        changed = [row for row in dialog.rows.rows if row.kind is RowKind.CHANGED]
        assert any('"value": 5.0' in row.before and '"value": 9.0' in row.after for row in changed)
        QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
        hands.sees(lambda: document.flow.nodes["stop"].parameters["percent"] == 5.0)
        document.undo()
        assert document.flow.nodes["stop"].parameters["percent"] == 9.0

        dialog.which.setCurrentIndex(FAILED)
        assert dialog.line.text() == "No code has failed its checks."


def test_the_code_is_opened_in_the_systems_editor(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def open_url(url: QUrl) -> bool:
        asked.append(Path(url.toLocalFile()))
        return len(asked) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened.window.commands.open_example("moving_average_crossover")
        text = hands.sees_code()
        opened.window.actions_by_id["open_code"].trigger()
        assert asked[0].name == "Moving_average_crossover.py"
        assert asked[0].read_text(encoding="utf-8").startswith(text[:200])
        opened.window.actions_by_id["open_code"].trigger()
        assert "no editor for Python files" in opened.window.centre.messages.text
