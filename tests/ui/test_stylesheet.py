"""The style sheet and its pictures."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QSlider, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from builder_app.ui import stylesheet as sheet
from builder_app.ui.pictures import PICTURES, picture, write_picture
from builder_app.ui.stylesheet import blended, set_property, stylesheet
from builder_app.ui.theme import Theme, load_theme

THEMES = Path(__file__).parents[2] / "resources" / "themes"


@pytest.fixture(params=["dark", "light"])
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(THEMES, request.param)


def test_the_style_sheet_holds_no_colour_of_its_own() -> None:
    source = Path(sheet.__file__).read_text(encoding="utf-8")
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(", source) == []


def test_every_token_and_picture_is_filled_in(theme: Theme, tmp_path: Path) -> None:
    text = stylesheet(theme, tmp_path)
    assert "$" not in text
    files = re.findall(r'url\("([^"]+)"\)', text)
    assert files
    assert all(Path(file).is_file() for file in files)


def test_the_two_schemes_do_not_share_pictures_of_different_colours(tmp_path: Path) -> None:
    dark, light = (stylesheet(load_theme(THEMES, scheme), tmp_path) for scheme in ("dark", "light"))
    assert set(re.findall(r"url\(.*?chevron_down.*?\)", dark)).isdisjoint(re.findall(r"url\(.*?chevron.*?\)", light))


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_drawn_in_its_colour_and_leaves_its_edge_free(qtbot: QtBot, name: str) -> None:
    drawn = picture(name, QColor("#C62F3B")).pixmap(16, 16).toImage()
    seen = [(x, y) for x in range(16) for y in range(16) if drawn.pixelColor(x, y).alpha() > 128]
    assert seen
    assert all(0 < x < 15 and 0 < y < 15 for x, y in seen)
    strongest = max((drawn.pixelColor(x, y) for x, y in seen), key=QColor.alpha)
    assert abs(strongest.red() - 0xC6) < 12


def test_a_picture_is_sharp_at_two_hundred_percent(qtbot: QtBot) -> None:
    drawn = picture("tick", QColor("#FFFFFF")).pixmap(picture("tick", QColor("#FFFFFF")).availableSizes()[0], 2.0)
    assert drawn.width() == 32


def test_a_picture_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    file = write_picture("tick", QColor("#FFFFFF"), tmp_path / "made")
    before = file.stat().st_mtime_ns
    assert write_picture("tick", QColor("#FFFFFF"), tmp_path / "made") == file
    assert file.stat().st_mtime_ns == before


def test_blending_gives_the_ends_and_the_middle() -> None:
    black, white = QColor("#000000"), QColor("#FFFFFF")
    assert [blended(white, black, share).name() for share in (0.0, 1.0)] == ["#000000", "#ffffff"]
    assert blended(white, black, 0.5).red() in (127, 128)


@pytest.mark.parametrize("kind", [QPushButton, QLineEdit, QSpinBox, QComboBox, QCheckBox, QSlider])
def test_the_focus_can_be_seen_on_every_control(
    qtbot: QtBot, theme: Theme, tmp_path: Path, kind: type[QWidget]
) -> None:
    window = QWidget()
    window.setStyleSheet(stylesheet(theme, tmp_path))
    qtbot.addWidget(window)
    lines = QVBoxLayout(window)
    control = QSlider(Qt.Orientation.Horizontal) if kind is QSlider else kind()
    other = QPushButton("Other")
    lines.addWidget(other)
    lines.addWidget(control)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    without = control.grab().toImage()
    QTest.keyClick(other, Qt.Key.Key_Tab)
    assert control.hasFocus()
    with_focus = control.grab().toImage()
    accent = theme.color("accent").name()
    counts = [
        sum(image.pixelColor(x, y).name() == accent for x in range(image.width()) for y in range(image.height()))
        for image in (without, with_focus)
    ]
    assert counts[1] > counts[0] + 20


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QComboBox, QPushButton])
def test_controls_in_a_row_have_one_height_on_the_grid(
    qtbot: QtBot, theme: Theme, tmp_path: Path, kind: type[QWidget]
) -> None:
    window = QWidget()
    window.setStyleSheet(stylesheet(theme, tmp_path))
    qtbot.addWidget(window)
    lines = QVBoxLayout(window)
    control = kind()
    lines.addWidget(control)
    lines.addStretch(1)
    with qtbot.waitExposed(window):
        window.show()
    assert control.height() == 24


def test_a_property_repaints_a_widget_only_when_it_changes(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    line.setStyleSheet(stylesheet(theme, tmp_path))
    line.show()
    calm = line.grab().toImage()
    set_property(line, "invalid", "true")
    assert line.grab().toImage() != calm
    set_property(line, "invalid", "false")
    assert line.grab().toImage() == calm
