"""Where the eye is when a strategy opens in the window."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("example", ["moving_average_crossover", "macd_with_trend"])
def test_an_example_opens_where_it_can_be_read_with_its_inputs_in_sight(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int], example: str
) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.resize(*size)
        hands.window.commands.open_example(example)
        hands.sees(lambda: hands.window.document is not None and hands.canvas.zoom() < 1)
        picture = hands.canvas.canvas.picture
        assert hands.canvas.zoom() >= 0.54
        (prices,) = (id for id, node in hands.document.flow.nodes.items() if node.template == "prices")
        assert hands.canvas.shown_rect().contains(picture.rect_of(prices))
        first = hands.canvas.viewport_state()
        hands.canvas.visited.settle()
        hands.press("Home", hands.canvas)
        assert hands.canvas.shown_rect().contains(picture.bounds())
        hands.press("Alt+Left", hands.canvas)
        assert hands.canvas.viewport_state() == first
