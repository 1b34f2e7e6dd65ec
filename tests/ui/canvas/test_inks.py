"""What the canvas mixes from the theme can be read and told apart, in both schemes."""

from collections import Counter
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from builder_app.flow.problems import Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import NodeType, PortType
from builder_app.ui.canvas.backdrop import FRAME_SHARE, NOTE_SHARE
from builder_app.ui.canvas.inks import make_inks, mix
from builder_app.ui.canvas.node_face import make_face
from builder_app.ui.canvas.node_painting import MUTED, NodeState, paint_node
from builder_app.ui.canvas.order import FRAME_COLORS
from builder_app.ui.palette.delegate import title_ink
from builder_app.ui.stylesheet import selection_ground
from builder_app.ui.theme import load_theme
from tests.ui.canvas.conftest import RESOURCES
from tests.ui.canvas.desk import node


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
def test_words_on_frames_notes_messages_and_breadcrumbs_can_be_read(scheme: str) -> None:
    theme = load_theme(RESOURCES / "themes", scheme)
    inks = make_inks(theme)
    for name in FRAME_COLORS.values():
        ground = mix(inks.canvas, QColor(name) if name else inks.quiet_text, FRAME_SHARE)
        assert contrast(inks.text, ground) >= 4.5
        assert contrast(inks.quiet_text, ground) >= 4.5  # the title from far away
    assert contrast(inks.text, mix(inks.body, theme.color("STOP_PROFIT"), NOTE_SHARE)) >= 4.5
    for ground in (inks.panel, theme.color("control")):  # a message, a name on the way to a group, one under the mouse
        assert contrast(inks.text, ground) >= 4.5
        assert contrast(inks.quiet_text, ground) >= 4.5


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_words_on_muted_blocks_and_in_the_popups_can_be_read(scheme: str) -> None:
    theme = load_theme(RESOURCES / "themes", scheme)
    inks = make_inks(theme)
    for ground in (
        inks.canvas,
        *(mix(inks.canvas, QColor(name), FRAME_SHARE) for name in FRAME_COLORS.values() if name),
    ):
        assert contrast(inks.quiet_text, mix(ground, inks.body, MUTED)) >= 4.5  # a muted block, on a frame too
        for type in (*NodeType, None):  # its title from far away
            assert contrast(inks.text, mix(ground, inks.far_blocks[type], MUTED)) >= 4.5
    for ink in (inks.text, inks.quiet_text):
        assert contrast(ink, selection_ground(theme)) >= 4.5  # the chosen row of a search
        assert contrast(ink, theme.color("control_hover")) >= 4.5  # the row under the pointer
    for type in NodeType:
        assert contrast(title_ink(theme, type.value), inks.panel) >= 4.5  # a group of the palette
        assert contrast(title_ink(theme, type.value), selection_ground(theme)) >= 4.5


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_what_is_painted_of_a_block_can_be_read(qapp: QApplication, catalogue: Catalogue, scheme: str) -> None:
    inks = make_inks(load_theme(RESOURCES / "themes", scheme))
    for muted in (False, True):
        face = replace(make_face(node("a", "sma", period=7), catalogue), muted=muted)
        image = QImage(QSize(4 * int(face.width), 4 * int(face.height)), QImage.Format.Format_RGB32)
        image.fill(inks.canvas)
        painter = QPainter(image)
        painter.scale(4, 4)
        paint_node(painter, face, NodeState(), inks)
        painter.end()
        for top, height in ((12, 14), (30, 12), (51, 10)):  # the title, the parameters, the ports
            assert ink_contrast(image.copy(4 * 30, 4 * top, 4 * 100, 4 * height)) >= 4.5


def ink_contrast(image: QImage) -> float:
    """The contrast between the commonest colour of a picture and the one that stands out most from it."""
    colors = Counter(image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height()))
    (ground, _), *_ = colors.most_common(1)
    return max(contrast(QColor(color), QColor(ground)) for color, count in colors.items() if count > 8)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_shape_of_a_group_the_mark_of_a_badge_and_the_focus_stand_out(scheme: str) -> None:
    inks = make_inks(load_theme(RESOURCES / "themes", scheme))
    for ground in (inks.canvas, inks.body):
        assert contrast(inks.quiet_text, ground) >= 3  # the second outline of a group
        assert contrast(inks.accent, ground) >= 3  # selection, guides, focus
    for severity in Severity:
        assert contrast(inks.canvas, inks.severities[severity]) >= 3  # the mark on a badge


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
