"""What one flow has that another has not, in words: what a strategist reads before going back to an older version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from builder_app.flow.groups import catalogue_with_groups, with_boundary
from builder_app.flow.sameness import is_same_value
from builder_app.flow.templates import Catalogue, effective_parameters
from builder_app.flow.values import (
    Edge,
    Formula,
    Frame,
    Group,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    StickyNote,
    StrategyParameter,
)
from builder_app.flow.wording import block_name, harmless, value_words, words

LONGEST_TEXT: Final = 60
MASKED: Final = "•••"


class ChangeKind(StrEnum):
    """What happened."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Subject(StrEnum):
    """What it happened to, in the order in which changes are listed."""

    STRATEGY = "strategy"
    PARAMETER = "parameter"
    BLOCK = "block"
    WIRE = "wire"
    GROUP = "group"
    DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `text` is a sentence; `node` the block that it is about, where it is about one."""

    kind: ChangeKind
    subject: Subject
    text: str
    node: str | None = None


def difference(before: LogicFlow, after: LogicFlow, catalogue: Catalogue | None = None) -> tuple[Change, ...]:
    """Everything that differs between two flows, as it would be said of turning `before` into `after`.

    Empty exactly where the flows are equal (1 and True are not). Wires of a block that was removed went with it and
    are not listed again.
    With a catalogue blocks have their display names. Values of sensitive parameters are not shown.
    """
    known = None if catalogue is None else catalogue_with_groups(after, catalogue_with_groups(before, catalogue))
    return (
        *_strategy(before, after),
        *_parameters(before.parameters, after.parameters),
        *_drawn_parts(before, after, known),
        *_groups(before, after, known),
    )


def _drawn_parts(before: LogicFlow, after: LogicFlow, catalogue: Catalogue | None) -> Iterator[Change]:
    yield from _blocks(before, after, catalogue)
    yield from _wires(before, after, catalogue)
    yield from _frames_and_notes(before, after)
    yield from _positions(before, after)


def _groups(before: LogicFlow, after: LogicFlow, catalogue: Catalogue | None) -> Iterator[Change]:
    for id in sorted({*before.groups, *after.groups}):
        old, new = before.groups.get(id), after.groups.get(id)
        if new is None and old is not None:
            yield Change(ChangeKind.REMOVED, Subject.GROUP, f"The group {_quoted(old.title)} was removed.")
        elif old is None and new is not None:
            yield Change(ChangeKind.ADDED, Subject.GROUP, f"The group {_quoted(new.title)} was added.")
        elif old is not None and new is not None:
            yield from _group(old, new, catalogue)


def _group(old: Group, new: Group, catalogue: Catalogue | None) -> Iterator[Change]:
    parts = []
    if old.title != new.title:
        parts.append(f"it is called {_quoted(new.title)}")
    if old.description != new.description:
        parts.append(f"its description says {_quoted(new.description)}")
    for what in ("inputs", "outputs", "parameters"):
        if getattr(old, what) != getattr(new, what):
            names = ", ".join(words(getattr(held, "display_name", "") or held.name) for held in getattr(new, what))
            parts.append(f"its {what} are {names or 'none'}")
    said = f"The group {_quoted(old.title)}"
    if parts:
        yield Change(ChangeKind.CHANGED, Subject.GROUP, f"{said} was changed: {', '.join(parts)}.")
    known = None if catalogue is None else with_boundary(new, catalogue)
    for change in _drawn_parts(old.body, new.body, known):
        yield Change(change.kind, Subject.GROUP, f"In the group {_quoted(new.title)}: {change.text}")


def summary(changes: tuple[Change, ...]) -> str:
    """The changes in one line: "2 blocks added, 1 wire removed", or that there are none."""
    counts: dict[tuple[Subject, ChangeKind], int] = {}
    for change in changes:
        counts[change.subject, change.kind] = counts.get((change.subject, change.kind), 0) + 1
    plurals = {Subject.STRATEGY: "properties of the strategy", Subject.DRAWING: "things in the drawing"}
    singles = {Subject.STRATEGY: "property of the strategy", Subject.DRAWING: "thing in the drawing"}
    parts = [
        f"{count} {(singles if count == 1 else plurals).get(subject, subject + ('' if count == 1 else 's'))} {kind}"
        for (subject, kind), count in counts.items()
    ]
    return ", ".join(parts) or "no difference"


def _strategy(before: LogicFlow, after: LogicFlow) -> Iterator[Change]:
    if before.name != after.name:
        text = f"The strategy's name is {_quoted(after.name)} instead of {_quoted(before.name)}."
        yield Change(ChangeKind.CHANGED, Subject.STRATEGY, text)


def _parameters(before: Mapping[str, StrategyParameter], after: Mapping[str, StrategyParameter]) -> Iterator[Change]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        said = f"The strategy parameter '{words(name)}'"
        if old == new and (old is None or new is None or is_same_value(old.value, new.value)):
            continue
        if new is None:
            yield Change(ChangeKind.REMOVED, Subject.PARAMETER, f"{said} was removed.")
        elif old is None:
            yield Change(ChangeKind.ADDED, Subject.PARAMETER, f"{said} was added, with the value {_shown(new)}.")
        else:
            parts = ", ".join(_parameter_parts(old, new))
            yield Change(ChangeKind.CHANGED, Subject.PARAMETER, f"{said} was changed: {parts}.")


def _parameter_parts(old: StrategyParameter, new: StrategyParameter) -> Iterator[str]:
    if not is_same_value(old.value, new.value):
        same = " (another one)" if _shown(old) == _shown(new) else ""
        yield f"its value is {_shown(new)}{same} instead of {_shown(old)}"
    for name in ("minimum", "maximum", "step"):
        was, is_now = getattr(old, name), getattr(new, name)
        if was != is_now:
            yield f"its {name} is {value_words(is_now)} instead of {value_words(was)}"
    if old.sensitive != new.sensitive:
        yield "it is sensitive now" if new.sensitive else "it is not sensitive any more"


def _shown(parameter: StrategyParameter) -> str:
    return MASKED if parameter.sensitive else _short(value_words(parameter.value))


def _blocks(before: LogicFlow, after: LogicFlow, catalogue: Catalogue | None) -> Iterator[Change]:
    for id in sorted(before.nodes.keys() - after.nodes.keys()):
        text = f"The block {_quoted(block_name(before.nodes[id], catalogue))} was removed, with its wires."
        yield Change(ChangeKind.REMOVED, Subject.BLOCK, text, id)
    for id in sorted(after.nodes.keys() - before.nodes.keys()):
        yield Change(ChangeKind.ADDED, Subject.BLOCK, f"{_described(after.nodes[id], catalogue)} was added.", id)
    for id in sorted(before.nodes.keys() & after.nodes.keys()):
        old, new = before.nodes[id], after.nodes[id]
        parts = tuple(_node_parts(old, new, catalogue))
        if parts:
            text = f"The block {_quoted(block_name(old, catalogue))} was changed: {', '.join(parts)}."
            yield Change(ChangeKind.CHANGED, Subject.BLOCK, text, id)


def _described(node: Node, catalogue: Catalogue | None) -> str:
    kind = f" ({words(node.template)})" if node.label else ""
    said = ", ".join(f"{words(name)} {_short(value_words(value))}" for name, value in sorted(node.parameters.items()))
    return f"The block {_quoted(block_name(node, catalogue))}{kind}{f' with {said}' if said else ''}"


def _node_parts(old: Node, new: Node, catalogue: Catalogue | None) -> Iterator[str]:
    if old.template != new.template:
        yield f"it is {words(new.template)} instead of {words(old.template)}"
    if old.template_version != new.template_version:
        yield f"it uses version {words(new.template_version)} instead of {words(old.template_version)}"
    if old.label != new.label:
        yield f"it is called {_quoted(block_name(new, catalogue))}"
    yield from _value_parts(old, new, catalogue)
    if old.muted != new.muted:
        yield "it is muted" if new.muted else "it is not muted any more"
    if old.collapsed != new.collapsed:
        yield "it is collapsed" if new.collapsed else "it is not collapsed any more"
    if old.note != new.note:
        yield f"its note says {_quoted(new.note)}" if new.note else "its note was taken away"


def _value_parts(old: Node, new: Node, catalogue: Catalogue | None) -> Iterator[str]:
    for name in sorted({*old.parameters, *new.parameters}):
        was, is_now = old.parameters.get(name), new.parameters.get(name)
        is_set_before, is_set_now = name in old.parameters, name in new.parameters
        if is_set_before and is_set_now and is_same_value(was, is_now):
            continue
        now_said = _value(new, name, catalogue) if is_set_now else f"its default{_default(new, name, catalogue)}"
        was_said = _value(old, name, catalogue) if is_set_before else f"its default{_default(old, name, catalogue)}"
        yield f"{words(name)} is {now_said} instead of {was_said}"


def _value(node: Node, name: str, catalogue: Catalogue | None) -> str:
    value: ParameterValue = node.parameters[name]
    if isinstance(value, ParameterReference):
        return f"the strategy parameter '{words(value.name)}'"
    if isinstance(value, Formula):
        return f"the formula '{_short(value_words(value))}'"
    template = None if catalogue is None else catalogue.of(node)
    properties = {} if template is None else template.parameter_schema.get("properties")
    schema = properties.get(name) if isinstance(properties, Mapping) else None
    if isinstance(schema, Mapping) and schema.get("x-sensitive"):
        return MASKED
    return _short(value_words(value))


def _default(node: Node, name: str, catalogue: Catalogue | None) -> str:
    template = None if catalogue is None else catalogue.of(node)
    if template is None or name not in template.default_parameters:
        return ""
    defaults = effective_parameters(Node(node.id, node.template), template, {})
    return f" of {_short(value_words(defaults[name]))}"


def _wires(before: LogicFlow, after: LogicFlow, catalogue: Catalogue | None) -> Iterator[Change]:
    old, new = set(before.edges), set(after.edges)
    for edge in sorted(old - new):
        if edge.source.node in after.nodes and edge.target.node in after.nodes:
            text = f"The wire {_wire(edge, before, catalogue)} was removed."
            yield Change(ChangeKind.REMOVED, Subject.WIRE, text, edge.target.node)
    for edge in sorted(new - old):
        text = f"The wire {_wire(edge, after, catalogue)} was added."
        yield Change(ChangeKind.ADDED, Subject.WIRE, text, edge.target.node)


def _wire(edge: Edge, flow: LogicFlow, catalogue: Catalogue | None) -> str:
    def end(node: str, port: str) -> str:
        block = flow.nodes.get(node)
        return f"{_quoted(block_name(block, catalogue) if block is not None else node)} {words(port)}"

    return f"{end(*edge.source)} → {end(*edge.target)}"


def _frames_and_notes(before: LogicFlow, after: LogicFlow) -> Iterator[Change]:
    kinds: tuple[tuple[str, Mapping[str, Frame | StickyNote], Mapping[str, Frame | StickyNote]], ...] = (
        ("frame", dict(before.frames), dict(after.frames)),
        ("note", dict(before.notes), dict(after.notes)),
    )
    for what, old, new in kinds:
        for id in sorted({*old, *new}):
            if id not in new:
                yield _drawn(ChangeKind.REMOVED, what, old[id])
            elif id not in old:
                yield _drawn(ChangeKind.ADDED, what, new[id])
            elif old[id] != new[id]:
                yield _drawn(ChangeKind.CHANGED, what, new[id])


def _drawn(kind: ChangeKind, what: str, item: Frame | StickyNote) -> Change:
    said = item.title if isinstance(item, Frame) else item.text
    return Change(kind, Subject.DRAWING, f"The {what} {_quoted(said)} was {kind}.")


def _positions(before: LogicFlow, after: LogicFlow) -> Iterator[Change]:
    moved = sum(
        1 for id, node in before.nodes.items() if id in after.nodes and node.position != after.nodes[id].position
    )
    if moved:
        text = "One block was moved." if moved == 1 else f"{moved} blocks were moved."
        yield Change(ChangeKind.CHANGED, Subject.DRAWING, text)
    wires = set(before.edges) & set(after.edges) if before.routes != after.routes else set()
    led = sum(1 for edge in wires if before.routes.get(edge) != after.routes.get(edge))
    led += sum(1 for edge in after.routes if edge not in wires and edge not in before.edges)
    led += sum(1 for edge in before.routes if edge not in wires and edge not in after.edges)
    if led:
        text = "One wire was led another way." if led == 1 else f"{led} wires were led another way."
        yield Change(ChangeKind.CHANGED, Subject.DRAWING, text)


def _quoted(text: str) -> str:
    return f"'{_short(text)}'" if text.strip() else "(empty)"


def _short(text: str) -> str:
    line = " ".join(harmless(text).split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"
