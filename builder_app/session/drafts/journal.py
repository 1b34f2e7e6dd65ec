"""The journal's entries as values, their JSON form, and the history and flow that they give when read again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from builder_app.flow.edit_codec import edit_from_json, edit_to_json
from builder_app.flow.edits import apply
from builder_app.flow.values import LogicFlow
from builder_app.session.drafts.history import History, Step


class EntryKind(StrEnum):
    """What the strategist did with a step."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: the step is whole in it, so that the history can be had from the journal alone."""

    kind: EntryKind
    step: Step


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """The JSON form, without the kind, which is a column of its own."""
    step = entry.step
    return {
        "do": edit_to_json(step.edit),
        "undo": edit_to_json(step.inverse),
        "title": step.title,
        "gesture": step.gesture,
    }


def entry_from_json(kind: str, content: Any) -> Entry:
    """The entry; raises ValueError where the content is not one."""
    step = Step(edit_from_json(content["do"]), edit_from_json(content["undo"]), content["title"], content["gesture"])
    return Entry(EntryKind(kind), step)


def replayed(flow: LogicFlow, history: History, entries: Iterable[Entry]) -> tuple[LogicFlow, History]:
    """The flow and history after these entries; raises EditRefused where they do not fit the flow."""
    for entry in entries:
        match entry.kind:
            case EntryKind.UNDO:
                flow = apply(flow, entry.step.inverse)[0]
            case EntryKind.EDIT | EntryKind.REDO:
                flow = apply(flow, entry.step.edit)[0]
        history = remembered(history, entry)
    return flow, history


def remembered(history: History, entry: Entry) -> History:
    """The history after an entry whose change the flow has already (it is older than the snapshot)."""
    match entry.kind:
        case EntryKind.EDIT:
            return history.taken(entry.step)
        case EntryKind.REDO:
            known = history.next_redo is not None
            return history.redone() if known else history.taken(entry.step)
        case EntryKind.UNDO:
            if history.next_undo is not None:
                return history.undone()
            # The journal no longer holds the step's edit, but the undo holds the whole step.
            return History((entry.step, *history.steps), 0)
