"""Rules about wires: do their ends exist, do the types fit, is an input taken twice, do they run in a circle."""

from collections import defaultdict
from collections.abc import Iterator

from builder_app.flow.drawing import Drawing
from builder_app.flow.edits import Batch, Disconnect, Edit
from builder_app.flow.port_fit import misfit, port_name, wire_in
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.roles import required_inputs
from builder_app.flow.topology import find_cycles
from builder_app.flow.values import Edge
from builder_app.flow.wording import block_name, listed, words


def missing_port(drawing: Drawing) -> Iterator[Problem]:
    """A wire starts or ends in a port that its block does not have (any more)."""
    for edge in drawing.wiring.odd:
        source, target = drawing.known.get(edge.source.node), drawing.known.get(edge.target.node)
        ends = []
        if source is not None and source.output_port(edge.source.port) is None:
            ends.append(("output", edge.source, [port.name for port in source.output_ports]))
        if target is not None and target.input_port(edge.target.port) is None:
            ends.append(("input", edge.target, [port.name for port in target.input_ports]))
        for kind, end, names in ends:
            has = f"it has {', '.join(words(name) for name in names)}" if names else "it has none"
            yield Problem(
                Severity.ERROR,
                "missing-port",
                f"{_wire(drawing, edge)} needs the {kind} '{words(end.port)}' of {drawing.name(end.node)}, "
                f"which does not exist.",
                node=end.node,
                port=end.port,
                hint=f"Of {kind}s {has}; wire it anew.",
                fix=Disconnect(edge),
                fix_title="Take the wire out",
            )


def type_mismatch(drawing: Drawing) -> Iterator[Problem]:
    """A wire carries another type than its input takes."""
    for edge in drawing.wiring.odd:
        source, target = drawing.known.get(edge.source.node), drawing.known.get(edge.target.node)
        output = source.output_port(edge.source.port) if source is not None else None
        entry = target.input_port(edge.target.port) if target is not None else None
        if output is None or entry is None:
            continue
        sentence = misfit(output, entry, drawing.name(edge.target.node))
        if sentence is not None:
            yield Problem(
                Severity.ERROR,
                "type-mismatch",
                sentence,
                node=edge.target.node,
                port=edge.target.port,
                hint=f"The wire comes from {drawing.name(edge.source.node)}.",
                fix=Disconnect(edge),
                fix_title="Take the wire out",
            )


def taken_input(drawing: Drawing) -> Iterator[Problem]:
    """An input that takes one wire has several."""
    for id in sorted(drawing.wiring.doubled):
        by_port: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in drawing.into[id]:
            by_port[edge.target.port].append(edge)
        for entry in drawing.known[id].input_ports:
            edges = by_port[entry.name]
            if entry.multiple or len(edges) < 2:
                continue
            sources = tuple(block_name(drawing.flow.nodes[edge.source.node], drawing.catalogue) for edge in edges)
            others: tuple[Edit, ...] = tuple(Disconnect(edge) for edge in edges[1:])
            yield Problem(
                Severity.ERROR,
                "taken-input",
                f"'{port_name(entry)}' of {drawing.name(id)} takes one wire and has {len(edges)}, "
                f"from {listed(sources)}.",
                node=id,
                port=entry.name,
                hint="Keep one of them.",
                fix=Batch(others, "Keep one wire"),
                fix_title=f"Keep the one from '{sources[0]}'",
            )


def circle(drawing: Drawing) -> Iterator[Problem]:
    """Blocks that depend on their own result; muted ones count, as they come back."""
    for ids in find_cycles(drawing.drawn):
        ring = (*ids, ids[0])
        names = tuple(block_name(drawing.drawn.nodes[id], drawing.catalogue) for id in ring)
        closing = next(
            edge for edge in drawing.drawn.edges if edge.source.node == ids[-1] and edge.target.node == ids[0]
        )
        yield Problem(
            Severity.ERROR,
            "circle",
            f"The wires go in a circle: {listed(names, ' → ')}; a block can't depend on its own result.",
            node=ids[0],
            port=closing.target.port,
            hint="Take one of these wires out; a value of the bar before comes from the block 'Previous value'.",
            fix=Disconnect(closing),
            fix_title=f"Take the wire from '{names[-2]}' to '{names[0]}' out",
        )


def missing_input(drawing: Drawing) -> Iterator[Problem]:
    """An input that must be wired is not."""
    wired = drawing.wiring.wired
    for id in drawing.those(required_inputs):
        for entry in required_inputs(drawing.known[id]):
            if (id, entry.name) not in wired:
                yield Problem(
                    Severity.ERROR,
                    "missing-input",
                    f"{drawing.name(id)} needs a wire into '{port_name(entry)}'.",
                    node=id,
                    port=entry.name,
                    hint=wire_in(entry),
                )


def _wire(drawing: Drawing, edge: Edge) -> str:
    return f"The wire from {drawing.name(edge.source.node)} to {drawing.name(edge.target.node)}"
