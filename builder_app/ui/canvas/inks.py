"""A theme's pens and brushes for the canvas, made once, so that painting makes none."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from builder_app.flow.problems import Severity
from builder_app.flow.values import NodeType, PortType
from builder_app.ui.problems.severity import SEVERITY_TOKENS
from builder_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Inks:
    """Colours by meaning. The key None is what nobody knows: a placeholder's type, a port of no template."""

    theme: Theme
    canvas: QColor
    body: QColor
    text: QColor
    quiet_text: QColor
    accent: QColor
    panel: QColor
    node_types: Mapping[NodeType | None, QColor]
    far_blocks: Mapping[NodeType | None, QColor]
    ports: Mapping[PortType | None, QColor]
    wires_bright: Mapping[PortType | None, QColor]
    wires_dim: Mapping[PortType | None, QColor]
    severities: Mapping[Severity, QColor]
    hairline_pen: QPen
    dashed_pen: QPen
    selected_pen: QPen


def mix(ground: QColor, color: QColor, share: float) -> QColor:
    """The opaque colour that `share` (0 to 1) of `color` on `ground` gives."""
    keep = 1 - share
    return QColor.fromRgbF(
        ground.redF() * keep + color.redF() * share,
        ground.greenF() * keep + color.greenF() * share,
        ground.blueF() * keep + color.blueF() * share,
    )


def make_inks(theme: Theme) -> Inks:
    """The canvas's pens and brushes in this theme."""
    canvas, body, quiet, text = (theme.color(token) for token in ("canvas", "node_body", "quiet_text", "text"))
    node_types: dict[NodeType | None, QColor] = {type: theme.color(type.value) for type in NodeType}
    node_types[None] = quiet
    ports: dict[PortType | None, QColor] = {type: theme.color(type.value) for type in PortType}
    ports[None] = quiet
    return Inks(
        theme=theme,
        canvas=canvas,
        body=body,
        text=text,
        quiet_text=quiet,
        accent=theme.color("accent"),
        panel=theme.color("panel"),
        node_types=node_types,
        far_blocks={type: mix(body, color, 0.22) for type, color in node_types.items()},
        ports=ports,
        wires_bright={type: mix(color, text, 0.3) for type, color in ports.items()},
        wires_dim={type: mix(canvas, color, 0.3) for type, color in ports.items()},
        severities={severity: theme.color(token) for severity, token in SEVERITY_TOKENS.items()},
        hairline_pen=QPen(theme.color("hairline"), 1),
        dashed_pen=_dashed(quiet),
        selected_pen=QPen(theme.color("accent"), 2),
    )


def _dashed(color: QColor) -> QPen:
    pen = QPen(color, 1)
    pen.setDashPattern([4, 3])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
