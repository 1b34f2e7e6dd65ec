"""Which edits of the inspector belong to one gesture: the edits of one kind on one thing until it is let go."""

import itertools
import secrets

from builder_app.flow.edits import Annotate, Edit, InGroup, Rename, RenameStrategy, SetParameter, SetStrategyParameter


class GestureKeys:
    """Gives edits of one drag the same key, so that they become one step of the history."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._run = secrets.token_hex(4)  # steps restored from an earlier run must never be gone on with
        self._thing: tuple[str, ...] = ()
        self._key = ""

    def key(self, edit: Edit) -> str:
        """The gesture's key; empty for an edit that is a step of its own."""
        thing = _thing(edit)
        if not thing:
            self.end()
        elif thing != self._thing:
            self._thing, self._key = thing, f"{'.'.join(thing)}:{self._run}:{next(self._numbers)}"
        return self._key

    def end(self) -> None:
        """The next edit begins a gesture of its own."""
        self._thing, self._key = (), ""


def _thing(edit: Edit) -> tuple[str, ...]:
    match edit:
        case SetParameter():
            return ("parameter", edit.node, edit.name)
        case SetStrategyParameter() if edit.parameter is not None:
            return ("strategy parameter", edit.name)
        case Rename():
            return ("label", edit.node)
        case Annotate():
            return ("note", edit.node)
        case RenameStrategy():
            return ("name",)
        case InGroup():
            inner = _thing(edit.edit)
            return ("group", edit.group, *inner) if inner else ()
        case _:
            return ()
