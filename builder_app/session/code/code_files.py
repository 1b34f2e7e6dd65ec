"""A file of code opened as the strategy that it is, edited by hand or not."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builder_app.codegen.reading_back.carried_flow import what_is_said
from builder_app.codegen.reading_back.round_trip import ReadBack, read_back
from builder_app.flow.codec import FlowUnreadable, loads
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Node, Rect, StickyNote, fresh_id, frozen_mapping
from builder_app.nodes import validate_parameters
from builder_app.session.disk_trouble import in_sentences
from builder_app.session.files import open_when_read
from builder_app.session.whole_files import read_limited

if TYPE_CHECKING:
    from builder_app.session.session import Session

CODE: Final = ".py"
LONGEST_NOTE: Final = 4000
"""Of a longer difference a note on the canvas holds the beginning; the file itself is never touched."""
_NOTE_PLACE: Final = Rect(0, -360, 480, 320)


def open_code_file(session: "Session", path: Path) -> None:
    """Open a file of code as a new strategy, off the owner's thread; DocumentOpened or Refused tells how it ended."""
    catalogue = session.catalogue
    open_when_read(session, path, lambda: _drawn(path, read_code_file(path, catalogue)))


def read_code_file(path: Path, catalogue: Catalogue) -> ReadBack:
    """What a file of code says as a flow. Raises ValueError or DiskTrouble with a sentence.

    Where `flow.json` beside it is the picture of the same strategy, places, frames and notes are taken from there.
    """
    with in_sentences():
        content = read_limited(path, MAXIMUM_BYTES)
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError as reason:
        raise ValueError("It is not text in UTF-8; take an undamaged copy.") from reason
    found = read_back(source, catalogue, validate_parameters)
    drawn = _drawing_beside(path)
    return found if drawn is None else replace(found, flow=_as_drawn(found.flow, drawn))


def _drawn(path: Path, found: ReadBack) -> tuple[LogicFlow, str]:
    """The strategy to open, with what no parameter says on a note beside the picture, and what is to be said of it."""
    flow = found.flow
    if found.difference:
        note = fresh_id("changed_by_hand", flow.notes)
        text = f"Changed by hand in {path.name}, and not in the picture:\n\n{found.difference}"
        sticky = StickyNote(note, text[:LONGEST_NOTE], _NOTE_PLACE)
        flow = replace(flow, notes=frozen_mapping({**flow.notes, note: sticky}))
    return flow, _said(path, found)


def _said(path: Path, found: ReadBack) -> str:
    """What the strategist should know about the file; nothing where it is as it was written."""
    if not found.edited:
        return ""
    parts = [f"'{path.name}' was edited by hand.", *found.taken]
    if found.difference:
        parts.append("What no parameter says is on a note beside the picture; the file stays as it is.")
    return " ".join(parts)


def _drawing_beside(path: Path) -> LogicFlow | None:
    """The flow.json of an exported folder, where it can be read."""
    try:
        return loads(read_limited(path.with_name("flow.json"), MAXIMUM_BYTES))
    except (FlowUnreadable, ValueError, OSError):
        return None


def _as_drawn(flow: LogicFlow, drawn: LogicFlow) -> LogicFlow:
    """The flow with the look of a drawing of the same blocks; as it is where the drawing has other ones."""
    said = what_is_said(drawn)
    if {id: node.template for id, node in said.nodes.items()} != {id: node.template for id, node in flow.nodes.items()}:
        return flow
    if said.edges != flow.edges or said.parameters.keys() != flow.parameters.keys():
        return flow

    def dressed(node: Node) -> Node:
        look = drawn.nodes[node.id]
        return replace(node, position=look.position, note=look.note, collapsed=look.collapsed)

    bounds = {name: replace(drawn.parameters[name], value=each.value) for name, each in flow.parameters.items()}
    return replace(
        flow,
        nodes=frozen_mapping((id, dressed(node)) for id, node in flow.nodes.items()),
        frames=drawn.frames,
        notes=drawn.notes,
        routes=drawn.routes,
        parameters=frozen_mapping(bounds),
    )
