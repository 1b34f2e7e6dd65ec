"""What changed between two texts, line by line. No Qt here."""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
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


def replacements(before: Sequence[str], after: Sequence[str]) -> list[Replacement]:
    """Runs of lines whose exchange makes `after` of `before`, from top to bottom; what stays lies between them."""
    whole = replacement(before, after)
    if whole is None:
        return []
    old, new = before[whole.first : whole.last], whole.lines
    found: list[Replacement] = []
    old_start = new_start = 0
    for old_end, new_end in (*_anchors(old, new), (len(old), len(new))):
        for run in _runs(old[old_start:old_end], new[new_start:new_end]):
            moved = whole.first + old_start
            found.append(Replacement(run.first + moved, run.last + moved, run.lines))
        old_start, new_start = old_end, new_end
    return found


def changed_lines(before: Sequence[str], after: Sequence[str]) -> frozenset[int]:
    """The 1-based lines of `after` that are new or different; a cut marks the line that took its place."""
    return lines_of(replacements(before, after), len(after))


def lines_of(runs: Sequence[Replacement], count: int) -> frozenset[int]:
    """The 1-based lines that these exchanges made, in a text that has `count` lines after them."""
    changed: set[int] = set()
    grown = 0
    for run in runs:
        first = run.first + grown + 1
        changed.update(range(first, first + max(len(run.lines), 1)))
        grown += len(run.lines) - (run.last - run.first)
    return frozenset(min(line, max(count, 1)) for line in changed)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Replacement]:
    """The runs of lines that differ between two short texts."""
    run = replacement(old, new)
    if run is None:
        return
    cut, lines = list(old[run.first : run.last]), list(run.lines)
    if len(cut) == len(lines):
        differing = [place for place, line in enumerate(lines) if line != cut[place]]
        if len(differing) <= len(lines) // 2:  # line for line they are mostly the same: names have other numbers
            for place in differing:
                yield Replacement(run.first + place, run.first + place + 1, (lines[place],))
            return
    # In long texts, lines that stand there very often are no help: looking at each pair of them takes a second.
    for kind, first, last, start, end in difflib.SequenceMatcher(None, cut, lines).get_opcodes():
        if kind != "equal":
            yield Replacement(run.first + first, run.first + last, tuple(lines[start:end]))


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of lines that stand once in each text, in the same order in both: between two of them there is little.

    This is the idea of Bram Cohen's patience diff. Without it, comparing two long texts takes as long as a second.
    """
    places = _once(new)
    pairs = [(place, places[line]) for line, place in _once(old).items() if line in places]
    piles: list[int] = []
    tops: list[int] = []
    below: list[int | None] = []
    for number, (_, target) in enumerate(pairs):
        pile = bisect_left(piles, target)
        piles[pile : pile + 1] = [target]
        tops[pile : pile + 1] = [number]
        below.append(tops[pile - 1] if pile else None)
    found: list[tuple[int, int]] = []
    last = tops[-1] if tops else None
    while last is not None:
        found.append(pairs[last])
        last = below[last]
    return found[::-1]


def _once(lines: Sequence[str]) -> dict[str, int]:
    """The lines that stand only once, with their places, in their order."""
    times = Counter(lines)
    return {line: place for place, line in enumerate(lines) if times[line] == 1}
