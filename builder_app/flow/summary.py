"""The quiet line under a block's title."""

import re
from collections.abc import Collection, Iterable, Mapping

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Formula, Json, Node, ParameterReference, ParameterValue, Secret
from builder_app.flow.wording import value_words, words


def idle_parameters(template: NodeTemplate, wired: Collection[str]) -> frozenset[str]:
    """The parameters that only stand in for an unwired input (`level` of a comparison), where that input is wired."""
    used = _names(template.outputs.values())
    used |= _names(port.default for port in template.input_ports if port.name not in wired)
    stand_ins = _names(port.default for port in template.input_ports if port.name in wired)
    return frozenset(stand_ins - used)


def _names(recipes: Iterable[str]) -> set[str]:
    return {name for recipe in recipes for name in re.findall(r"[A-Za-z_]\w*", recipe)}


def parameter_line(node: Node, template: NodeTemplate, wired: Collection[str] = ()) -> str:
    """The block's parameters, defaults included, as `period 10 · close`, in the order of the template's schema.

    `wired` names the inputs that have a wire: a parameter that only stands in for one of them says nothing then.

    Choices and texts speak for themselves and stand without their name; a number has its unit where it is `%`; a
    strategy parameter stands by its name, a formula as it is written. Parameters that the template does not know come
    last.
    """
    values = {**template.default_parameters, **node.parameters}
    properties = template.parameter_schema.get("properties")
    known: Mapping[str, Json] = properties if isinstance(properties, dict) else {}
    idle = idle_parameters(template, wired)
    names = [name for name in known if name in values and name not in idle]
    names += sorted(name for name in values if name not in known)
    return " · ".join(part for name in names if (part := _part(name, values[name], known.get(name))))


def _part(name: str, value: ParameterValue, schema: Json) -> str:
    match value:
        case None | "" | False:
            return ""
        case Secret():
            return f"{words(name)} {value}" if value.is_set else ""
        case True:
            return words(name)
        case ParameterReference():
            return f"{words(name)} = {words(value.name)}"
        case Formula():
            return f"{words(name)} = {value_words(value)}"
        case str():
            return " ".join(value.split())
        case _:
            unit = schema.get("x-unit") if isinstance(schema, dict) else None
            return f"{words(name)} {value_words(value)}" + (" %" if unit == "%" else "")
