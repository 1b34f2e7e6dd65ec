"""Versions of a block that users made: what differs between two in words, and taking another one as one edit.

A flow keeps the version that it was drawn with; `newer_versions` offers the newest one, with what it would change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from builder_app.flow.difference import difference
from builder_app.flow.edit_kinds import Batch, Disconnect, Edit, InGroup, SetParameter, SetTemplateVersion
from builder_app.flow.group_paths import GroupPath, path_id
from builder_app.flow.groups import catalogue_with_groups, group_of
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import Edge, Json, LogicFlow, Node, frozen_mapping
from builder_app.flow.wording import block_name, value_words, words

FIRST_VERSION: Final = "1.0.0"
_MOST_INSIDE: Final = 6
_LONGEST: Final = 120
_KEYWORDS: Final[Mapping[str, str]] = {
    "type": "kind",
    "minimum": "smallest value",
    "maximum": "largest value",
    "exclusiveMinimum": "lower bound",
    "exclusiveMaximum": "upper bound",
    "multipleOf": "step",
    "x-step": "step",
    "x-unit": "unit",
    "enum": "choices",
}
_SAID_ONLY: Final = frozenset({"title", "description"})


def next_version(before: NodeTemplate, after: NodeTemplate) -> str:
    """The version that `after` gets: a new last number where only words differ, else a new middle one.

    Semantic versioning: "1.4.2" becomes "1.4.3" or "1.5.0"; the same version where nothing differs.
    """
    if _content(before) == _content(after):
        return before.version
    major, minor, patch = (int(part) for part in before.version.split("."))
    if _meaning(before) == _meaning(after):
        return f"{major}.{minor}.{patch + 1}"
    return f"{major}.{minor + 1}.0"


def template_difference(before: NodeTemplate, after: NodeTemplate) -> tuple[str, ...]:
    """What turning one version of a block into another changes, each as a sentence: meaning first, then words."""
    return (
        *_port_changes("input", before.input_ports, after.input_ports),
        *_port_changes("output", before.output_ports, after.output_ports),
        *_parameter_changes(before, after),
        *_recipe_changes(before, after),
        *_inside_changes(before, after),
        *_word_changes(before, after),
    )


def taken_version(drawn: LogicFlow, node: str, before: NodeTemplate, after: NodeTemplate) -> Batch:
    """One step that draws a block with another version; what that version has no place for goes with it.

    `drawn` is the level at which the block stands.
    """
    held = drawn.nodes[node]
    known = _properties(after)
    edits: list[Edit] = [Disconnect(edge) for edge in _lost_wires(drawn, node, before, after)]
    edits += [SetParameter(node, name, is_set=False) for name in held.parameters if name not in known]
    edits.append(SetTemplateVersion(node, after.version))
    return Batch(tuple(edits), f"Take version {after.version} of {after.display_name}")


def newer_versions(flow: LogicFlow, catalogue: Catalogue) -> Iterator[Problem]:
    """A remark for each block of which there is a newer version, with what that changes and a fix that takes it."""
    if not catalogue.user_made:
        return
    yield from _at_level(flow, (flow, None), catalogue_with_groups(flow, catalogue), ())


def _at_level(
    whole: LogicFlow, level: tuple[LogicFlow, str | None], catalogue: Catalogue, path: GroupPath
) -> Iterator[Problem]:
    drawn, group = level
    for id in sorted(drawn.nodes):
        node = drawn.nodes[id]
        inner = group_of(node.template)
        newest = catalogue.templates.get(node.template)
        if inner is not None and inner in whole.groups and newest is not None:
            yield from _at_level(whole, (whole.groups[inner].body, inner), catalogue, (*path, id))
        elif newest is not None and newest.at_version(node.template_version) is not newest:
            yield _offer(drawn, node, newest, (catalogue, group, path))


def _offer(
    drawn: LogicFlow, node: Node, newest: NodeTemplate, place: tuple[Catalogue, str | None, GroupPath]
) -> Problem:
    catalogue, group, path = place
    before = newest.at_version(node.template_version)
    fix: Edit = taken_version(drawn, node.id, before, newest)
    if group is not None:
        fix = Batch((InGroup(group, fix),), f"Take version {newest.version} of {newest.display_name}")
    lost = len(_lost_wires(drawn, node.id, before, newest))
    wires = [f"{lost} wire{'s' if lost > 1 else ''} would be taken out."] if lost else []
    return Problem(
        Severity.REMARK,
        "newer-version",
        f"'{block_name(node, catalogue)}' is drawn with version {before.version}; there is version {newest.version}.",
        node=path_id(path, node.id),
        hint="\n".join([*template_difference(before, newest), *wires]),
        fix=fix,
        fix_title=f"Take version {newest.version}",
    )


def _lost_wires(drawn: LogicFlow, node: str, before: NodeTemplate, after: NodeTemplate) -> list[Edge]:
    """The wires at ports that are gone, or that carry something else now."""
    found = []
    for edge in drawn.edges:
        for end, old, new in (
            (edge.target, before.input_port(edge.target.port), after.input_port(edge.target.port)),
            (edge.source, before.output_port(edge.source.port), after.output_port(edge.source.port)),
        ):
            if end.node == node and (new is None or (old is not None and old.type is not new.type)):
                found.append(edge)
                break
    return found


def _content(template: NodeTemplate) -> NodeTemplate:
    return replace(template, version="", earlier=())


def _meaning(template: NodeTemplate) -> tuple[Any, ...]:
    """All but the words: two versions with the same meaning give the same strategies the same code."""
    schemas = {
        name: {key: value for key, value in schema.items() if key not in _SAID_ONLY}
        for name, schema in _properties(template).items()
    }
    ports = [replace(port, description="", display_name="") for port in template.input_ports]
    return (
        template.node_type,
        schemas,
        dict(template.default_parameters),
        ports,
        [replace(port, description="", display_name="") for port in template.output_ports],
        dict(template.outputs),
        dict(template.validation_rules),
        template.body,
    )


def _port_changes(
    what: str,
    before: tuple[InputPort, ...] | tuple[OutputPort, ...],
    after: tuple[InputPort, ...] | tuple[OutputPort, ...],
) -> Iterator[str]:
    old, new = {port.name: port for port in before}, {port.name: port for port in after}
    yield from (f"The {what} '{words(name)}' is new." for name in new if name not in old)
    yield from (f"The {what} '{words(name)}' is gone." for name in old if name not in new)
    for name in (name for name in new if name in old):
        was, now = old[name], new[name]
        if was.type is not now.type:
            yield f"The {what} '{words(name)}' carries {now.type} instead of {was.type}."
        if isinstance(was, InputPort) and isinstance(now, InputPort):
            yield from _input_changes(was, now)


def _input_changes(was: InputPort, now: InputPort) -> Iterator[str]:
    if was.required is not now.required:
        yield f"The input '{words(now.name)}' {'must' if now.required else 'need not'} be wired."
    if was.multiple is not now.multiple:
        yield f"The input '{words(now.name)}' takes {'any number of wires' if now.multiple else 'one wire'}."
    if was.default != now.default:
        unwired = f"is {_quoted(now.default)}" if now.default else "has no value"
        yield f"The input '{words(now.name)}' {unwired} while nothing is wired to it."


def _parameter_changes(before: NodeTemplate, after: NodeTemplate) -> Iterator[str]:
    old, new = _properties(before), _properties(after)
    for name in new:
        if name not in old:
            yield f"The parameter '{words(name)}' is new; it is {_default(after, name)} until it is set."
    yield from (f"The parameter '{words(name)}' is gone." for name in old if name not in new)
    for name in (name for name in new if name in old):
        if before.default_parameters.get(name) != after.default_parameters.get(name):
            yield f"The default of '{words(name)}' is {_default(after, name)} instead of {_default(before, name)}."
        for key, said in _KEYWORDS.items():
            was, now = old[name].get(key), new[name].get(key)
            if was != now:
                yield f"The {said} of '{words(name)}' is {_json_words(now)} instead of {_json_words(was)}."


def _recipe_changes(before: NodeTemplate, after: NodeTemplate) -> Iterator[str]:
    for name, recipe in after.outputs.items():
        was = before.outputs.get(name)
        if was is not None and was != recipe:
            yield f"'{words(name)}' is {_quoted(recipe)} instead of {_quoted(was)}."


def _inside_changes(before: NodeTemplate, after: NodeTemplate) -> Iterator[str]:
    if not before.body or not after.body:
        if bool(before.body) is not bool(after.body):
            made = "a group of blocks" if after.body else "an expression"
            yield f"The block is made of {made} now."
        return
    if before.body == after.body:
        return
    found = difference(_as_flow(before), _as_flow(after))
    yield from (f"Inside: {change.text}" for change in found[:_MOST_INSIDE])
    if len(found) > _MOST_INSIDE:
        yield f"Inside: {len(found) - _MOST_INSIDE} more changes."
    if not found:
        yield "What is inside was drawn anew."


def _as_flow(template: NodeTemplate) -> LogicFlow:
    """The inside as a flow, with the groups in it."""
    return replace(template.body[0].body, groups=frozen_mapping((group.id, group) for group in template.body[1:]))


def _word_changes(before: NodeTemplate, after: NodeTemplate) -> Iterator[str]:
    if before.display_name != after.display_name:
        yield f"It is called '{after.display_name}' instead of '{before.display_name}'."
    if before.node_type is not after.node_type:
        yield f"It is of the type {words(after.node_type.lower())} instead of {words(before.node_type.lower())}."
    if before.category != after.category:
        yield f"Its category is '{after.category}' instead of '{before.category}'."
    if before.description != after.description:
        yield "Its description was written anew."


def _properties(template: NodeTemplate) -> dict[str, dict[str, Json]]:
    properties = template.parameter_schema.get("properties")
    found = properties if isinstance(properties, dict) else {}
    return {name: schema if isinstance(schema, dict) else {} for name, schema in found.items()}


def _default(template: NodeTemplate, name: str) -> str:
    return value_words(template.default_parameters.get(name))


def _json_words(value: Json) -> str:
    if value is None:
        return "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _quoted(recipe: str) -> str:
    text = " ".join(recipe.split())
    return f"'{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}'"
