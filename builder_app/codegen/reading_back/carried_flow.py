"""The flow that travels in its own code: what it says, compact and hashed, in comments at the end of the text.

Places, frames, notes and the bounds of sliders are left out, as they are in the flow's hash, so that moving a block
does not change the text. bzip2 is used because its encoder gives the same bytes wherever Python runs; zlib's may not.
It is slow, so what a reader of flows takes as given is not written: empty members, and the names of a wire's ends.
"""

import base64
import binascii
import bz2
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from builder_app.flow.codec import FlowUnreadable, decode, encode
from builder_app.flow.json_text import read_json
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.values import LogicFlow, Node, Point, Secret, StrategyParameter, frozen_mapping

WIDTH: Final = 88
TITLE: Final = "# The picture of this strategy: Strategy Builder opens this file as it."
_HEAD: Final = re.compile(r"# flow 2 (?P<target>[a-z_-]+) (?P<flow>[0-9a-f]{16}) (?P<text>[0-9a-f]{16})")
_LINE: Final = re.compile(r"# ([A-Za-z0-9+/=]+)")


class NoFlowInside(ValueError):
    """A text that carries no flow, or a damaged one; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class CarriedFlow:
    """What was found in a text: the flow, the target it was written for, and whether the text above it was edited."""

    flow: LogicFlow
    target: str
    text: str
    """Everything above the flow."""
    edited: bool


def flow_lines(source: str, flow: LogicFlow, target: str) -> list[str]:
    """The lines that go behind the text `source`."""
    document = _shortened(encode(_undrawn(flow, _told)))
    compact = json.dumps(document, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    packed = base64.b64encode(bz2.compress(compact.encode("ascii"), 9)).decode("ascii")
    room = WIDTH - 2
    pieces = [packed[start : start + room] for start in range(0, len(packed), room)]
    return ["", "", TITLE, f"# flow 2 {target} {_hash(compact)} {_hash(source)}", *(f"# {piece}" for piece in pieces)]


def read_flow_inside(source: str) -> CarriedFlow:
    """The flow in a text. Raises NoFlowInside where there is none, or what is there is not what was written."""
    lines = source.replace("\r\n", "\n").split("\n")
    at = next((number for number in reversed(range(len(lines))) if _HEAD.fullmatch(lines[number].strip())), None)
    if at is None:
        raise NoFlowInside(
            "It carries no picture: it was not written by Strategy Builder, or the comments at its end are gone. "
            "Open the .flow.json file instead."
        )
    head = _HEAD.fullmatch(lines[at].strip())
    assert head is not None
    packed = "".join(match[1] for line in lines[at + 1 :] if (match := _LINE.fullmatch(line.strip())))
    try:
        compact = _unpacked(packed).decode("ascii")
        flow = decode(_lengthened(read_json(compact)))
    except (FlowUnreadable, binascii.Error, OSError, EOFError, ValueError) as reason:
        raise NoFlowInside(_DAMAGED) from reason
    if _hash(compact) != head["flow"]:
        raise NoFlowInside(_DAMAGED)
    above = at - 1 if at and lines[at - 1].strip() == TITLE else at
    while above and not lines[above - 1].strip():
        above -= 1
    text = "".join(f"{line}\n" for line in lines[:above])
    return CarriedFlow(flow, head["target"], text, _hash(text) != head["text"])


def above_the_flow(source: str) -> str:
    """A text without the flow that it carries; the text itself where it carries none."""
    lines = source.split("\n")
    at = lines.index(TITLE) if TITLE in lines else len(lines)
    return "".join(f"{line}\n" for line in lines[:at]).rstrip("\n") + "\n"


_DAMAGED: Final = (
    "The picture in the comments at its end was changed or cut, so it cannot be opened. "
    "Open the .flow.json file instead, or take an undamaged copy."
)


def what_is_said(flow: LogicFlow) -> LogicFlow:
    """The flow without what its hash leaves out: places, frames, notes, bounds; and without any sensitive value."""
    return _undrawn(flow, lambda node: replace(_told(node), position=Point(0.0, 0.0), note="", collapsed=False))


def _undrawn(flow: LogicFlow, bare: Callable[[Node], Node]) -> LogicFlow:
    """The flow, and what is in its groups, without frames, notes, routes and bounds, each of its nodes made bare."""
    return replace(
        flow,
        nodes=frozen_mapping((id, bare(node)) for id, node in flow.nodes.items()),
        frames=frozen_mapping(),
        notes=frozen_mapping(),
        routes=frozen_mapping(),
        parameters=frozen_mapping(
            (name, StrategyParameter(Secret() if parameter.sensitive else parameter.value))
            for name, parameter in flow.parameters.items()
        ),
        groups=frozen_mapping(
            (id, replace(group, body=_undrawn(group.body, bare))) for id, group in flow.groups.items()
        ),
    )


def _told(node: Node) -> Node:
    """The node without any sensitive value."""
    if not any(isinstance(value, Secret) for value in node.parameters.values()):
        return node
    parameters = {name: Secret() if isinstance(value, Secret) else value for name, value in node.parameters.items()}
    return replace(node, parameters=frozen_mapping(parameters))


def _shortened(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """An encoded flow or group without members that are empty, its wires as lists of node, port, node and port."""
    short = {name: value for name, value in drawn.items() if value or name not in ("frames", "notes")}
    short["nodes"] = [{name: value for name, value in node.items() if _tells(name, value)} for node in drawn["nodes"]]
    short["edges"] = [[edge[end][part] for end, part in _WIRE] for edge in drawn["edges"]]
    if "groups" in drawn:
        short["groups"] = [_shortened(group) for group in drawn["groups"]]
    return short


def _tells(name: str, value: object) -> bool:
    """Whether a member of a node is said: not how it looks, nor what a reader takes as given without it."""
    return name not in _LOOKS and bool(value or name not in _EMPTY)


def _lengthened(short: Any) -> Any:
    """What was shortened as the flow's own form; ValueError where it was not made by that."""
    try:
        wires: list[dict[str, Any]] = [{"source": {}, "target": {}} for _ in short["edges"]]
        for wire, parts in zip(wires, short["edges"], strict=True):
            for (end, part), value in zip(_WIRE, parts, strict=True):
                wire[end][part] = value
        whole = {**short, "edges": wires}
        if "groups" in short:
            whole["groups"] = [_lengthened(group) for group in short["groups"]]
    except (TypeError, KeyError) as reason:
        raise ValueError(str(reason)) from reason
    return whole


_WIRE: Final = (("source", "node"), ("source", "port"), ("target", "node"), ("target", "port"))
_LOOKS: Final = frozenset({"position", "note", "collapsed"})
_EMPTY: Final = frozenset({"parameters", "label", "muted"})


def _unpacked(packed: str) -> bytes:
    """The bytes, or ValueError where they would be more than a flow file may have."""
    unpacking = bz2.BZ2Decompressor()
    content = unpacking.decompress(base64.b64decode(packed, validate=True), MAXIMUM_BYTES + 1)
    if not unpacking.eof or len(content) > MAXIMUM_BYTES:
        raise ValueError("The packed flow is cut, or larger than a flow file may be.")
    return content


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
