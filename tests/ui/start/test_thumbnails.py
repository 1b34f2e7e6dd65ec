"""The pictures of many cards: none is drawn twice, and none keeps the window waiting for long."""

import time
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from builder_app.ui.start import thumbnails
from builder_app.ui.start.page import StartPage
from builder_app.ui.start.thumbnail import flow_thumbnail
from builder_app.ui.start.thumbnails import Thumbnails
from tests.ui.results.samples import theme
from tests.ui.start.samples import CATALOGUE, NOW, TWO_BLOCKS, strategy

SIZE = QSize(240, 112)


def test_a_picture_is_drawn_once_for_each_scheme(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    pictures = Thumbnails(theme("dark"), CATALOGUE)
    first = pictures.of(widget, TWO_BLOCKS, SIZE)
    assert first is not None
    assert pictures.of(widget, TWO_BLOCKS, SIZE) is first
    pictures.set_theme(theme("light"))
    other = pictures.of(widget, TWO_BLOCKS, SIZE)
    assert other is not None
    assert other.toImage() != first.toImage()


def test_an_equal_flow_that_is_another_object_is_not_taken_for_the_one_before(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    pictures = Thumbnails(theme("dark"), CATALOGUE)
    seen = {pictures.of(widget, replace(TWO_BLOCKS), SIZE).cacheKey() for _ in range(4)}  # type: ignore[union-attr]
    assert len(seen) == 4, "a flow's address is given to another one only when the picture is forgotten too"


def test_pictures_that_find_no_time_in_a_turn_come_in_the_next_ones(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = StartPage(theme(), CATALOGUE, now=lambda: NOW)
    qtbot.addWidget(page)
    page.resize(1280, 640)
    drawn: list[float] = []

    def slowly(size: QSize, ratio: float, *what: Any) -> QPixmap:
        drawn.append(time.perf_counter())
        time.sleep(thumbnails.TURN_SECONDS * 1.1)
        return flow_thumbnail(size, ratio, *what)

    monkeypatch.setattr(thumbnails, "flow_thumbnail", slowly)
    page.show_recents([replace(strategy(str(place)), flow=replace(TWO_BLOCKS)) for place in range(6)])
    page.show()
    qtbot.waitUntil(lambda: bool(drawn))
    assert len(drawn) < 6
    qtbot.waitUntil(lambda: len(drawn) == 6)
    assert page.thumbnails.are_all_drawn


def test_a_card_that_was_there_stays_when_another_one_comes(qtbot: QtBot) -> None:
    page = StartPage(theme(), CATALOGUE, now=lambda: NOW)
    qtbot.addWidget(page)
    page.show_recents([strategy("1"), strategy("2")])
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    first, second = page.recents.cards
    second.setFocus()
    page.show_recents([strategy("3"), strategy("1"), strategy("2")])
    assert page.recents.cards[:2] == (first, second)
    assert [card.face.id for card in page.recents.cards] == ["3", "1", "2"]
    assert page.recents.cards[2].hasFocus(), "the focus stays with its strategy"
