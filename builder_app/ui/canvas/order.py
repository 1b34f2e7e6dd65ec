"""What brings order into a picture: a frame around blocks, a sticky note, a frame's colour."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu

from builder_app.flow.edits import AddFrame, AddNote, ChangeFrame
from builder_app.flow.values import Frame, Point, Rect, StickyNote, fresh_id, frozen_mapping
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.context import menu_place
from builder_app.ui.canvas.free_ground import place_beside
from builder_app.ui.canvas.furniture import TITLE, Thing, around, frame, is_there, note
from builder_app.ui.canvas.gestures.drag_nodes import snapped
from builder_app.ui.canvas.node_face import GRID
from builder_app.ui.canvas.stage import Stage
from builder_app.ui.canvas.walking import bring_into_sight

FRAME_COLORS: Final[Mapping[str, str]] = frozen_mapping(
    {
        "Grey": "",
        "Blue": "#4F8FEA",
        "Violet": "#956EE0",
        "Green": "#33AE79",
        "Teal": "#12A5AC",
        "Amber": "#D19A1C",
        "Orange": "#E07B2A",
        "Red": "#E2525F",
    }
)
"""A frame's colours by name. Only a twelfth of them shows on the canvas, so that text on them can be read."""
_AROUND: Final = 3 * GRID
_NOTE: Final = (200.0, 96.0)


def add_frame(view: Stage) -> None:
    """Wish a frame around the selected blocks and notes, and have its title written."""
    rects = view.selected_rects()
    if not rects:
        view.say("Select the blocks that the frame shall hold first.")
        return
    added = Frame(fresh_id("frame", view.canvas.picture.flow.frames), "Frame", _room_for(rects))
    view.request(AddFrame(added))
    _write_on(view, frame(added.id))


def _room_for(rects: Iterable[QRectF]) -> Rect:
    whole = around(rects)
    left, top = snapped(whole.left() - _AROUND), snapped(whole.top() - _AROUND - TITLE)
    return Rect(left, top, snapped(whole.right() + _AROUND) - left, snapped(whole.bottom() + _AROUND) - top)


def add_note(view: Stage) -> None:
    """Wish a sticky note under the pointer, or without one on free ground, and have it written."""
    at = view.pointer_place()
    corner = Point(snapped(at.x()), snapped(at.y())) if view.has_pointer() else place_beside(view, QSizeF(*_NOTE))
    added = StickyNote(fresh_id("note", view.canvas.picture.flow.notes), "", Rect(*corner, *_NOTE))
    view.request(AddNote(added))
    _write_on(view, note(added.id))


def _write_on(view: Stage, thing: Thing) -> None:
    """A canvas whose flow did not take the thing has nothing to write on."""
    if is_there(view.canvas.picture.flow, thing):
        view.select_parts(frozenset(), things=frozenset({thing}))
        _open_words(view, thing)


def _open_words(view: Stage, thing: Thing) -> None:
    """What is out of sight could not be written on."""
    bring_into_sight(view, view.canvas.things.rect_of(view.canvas.picture.flow, thing))
    view.words.open(thing)


def write(view: Stage) -> None:
    """Write on the one frame or note that is selected; the label of a block is written where it is activated."""
    things, nodes = view.canvas.things.selected, view.selected_nodes()
    if len(things) == 1 and not nodes:
        _open_words(view, next(iter(things)))
    elif len(nodes) == 1 and not things:
        view.node_activated.emit(next(iter(nodes)))
    else:
        view.say("Select one block, frame or note first; then its words can be changed.")


def set_frame_color(view: Stage, color: str) -> None:
    """Wish this colour for the selected frames, as one step."""
    frames = view.canvas.picture.flow.frames
    chosen = [frames[thing.id] for thing in sorted(view.canvas.things.selected) if thing.is_frame]
    changed = tuple(ChangeFrame(replace(held, color=color)) for held in chosen if held.color != color)
    view.request(as_one(changed, f"Colour {len(changed)} frames"))


def choose_frame_color(view: Stage) -> QMenu | None:
    """Offer the colours for the selected frames, as a menu at the pointer, or without one at the frame; None, and a
    sentence, where no frame is selected.
    """
    if not any(thing.is_frame for thing in view.canvas.things.selected):
        view.say("Select a frame first; then its colour can be chosen.")
        return None
    menu = QMenu(view)
    menu.setObjectName("FrameColors")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for name, color in FRAME_COLORS.items():
        action = menu.addAction(_swatch(view, color), name)
        action.triggered.connect(lambda _checked=False, chosen=color: set_frame_color(view, chosen))
    at = view.hands.pointer.toPoint() if view.has_pointer() else menu_place(view)
    menu.popup(view.viewport().mapToGlobal(at))
    return menu


def _swatch(view: Stage, color: str) -> QIcon:
    picture = QPixmap(12, 12)
    picture.fill(QColor.fromString(color) if color else view.canvas.inks.quiet_text)
    return QIcon(picture)
