"""The inspector in a window with an owner that answers."""

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from builder_app.ui.inspector import InspectorView
from tests.ui.inspector.owner import Owner
from tests.ui.inspector.samples import THEME


@pytest.fixture
def desk(qtbot: QtBot) -> QWidget:
    """A window that is active."""
    desk = QWidget()
    qtbot.addWidget(desk)
    desk.resize(330, 900)
    return desk


@pytest.fixture
def owner(qtbot: QtBot, desk: QWidget) -> Owner:
    """The owner of an inspector that is shown; another field has the focus."""
    view = InspectorView(THEME)
    elsewhere = QLineEdit()
    lines = QVBoxLayout(desk)
    lines.addWidget(view)
    lines.addWidget(elsewhere)
    with qtbot.waitActive(desk):
        desk.show()
        desk.activateWindow()
    elsewhere.setFocus()
    return Owner(view)
