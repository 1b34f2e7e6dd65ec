"""What is wrong with a block that is being made, field by field; no sentence where the block may be saved."""

import keyword
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.recipes.checking import RecipeRefused, parse_recipe
from builder_app.flow.block_versions import next_version
from builder_app.flow.groups import group_of
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate
from builder_app.flow.values import Json
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json
from builder_app.session.blocks.block_drafts import BlockDraft, DraftKind, DraftParameter, draft_json, number_in
from builder_app.session.blocks.block_probe import refusals

PRICES: Final = "prices"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_TAKEN_WORDS: Final = frozenset({*keyword.kwlist, PRICES, "ta", "np"})
_ABOUT: Final = (
    (re.compile(r"the output '([^']+)'"), "outputs", "expression"),
    (re.compile(r"the input '([^']+)'"), "inputs", "default"),
    (re.compile(r"No recipe uses '([^']+)'"), "inputs", "name"),
    (re.compile(r"(?:[Tt]he parameter|No recipe uses|A recipe uses) '([^']+)'"), "parameters", "name"),
)
"""How sentences about a whole template name a part of it, and the field of the form that this is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field. `field` is its path, as "inputs.0.name"; empty where it is about the whole."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class CheckedDraft:
    """The block that a form says, where it says one; else what is wrong. `template` has its new version."""

    draft: BlockDraft
    template: NodeTemplate | None
    faults: tuple[Fault, ...] = ()


def check_draft(draft: BlockDraft, catalogue: Catalogue, *, as_new: bool = False) -> CheckedDraft:
    """Check every field, then the block as a whole, then whether it becomes code; the first kind of fault is told.

    `as_new`: it would be saved as a block of its own, whose name nobody has. Takes some milliseconds: not for the
    owner's thread.
    """
    faults = tuple(_field_faults(draft, catalogue, as_new=as_new))
    if faults:
        return CheckedDraft(draft, None, faults)
    base = None if as_new else draft.base
    try:
        template = template_from_json(draft_json(draft))
    except TemplatesUnreadable as reason:
        return CheckedDraft(draft, None, tuple(Fault(_field_of(said, draft), said) for said in reason.problems))
    if _contains_itself(template, catalogue):
        return CheckedDraft(draft, None, (Fault("", "The block would contain itself; take that out of the group."),))
    if base is not None:
        version = next_version(base, template)
        earlier = (*base.earlier, replace(base, earlier=())) if version != base.version else base.earlier
        template = replace(template, version=version, earlier=earlier)
    told = dict.fromkeys(_fault_of(draft, *refusal) for refusal in refusals(template, catalogue))
    return CheckedDraft(draft, None if told else template, tuple(told))


def _field_faults(draft: BlockDraft, catalogue: Catalogue, *, as_new: bool) -> Iterator[Fault]:
    yield from _name_faults(draft, catalogue, as_new=as_new)
    if not draft.display_name.strip():
        yield Fault("display_name", "Say what the block is called.")
    elif len(draft.display_name) > 80:
        yield Fault("display_name", "The name that is shown may have 80 characters at most.")
    if len(draft.category) > 80:
        yield Fault("category", "The category may have 80 characters at most.")
    if len(draft.description) > 2000:
        yield Fault("description", "The description may have 2,000 characters at most.")
    if not draft.outputs:
        yield Fault("outputs", "The block gives nothing; add an output.")
    yield from _port_name_faults(draft)
    for place, parameter in enumerate(draft.parameters):
        yield from _parameter_faults(f"parameters.{place}", parameter)
    if not draft.is_group:
        yield from _recipe_faults(draft)


def _name_faults(draft: BlockDraft, catalogue: Catalogue, *, as_new: bool) -> Iterator[Fault]:
    is_new = as_new or draft.base is None
    if not _NAME.fullmatch(draft.name):
        yield Fault(
            "name", "The name has lower-case letters, digits and _, begins with a letter, and is 60 long at most."
        )
    elif is_new and draft.name in catalogue.templates:
        whose = "of yours" if catalogue.is_own(draft.name) else "that comes with the program"
        whose = "that another user shares" if catalogue.shared_by.get(draft.name) else whose
        yield Fault("name", f"There is a block '{draft.name}' {whose} already; take another name.")


def _port_name_faults(draft: BlockDraft) -> Iterator[Fault]:
    spoken = Counter([*(port.name for port in draft.inputs), *(parameter.name for parameter in draft.parameters)])
    given = Counter(port.name for port in draft.outputs)
    rows = [(f"inputs.{place}.name", port.name, spoken) for place, port in enumerate(draft.inputs)]
    rows += [(f"parameters.{place}.name", each.name, spoken) for place, each in enumerate(draft.parameters)]
    rows += [(f"outputs.{place}.name", port.name, given) for place, port in enumerate(draft.outputs)]
    for field, name, counted in rows:
        if not _NAME.fullmatch(name):
            yield Fault(field, "A name has lower-case letters, digits and _, and begins with a letter.")
        elif name in _TAKEN_WORDS:
            yield Fault(field, f"'{name}' means something else in an expression; take another name.")
        elif counted[name] > 1:
            yield Fault(field, f"The name '{name}' stands there twice; give each its own.")


def _parameter_faults(field: str, parameter: DraftParameter) -> Iterator[Fault]:
    if parameter.kind is DraftKind.OTHER:
        return
    if parameter.kind is DraftKind.PRICE:
        if parameter.default not in ("open", "high", "low", "close", "volume"):
            yield Fault(f"{field}.default", "The default is one of open, high, low, close and volume.")
        return
    numbers = {}
    for part, text in (
        ("default", parameter.default),
        ("minimum", parameter.minimum),
        ("maximum", parameter.maximum),
        ("step", parameter.step),
    ):
        number = number_in(text)
        if part == "default" and not text.strip():
            yield Fault(f"{field}.default", "Give the parameter a default: the value it has until it is set.")
        elif number is None and text.strip():
            yield Fault(f"{field}.{part}", f"The {_PARTS[part]} is no number: '{text.strip()[:40]}'.")
        elif number is not None and parameter.kind is DraftKind.WHOLE and not float(number).is_integer():
            yield Fault(f"{field}.{part}", f"The {_PARTS[part]} of a whole number must be whole; it is {text.strip()}.")
        elif number is not None:
            numbers[part] = number
    yield from _range_faults(field, numbers)
    if len(parameter.unit.strip()) > 20:
        yield Fault(f"{field}.unit", "The unit may have 20 characters at most.")


def _range_faults(field: str, numbers: dict[str, int | float]) -> Iterator[Fault]:
    least, most, default = numbers.get("minimum"), numbers.get("maximum"), numbers.get("default")
    if any(abs(number) > 1e15 for number in numbers.values()):
        yield Fault(f"{field}.default", "A number of the parameter is too large; at most 1e15 is allowed.")
    if least is not None and most is not None and least > most:
        yield Fault(f"{field}.maximum", f"The largest value, {most}, is below the smallest, {least}.")
    elif default is not None and least is not None and default < least:
        yield Fault(f"{field}.default", f"The default, {default}, is below the smallest value, {least}.")
    elif default is not None and most is not None and default > most:
        yield Fault(f"{field}.default", f"The default, {default}, is above the largest value, {most}.")
    if numbers.get("step", 1) <= 0:
        yield Fault(f"{field}.step", "The step must be above 0.")


_PARTS: Final = {"default": "default", "minimum": "smallest value", "maximum": "largest value", "step": "step"}


def _recipe_faults(draft: BlockDraft) -> Iterator[Fault]:
    """Each expression by itself, so that its own field says what is wrong with it."""
    ports = tuple(
        InputPort(port.name, port.type, port.required, port.multiple, default=port.default.strip())
        for port in draft.inputs
    )
    properties: Json = draft_json(draft)["parameter_schema"]["properties"]
    schemas = properties if isinstance(properties, dict) else {}
    for place, port in enumerate(draft.inputs):
        if port.default.strip():
            yield from _recipe_fault(f"inputs.{place}.default", port.default, (), schemas)
    for place, output in enumerate(draft.outputs):
        yield from _recipe_fault(f"outputs.{place}.expression", output.expression, ports, schemas)


def _recipe_fault(field: str, text: str, ports: tuple[InputPort, ...], schemas: dict[str, Json]) -> Iterator[Fault]:
    try:
        parse_recipe(text.strip(), ports, schemas)
    except RecipeRefused as refusal:
        yield Fault(field, str(refusal))


def _field_of(sentence: str, draft: BlockDraft) -> str:
    """The field that a sentence about the whole template is about; empty where it names none."""
    for pattern, member, part in _ABOUT:
        for name in pattern.findall(sentence):
            for place, each in enumerate(getattr(draft, member)):
                if each.name == name:
                    return f"{member}.{place}.{part}"
    return ""


def _fault_of(draft: BlockDraft, parameter: str, bound: str, problem: Problem) -> Fault:
    message = problem.message
    name = f"'{draft.display_name.strip()}'"
    said = message.removeprefix(f"In {name}: ").removeprefix(f"The block {name}: ")
    place = next((place for place, each in enumerate(draft.parameters) if each.name == parameter), None)
    if place is not None and bound:
        held = draft.parameters[place]
        value = getattr(held, bound).strip() or (held.kept or {}).get(bound, "")
        return Fault(f"parameters.{place}.{bound}", f"With {parameter} at {value} the block cannot become code: {said}")
    return Fault("", f"The block cannot become code: {said}")


def _contains_itself(template: NodeTemplate, catalogue: Catalogue) -> bool:
    """Whether a block of this name stands inside, at any depth."""
    waiting, seen = [template], set[str]()
    while waiting:
        for group in waiting.pop().body:
            for node in group.body.nodes.values():
                if node.template == template.name:
                    return True
                inner = catalogue.of(node) if group_of(node.template) is None else None
                if inner is not None and inner.body and node.template not in seen:
                    seen.add(node.template)
                    waiting.append(inner)
    return False
