"""The pass that turns each block into expressions: its recipes, with wires and parameters put in their places."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.expressions import (
    Call,
    Constant,
    Derived,
    Element,
    Expression,
    GroupCall,
    Name,
    Parameter,
    Reference,
    children,
    with_children,
)
from builder_app.codegen.plan import Draft, Step
from builder_app.codegen.recipes.checking import RecipeRefused, parse_formula, parse_recipe
from builder_app.codegen.recipes.reader import LARGEST_NUMBER
from builder_app.codegen.recipes.rule_words import RULE_WORDS, SIGNAL_WORDS, SIGNALS
from builder_app.codegen.recipes.vocabulary import CONDITION_LISTS, KIND_OF_PORT
from builder_app.flow.formula_reading import FormulaFault, tree_of
from builder_app.flow.formula_trees import Named
from builder_app.flow.formulas import names_in, number_from
from builder_app.flow.groups import BOUNDARY
from builder_app.flow.templates import InputPort, NodeTemplate
from builder_app.flow.values import (
    Edge,
    Formula,
    Json,
    Literal,
    ParameterReference,
    ParameterValue,
    Port,
    PortType,
    Secret,
)
from builder_app.flow.wording import value_words


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a recipe may not use, since it would be written into the code; the sentence says what and why."""

    sentence: str


_TAKES_WIRES: Final = frozenset({*CONDITION_LISTS, *RULE_WORDS})
"""The functions that take lists of wires, or inputs that need not be wired."""

Meaning = Expression | tuple[Expression, ...] | Withheld | None
"""What a recipe's name stands for: one thing, a list of wires, or nothing (an optional input that is not wired)."""


def substitute(draft: Draft) -> Draft:
    """One Step per output port that is used, or asked for; signals, positions and portfolios are all used."""
    live = set(draft.order)
    used = {edge.source for edge in draft.flow.edges if edge.target.node in live}
    used |= {Port(value.node, value.port) for _, value in draft.answers if isinstance(value, Reference)}
    into: dict[str, list[Edge]] = {}
    for edge in sorted(draft.flow.edges):
        into.setdefault(edge.target.node, []).append(edge)
    steps = []
    for node in draft.order:
        if draft.path and node in BOUNDARY:
            continue  # the ports of the group whose function this is
        template = _template(draft, node)
        if node in draft.calls:
            steps += _called(draft, node, template, into.get(node, ()))
            continue
        meanings = _meanings(draft, node, template, into.get(node, ()))
        for port in template.output_ports:
            is_rule = port.type not in (PortType.SERIES, PortType.BOOLEAN)
            if is_rule or (node, port.name) in used:
                expression = _output(draft, node, (template, port.name), meanings)
                steps.append(Step(node, port.name, expression, KIND_OF_PORT[port.type]))
    return replace(draft, steps=tuple(steps))


def _called(draft: Draft, node: str, template: NodeTemplate, into: Iterable[Edge]) -> list[Step]:
    """The outputs of a group, as one call of its function."""
    plan = draft.calls[node]
    wires = {edge.target.port: Reference(*edge.source) for edge in into}
    arguments = tuple(wires[name] for name in plan.inputs)
    call = GroupCall(plan.function, arguments, plan.keywords, plan.conditions, plan.takes_prices, plan.whole)
    used = {edge.source for edge in draft.flow.edges}
    steps = []
    for port in template.output_ports:
        if (node, port.name) in used:
            value = Element(call, plan.outputs[port.name]) if len(plan.conditions) > 1 else call
            steps.append(Step(node, port.name, value, KIND_OF_PORT[port.type]))
    return steps


def _template(draft: Draft, node: str) -> NodeTemplate:
    template = draft.catalogue.of(draft.flow.nodes[node])
    if template is None:
        name = draft.flow.nodes[node].template
        raise draft.refuse(node, "unknown-template", f"there is no template '{name}'.", "Choose another block.")
    return template


def _meanings(draft: Draft, node: str, template: NodeTemplate, into: Iterable[Edge]) -> dict[str, Meaning]:
    values = {**template.default_parameters, **draft.flow.nodes[node].parameters}
    schemas, hidden = _schemas(template), template.sensitive
    meanings: dict[str, Meaning] = {}
    for name in schemas:
        if name not in values:
            raise draft.refuse(node, "parameter", f"its parameter '{name}' has no value; set one.")
        meanings[name] = _withheld(name) if name in hidden else _parameter(draft, node, name, values[name])
    parameters = dict(meanings)
    for port in template.input_ports:
        wires = tuple(Reference(*edge.source) for edge in into if edge.target.port == port.name)
        meanings[port.name] = _input(draft, node, port, (wires, parameters, schemas))
    return meanings


def _schemas(template: NodeTemplate) -> Mapping[str, Json]:
    properties = template.parameter_schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _withheld(name: str) -> Withheld:
    return Withheld(f"its parameter '{name}' is sensitive, and would be written into the code.")


def _parameter(draft: Draft, node: str, name: str, value: ParameterValue) -> Expression | Withheld:
    if isinstance(value, Secret):
        return _withheld(name)
    if isinstance(value, Formula):
        return _derived(draft, node, name, value)
    if not isinstance(value, ParameterReference):
        return Constant(_checked(draft, node, name, value))
    parameter = draft.flow.parameters.get(value.name)
    if parameter is None:
        raise draft.refuse(
            node, "parameter", f"it refers to the strategy parameter '{value.name}', which is not there."
        )
    if isinstance(parameter.value, Secret):
        return Withheld(f"it refers to the sensitive strategy parameter '{value.name}', which is never in code.")
    _checked(draft, node, value.name, parameter.value)
    return Parameter(value.name)


