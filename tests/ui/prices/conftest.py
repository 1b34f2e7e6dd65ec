"""Price windows on a library of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from builder_app import paths
from builder_app.ui.prices.import_window import ImportWindow
from builder_app.ui.prices.library_window import LibraryWindow
from builder_app.ui.theme import Theme, load_theme
from tests.cli.terminal import SAMPLE
from tests.ui.prices.desk import Desk


@pytest.fixture(params=["dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(paths.resources() / "themes", request.param)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def assistant(qtbot: QtBot, desk: Desk, theme: Theme) -> Iterator[ImportWindow]:
    window = ImportWindow(desk, theme)  # type: ignore[arg-type]
    with qtbot.waitExposed(window):
        window.show()
    yield window
    if isValid(window):
        window.close()


@pytest.fixture
def shelf(qtbot: QtBot, desk: Desk, theme: Theme) -> Iterator[LibraryWindow]:
    desk.library.install_sample(SAMPLE)
    window = LibraryWindow(desk, theme)  # type: ignore[arg-type]
    with qtbot.waitExposed(window):
        window.show()
    yield window
    if isValid(window):
        window.close()
