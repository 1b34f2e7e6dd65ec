"""The flow with every group opened in its place: what it says, without the order that groups bring.

Rules and the interpreter look at this; so whatever holds of blocks holds of blocks in groups.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from builder_app.flow.bypass import without_muted
from builder_app.flow.group_paths import PATH_JOINT, TRAIL_JOINT
from builder_app.flow.groups import BOUNDARY, catalogue_with_groups, with_templates
from builder_app.flow.limits import MAXIMUM_NODES
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Edge,
    LogicFlow,
    Node,
    ParameterValue,
    Port,
    frozen_mapping,
)
from builder_app.flow.wording import block_name

Stays = Callable[[Node, NodeTemplate], bool]
DEEPEST: Final = 16
"""So many groups may stand one inside the other."""


@dataclass(slots=True)
class _Opened:
    """Blocks and wires so far. Ports of groups are relays: what goes in comes out, and in the end they are gone."""

    titled: bool
    stays: "Stays | None" = None
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    relays: set[str] = field(default_factory=set)


def expanded(flow: LogicFlow, catalogue: Catalogue, *, titled: bool = False, stays: Stays | None = None) -> LogicFlow:
    """The flow with its groups opened, blocks inside named by `path_id`; the flow itself where nothing is to be opened.

    Muted groups stay closed. `titled` labels inner blocks with the groups around them: `Trend filter ▸ Fast average`.
    `stays` says of an instance (the block with its id in the opened flow, and its template) whether it is left closed.
    A flow that would be too large when opened (see `too_large`) is given back as it is.
    """
    known = catalogue_with_groups(flow, catalogue)
    if not is_grouped(flow, known) or too_large(flow, known):
        return flow
    opened = _Opened(titled, stays)
    _open(opened, flow, known, ((), ()))
    edges = tuple(sorted(_without_relays(opened)))
    return replace(
        flow, nodes=frozen_mapping(opened.nodes), edges=edges, groups=frozen_mapping(), routes=frozen_mapping()
    )


def outputs_of_groups(flow: LogicFlow, catalogue: Catalogue) -> Mapping[Port, Port]:
    """For each output of each group that is opened, the output of the block inside that it is."""
    known = catalogue_with_groups(flow, catalogue)
    if not is_grouped(flow, known) or too_large(flow, known):
        return {}
    opened = _Opened(False)
    _open(opened, flow, known, ((), ()))
    into: defaultdict[Port, list[Port]] = defaultdict(list)
    for edge in opened.edges:
        if edge.target.node in opened.relays:
            into[edge.target].append(edge.source)
    ending = PATH_JOINT + GROUP_OUTPUTS
    found = {}
    for port in list(into):
        sources = _sources(port, into, opened.relays) if port.node.endswith(ending) else []
        if len(sources) == 1:
            found[Port(port.node.removesuffix(ending), port.port)] = sources[0]
    return found


def is_grouped(flow: LogicFlow, catalogue: Catalogue) -> bool:
    """Whether there is anything to open. `catalogue` knows the flow's groups."""
    if not flow.groups and not _has_bodies(catalogue):
        return False
    return any(_body(node, catalogue) is not None for node in flow.nodes.values())


def too_large(flow: LogicFlow, catalogue: Catalogue) -> bool:
    """Whether the flow with its groups opened has more blocks, or more levels, than are allowed."""
    return _size(flow, catalogue, DEEPEST) > MAXIMUM_NODES


def inner_catalogue(template: NodeTemplate, catalogue: Catalogue) -> Catalogue:
    """What blocks inside this group are: it may be a user's block, which brings the groups that it contains."""
    inside = {group.id: group for group in template.body[1:]}
    return with_templates(inside, catalogue) if inside else catalogue


_bodies: list[tuple[Catalogue, bool]] = []


def _has_bodies(catalogue: Catalogue) -> bool:
    """Whether any template is a group; asked for every edit, so the answer is kept."""
    if not _bodies or _bodies[0][0] is not catalogue:
        _bodies[:] = [(catalogue, any(_was_ever_group(template) for template in catalogue.templates.values()))]
    return _bodies[0][1]


def _was_ever_group(template: NodeTemplate) -> bool:
    return bool(template.body) or any(before.body for before in template.earlier)


def _body(node: Node, catalogue: Catalogue) -> NodeTemplate | None:
    """The template of a block that is to be opened."""
    template = catalogue.of(node)
    return template if template is not None and template.body and not node.muted else None


