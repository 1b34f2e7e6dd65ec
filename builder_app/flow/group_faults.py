"""What must hold of the groups in a file, beyond the shape of each."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from builder_app.flow.unreadable import Faults, Path, place
from builder_app.flow.values import GROUP_INPUTS, GROUP_OUTPUTS

CheckDrawn = Callable[[Mapping[str, Any], Path, Faults], None]
"""Looks at the blocks, wires, frames and notes of one level."""


def groups_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The document's groups, as far as they are objects."""
    groups = document.get("groups")
    return [group for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []


def check_groups(document: Mapping[str, Any], faults: Faults, check_drawn: CheckDrawn) -> None:
    """Ids of groups, names of their ports and parameters are unique, and each group has the two blocks of its ports."""
    groups = document.get("groups")
    if not isinstance(groups, list):
        return
    _check_unique(groups, "id", ("groups",), faults)
    for index, group in enumerate(groups):
        if not isinstance(group, dict):
            continue
        at: Path = ("groups", index)
        check_drawn(group, at, faults)
        for member in ("inputs", "outputs", "parameters"):
            _check_unique(_items(group, member), "name", (*at, member), faults)
        _check_boundary(group, at, faults)


def _check_unique(items: Iterable[Any], member: str, at: Path, faults: Faults) -> None:
    first: dict[str, int] = {}
    for index, item in enumerate(items):
        name = item.get(member) if isinstance(item, dict) else None
        if isinstance(name, str) and first.setdefault(name, index) != index:
            message = f"The {member} '{name}' at {place((*at, index, member))} is taken by {place((*at, first[name]))}."
            faults.add("duplicate-id", message, "Give one of them another one.")


def _check_boundary(group: Mapping[str, Any], at: Path, faults: Faults) -> None:
    nodes = [node for node in _items(group, "nodes") if isinstance(node, dict)]
    for id, what in ((GROUP_INPUTS, "inputs"), (GROUP_OUTPUTS, "outputs")):
        found = [node for node in nodes if node.get("id") == id]
        if not found or found[0].get("template") != id or found[0].get("muted"):
            message = f"The group at {place(at)} lacks the block of its {what}."
            faults.add("group-without-ports", message, f"Add a block with the id and the template '{id}', not muted.")


def _items(group: Mapping[str, Any], member: str) -> list[Any]:
    value = group.get(member)
    return value if isinstance(value, list) else []
