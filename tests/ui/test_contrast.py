"""Every rule of every style sheet: its words can be read on its ground, in both schemes (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from builder_app.flow.values import EMPTY_FLOW
from builder_app.nodes import load_catalogue
from builder_app.ui.canvas.furniture import note
from builder_app.ui.canvas.order import add_note
from builder_app.ui.canvas.view import CanvasView
from builder_app.ui.stylesheet import stylesheet
from builder_app.ui.theme import Theme, load_theme
from tests.ui.canvas.desk import Desk
from tests.ui.test_theme import contrast

RESOURCES = Path(__file__).parents[2] / "resources"
PAIRS = (("color", "background"), ("selection-color", "selection-background-color"))


def pairs_of(sheet: str, theme: Theme) -> Iterator[tuple[str, str, str]]:
    """Each rule's selector, ink and ground; where it sets none, or a clear one, the panel is its ground.

    What is switched off may be paler (WCAG 2.2 says so), and is left out.
    """
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        said = (part.partition(":") for part in body.split(";") if ":" in part)
        values = {name.strip(): value.strip() for name, _, value in said}
        for ink_name, ground_name in PAIRS:
            ink, ground = values.get(ink_name, ""), values.get(ground_name, "")
            if ink.startswith("#") and ":disabled" not in selector:
                yield selector.strip(), ink, ground if ground.startswith("#") else theme.colors["panel"]


def unread(sheet: str, theme: Theme) -> list[tuple[str, str, str]]:
    """The rules whose words cannot be read."""
    return [pair for pair in pairs_of(sheet, theme) if contrast(QColor(pair[1]), QColor(pair[2])) < 4.5]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_words_of_every_rule_of_the_style_sheet_can_be_read(qapp: object, tmp_path: Path, scheme: str) -> None:
    theme = load_theme(RESOURCES / "themes", scheme)
    sheet = stylesheet(theme, tmp_path)
    assert len(list(pairs_of(sheet, theme))) > 20
    assert unread(sheet, theme) == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_words_of_everything_that_opens_on_the_canvas_can_be_read(qtbot: QtBot, scheme: str) -> None:
    theme = load_theme(RESOURCES / "themes", scheme)
    view = CanvasView(load_catalogue(RESOURCES / "node_templates"), theme)
    qtbot.addWidget(view)
    desk = Desk(qtbot, view)
    desk.become(EMPTY_FLOW)
    view.show()
    view.open_search()
    view.finder.open()
    view.badge_popup.open("", view.rect().center())
    add_note(view)
    view.words.open(note(next(iter(desk.flow.notes))))
    sheets = [part.styleSheet() for part in view.findChildren(QWidget) if part.styleSheet()]
    assert len(sheets) >= 5
    assert [pair for sheet in sheets for pair in unread(sheet, theme)] == []


def test_a_rule_that_cannot_be_read_is_found() -> None:
    theme = load_theme(RESOURCES / "themes", "light")
    assert unread("QLabel { color: #FFFFFF; background: #EEEEEE; }", theme) != []
    assert unread("QLabel { color: #999999; background: transparent; }", theme) != []
    assert unread("QLabel:disabled { color: #999999; }", theme) == []
