"""Hypothesis strategies for flows and edits, for every room that wants arbitrary ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from builder_app.flow.edits import (
    AddFrame,
    AddNode,
    AddNote,
    Annotate,
    Batch,
    ChangeFrame,
    ChangeNote,
    Collapse,
    Connect,
    Disconnect,
    Edit,
    InGroup,
    MoveNodes,
    Mute,
    RemoveFrame,
    RemoveNodes,
    RemoveNote,
    Rename,
    RenameStrategy,
    SetGroup,
    SetParameter,
    SetRoute,
    SetStrategyParameter,
    SetTemplateVersion,
)
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Edge,
    Formula,
    Frame,
    Group,
    GroupParameter,
    GroupPort,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    Point,
    Port,
    PortType,
    Rect,
    Secret,
    StickyNote,
    StrategyParameter,
    frozen_mapping,
)

numbers = st.floats(allow_nan=False, allow_infinity=False)
coordinates = st.integers(-5_000, 5_000).map(float) | st.floats(-1e9, 1e9)
texts = st.text(max_size=12)
ids = st.sampled_from(("a", "b", "fast", "slow", "fast_2", "größe", "with space", '"', "😀")) | st.text(
    min_size=1, max_size=6
)
names = st.sampled_from(("period", "source", "level", "x")) | st.text(max_size=6)
literals = st.none() | st.booleans() | st.integers() | numbers | texts
secrets = st.builds(Secret, sealed=texts)
"""Secrets as the codec knows them: sealed or empty. It never writes a value."""
formulas = st.builds(Formula, texts | st.sampled_from(("2 * x + 1", "max(x,period)/2", '-("größe"**2)', "x +", "x")))
parameter_values: st.SearchStrategy[ParameterValue] = (
    literals | st.builds(ParameterReference, texts) | formulas | secrets
)
points = st.builds(Point, coordinates, coordinates)
rects = st.builds(Rect, coordinates, coordinates, coordinates, coordinates)
ports = st.builds(Port, ids, names)
edges = st.builds(Edge, ports, ports)
frames = st.builds(Frame, ids, texts, rects, texts)
sticky_notes = st.builds(StickyNote, ids, texts, rects)
strategy_parameters = st.builds(
    StrategyParameter,
    literals | secrets,
    minimum=st.none() | numbers,
    maximum=st.none() | numbers,
    step=st.none() | numbers,
)


def nodes(node_ids: st.SearchStrategy[str] = ids, templates: Sequence[str] = ()) -> st.SearchStrategy[Node]:
    """Blocks; of these templates, or of any, known or not."""
    return st.builds(
        Node,
        id=node_ids,
        template=st.sampled_from(templates) if templates else texts,
        template_version=texts,
        parameters=st.dictionaries(names, parameter_values, max_size=3).map(frozen_mapping),
        label=texts,
        position=points,
        muted=st.booleans(),
        collapsed=st.booleans(),
        note=texts,
    )


def wires_between(node_ids: Iterable[str], port_names: Sequence[str] = ()) -> st.SearchStrategy[Edge]:
    """Wires among these blocks, of which there is at least one."""
    port = st.sampled_from(port_names) if port_names else names
    ends = st.builds(Port, st.sampled_from(sorted(node_ids)), port)
    return st.builds(Edge, ends, ends)


@st.composite
def flows(draw: st.DrawFn, most_nodes: int = 6) -> LogicFlow:
    """Any flow that keeps the invariants of values: wires sorted, each once, all ends there; meaning is left open."""
    group_ids = draw(st.sampled_from(((), (), ("g",), ("g", "trend"))))
    by_id = {node.id: node for node in draw(st.lists(nodes(), max_size=most_nodes))}
    if by_id and group_ids and draw(st.booleans()):  # an instance: any flow may have groups that nothing draws
        by_id["instance"] = Node("instance", f"group:{group_ids[0]}")
    return replace(
        draw(_drawn(by_id)),
        parameters=frozen_mapping(draw(st.dictionaries(names, strategy_parameters, max_size=3))),
        name=draw(texts),
        groups=frozen_mapping((id, draw(groups(id))) for id in group_ids),
    )


@st.composite
def _drawn(draw: st.DrawFn, by_id: Mapping[str, Node]) -> LogicFlow:
    """One level: these blocks, some wires among them, some led through points, frames and notes."""
    wires = draw(st.sets(wires_between(by_id), max_size=12)) if by_id else set()
    led = sorted(wires)[: draw(st.integers(0, 2))]
    return LogicFlow(
        nodes=frozen_mapping(by_id),
        edges=tuple(sorted(wires)),
        frames=frozen_mapping((frame.id, frame) for frame in draw(st.lists(frames, max_size=2))),
        notes=frozen_mapping((note.id, note) for note in draw(st.lists(sticky_notes, max_size=2))),
        routes=frozen_mapping((edge, draw(routes)) for edge in sorted(led)),
    )


routes = st.lists(points, min_size=1, max_size=3).map(tuple)
_PORTS = (GroupPort("price", PortType.SERIES), GroupPort("x", PortType.SIGNAL, "X"), GroupPort("ß", PortType.BOOLEAN))
_VALUES: Mapping[str, ParameterValue] = {"period": 3, "key": Secret(sealed="…")}
_INSIDE = (
    Node("fast", "sma", parameters=frozen_mapping(_VALUES), label="Fast"),
    Node("größe", "sma", parameters=frozen_mapping({"period": ParameterReference("x")}), position=Point(1.5, -2.0)),
    Node("a", "group:trend", note="in another"),
)
_LED = Edge(Port(GROUP_INPUTS, "price"), Port(GROUP_OUTPUTS, "x"))
_some = st.integers(0, 3)


@st.composite
def groups(draw: st.DrawFn, id: str) -> Group:
    """A group of this id. Few draws make it, since flows with groups are drawn often."""
    held, shown, title = _INSIDE[: draw(_some)], draw(_some), draw(st.sampled_from(("", "Trend", "größe")))
    boundary = (Node(GROUP_INPUTS, GROUP_INPUTS), Node(GROUP_OUTPUTS, GROUP_OUTPUTS))
    body = LogicFlow(
        nodes=frozen_mapping((node.id, node) for node in (*held, *boundary) if node.template != f"group:{id}"),
        edges=(_LED,) if shown else (),
        notes=frozen_mapping({"n": StickyNote("n", title, Rect(0.0, 0.0, 8.0, 8.0))} if shown > 1 else {}),
        routes=frozen_mapping({_LED: (draw(points),)} if shown > 2 else {}),
    )
    parameters = (GroupParameter("period", "fast", "period"),) if held else ()
    return Group(id, title, body, _PORTS[:shown], _PORTS[shown:], parameters, title)


single_edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(AddNode, nodes()),
    st.builds(RemoveNodes, st.frozensets(ids, max_size=3)),
    st.builds(MoveNodes, st.dictionaries(ids, points, max_size=3).map(frozen_mapping)),
    st.builds(Connect, edges),
    st.builds(Disconnect, edges),
    st.builds(SetParameter, ids, names, parameter_values, st.booleans()),
    st.builds(Rename, ids, texts),
    st.builds(Annotate, ids, texts),
    st.builds(Mute, ids, st.booleans()),
    st.builds(Collapse, ids, st.booleans()),
    st.builds(SetTemplateVersion, ids, texts),
    st.builds(AddFrame, frames),
    st.builds(ChangeFrame, frames),
    st.builds(RemoveFrame, ids),
    st.builds(AddNote, sticky_notes),
    st.builds(ChangeNote, sticky_notes),
    st.builds(RemoveNote, ids),
    st.builds(SetStrategyParameter, names, st.none() | strategy_parameters),
    st.builds(RenameStrategy, texts),
    st.builds(SetRoute, edges, st.lists(points, max_size=2).map(tuple)),
    st.sampled_from(("g", "trend")).flatmap(lambda id: st.builds(SetGroup, st.just(id), st.none() | groups(id))),
)
edits: st.SearchStrategy[Edit] = st.recursive(
    single_edits,
    lambda parts: (
        st.builds(Batch, st.lists(parts, max_size=4).map(tuple), texts)
        | st.builds(InGroup, st.sampled_from(("g", "trend")), parts)
    ),
    max_leaves=6,
)
"""Any edit of every kind; most don't fit a given flow."""


