"""Rules about the strategy as a whole: does it enter and leave, is it sized sensibly, is everything drawn in use."""

import math
from collections.abc import Iterator

from builder_app.flow.drawing import Drawing, set_value
from builder_app.flow.edits import AddNode, Batch, Connect, Edit, RemoveNodes, SetParameter
from builder_app.flow.legs import entered, legs, loose_signals, with_sources
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.roles import STOPS, is_rule, keyword_parameter, rule_words, share_parameter
from builder_app.flow.templates import InputPort, NodeTemplate
from builder_app.flow.values import (
    Binding,
    Edge,
    Node,
    Point,
    Port,
    PortType,
    fresh_id,
    frozen_mapping,
)
from builder_app.flow.wiring import wiring_of
from builder_app.flow.wording import value_words

DEFAULT_PERCENT = 10.0
"""The size, in percent of equity, of entries that have no position block."""
COLUMN = 264.0
"""The distance of two columns of blocks, in canvas units."""


def no_entry(drawing: Drawing) -> Iterator[Problem]:
    """A strategy without an entry never trades; a leg without one is told apart from it."""
    found = legs(drawing)
    if not any(leg.enters for leg in found):
        start = "This strategy never enters a position" if drawing.flow.nodes else "The canvas is empty"
        hint = "Add an 'Enter long' or 'Enter short' block and wire a condition into it."
        yield Problem(Severity.ERROR, "no-entry", f"{start}: it has no entry.", hint=hint)
        return
    for leg in found:
        if leg.position is not None and leg.signals and not leg.enters:
            message = f"{drawing.name(leg.position)} never enters: only exits are wired into it."
            yield Problem(
                Severity.WARNING, "no-entry", message, node=leg.position, hint="Wire an entry into it, or remove it."
            )


def no_exit(drawing: Drawing) -> Iterator[Problem]:
    """Positions of a leg that nothing closes stay open to the end of the test."""
    for leg in legs(drawing):
        for direction in () if leg.exits else sorted(leg.enters - leg.leaves):
            where = drawing.name(leg.position or leg.signals[0])
            yield Problem(
                Severity.WARNING,
                "no-exit",
                f"The {direction} positions of {where} are never closed: there is no exit signal, stop or target.",
                node=leg.position or leg.signals[0],
                hint=f"Add an 'Exit {direction}' block, or a stop; otherwise they stay open to the end of the test.",
            )


def too_large(drawing: Drawing) -> Iterator[Problem]:
    """A leg of more than 100 % of equity can't be paid for; neither can all legs at once beyond that sum."""
    sizes: list[tuple[str, str, float]] = []
    for leg in legs(drawing):
        template = drawing.known[leg.position] if leg.position is not None else None
        name = share_parameter(template) if template is not None else None
        percent = drawing.number(leg.position, name) if leg.position is not None else None
        if leg.position is not None and name is not None and percent is not None and leg.enters:
            sizes.append((leg.position, name, percent))
    for id, name, percent in sizes:
        if percent > 100:
            yield Problem(
                Severity.ERROR,
                "size-over-100-percent",
                f"{drawing.name(id)} asks for {value_words(percent)} % of equity; there is only 100 % to spend.",
                node=id,
                hint="Set it to 100 or less.",
                fix=set_value(drawing, id, name, 100.0),
                fix_title="Set it to 100 %",
                parameter=name,
            )
    total = sum(percent for *_, percent in sizes)
    if len(sizes) > 1 and total > 100 and all(percent <= 100 for *_, percent in sizes):
        yield _sum_too_large(drawing, sizes, total)


def _sum_too_large(drawing: Drawing, sizes: list[tuple[str, str, float]], total: float) -> Problem:
    scaled: tuple[Edit, ...] = tuple(
        SetParameter(id, name, math.floor(percent * 10_000 / total) / 100) for id, name, percent in sizes
    )
    held = [drawing.flow.nodes[id].parameters.get(name) for id, name, _ in sizes]
    can_scale = not any(isinstance(value, Binding) for value in held)
    names = ", ".join(drawing.name(id) for id, *_ in sizes[:6])
    return Problem(
        Severity.WARNING,
        "size-over-100-percent",
        f"The position sizes {names} add up to {value_words(total)} % of equity; when all enter, some are rejected.",
        node=sizes[0][0],
        hint="Make them smaller, so that their sum is at most 100.",
        fix=Batch(scaled, "Scale the sizes to 100 %") if can_scale else None,
        fix_title="Scale them to 100 % in all" if can_scale else "",
    )


