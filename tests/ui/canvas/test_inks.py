"""What the canvas mixes from the theme can be read and told apart, in both schemes."""

import pytest
from PySide6.QtGui import QColor

from builder_app.flow.problems import Severity
from builder_app.flow.values import NodeType, PortType
from builder_app.ui.canvas.inks import make_inks, mix
from builder_app.ui.theme import load_theme
from tests.ui.canvas.conftest import RESOURCES


def luminance(color: QColor) -> float:
    """The relative luminance of WCAG 2.2."""
    shares = (color.redF(), color.greenF(), color.blueF())
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_titles_on_far_blocks_and_quiet_texts_can_be_read(scheme: str) -> None:
    inks = make_inks(load_theme(RESOURCES / "themes", scheme))
    for type in (*NodeType, None):
        assert contrast(inks.text, inks.far_blocks[type]) >= 4.5
    assert contrast(inks.quiet_text, inks.body) >= 4.5
    assert contrast(inks.quiet_text, inks.canvas) >= 4.5


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_shapes_stand_out_from_what_they_lie_on(scheme: str) -> None:
    inks = make_inks(load_theme(RESOURCES / "themes", scheme))
    for port in (*PortType, None):
        assert contrast(inks.ports[port], inks.body) >= 3
        assert contrast(inks.ports[port], inks.canvas) >= 3
        assert contrast(inks.wires_bright[port], inks.canvas) >= 3
    for type in (*NodeType, None):
        assert contrast(inks.node_types[type], inks.body) >= 3
    for severity in Severity:
        assert contrast(inks.severities[severity], inks.canvas) >= 3


def test_mix_runs_from_the_ground_to_the_colour() -> None:
    black, white = QColor("#000000"), QColor("#ffffff")
    assert mix(black, white, 0) == black
    assert mix(black, white, 1) == white
    assert mix(black, white, 0.5).lightness() == pytest.approx(127, abs=1)
