"""The few small line pictures of controls (chevrons, a tick, a cross …), drawn in any colour and sharp at any scale.

Each is drawn on a grid of 16 × 16 with a line of 1.5, as SVG text.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_GRID: Final = 16
_SCALES: Final = (1, 2, 3)
_SHAPES: Final = {
    "chevron_down": '<path d="M4 6l4 4 4-4"/>',
    "chevron_up": '<path d="M4 10l4-4 4 4"/>',
    "chevron_right": '<path d="M6 4l4 4-4 4"/>',
    "tick": '<path d="M3.5 8.5l3 3 6-7"/>',
    "dash": '<path d="M4 8h8"/>',
    "cross": '<path d="M4.5 4.5l7 7M11.5 4.5l-7 7"/>',
    "add": '<path d="M8 3.5v9M3.5 8h9"/>',
    "reset": '<path d="M3.5 8a4.5 4.5 0 1 0 1.6-3.4M3.5 2.8v2.7h2.7"/>',
    "more": '<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.2"/>',
    "copy": '<rect x="5.75" y="5.75" width="7" height="7" rx="1.5"/><path d="M3.25 10.25v-6a1 1 0 0 1 1-1h6"/>',
    "save": '<path d="M8 2.5v7M5 7l3 3 3-3M3 12.75h10"/>',
    "calendar": '<rect x="2.75" y="3.75" width="10.5" height="9.5" rx="1.5"/>'
    '<path d="M2.75 7h10.5M5.5 2.25v3M10.5 2.25v3"/>',
    "link": '<path d="M6.7 9.3l2.6-2.6M7.3 4.7l1.3-1.3a2.8 2.8 0 0 1 4 4l-1.3 1.3"/>'
    '<path d="M8.7 11.3l-1.3 1.3a2.8 2.8 0 0 1-4-4l1.3-1.3"/>',
    "formula": '<path d="M3.5 6h9M3.5 10h9"/>',
    "error": '<circle cx="8" cy="8" r="5.75"/><path d="M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2"/>',
    "warning": '<path d="M8 2.6l6 10.6H2z"/><path d="M8 6.6v3M8 11.4h.01"/>',
    "remark": '<circle cx="8" cy="8" r="5.75"/><path d="M8 7.4v3.4M8 5.2h.01"/>',
    "place": '<path d="M5.5 4l5.5 4-5.5 4z" fill="{color}"/>',
    "eye": '<path d="M1.75 8s2.25-4.25 6.25-4.25S14.25 8 14.25 8s-2.25 4.25-6.25 4.25S1.75 8 1.75 8z"/>'
    '<circle cx="8" cy="8" r="1.75"/>',
    "lock": '<rect x="3.75" y="7.25" width="8.5" height="6" rx="1.25"/><path d="M5.5 7V5.25a2.5 2.5 0 0 1 5 0V7"/>',
    "dot": '<circle cx="8" cy="8" r="2" fill="{color}"/>',
}

PICTURES: Final = frozenset(_SHAPES)
"""The names that `picture` knows."""


def picture_svg(name: str, color: QColor) -> bytes:
    """The picture as SVG text. Raises KeyError for a name that is not in PICTURES."""
    shape = _SHAPES[name].replace("{color}", color.name())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_GRID} {_GRID}" width="{_GRID}" height="{_GRID}" '
        f'fill="none" stroke="{color.name()}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">'
        f"{shape}</svg>"
    ).encode()


def picture(name: str, color: QColor, size: int = _GRID) -> QIcon:
    """The picture as an icon of `size` × `size` logical pixels."""
    return QIcon(_drawn(name, color.rgba(), size))  # a list of problems shows the same few a thousand times


@lru_cache(maxsize=256)
def _drawn(name: str, color: int, size: int) -> QIcon:
    renderer = QSvgRenderer(QByteArray(picture_svg(name, QColor.fromRgba(color))))
    icon = QIcon()
    for scale in _SCALES:
        pixmap = QPixmap(size * scale, size * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        icon.addPixmap(pixmap)
    return icon


def write_picture(name: str, color: QColor, folder: Path) -> Path:
    """Write the picture into `folder` (made if it is missing), for style sheets, which know pictures only as files."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{color.name()[1:]}.svg"
    content = picture_svg(name, color)
    if not file.exists() or file.read_bytes() != content:
        file.write_bytes(content)
    return file
