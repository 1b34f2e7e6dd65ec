"""The look, computed from the tokens: text and shapes stand out, and types are told apart by every kind of eye."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor

from builder_app.flow.values import NodeType, PortType
from builder_app.ui.code.editor import CHANGED_SHARE, LIT_SHARE
from builder_app.ui.stylesheet import blended, selection_ground
from builder_app.ui.theme import Theme, load_theme

THEMES = Path(__file__).parents[2] / "resources" / "themes"
SCHEMES = ("dark", "light")

LOOK = {
    "canvas": ("#1B1D22", "#F4F5F7"),
    "grid_dot": ("#2A2D34", "#DDE0E6"),
    "panel": ("#22252B", "#FFFFFF"),
    "node_body": ("#2C3038", "#FFFFFF"),
    "text": ("#E6E8EC", "#1C2026"),
    "quiet_text": ("#9BA1AC", "#5B6270"),
    "accent": ("#5B9DFF", "#1F6FEB"),
    "gain": ("#3FB68B", "#1A7F5A"),
    "loss": ("#F0616D", "#C62F3B"),
    "warning": ("#E8B339", "#8F6200"),
    "hairline": ("#363A43", "#D5D9E0"),
}

TEXT_ON = {
    "text": ("canvas", "panel", "node_body", "control", "control_hover"),
    "quiet_text": ("canvas", "panel", "node_body", "control", "control_hover"),
    "on_accent": ("accent",),
    "accent": ("panel",),
    "gain": ("panel", "canvas"),
    "loss": ("panel", "canvas"),
    "warning": ("panel", "canvas", "control"),
    "code_keyword": ("panel",),
    "code_string": ("panel",),
    "code_number": ("panel",),
    "code_comment": ("panel",),
    "code_name": ("panel",),
}
TYPES = tuple(str(node_type) for node_type in NodeType)
PORTS = tuple(str(port) for port in PortType)
SHAPES_ON = {
    **dict.fromkeys((*TYPES, *PORTS), ("canvas", "panel", "node_body")),
    "outline": ("canvas", "panel", "control"),
    "accent": ("canvas", "panel", "node_body", "control"),
    "loss": ("canvas", "panel", "node_body", "control"),
    "gain": ("canvas", "panel", "node_body"),
    "warning": ("canvas", "panel", "node_body", "control"),
    "quiet_text": ("canvas", "panel", "node_body", "control"),
}

# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TOLD_APART = 12.0
"""CIE76 distance; about 2.3 is just noticeable, and bands on neighbouring nodes are seen apart from about 10."""


def linear(color: QColor) -> np.ndarray:
    """Linear RGB, 0–1 (IEC 61966-2-1)."""
    channels = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of linear RGB."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.fixture(params=SCHEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(THEMES, request.param)


def test_the_contrast_formula_agrees_with_known_values() -> None:
    assert contrast(QColor("#FFFFFF"), QColor("#000000")) == pytest.approx(21.0)
    assert contrast(QColor("#767676"), QColor("#FFFFFF")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("column", [0, 1], ids=SCHEMES)
def test_the_tokens_of_the_look_are_kept(column: int) -> None:
    colors = json.loads((THEMES / f"{SCHEMES[column]}.json").read_text(encoding="utf-8"))["colors"]
    assert {token: colors[token] for token in LOOK} == {token: values[column] for token, values in LOOK.items()}


def test_both_schemes_have_the_same_tokens() -> None:
    dark, light = (load_theme(THEMES, scheme) for scheme in SCHEMES)
    assert dark.colors.keys() == light.colors.keys()


@pytest.mark.parametrize(("token", "ground"), [(token, ground) for token in TEXT_ON for ground in TEXT_ON[token]])
def test_text_stands_out_from_its_ground(theme: Theme, token: str, ground: str) -> None:
    assert contrast(theme.color(token), theme.color(ground)) >= 4.5


@pytest.mark.parametrize(("token", "ground"), [(token, ground) for token in SHAPES_ON for ground in SHAPES_ON[token]])
def test_shapes_stand_out_from_their_ground(theme: Theme, token: str, ground: str) -> None:
    assert contrast(theme.color(token), theme.color(ground)) >= 3.0


@pytest.mark.parametrize("token", ["text", "quiet_text"])
def test_text_stands_out_from_a_selected_row(theme: Theme, token: str) -> None:
    assert contrast(theme.color(token), selection_ground(theme)) >= 4.5


@pytest.mark.parametrize("token", [token for token in TEXT_ON if token.startswith("code_")] + ["text"])
@pytest.mark.parametrize(("mark", "share"), [("accent", LIT_SHARE), ("warning", CHANGED_SHARE)])
def test_code_stands_out_from_lit_and_changed_lines(theme: Theme, token: str, mark: str, share: float) -> None:
    ground = blended(theme.color(mark), theme.color("panel"), share)
    assert contrast(theme.color(token), ground) >= 4.5


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("group", [TYPES, PORTS], ids=["node types", "port types"])
def test_types_are_told_apart_by_every_kind_of_eye(theme: Theme, group: tuple[str, ...], deficiency: str) -> None:
    seen = {token: lab(DEFICIENCIES[deficiency] @ linear(theme.color(token))) for token in group}
    distances = {
        pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) for pair in itertools.combinations(group, 2)
    }
    closest = min(distances, key=lambda pair: distances[pair])
    assert distances[closest] >= TOLD_APART, closest
