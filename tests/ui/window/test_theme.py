"""Another colour scheme: the whole window wears it, and what it opens."""

from pathlib import Path

from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application


def test_the_window_and_its_dialogs_wear_the_chosen_theme(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        style = opened.qt.style()
        dialog = QDialog(hands.window)
        grounds = []
        for scheme in ("dark", "light", "dark"):
            hands.window.actions_by_id[f"theme_{scheme}"].trigger()
            dialog.resize(40, 40)
            grounds.append(dialog.grab().toImage().pixelColor(20, 20).name())
            assert grounds[-1] == hands.window.theme.color("panel").name()
            assert hands.window.updatesEnabled()
        assert grounds[0] == grounds[2] != grounds[1]
        assert opened.qt.style() is style, "the style under the sheet is the same in every scheme"
        assert opened.qt.styleSheet() == "", "a sheet of the program would be laid on widgets that nobody sees, too"