def _derived(draft: Draft, node: str, name: str, value: Formula) -> Expression:
    try:
        number = number_from(value, {each: parameter.value for each, parameter in draft.flow.parameters.items()})
    except FormulaFault as fault:
        message = f"its parameter '{name}' is the formula “{value_words(value)}”, which {fault.why}."
        raise draft.refuse(node, "parameter", message, fault.hint) from fault
    return derived(draft, value) if names_in(value) else Constant(number)


def derived(draft: Draft, value: Formula) -> Expression:
    """The formula as an expression: as it is, or the constant that holds it; a name alone is a strategy parameter."""
    tree = tree_of(value.text)
    if isinstance(tree, Named):
        return Parameter(tree.name)
    return Derived(value.text, draft.formulas.get(value.text, ""))


def _checked(draft: Draft, node: str, name: str, value: Literal) -> bool | int | float | str:
    if value is None:
        raise draft.refuse(node, "parameter", f"its parameter '{name}' is empty; set a value.")
    if isinstance(value, bool | str):
        return value
    if abs(value) > LARGEST_NUMBER or not math.isfinite(value):
        raise draft.refuse(node, "parameter", f"its parameter '{name}' is too large; at most 1e15 is allowed.")
    return value + 0  # -0.0 becomes 0.0: they are equal, and so is their text


def _input(
    draft: Draft,
    node: str,
    port: InputPort,
    given: tuple[tuple[Reference, ...], Mapping[str, Meaning], Mapping[str, Json]],
) -> Meaning:
    wires, parameters, schemas = given
    if port.multiple and (wires or not port.default):
        if port.required and not wires:
            raise draft.refuse(node, "missing-input", f"nothing is wired into '{port.name}'.", "Draw a wire to it.")
        return wires
    if len(wires) > 1:
        raise draft.refuse(node, "too-many-wires", f"its input '{port.name}' takes one wire; it has {len(wires)}.")
    if wires:
        return wires[0]
    if port.default:
        try:
            recipe = parse_recipe(port.default, (), schemas)
        except RecipeRefused as refusal:
            raise draft.refuse(node, "recipe", f"the default of '{port.name}' is not allowed. {refusal}") from refusal
        return _filled(draft, node, recipe.expression, parameters)
    if port.required:
        raise draft.refuse(node, "missing-input", f"nothing is wired into '{port.name}'.", "Draw a wire to it.")
    return None


def _output(draft: Draft, node: str, output: tuple[NodeTemplate, str], meanings: Mapping[str, Meaning]) -> Expression:
    """What the output of this name gives, by the template's recipe."""
    template, port = output
    try:
        recipe = parse_recipe(template.outputs.get(port, ""), template.input_ports, _schemas(template))
        if recipe.formula is None:
            return _filled(draft, node, recipe.expression, meanings)
        holder, ports = recipe.formula
        held = meanings[holder]
        if not isinstance(held, Constant) or not isinstance(held.value, str):
            raise draft.refuse(node, "recipe", "its formula must be written in the block, as a text.")
        formula = parse_formula(held.value, [port for port in ports if meanings[port] is not None])
    except RecipeRefused as refusal:
        raise draft.refuse(node, "recipe", str(refusal), "Change the formula.") from refusal
    return _filled(draft, node, formula.expression, meanings)


def _filled(draft: Draft, node: str, expression: Expression, meanings: Mapping[str, Meaning]) -> Expression:
    """The recipe's expression with every name replaced by what it stands for."""
    if isinstance(expression, Name):
        meaning = meanings.get(expression.name)
        if isinstance(meaning, Withheld):
            hint = "Use a parameter that is not sensitive."
            raise draft.refuse(node, "sensitive-parameter", meaning.sentence, hint)
        if meaning is None or isinstance(meaning, tuple):
            raise draft.refuse(node, "missing-input", f"nothing is wired into '{expression.name}', which it needs.")
        return meaning
    if isinstance(expression, Call) and expression.function in _TAKES_WIRES:
        return _filled_list(draft, node, expression, meanings)
    parts = tuple(_filled(draft, node, part, meanings) for part in children(expression))
    return with_children(expression, parts)


def _filled_list(draft: Draft, node: str, call: Call, meanings: Mapping[str, Meaning]) -> Call:
    """Calls that take lists of wires: the list becomes the arguments, and what is not wired falls away."""
    arguments: list[Expression] = []
    for argument in call.arguments:
        meaning = meanings.get(argument.name) if isinstance(argument, Name) else None
        if isinstance(meaning, tuple):
            arguments.extend(meaning)
        elif meaning is not None or not isinstance(argument, Name):
            arguments.append(_filled(draft, node, argument, meanings))
    keywords = tuple(
        (name, _filled(draft, node, value, meanings))
        for name, value in call.keywords
        if not (isinstance(value, Name) and meanings.get(value.name) is None)
    )
    if not arguments and not (call.function == SIGNALS and any(name in SIGNAL_WORDS for name, _ in keywords)):
        raise draft.refuse(node, "missing-input", "nothing is wired into it.", "Draw a wire to it.")
    return Call(call.function, tuple(arguments), keywords)