def _size(flow: LogicFlow, catalogue: Catalogue, levels: int) -> int:
    if not levels:
        return MAXIMUM_NODES + 1
    total = len(flow.nodes)
    counted: dict[tuple[str, str], int] = {}
    for node in flow.nodes.values():
        template = _body(node, catalogue)
        if template is None:
            continue
        which = (template.name, template.version)
        if which not in counted:
            inner = inner_catalogue(template, catalogue)
            counted[which] = _size(template.body[0].body, inner, levels - 1)
        total += counted[which]
        if total > MAXIMUM_NODES:
            break
    return total


def _open(
    opened: _Opened, flow: LogicFlow, catalogue: Catalogue, around: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    """Take in the blocks and wires of one level, and of the groups in it. `around`: ids and names that lead here."""
    path, names = around
    start = "".join(f"{id}{PATH_JOINT}" for id in path)
    inside: dict[str, NodeTemplate] = {}
    for id, node in flow.nodes.items():
        template = _body(node, catalogue)
        if template is not None and opened.stays is not None and opened.stays(replace(node, id=start + id), template):
            template = None
        if path and id in BOUNDARY:
            opened.relays.add(start + id)
        elif template is None:
            label = TRAIL_JOINT.join((*names, block_name(node, catalogue))) if opened.titled and names else node.label
            opened.nodes[start + id] = replace(node, id=start + id, label=label) if path else node
        else:
            inside[id] = template
    for (source, output), (target, entry) in flow.edges:
        if source in inside:
            source += PATH_JOINT + GROUP_OUTPUTS
        if target in inside:
            target += PATH_JOINT + GROUP_INPUTS
        opened.edges.append(Edge(Port(start + source, output), Port(start + target, entry)))
    for id, template in inside.items():
        node, inner = flow.nodes[id], inner_catalogue(template, catalogue)
        opened.relays |= {f"{start}{id}{PATH_JOINT}{boundary}" for boundary in BOUNDARY}
        body = _without_muted_groups(body_of(node, template), inner)
        _open(opened, body, inner, ((*path, id), (*names, block_name(node, catalogue))))


def body_of(node: Node, template: NodeTemplate) -> LogicFlow:
    """What is inside an instance, with the parameters that it sets in their places."""
    group = template.body[0]
    changed: dict[str, Node] = {}
    for parameter in group.parameters:
        if parameter.name not in node.parameters or parameter.node not in group.body.nodes:
            continue
        held = changed.get(parameter.node, group.body.nodes[parameter.node])
        values: dict[str, ParameterValue] = {**held.parameters, parameter.parameter: node.parameters[parameter.name]}
        changed[parameter.node] = replace(held, parameters=frozen_mapping(values))
    return replace(group.body, nodes=frozen_mapping({**group.body.nodes, **changed})) if changed else group.body


def _without_muted_groups(body: LogicFlow, catalogue: Catalogue) -> LogicFlow:
    """Muted groups inside are bypassed here, where the catalogue of this level knows them; other blocks stay."""
    shut = {id for id, node in body.nodes.items() if node.muted and (held := catalogue.of(node)) and held.body}
    if not shut:
        return body
    awake = {id: node if id in shut else replace(node, muted=False) for id, node in body.nodes.items()}
    left = without_muted(replace(body, nodes=frozen_mapping(awake)), catalogue)
    return replace(left, nodes=frozen_mapping((id, body.nodes[id]) for id in left.nodes))


def _without_relays(opened: _Opened) -> set[Edge]:
    """The wires from block to block, through any number of groups' ports."""
    into: defaultdict[Port, list[Port]] = defaultdict(list)
    for edge in opened.edges:
        if edge.target.node in opened.relays:
            into[edge.target].append(edge.source)
    found: set[Edge] = set()
    for edge in opened.edges:
        if edge.target.node not in opened.relays:
            found.update(Edge(source, edge.target) for source in _sources(edge.source, into, opened.relays))
    return found


def _sources(port: Port, into: Mapping[Port, list[Port]], relays: set[str]) -> list[Port]:
    """The outputs of blocks that feed this port through relays; wires in a circle of relays lead to none."""
    if port.node not in relays:
        return [port]
    seen, waiting, found = {port}, [port], dict[Port, None]()
    while waiting:
        for source in into.get(waiting.pop(), ()):
            if source.node not in relays:
                found[source] = None
            elif source not in seen:
                seen.add(source)
                waiting.append(source)
    return list(found)
