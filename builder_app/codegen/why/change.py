"""The smallest change of a parameter that would have let a signal through at a bar.

Every parameter that is a number and reaches the signal is tried: whole numbers one by one from the present value on,
others by going outwards, then inwards between what did and what did not do. How small a change is, is measured by the
parameter's own value, so that a period and a level can be compared. What is found is proven on the changed flow.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from builder_app.codegen.interpreter.interpret import Interpretation, work_out
from builder_app.codegen.why.blockers import Wish, conditions, is_met
from builder_app.codegen.why.levers import Found, Lever, behind, levers
from builder_app.codegen.why.scene import NoSuchBar, Scene, scene_of
from builder_app.flow.edits import Batch, Edit, EditRefused, apply
from builder_app.flow.rules_groups import localised
from builder_app.flow.values import Port
from builder_app.flow.wording import value_words

Goal = Callable[[Found], bool]
Signal = tuple[Sequence[Port], str]
"""The outputs that may say a word, and the word."""

MOST_WHOLE_STEPS: Final = 400
_DOUBLINGS: Final = range(-12, 11)
_MOST_GRID_STEPS: Final = 120
_BISECTIONS: Final = 12


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of the flow, and what it does, as `level 31.3 instead of 30 in 'RSI is low'`."""

    edit: Edit
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The smallest change that was found, or none; and the sentence that says it."""

    change: Change | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Hit:
    """A value of a lever that does it; `size` is its distance by the lever's own measure."""

    lever: Lever
    value: float
    size: float


def smallest_change(scene: Scene, signal: Signal, wishes: Sequence[Wish], is_over: Callable[[], bool]) -> Answer:
    """One parameter that would have given the signal, or else one for each thing that blocked it."""
    sources, word = signal
    if not wishes:
        return Answer(None, "")
    search = _Search(scene, is_over)
    hit = search.best(sources, lambda found: scene.holds(found, sources, word), len(wishes))
    if hit is not None:
        found = _proven(scene, signal, (hit,))
        if found is not None:
            return Answer(found, f"With {found.words} it would have been.")
    if len(wishes) > 1:
        hits = [search.best([wish.port], _met(scene, wish)) for wish in wishes]
        known = [hit for hit in hits if hit is not None]
        both = _proven(scene, signal, known) if len(known) == len(wishes) else None
        if both is not None:
            return Answer(both, f"No single parameter would have done; with {both.words} it would have been.")
    if is_over():
        return Answer(None, "No parameter that would have changed this was found in the time there was for it.")
    return Answer(None, "No change of a parameter inside its range would have changed this.")


def _met(scene: Scene, wish: Wish) -> Goal:
    return lambda found: is_met(scene, found, wish)


def _proven(scene: Scene, signal: Signal, hits: Sequence[_Hit]) -> Change | None:
    """The edit of the drawn flow, where the flow that it makes gives the signal; None where it does not."""
    edits = [localised(hit.lever.edit(hit.value), scene.flow) for hit in hits]
    known = [edit for edit in edits if edit is not None]
    if len(known) < len(hits):
        return None
    words = " and ".join(
        f"{hit.lever.words} {value_words(hit.lever.typed(hit.value))} instead of {value_words(hit.lever.old)}"
        f"{hit.lever.where}"
        for hit in hits
    )
    edit = known[0] if len(known) == 1 else Batch(tuple(known), "Let it through")
    allowed = scene.drawing.validate_parameters
    try:
        changed = scene_of(apply(scene.flow, edit)[0], scene.catalogue, scene.panel, scene.symbol, allowed)
    except (EditRefused, NoSuchBar):
        return None
    return Change(edit, words) if changed.holds(changed.found, *signal) else None


