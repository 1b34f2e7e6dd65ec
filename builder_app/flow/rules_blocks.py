"""Rules about single blocks: is their kind known, are their parameters right, do they look ahead."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from builder_app.flow.drawing import Drawing, set_value
from builder_app.flow.edits import Edit, SetParameter, SetStrategyParameter
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.roles import shift_parameter
from builder_app.flow.rules_formulas import fault_of
from builder_app.flow.templates import NodeTemplate, schema_of
from builder_app.flow.values import Binding, Formula, Node, ParameterReference, ParameterValue, StrategyParameter
from builder_app.flow.wording import value_words, words


def unknown_template(drawing: Drawing) -> Iterator[Problem]:
    """A block whose kind this program does not have is kept, and keeps the strategy from becoming code."""
    for id in sorted(drawing.flow.nodes):
        if id in drawing.known:
            continue
        kind = drawing.flow.nodes[id].template
        near = get_close_matches(kind, drawing.catalogue.templates, n=1)
        hint = f"Did you mean '{near[0]}'? " if near else ""
        yield Problem(
            Severity.ERROR,
            "unknown-template",
            f"The block {drawing.name(id)} is of a kind that this program does not have: '{kind}'.",
            node=id,
            hint=f"{hint}Import its template, replace the block, or mute it.",
        )


def unknown_strategy_parameter(drawing: Drawing) -> Iterator[Problem]:
    """A parameter refers to a strategy parameter that does not exist."""
    for id in drawing.bound:
        node, template = drawing.flow.nodes[id], drawing.known[id]
        for name, value in drawing.values[id].items():
            if not isinstance(value, ParameterReference):
                continue
            default = template.default_parameters.get(name)
            fix: Edit = SetParameter(node.id, name, is_set=False)
            title = f"Use the default of {words(name)}"
            if default is not None and not isinstance(default, Binding):
                fix = SetStrategyParameter(value.name, StrategyParameter(default))
                title = f"Define {value.name} as {value_words(default)}"
            near = get_close_matches(value.name, drawing.flow.parameters, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else "Define it, or give the block a value of its own."
            message = f"The {words(name)} of {drawing.name(node.id)} is the strategy parameter '{value.name}', "
            yield Problem(
                Severity.ERROR,
                "unknown-strategy-parameter",
                f"{message}which does not exist.",
                node=node.id,
                hint=hint,
                fix=fix,
                fix_title=title,
                parameter=name,
            )


def wrong_parameter(drawing: Drawing) -> Iterator[Problem]:
    """A parameter is missing, out of range or of the wrong kind, as the template's JSON Schema says."""
    for node, template in drawing.blocks():
        values = drawing.values[node.id]
        for name, sentence in drawing.validate_parameters(template, values):
            held = node.parameters.get(name)
            if isinstance(values.get(name), Binding) or fault_of(drawing, template, name, held) is not None:
                continue
            origin = f" It is the formula “{value_words(held)}”." if isinstance(held, Formula) else ""
            fix, title = _parameter_fix(drawing, node, template, name)
            yield Problem(
                Severity.ERROR,
                "wrong-parameter",
                f"In {drawing.name(node.id)}: {sentence}{origin}",
                node=node.id,
                hint="Change it in the inspector." if fix is None else "",
                fix=fix,
                fix_title=title,
                parameter=name,
            )


def _parameter_fix(drawing: Drawing, node: Node, template: NodeTemplate, name: str) -> tuple[Edit | None, str]:
    """The nearest bound, or the default, or taking an unknown parameter away: the first that the template allows."""
    values = drawing.values[node.id]
    nearest = _nearest(template, name, values.get(name))
    if nearest is not None and _is_allowed(drawing, template, name, {**values, name: nearest}):
        title = f"Set {words(name)} to {value_words(nearest)}"
        if isinstance(node.parameters.get(name), Formula):
            is_above = (drawing.number(node.id, name) or 0) > nearest
            title = f"Keep {words(name)} at {'most' if is_above else 'least'} {value_words(nearest)}"
        return set_value(drawing, node.id, name, nearest), title
    if name not in node.parameters:
        return None, ""
    rest = {other: value for other, value in values.items() if other != name}
    default = template.default_parameters.get(name)
    if name in template.default_parameters and _is_allowed(drawing, template, name, {**rest, name: default}):
        title = f"Return {words(name)} to its default, {value_words(default)}"
        return SetParameter(node.id, name, is_set=False), title
    if name not in template.default_parameters and _is_allowed(drawing, template, name, rest):
        return SetParameter(node.id, name, is_set=False), f"Take {words(name)} away"
    return None, ""


def _is_allowed(drawing: Drawing, template: NodeTemplate, name: str, values: dict[str, ParameterValue]) -> bool:
    return all(other != name for other, _ in drawing.validate_parameters(template, values))


def _nearest(template: NodeTemplate, name: str, value: ParameterValue) -> int | float | None:
    """The value brought into the schema's bounds, whole where it must be."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    wanted = schema_of(template, name)
    minimum, maximum = wanted.get("minimum"), wanted.get("maximum")
    if wanted.get("type") == "integer":
        value = round(value)
    if isinstance(minimum, int | float) and value < minimum:
        return minimum
    if isinstance(maximum, int | float) and value > maximum:
        return maximum
    return value


def looks_ahead(drawing: Drawing) -> Iterator[Problem]:
    """A negative shift would read prices that were not known yet."""
    for id in drawing.those(shift_parameter):
        node, template = drawing.flow.nodes[id], drawing.known[id]
        name = shift_parameter(template)
        shift = drawing.number(id, name) if name is not None else None
        if name is None or shift is None or shift >= 0:
            continue
        yield Problem(
            Severity.ERROR,
            "looks-ahead",
            f"{drawing.name(node.id)} looks {value_words(-shift)} bars ahead: prices that nobody knew then.",
            node=node.id,
            hint=f"Make the {words(name)} 0 or more.",
            fix=set_value(drawing, node.id, name, abs(shift)),
            fix_title=f"Look {value_words(abs(shift))} bars back",
            parameter=name,
        )


def strategy_parameter_out_of_its_bounds(drawing: Drawing) -> Iterator[Problem]:
    """A strategy parameter's value lies outside its own minimum and maximum."""
    for name, parameter in sorted(drawing.flow.parameters.items()):
        value, low, high = parameter.value, parameter.minimum, parameter.maximum
        if low is not None and high is not None and low > high:
            message = f"The strategy parameter '{name}' has a minimum ({low:g}) above its maximum ({high:g})."
            hint = "Exchange the two, or change one of them."
            fix: Edit = SetStrategyParameter(name, replace(parameter, minimum=high, maximum=low))
            title = "Exchange minimum and maximum"
        elif isinstance(value, bool) or not isinstance(value, int | float):
            continue
        elif (low is not None and value < low) or (high is not None and value > high):
            bound = low if low is not None and value < low else high
            assert bound is not None
            nearest = int(bound) if isinstance(value, int) and bound == int(bound) else bound
            message = f"The strategy parameter '{name}' is {value_words(value)}, outside its own bounds."
            hint = "Change the value or the bounds."
            fix = SetStrategyParameter(name, replace(parameter, value=nearest))
            title = f"Set it to {value_words(nearest)}"
        else:
            continue
        rule = "strategy-parameter-bounds"
        yield Problem(Severity.WARNING, rule, message, hint=hint, fix=fix, fix_title=title, parameter=name)
