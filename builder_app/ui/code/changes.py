"""What changed between two texts, line by line. No Qt here."""

import difflib
from collections.abc import Sequence
from typing import NamedTuple


class Replacement(NamedTuple):
    """Lines `first` (0-based) up to but not `last` of the old text become `lines`."""

    first: int
    last: int
    lines: tuple[str, ...]


def replacement(before: Sequence[str], after: Sequence[str]) -> Replacement | None:
    """The smallest single run of lines whose exchange makes `after` of `before`; None where they are equal."""
    if list(before) == list(after):
        return None
    shortest = min(len(before), len(after))
    head = 0
    while head < shortest and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shortest - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return Replacement(head, len(before) - tail, tuple(after[head : len(after) - tail]))


def changed_lines(before: Sequence[str], after: Sequence[str]) -> frozenset[int]:
    """The 1-based lines of `after` that are new or different; a cut marks the line that took its place."""
    run = replacement(before, after)
    if run is None:
        return frozenset()
    old, new = list(before[run.first : run.last]), list(run.lines)
    changed: set[int] = set()
    for kind, _, _, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "delete":
            changed.add(min(run.first + first + 1, max(len(after), 1)))
        elif kind != "equal":
            changed.update(range(run.first + first + 1, run.first + last + 1))
    return frozenset(changed)