class _Search:
    """Tries values until it is over."""

    def __init__(self, scene: Scene, is_over: Callable[[], bool]) -> None:
        self._scene, self._is_over = scene, is_over

    def best(self, goal_ports: Sequence[Port], goal: Goal, least: int = 1) -> _Hit | None:
        """The smallest change of one lever that reaches the goal; a grid makes it a number that can be said.

        Where so many conditions at least are in the way, a lever that reaches fewer cannot do it.
        """
        before = behind(self._scene, [port.node for port in goal_ports])
        best: _Hit | None = None
        for lever in levers(self._scene, before):
            if least > 1 and len(conditions(self._scene, lever.reaches & before)) < least:
                continue
            limit = best.size if best is not None else math.inf
            found = self._whole(lever, before, goal, limit) if lever.whole else self._real(lever, before, goal, limit)
            best = found or best
            if self._is_over():
                break
        return best

    def _does(self, lever: Lever, value: float, before: frozenset[str], goal: Goal) -> bool:
        """Whether the goal is reached with this value; not where a block would refuse it."""
        if not lever.low <= value <= lever.high or not lever.allows(value):
            return False
        scene = self._scene
        drawn = lever.drawn_with(value), scene.drawing.catalogue
        nodes = [node for node in scene.order if node in before and node in lever.reaches]
        found = {symbol: Interpretation(dict(one.values)) for symbol, one in scene.found.items()}
        with np.errstate(all="ignore"):
            try:
                work_out(nodes, drawn, scene.panel, found)
            except Exception:  # TA-Lib refuses a number by a plain Exception: with it nothing is reached
                return False
        return goal(found)

    def _whole(self, lever: Lever, before: frozenset[str], goal: Goal, limit: float) -> _Hit | None:
        """The nearest whole number that does it, upwards first."""
        for distance in range(1, MOST_WHOLE_STEPS + 1):
            size = distance / lever.scale
            if size >= limit or self._is_over():
                return None
            if lever.old - distance < lever.low and lever.old + distance > lever.high:
                return None
            for value in (lever.old + distance, lever.old - distance):
                if self._does(lever, value, before, goal):
                    return _Hit(lever, value, size)
        return None

    def _real(self, lever: Lever, before: frozenset[str], goal: Goal, limit: float) -> _Hit | None:
        """Outwards to a value that does it, inwards to where that begins, and from the old value on along a grid."""
        failed = {1.0: 0.0, -1.0: 0.0}
        for distance, sign in self._distances(lever):
            if distance / lever.scale >= limit or self._is_over():
                return None
            if not self._does(lever, lever.old + sign * distance, before, goal):
                failed[sign] = distance
                continue
            near, far = failed[sign], distance
            for _ in range(_BISECTIONS):
                middle = (near + far) / 2
                if self._does(lever, lever.old + sign * middle, before, goal):
                    far = middle
                else:
                    near = middle
            for value in grid(lever.old, sign, far):
                if abs(value - lever.old) / lever.scale >= limit:
                    return None
                if self._does(lever, value, before, goal):
                    return _Hit(lever, value, abs(value - lever.old) / lever.scale)
            return None
        return None

    def _distances(self, lever: Lever) -> Iterator[tuple[float, float]]:
        """How far to go: doublings, the ends of the range, and just beyond the values that the block compares."""
        found = {(lever.scale * 2.0**power, sign) for power in _DOUBLINGS for sign in (1.0, -1.0)}
        for place in (*lever.compared, lever.low, lever.high):
            if math.isfinite(place) and place != lever.old:
                distance = abs(place - lever.old)
                found |= {(distance * more, math.copysign(1.0, place - lever.old)) for more in (1.0, 1.001, 1.1)}
        yield from sorted(found, key=lambda one: (one[0], -one[1]))


def unit_of(distance: float) -> float:
    """The grid for a change of this size: it is said with two digits."""
    return 10.0 ** (math.floor(math.log10(distance)) - 1)


def grid(old: float, sign: float, distance: float) -> Iterator[float]:
    """The multiples of the unit from the old value outwards, up to a little beyond the distance."""
    unit = unit_of(distance)
    places = max(0, -round(math.log10(unit)))
    first = math.floor(old / unit + 1e-9) + 1 if sign > 0 else math.ceil(old / unit - 1e-9) - 1
    for step in range(_MOST_GRID_STEPS):
        value = round((first + sign * step) * unit, places)
        yield value
        if abs(value - old) > distance + unit:
            return
