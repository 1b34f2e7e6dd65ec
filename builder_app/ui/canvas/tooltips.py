"""What is said about the thing under a resting pointer."""

from html import escape

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.problems import Problem
from builder_app.flow.wording import words
from builder_app.ui.canvas.node_face import PORT_REACH, PortEnd
from builder_app.ui.canvas.node_painting import badge_rect
from builder_app.ui.canvas.scene import CanvasScene


def tooltip_at(scene: CanvasScene, place: QPointF, zoom: float) -> str:
    """Rich text about a badge, a port or a block; empty where there is nothing to say."""
    picture = scene.picture
    badge = badge_at(scene, place)
    if badge is not None:
        return "<br><br>".join(map(_problem_text, scene.problems[badge]))
    end = picture.port_at(place, PORT_REACH / max(zoom, 1.0))
    if end is not None:
        return _port_text(scene, end)
    node = picture.node_at(place)
    if node is None:
        return ""
    face = picture.faces[node]
    lines = [f"<b>{escape(face.title)}</b>", *(escape(line) for line in face.about.split("\n"))]
    return "<br>".join(lines)


def badge_at(scene: CanvasScene, place: QPointF) -> str | None:
    """The block whose problem badge is under `place`."""
    picture = scene.picture
    for id in reversed(picture.nodes_touching(_point(place))):
        at = picture.places[id]
        inside = QPointF(place.x() - at.x, place.y() - at.y)
        if scene.problems.get(id) and badge_rect(picture.faces[id]).adjusted(-4, -4, 4, 4).contains(inside):
            return id
    return None


def _port_text(scene: CanvasScene, end: PortEnd) -> str:
    port = scene.picture.faces[end.node].port(end.port, end.is_input)
    if port is None:
        return ""
    kind = "input" if end.is_input else "output"
    type = words(port.type.value) if port.type else "unknown"
    lines = [f"<b>{escape(port.title)}</b> · {type} {kind}", escape(port.description)]
    lines += [
        _problem_text(problem)
        for problem in scene.problems.get(end.node, ())
        if problem.port == end.port and end.is_input
    ]
    return "<br>".join(line for line in lines if line)


def _problem_text(problem: Problem) -> str:
    return "<br>".join(escape(text) for text in (problem.message, problem.hint) if text)


def _point(place: QPointF) -> QRectF:
    return QRectF(place, place)
