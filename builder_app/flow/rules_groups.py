"""Rules about groups themselves, and the way back from a block in the opened flow to the level that it is drawn at."""

from collections.abc import Iterator
from dataclasses import replace

from builder_app.flow.edit_kinds import (
    Batch,
    Connect,
    Disconnect,
    Edit,
    InGroup,
    RemoveNodes,
    RenameStrategy,
    SetParameter,
    SetStrategyParameter,
)
from builder_app.flow.group_expansion import DEEPEST, too_large
from builder_app.flow.group_paths import PATH_JOINT, GroupPath, path_id, split_id
from builder_app.flow.groups import BOUNDARY, group_of, instances_of, is_inside_itself, with_boundary
from builder_app.flow.limits import MAXIMUM_NODES
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Port
from builder_app.flow.wording import block_name, words


def group_problems(flow: LogicFlow, catalogue: Catalogue) -> Iterator[Problem]:
    """What no look at single blocks finds: groups in themselves, too much inside, wires to ports that are gone."""
    if too_large(flow, catalogue):
        yield Problem(
            Severity.ERROR,
            "groups-too-large",
            f"With its groups opened the strategy has more than {MAXIMUM_NODES:,} blocks, or groups stand more than "
            f"{DEEPEST} deep in each other.",
            hint="Take instances of groups out, or make the groups smaller.",
        )
        return
    yield from _ambiguous(flow)
    yield from _at_level(flow, flow, catalogue, ())


def _ambiguous(flow: LogicFlow) -> Iterator[Problem]:
    for id in sorted(flow.nodes):
        if PATH_JOINT in id:
            message = (
                f"The id of the block '{block_name(flow.nodes[id])}' holds the sign '{PATH_JOINT}', which groups use."
            )
            yield Problem(Severity.ERROR, "ambiguous-id", message, node=id, hint="Copy, paste and remove the block.")


def _at_level(drawn: LogicFlow, flow: LogicFlow, catalogue: Catalogue, path: GroupPath) -> Iterator[Problem]:
    """Problems of the instances at one level, then of those inside them."""
    names = {id: block_name(node, catalogue) for id, node in drawn.nodes.items()}
    for id in sorted(drawn.nodes):
        group = group_of(drawn.nodes[id].template)
        if group is not None and is_inside_itself(group, flow.groups):
            message = f"The group '{names[id]}' contains itself, so it has no end."
            yield Problem(
                Severity.ERROR, "group-in-itself", message, node=path_id(path, id), hint="Open it, and take that out."
            )
    for edge in drawn.edges:
        for port, is_input in ((edge.source, False), (edge.target, True)):
            if _is_missing(drawn, catalogue, port, is_input):
                yield _missing_port(edge, port, (names[port.node], is_input), path, flow)
    for id in sorted(drawn.nodes):
        group = group_of(drawn.nodes[id].template)
        template = catalogue.of(drawn.nodes[id])
        if group in flow.groups and group is not None and template is not None and not drawn.nodes[id].muted:
            inner = flow.groups[group]
            yield from _at_level(inner.body, flow, with_boundary(inner, catalogue), (*path, id))


def _is_missing(drawn: LogicFlow, catalogue: Catalogue, port: Port, is_input: bool) -> bool:
    """Whether a wire ends in a port that a group, or one of the two boundary blocks, does not have."""
    template = catalogue.of(drawn.nodes[port.node])
    if template is None or not (template.body or port.node in BOUNDARY):
        return False
    return (template.input_port(port.port) if is_input else template.output_port(port.port)) is None


def _missing_port(edge: Edge, port: Port, said: tuple[str, bool], path: GroupPath, flow: LogicFlow) -> Problem:
    name, is_input = said
    fix: Edit = Disconnect(edge)
    group = _group_at(flow, path)
    return Problem(
        Severity.ERROR,
        "missing-port",
        f"A wire needs the {'input' if is_input else 'output'} '{words(port.port)}' of '{name}', which does not exist.",
        node=path_id(path, port.node),
        port=port.port,
        hint="Wire it anew.",
        fix=fix if group is None else InGroup(group, fix),
        fix_title="Take the wire out",
    )


