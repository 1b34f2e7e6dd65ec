"""A flow as JSON: the form of files, of the store and of the clipboard.

Reading is in three steps: version first, shape next, meaning last. What is wrong is collected, with its place, and
raised as one FlowUnreadable. Blocks whose template is unknown are read like all others: nothing drawn is lost.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from builder_app.flow.group_faults import check_groups, groups_of
from builder_app.flow.json_shape import named
from builder_app.flow.json_text import check_depth, read_json
from builder_app.flow.json_values import (
    drawn_from_json,
    drawn_to_json,
    group_from_json,
    group_to_json,
    strategy_parameter_from_json,
    strategy_parameter_to_json,
    well_formed,
)
from builder_app.flow.limits import MAXIMUM_NODES
from builder_app.flow.part_shapes import FLOW
from builder_app.flow.unreadable import Faults, FlowUnreadable, Path, place
from builder_app.flow.values import Json, LogicFlow, frozen_mapping

__all__ = ["FORMAT", "VERSION", "FlowUnreadable", "decode", "dumps", "encode", "loads"]

FORMAT: Final = "logic-flow"
VERSION: Final = 1
LISTED_ONE_PER_LINE: Final = ("nodes", "edges", "frames", "notes", "groups")


def encode(flow: LogicFlow) -> dict[str, Json]:
    """The flow as JSON values, everything in a fixed order: equal flows give equal text.

    Groups are written only where there are any, so that programs that do not know them read all other flows, and
    refuse these with a sentence that names the member.
    """
    document: dict[str, Json] = {
        "format": FORMAT,
        "version": VERSION,
        "name": well_formed(flow.name),
        "parameters": {
            well_formed(name): strategy_parameter_to_json(parameter)
            for name, parameter in sorted(flow.parameters.items())
        },
        **drawn_to_json(flow),
    }
    groups: list[Json] = [group_to_json(flow.groups[id]) for id in sorted(flow.groups)]
    return {**document, "groups": groups} if groups else document


def dumps(flow: LogicFlow) -> str:
    """The flow as canonical text: one line for each node, wire, frame, note and group, so that a difference reads well.

    Raises ValueError for a flow that holds NaN or infinity; edits let none in.
    """
    return written(encode(flow))


def written(document: Mapping[str, Json]) -> str:
    """A document of this form as text."""
    inline = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    lines = []
    for name, value in document.items():
        if name in LISTED_ONE_PER_LINE and isinstance(value, list) and value:
            items = ",\n".join(f"    {inline(item)}" for item in value)
            lines.append(f"  {inline(name)}: [\n{items}\n  ]")
        else:
            lines.append(f"  {inline(name)}: {inline(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def loads(text: str | bytes, formats: tuple[str, ...] = (FORMAT,)) -> LogicFlow:
    """The flow that a text (bytes: UTF-8) holds, its format being one of `formats`.

    Raises FlowUnreadable with everything that is wrong.
    """
    document = read_json(text)
    _refuse_versions(document, formats)
    return _decoded(document)


def decode(document: object, formats: tuple[str, ...] = (FORMAT,)) -> LogicFlow:
    """The flow that a JSON value holds, its format being one of `formats`. Raises FlowUnreadable."""
    _refuse_versions(document, formats)
    check_depth(document)
    return _decoded(document)


def _refuse_versions(document: object, formats: tuple[str, ...]) -> None:
    faults = Faults()
    _check_version(document, formats, faults)
    faults.raise_if_any()


def _decoded(document: object) -> LogicFlow:
    faults = Faults()
    assert isinstance(document, dict)
    _check_count(document, faults)
    faults.raise_if_any()
    FLOW(document, (), faults)
    _check_meaning(document, (), faults)
    check_groups(document, faults, _check_meaning)
    faults.raise_if_any()
    return _flow(document)


def _check_version(document: object, formats: tuple[str, ...], faults: Faults) -> None:
    if not isinstance(document, dict):
        hint = "Look whether this is the right file."
        faults.add("unknown-format", f"A logic flow is a JSON object, but the text holds {named(document)}.", hint)
        return
    format, version = document.get("format"), document.get("version")
    if format not in formats:
        was = f"its format (at $.format) is {named(format)}" if "format" in document else "it has no 'format'"
        hint = f"Open a file whose format is '{formats[0]}'."
        faults.add("unknown-format", f"This is not a logic flow: {was}.", hint)
    elif isinstance(version, int | float) and not isinstance(version, bool) and version > VERSION:
        faults.add(
            "newer-version",
            f"This flow was made by a newer version of the program: at $.version its form is {named(version)}, "
            f"and this program reads {VERSION}.",
            "Update the program, or save the flow in the older form where it was made.",
        )
    elif isinstance(version, bool) or version != VERSION:
        was = named(version) if "version" in document else "missing"
        hint = f"Write {VERSION}, if the flow is in the form of that version."
        faults.add("unknown-version", f"The version of the flow's form, at $.version, is unknown: it is {was}.", hint)


def _check_count(document: Mapping[str, Any], faults: Faults) -> None:
    for at, held in ((("nodes",), document), *_levels(document)):
        nodes = held.get("nodes")
        if isinstance(nodes, list) and len(nodes) > MAXIMUM_NODES:
            message = f"At {place(at)} there are {len(nodes):,} blocks; a flow holds at most {MAXIMUM_NODES:,}."
            faults.add("too-many-nodes", message, "Split the strategy into several.")


def _levels(document: Mapping[str, Any]) -> Iterable[tuple[Path, Mapping[str, Any]]]:
    """The groups, each with the place of its blocks."""
    return ((("groups", index, "nodes"), group) for index, group in enumerate(groups_of(document)))


def _check_meaning(document: Mapping[str, Any], at: Path, faults: Faults) -> None:
    """What no shape can say. Members that have a wrong shape were noted before, and are left out here."""
    if not faults.problems and _means_well(document):
        return
    for member, what in (("nodes", "block"), ("frames", "frame"), ("notes", "note")):
        first: dict[str, int] = {}
        for index, item in enumerate(_items(document, member)):
            id = item.get("id") if isinstance(item, dict) else None
            if isinstance(id, str) and first.setdefault(id, index) != index:
                where = place((*at, member, index, "id"))
                message = f"The id '{id}' at {where} is taken by the {what} at {place((*at, member, first[id]))}."
                faults.add("duplicate-id", message, "Give one of them another id.", id if member == "nodes" else None)
    _check_edges(document, at, faults)


def _means_well(document: Mapping[str, Any]) -> bool:
    """Whether ids and wires of a document of the right shape are unique and every wire has its blocks: all at once."""
    lists = {member: [item["id"] for item in document.get(member, ())] for member in ("nodes", "frames", "notes")}
    ends = [(edge["source"], edge["target"]) for edge in document["edges"]]
    wires = [(source["node"], source["port"], target["node"], target["port"]) for source, target in ends]
    wired = {end["node"] for both in ends for end in both}
    unique = all(len(set(items)) == len(items) for items in (*lists.values(), wires))
    return unique and wired <= set(lists["nodes"])


def _check_edges(document: Mapping[str, Any], at: Path, faults: Faults) -> None:
    known = {item.get("id") for item in _items(document, "nodes") if isinstance(item, dict) and _is_text(item, "id")}
    first: dict[tuple[str, ...], int] = {}
    for index, item in enumerate(_items(document, "edges")):
        ends = [_end(item, side) for side in ("source", "target")]
        if not all(_is_text(end, "node") and _is_text(end, "port") for end in ends):
            continue
        for side, end in zip(("source", "target"), ends, strict=True):
            if end["node"] not in known:
                where = place((*at, "edges", index, side, "node"))
                message = f"The wire at {where} leads to nowhere: there is no block with the id '{end['node']}'."
                faults.add("edge-to-nowhere", message, "Add that block, or take the wire out.")
        key = tuple(end[member] for end in ends for member in ("node", "port"))
        if first.setdefault(key, index) != index:
            message = (
                f"The wire at {place((*at, 'edges', index))} is there already, at {place((*at, 'edges', first[key]))}."
            )
            faults.add("duplicate-edge", message, "Take one of them out.")


def _items(document: Mapping[str, Any], member: str) -> Iterable[Any]:
    value = document.get(member)
    return value if isinstance(value, list) else ()


def _end(edge: Any, side: str) -> dict[str, Any]:
    end = edge.get(side) if isinstance(edge, dict) else None
    return end if isinstance(end, dict) else {}


def _is_text(item: dict[str, Any], member: str) -> bool:
    return isinstance(item.get(member), str)


def _flow(document: Mapping[str, Any]) -> LogicFlow:
    parameters = document.get("parameters", {})
    groups = [group_from_json(item) for item in document.get("groups", ())]
    return replace(
        drawn_from_json(document),
        parameters=frozen_mapping((name, strategy_parameter_from_json(item)) for name, item in parameters.items()),
        name=document.get("name", ""),
        groups=frozen_mapping((group.id, group) for group in groups),
    )