def stop_beyond_entry(drawing: Drawing) -> Iterator[Problem]:
    """A stop at or below nothing never fills for a long position; one of 0 % or less is on the wrong side."""
    for leg in legs(drawing):
        for id in leg.exits:
            template = drawing.known[id]
            name = keyword_parameter(template, "percent")
            percent = drawing.number(id, name)
            if name is None or percent is None or not rule_words(template) & STOPS:
                continue
            if percent <= 0:
                why = "which is not on the losing side of the entry"
            elif percent >= 100 and "long" in leg.enters:
                why = "at a price of nothing or less, which no price reaches"
            else:
                continue
            default = template.default_parameters.get(name)
            usable = isinstance(default, int | float) and 0 < default < 100
            yield Problem(
                Severity.ERROR,
                "stop-beyond-entry",
                f"The stop {drawing.name(id)} stands {value_words(percent)} % from the entry, {why}.",
                node=id,
                hint="Set it above 0 and below 100.",
                fix=set_value(drawing, id, name, float(default))
                if isinstance(default, int | float) and usable
                else None,
                fix_title=f"Set it to {value_words(default)} %" if usable else "",
                parameter=name,
            )


def unused(drawing: Drawing) -> Iterator[Problem]:
    """Blocks on which no signal, position or portfolio depends are left out of the code."""
    flow = drawing.drawn
    into, roots, known = drawing.into, drawing.those(is_rule), len(drawing.known)
    if flow is not drawing.flow:  # muted blocks are drawn, too
        templates = {id: found for id, node in flow.nodes.items() if (found := drawing.catalogue.of(node)) is not None}
        into, known = wiring_of(flow.edges, {}).into, len(templates)
        roots = [id for id, template in templates.items() if is_rule(template)]
    if not roots:
        return  # there is no strategy yet: `no_entry` says so
    if known < len(flow.nodes):
        roots += [id for id, node in flow.nodes.items() if drawing.catalogue.of(node) is None]
    used, waiting = set(roots), roots
    while waiting:
        fresh = [edge.source.node for edge in into.get(waiting.pop(), ()) if edge.source.node not in used]
        used.update(fresh)
        waiting += fresh
    for id in sorted(flow.nodes.keys() - used):
        yield Problem(
            Severity.REMARK,
            "unused",
            f"Nothing depends on {drawing.name(id)}: it is left out of the code.",
            node=id,
            hint="Wire it on, or remove it.",
            fix=RemoveNodes(frozenset({id})),
            fix_title="Remove it",
        )


def no_position(drawing: Drawing) -> Iterator[Problem]:
    """Entries and exits without a position block behind them are traded in the default size."""
    loose = loose_signals(drawing)
    enters = bool(loose) and bool(entered(drawing, with_sources(drawing, loose)))
    fix, title = _position_fix(drawing, loose) if loose else (None, "")
    for id in loose:
        what = f"is traded in the default size, {value_words(DEFAULT_PERCENT)} % of equity an entry"
        message = f"No position size is wired behind {drawing.name(id)}: it {what if enters else 'closes nothing'}."
        yield Problem(
            Severity.WARNING,
            "no-position",
            message,
            node=id,
            hint="Wire it into a position size.",
            fix=fix,
            fix_title=title,
        )


def _position_fix(drawing: Drawing, loose: tuple[str, ...]) -> tuple[Edit | None, str]:
    """The loose signals wired into a new position block; exits alone go into the one that is there, if it is alone."""
    positions = [leg.position for leg in legs(drawing) if leg.position is not None]
    if len(positions) == 1 and not entered(drawing, with_sources(drawing, loose)):
        entry = _signal_input(drawing.known[positions[0]])
        if entry is not None and entry.multiple:
            wires = _wires(drawing, loose, positions[0], entry)
            return Batch(wires, "Wire the exits into the position"), f"Wire into {drawing.name(positions[0])}"
    template = drawing.catalogue.templates.get("percent_of_equity")
    entry = _signal_input(template) if template is not None else None
    if template is None or entry is None or not (entry.multiple or len(loose) == 1):
        return None, ""
    id = fresh_id("size", drawing.drawn.nodes)
    places = [drawing.flow.nodes[signal].position for signal in loose]
    middle = sum(place.y for place in places) / len(places)
    name = keyword_parameter(template, "percent_of_equity")
    block = Node(
        id,
        template.name,
        template.version,
        parameters=frozen_mapping({name: DEFAULT_PERCENT} if name is not None else {}),
        position=Point(max(place.x for place in places) + COLUMN, middle),
    )
    title = f"Add {template.display_name}"
    return Batch((AddNode(block), *_wires(drawing, loose, id, entry)), title), title


def _signal_input(template: NodeTemplate) -> InputPort | None:
    return next((port for port in template.input_ports if port.type is PortType.SIGNAL), None)


def _wires(drawing: Drawing, signals: tuple[str, ...], position: str, entry: InputPort) -> tuple[Edit, ...]:
    return tuple(
        Connect(Edge(Port(id, port.name), Port(position, entry.name)))
        for id in signals
        for port in drawing.known[id].output_ports
        if port.type is PortType.SIGNAL
    )