def _group_at(flow: LogicFlow, path: GroupPath) -> str | None:
    """The id of the flow's group that a path leads into; None for the strategy itself."""
    group: str | None = None
    inside = flow
    for instance in path:
        group = group_of(inside.nodes[instance].template) if instance in inside.nodes else None
        if group is None or group not in flow.groups:
            return None
        inside = flow.groups[group].body
    return group


def at_its_level(problem: Problem, flow: LogicFlow) -> Problem:
    """The problem with its fix as an edit of `flow`, whose groups are closed; without it where there is none such."""
    if problem.fix is None:
        return problem
    fix = localised(problem.fix, flow)
    return replace(problem, fix=fix, fix_title=problem.fix_title if fix is not None else "")


def at_its_own_level(problem: Problem, flow: LogicFlow) -> Problem:
    """The same for advice, which holds for one instance: a group of which there are several is left as it is."""
    found = at_its_level(problem, flow)
    shared = {group for group in _groups_of(found.fix) if instances_of(flow, group) > 1} if found.fix else set()
    return replace(found, fix=None, fix_title="") if shared else found


def _groups_of(edit: Edit | None) -> set[str]:
    match edit:
        case InGroup(group, _):
            return {group}
        case Batch(edits):
            return {group for part in edits for group in _groups_of(part)}
        case _:
            return set()


def localised(edit: Edit, flow: LogicFlow) -> Edit | None:
    """An edit of the opened flow as one of the flow with its groups; None where it is none of a single level."""
    match edit:
        case SetParameter(id, name, value, is_set):
            path, node = split_id(flow, id)
            return _set_parameter(flow, path, SetParameter(node, name, value, is_set))
        case Connect(edge) | Disconnect(edge):
            return _wire(flow, edge, isinstance(edit, Connect))
        case RemoveNodes(ids):
            return _remove(flow, ids)
        case SetStrategyParameter() | RenameStrategy():
            return edit
        case Batch(edits, title):
            parts = [localised(part, flow) for part in edits]
            return Batch(tuple(part for part in parts if part is not None), title) if None not in parts else None
        case _:
            return edit if not _names_inner_block(edit, flow) else None


def _set_parameter(flow: LogicFlow, path: GroupPath, edit: SetParameter) -> Edit | None:
    """A parameter that an instance sets is set there, however far out that is."""
    if not path:
        return edit if edit.node in flow.nodes else None
    group = _group_at(flow, path)
    if group is None:
        return None
    for held in flow.groups[group].parameters:
        if (held.node, held.parameter) == (edit.node, edit.name):
            return _set_parameter(flow, path[:-1], replace(edit, node=path[-1], name=held.name))
    return InGroup(group, edit) if edit.node in flow.groups[group].body.nodes else None


def _wire(flow: LogicFlow, edge: Edge, is_new: bool) -> Edit | None:
    (path, source), (other, target) = split_id(flow, edge.source.node), split_id(flow, edge.target.node)
    group = _group_at(flow, path)
    if path != other or (path and group is None):
        return None
    drawn = flow if group is None else flow.groups[group].body
    inner = Edge(Port(source, edge.source.port), Port(target, edge.target.port))
    if is_new is (inner in drawn.edges):
        return None
    edit: Edit = Connect(inner) if is_new else Disconnect(inner)
    return edit if group is None else InGroup(group, edit)


def _remove(flow: LogicFlow, ids: frozenset[str]) -> Edit | None:
    paths = {split_id(flow, id) for id in ids}
    levels = {path for path, _ in paths}
    if len(levels) != 1:
        return None
    (path,) = levels
    group = _group_at(flow, path)
    if path and group is None:
        return None
    edit = RemoveNodes(frozenset(node for _, node in paths))
    return edit if group is None else InGroup(group, edit)


def _names_inner_block(edit: Edit, flow: LogicFlow) -> bool:
    node = getattr(edit, "node", None)
    return isinstance(node, str) and node not in flow.nodes
