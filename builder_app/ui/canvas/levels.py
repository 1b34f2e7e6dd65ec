"""Which level of a strategy a canvas shows: the strategy itself, or what is inside one of its groups.

Edits that are wished inside a group become edits of the strategy here, and problems and values of the whole strategy
those of what is shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from builder_app.flow.edits import Edit
from builder_app.flow.group_paths import (
    PATH_JOINT,
    GroupPath,
    Level,
    deepest_level,
    level_at,
    path_id,
    path_to_group,
    split_id,
    trail_names,
)
from builder_app.flow.grouping import in_group
from builder_app.flow.groups import BOUNDARY, group_of
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import EMPTY_FLOW, LogicFlow

V = TypeVar("V")


class Levels:
    """The whole strategy, the path to the level that is shown, and where the eye was at each level."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.whole: LogicFlow = EMPTY_FLOW
        self.catalogue = catalogue
        self.path: GroupPath = ()
        self.shown = Level(EMPTY_FLOW, catalogue, None)
        self.viewports: dict[GroupPath, tuple[float, float, float]] = {}
        self.selections: dict[GroupPath, frozenset[str]] = {}

    def take(self, before: LogicFlow | None, after: LogicFlow) -> bool:
        """The strategy is another one; whether another level is to be shown now.

        A step that changed nothing of what is shown opens the level where it did.
        """
        known = before is not None and before is self.whole
        old = self.whole
        self.whole = after
        was, path = self.path, deepest_level(after, self.path) if known else ()
        if known and path == was:
            shown = level_at(after, self.catalogue, path)
            if shown is not None and _is_same_drawing(self.shown.flow, shown.flow):
                path = _changed_level(old, after, path)
        self.path = path
        self._look()
        return path != was

    def take_catalogue(self, catalogue: Catalogue) -> None:
        """Other blocks may be drawn."""
        self.catalogue = catalogue
        self._look()

    def go(self, path: GroupPath) -> bool:
        """Show the level behind this path; False where there is none."""
        if level_at(self.whole, self.catalogue, path) is None:
            return False
        self.path = path
        self._look()
        return True

    def opens(self, node: str) -> bool:
        """Whether a block of what is shown is a group that can be opened."""
        held = self.shown.flow.nodes.get(node)
        group = group_of(held.template) if held is not None else None
        return group is not None and group in self.whole.groups

    def outward(self, edit: Edit) -> Edit:
        """An edit of what is shown as one of the strategy."""
        return in_group(self.shown.group.id if self.shown.group is not None else None, edit)

    def names(self) -> tuple[str, ...]:
        """What the groups on the path are called."""
        return trail_names(self.whole, self.catalogue, self.path)

    def place_of(self, id: str) -> tuple[GroupPath, str]:
        """Where a block is that a problem, a line of code or a search names: its level, and its id there."""
        return split_id(self.whole, id)

    def whole_ids(self, nodes: Iterable[str]) -> frozenset[str]:
        """Blocks of what is shown, by the ids the whole strategy knows them by; the open group's ports have none."""
        return frozenset(path_id(self.path, id) for id in nodes if not (self.path and id in BOUNDARY))

    def problems_here(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems of what is shown; those deeper inside are the group's."""
        if not self.path and not self.whole.groups:
            return tuple(problems)
        found = []
        for problem in problems:
            if problem.node is None:
                found.append(problem)
                continue
            here = self._here(problem.node)
            if here is not None:
                inner = path_id(self.path, here) != problem.node
                found.append(replace(problem, node=here, port=None if inner else problem.port))
        return tuple(found)

    def values_here(self, values: Mapping[str, V]) -> Mapping[str, V]:
        """What is known of the blocks of what is shown."""
        start = "".join(f"{id}{PATH_JOINT}" for id in self.path)
        nodes = self.shown.flow.nodes
        return {id.removeprefix(start): value for id, value in values.items() if id.removeprefix(start) in nodes}

    def _here(self, id: str) -> str | None:
        """The block of what is shown that is this one, or holds it."""
        path, node = split_id(self.whole, id)
        whole = (*path, node)
        depth = len(self.path)
        return whole[depth] if whole[:depth] == self.path and len(whole) > depth else None

    def _look(self) -> None:
        found = level_at(self.whole, self.catalogue, self.path)
        if found is None:
            self.path = ()
            found = level_at(self.whole, self.catalogue, ())
        assert found is not None
        self.shown = found


def _is_same_drawing(one: LogicFlow, other: LogicFlow) -> bool:
    return (
        one.nodes is other.nodes
        and one.edges is other.edges
        and one.frames is other.frames
        and one.notes is other.notes
        and one.routes is other.routes
    )


def _changed_level(before: LogicFlow, after: LogicFlow, path: GroupPath) -> GroupPath:
    """The level whose drawing differs; the one that is shown where none does."""
    if not _is_same_drawing(before, after):
        return ()
    for id, group in after.groups.items():
        old = before.groups.get(id)
        if old is not None and not _is_same_drawing(old.body, group.body):
            found = path_to_group(after, id)
            if found is not None:
                return found
    return path


def looks_of_groups(catalogue: Catalogue) -> dict[str, object]:
    """What the canvas shows of each group: where it differs, the instances need other faces."""
    return {
        name: (
            template.display_name,
            template.node_type,
            template.input_ports,
            template.output_ports,
            dict(template.default_parameters),
        )
        for name, template in catalogue.templates.items()
        if template.body or name in BOUNDARY
    }
