"""What is heard of the parts of a canvas, in words: by those who use a screen reader, and in the status line."""

from collections.abc import Iterator
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from builder_app.flow.values import Edge
from builder_app.flow.wording import listed
from builder_app.ui.canvas.furniture import Thing, carried
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture, source_end, target_end
from builder_app.ui.problems.severity import severity_word

if TYPE_CHECKING:
    from builder_app.ui.canvas.scene import CanvasScene

_LONGEST: Final = 80
"""Of longer words of a note the beginning is said."""


def announce(part: QWidget, words: str) -> None:
    """Let a screen reader say this, where one listens."""
    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(part, words))


def block_words(scene: "CanvasScene", node: str) -> str:
    """What is heard of a block beside its name: kind, state, parameters, problems, wires port by port, its note."""
    picture = scene.picture
    face, held = picture.faces[node], picture.flow.nodes[node]
    template = picture.catalogue.of(held)
    kind = template.display_name if template is not None else ""
    parts = [
        "Group: Enter opens it" if face.is_group else kind if kind != face.title else "",
        "muted" if face.muted else "",
        "collapsed" if face.collapsed else "",
        face.subtitle,
        *(f"{severity_word(problem.severity)}: {problem.message}" for problem in scene.problems.get(node, ())),
        *_port_words(picture, node),
        *(f"In the frame {picture.flow.frames[id].title}" for id in frames_around(picture, node)),
        f"Note: {held.note}" if held.note else "",
    ]
    return " ".join(f"{words}." for part in parts if (words := " ".join(part.split()).rstrip(".")))


def _port_words(picture: Picture, node: str) -> Iterator[str]:
    """Each port with the ends that it is wired to."""
    wires = sorted(picture.wires_at(node))
    for port in picture.faces[node].ports:
        here = PortEnd(node, port.name, port.is_input)
        ends = ((target_end(wire), source_end(wire)) for wire in wires)
        others = [source if port.is_input else target for target, source in ends if here in (target, source)]
        side, way = ("Input", "from") if port.is_input else ("Output", "to")
        named = f"{way} {', '.join(end_words(picture, other, ' ') for other in others)}" if others else "not wired"
        yield f"{side} {port.title} {named}"


def end_words(picture: Picture, end: PortEnd, joint: str = " · ") -> str:
    """An end of a wire: "Fast average · Price"."""
    face = picture.faces[end.node]
    port = face.port(end.port, end.is_input)
    return f"{face.title}{joint}{port.title if port else end.port}"


def wire_words(picture: Picture, wire: Edge) -> str:
    """A wire as it is read: "Prices · Close → Fast average · Price"."""
    return " → ".join(end_words(picture, end) for end in (source_end(wire), target_end(wire)))


def thing_words(picture: Picture, thing: Thing) -> str:
    """A frame or a note as it is read: "Frame Trend"."""
    flow = picture.flow
    said = flow.frames[thing.id].title if thing.is_frame else flow.notes[thing.id].text
    return f"{'Frame' if thing.is_frame else 'Note'} {shorten(said, _LONGEST, placeholder='…')}".strip()


def contents_words(picture: Picture, thing: Thing) -> str:
    """What a frame holds: its blocks from left to right, frames and notes in it; nothing of a note."""
    if not thing.is_frame:
        return ""
    nodes, things = carried(picture, (thing,))
    order = sorted(nodes, key=lambda id: (picture.places[id].x, picture.places[id].y, id))
    count = f"{len(order)} {'block' if len(order) == 1 else 'blocks'}"
    blocks = [f"{count}: {listed(tuple(picture.faces[id].title for id in order))}"] if order else []
    others = sorted(things - {thing}, key=lambda other: (not other.is_frame, other.id))
    inside = [thing_words(picture, other) for other in others]
    return f"Holds {'; '.join((*blocks, *inside)) or 'nothing'}."


def frames_around(picture: Picture, node: str) -> list[str]:
    """The frames that wholly hold a block, the innermost first."""
    body = picture.rect_of(node)
    around = [held for held in picture.flow.frames.values() if QRectF(*held.rect).contains(body)]
    return [held.id for held in sorted(around, key=lambda held: (held.rect.width * held.rect.height, held.id))]
