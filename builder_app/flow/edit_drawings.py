"""Edits of what is drawn beside blocks and wires: frames and sticky notes."""

from typing import assert_never

from builder_app.flow.edit_draft import Draft, existing, refuse_new, refuse_numbers
from builder_app.flow.edit_kinds import AddFrame, AddNote, ChangeFrame, ChangeNote, Edit, RemoveFrame, RemoveNote


def change_frames(draft: Draft, edit: AddFrame | ChangeFrame | RemoveFrame) -> Edit:
    """Apply an edit of a frame; the edit that takes it back. Raises EditRefused where it does not fit."""
    frames = draft.frames()
    match edit:
        case AddFrame(frame):
            refuse_new(frames, frame.id, "frame")
            refuse_numbers(*frame.rect)
            frames[frame.id] = frame
            return RemoveFrame(frame.id)
        case ChangeFrame(frame):
            before = existing(frames, frame.id, "frame")
            refuse_numbers(*frame.rect)
            frames[frame.id] = frame
            return ChangeFrame(before)
        case RemoveFrame(id):
            before = existing(frames, id, "frame")
            del frames[id]
            return AddFrame(before)
        case _:
            assert_never(edit)


def change_notes(draft: Draft, edit: AddNote | ChangeNote | RemoveNote) -> Edit:
    """Apply an edit of a sticky note; the edit that takes it back. Raises EditRefused where it does not fit."""
    notes = draft.notes()
    match edit:
        case AddNote(note):
            refuse_new(notes, note.id, "note")
            refuse_numbers(*note.rect)
            notes[note.id] = note
            return RemoveNote(note.id)
        case ChangeNote(note):
            before = existing(notes, note.id, "note")
            refuse_numbers(*note.rect)
            notes[note.id] = note
            return ChangeNote(before)
        case RemoveNote(id):
            before = existing(notes, id, "note")
            del notes[id]
            return AddNote(before)
        case _:
            assert_never(edit)
