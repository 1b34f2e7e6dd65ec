"""Places inside groups: a block is named by the instances that lead to it, and it itself, joined by `›`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from builder_app.flow.groups import catalogue_with_groups, group_of, level_catalogue
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Group, LogicFlow
from builder_app.flow.wording import block_name, harmless

PATH_JOINT: Final = "›"
TRAIL_JOINT: Final = " ▸ "

GroupPath = tuple[str, ...]
"""The ids of the instances that were opened, one inside the other; () is the strategy itself."""


class Level(NamedTuple):
    """What is drawn at a path: a flow of its own, what may be drawn in it, and the group that it is the body of."""

    flow: LogicFlow
    catalogue: Catalogue
    group: Group | None


def path_id(path: Sequence[str], node: str) -> str:
    """The id of a block behind a path, in the flow with all groups opened."""
    return PATH_JOINT.join((*path, node))


def split_id(flow: LogicFlow, id: str) -> tuple[GroupPath, str]:
    """The path and the id of a block that `path_id` named; an id that the picture itself has stands for itself."""
    if id in flow.nodes or PATH_JOINT not in id:
        return (), id
    *path, node = id.split(PATH_JOINT)
    return tuple(path), node


def level_at(flow: LogicFlow, catalogue: Catalogue, path: GroupPath) -> Level | None:
    """What is drawn at this path, or None where it leads to no group of the flow.

    The strategy's name, parameters and groups are seen at every level.
    """
    group: Group | None = None
    inside = flow
    for instance in path:
        node = inside.nodes.get(instance)
        id = group_of(node.template) if node is not None else None
        group = flow.groups.get(id) if id is not None else None
        if group is None:
            return None
        inside = group.body
    if group is None:
        return Level(flow, catalogue_with_groups(flow, catalogue), None)
    shown = replace(inside, parameters=flow.parameters, groups=flow.groups, name=flow.name)
    return Level(shown, level_catalogue(flow, group, catalogue), group)


def deepest_level(flow: LogicFlow, path: GroupPath) -> GroupPath:
    """The path, cut where it leads to no group any more."""
    inside = flow
    for place, instance in enumerate(path):
        node = inside.nodes.get(instance)
        id = group_of(node.template) if node is not None else None
        if id is None or id not in flow.groups:
            return path[:place]
        inside = flow.groups[id].body
    return path


def path_to_group(flow: LogicFlow, group: str) -> GroupPath | None:
    """A shortest path to an instance of this group; of several the first by id. None where nothing leads there."""
    seen = {group_of(node.template) for node in flow.nodes.values()} - {None}
    waiting: list[tuple[GroupPath, LogicFlow]] = [((), flow)]
    for path, inside in waiting:  # grows while it is walked over
        for id in sorted(inside.nodes):
            held = group_of(inside.nodes[id].template)
            if held is None or held not in flow.groups:
                continue
            if held == group:
                return (*path, id)
            if not path or held not in seen:
                seen.add(held)
                waiting.append(((*path, id), flow.groups[held].body))
    return None


def trail_names(flow: LogicFlow, catalogue: Catalogue, path: GroupPath) -> tuple[str, ...]:
    """What the instances on a path are called, from the outermost in."""
    known = catalogue_with_groups(flow, catalogue)
    names, inside = [], flow
    for instance in path:
        node = inside.nodes.get(instance)
        names.append(harmless(instance) if node is None else block_name(node, known))
        id = group_of(node.template) if node is not None else None
        inside = flow.groups[id].body if id is not None and id in flow.groups else LogicFlow()
    return tuple(names)


def path_name(flow: LogicFlow, catalogue: Catalogue, id: str) -> str:
    """What a block is called, with the groups around it: `Trend filter ▸ Fast average`."""
    path, node = split_id(flow, id)
    return TRAIL_JOINT.join(trail_names(flow, catalogue, (*path, node)))