def fitting_edits(flow: LogicFlow) -> st.SearchStrategy[Edit]:
    """Edits that the flow takes, of every kind that it has something for."""
    kinds = [
        _edits_of_one_level(flow),
        st.builds(SetStrategyParameter, names, st.none() | strategy_parameters),
        st.builds(RenameStrategy, texts),
        st.sampled_from(("g", "trend", "new")).flatmap(
            lambda id: st.builds(SetGroup, st.just(id), st.none() | groups(id))
        ),
    ]
    for id, group in flow.groups.items():
        kinds.append(st.builds(InGroup, st.just(id), _edits_of_one_level(group.body)))
    return st.one_of(kinds)


def _edits_of_one_level(flow: LogicFlow) -> st.SearchStrategy[Edit]:
    kinds: list[st.SearchStrategy[Edit]] = [
        st.builds(AddNode, nodes(ids.filter(lambda id: id not in flow.nodes))),
        st.builds(AddFrame, frames.filter(lambda frame: frame.id not in flow.frames)),
        st.builds(AddNote, sticky_notes.filter(lambda note: note.id not in flow.notes)),
    ]
    if flow.nodes:
        kinds += _edits_of_nodes(flow)
    if flow.edges:
        held_wire = st.sampled_from(flow.edges)
        kinds += [st.builds(Disconnect, held_wire), st.builds(SetRoute, held_wire, st.just(()) | routes)]
    if flow.frames:
        held = st.sampled_from(sorted(flow.frames))
        kinds += [st.builds(RemoveFrame, held), st.builds(ChangeFrame, st.builds(Frame, held, texts, rects, texts))]
    if flow.notes:
        held = st.sampled_from(sorted(flow.notes))
        kinds += [st.builds(RemoveNote, held), st.builds(ChangeNote, st.builds(StickyNote, held, texts, rects))]
    return st.one_of(kinds)


def _edits_of_nodes(flow: LogicFlow) -> list[st.SearchStrategy[Edit]]:
    held = st.sampled_from(sorted(flow.nodes))
    movable = sorted(flow.nodes.keys() - {GROUP_INPUTS, GROUP_OUTPUTS})
    free = st.sampled_from(movable) if movable else st.nothing()
    used = sorted({name for node in flow.nodes.values() for name in node.parameters})
    new_wires = wires_between(flow.nodes).filter(lambda edge: edge not in flow.edges)
    return [
        st.builds(RemoveNodes, st.frozensets(free, max_size=3) if movable else st.just(frozenset[str]())),
        st.builds(MoveNodes, st.dictionaries(held, points, max_size=3).map(frozen_mapping)),
        st.builds(Connect, new_wires),
        st.builds(
            SetParameter, held, st.sampled_from(used) | names if used else names, parameter_values, st.booleans()
        ),
        st.builds(Rename, held, texts),
        st.builds(Annotate, held, texts),
        st.builds(Collapse, held, st.booleans()),
        st.builds(SetTemplateVersion, held, texts),
        *([st.builds(Mute, free, st.booleans())] if movable else []),
    ]
