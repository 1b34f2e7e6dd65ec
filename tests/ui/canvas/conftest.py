"""A canvas on a desk: what it wishes is done at once, as the window's document does it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from builder_app.flow.templates import Catalogue
from builder_app.ui.canvas.view import CanvasView
from builder_app.ui.theme import Theme, load_theme
from tests.shipped import shipped_catalogue
from tests.ui.canvas.desk import Desk

RESOURCES = Path(__file__).parents[3] / "resources"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture(scope="session")
def theme() -> Theme:
    return load_theme(RESOURCES / "themes", "dark")


@pytest.fixture
def new_desk(qtbot: QtBot, catalogue: Catalogue, theme: Theme) -> Callable[[], Desk]:
    def make() -> Desk:
        view = CanvasView(catalogue, theme)
        qtbot.addWidget(view)
        view.resize(1000, 700)
        view.show()
        view.activateWindow()  # without a window manager nobody else gives it the keyboard
        qtbot.waitUntil(view.isActiveWindow)
        view.restore_viewport(1.0, 400.0, 200.0)
        return Desk(qtbot, view)

    return make


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    return new_desk()
