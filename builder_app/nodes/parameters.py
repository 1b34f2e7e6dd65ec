"""Are a block's parameter values what its template allows? Plain sentences, and fast when nothing changed."""

import difflib
import itertools
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeGuard

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Binding, ParameterValue, Secret
from builder_app.nodes.form import validator_of

Finding = tuple[str, str]
"""A parameter's name, and the sentence about it."""

_MOST_TEMPLATES: Final = 4096
_MOST_ANSWERS: Final = 1024
_MOST_FROZEN: Final = 10_000
_TYPE_WORDS: Final = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A template's validator, made once, and the answers it gave by values."""

    template: NodeTemplate
    validator: Draft202012Validator
    hidden: frozenset[str]
    answers: dict[Hashable, tuple[Finding, ...]] = field(default_factory=dict)
    of_frozen: dict[int, tuple[object, tuple[Finding, ...]]] = field(default_factory=dict)
    """Of values that cannot change, by which object they are: a picture is checked after every edit of one block."""


_known: Final[dict[int, _Known]] = {}


def validate_parameters(template: NodeTemplate, values: Mapping[str, ParameterValue]) -> list[Finding]:
    """(name of the parameter, whole sentence) for each value that the template does not allow.

    What `values` does not name has the template's default. A value that is still bound is skipped: whether
    its strategy parameters give it a value is a rule of the flow; so is a secret that is not set, which keeps nothing
    from becoming code. No sentence holds the value of a sensitive parameter. At most one finding a parameter.
    """
    known = _known.get(id(template))
    if known is None or known.template is not template:
        if len(_known) >= _MOST_TEMPLATES:
            _known.clear()
        known = _known[id(template)] = _Known(
            template, validator_of(dict(template.parameter_schema)), template.sensitive
        )
    held = known.of_frozen.get(id(values))
    if held is not None and held[0] is values:
        return list(held[1])
    if any(isinstance(value, Secret) for value in values.values()):
        return list(_findings(known, values))  # a secret stays in memory no longer than its strategy is open
    answer = _answer(known, values)
    if isinstance(values, MappingProxyType):
        if len(known.of_frozen) >= _MOST_FROZEN:
            known.of_frozen.clear()
        known.of_frozen[id(values)] = values, answer
    return list(answer)


def _answer(known: _Known, values: Mapping[str, ParameterValue]) -> tuple[Finding, ...]:
    # 1, 1.0 and True are equal as keys but not as parameters: the type belongs to the key.
    key = tuple((name, value.__class__, value) for name, value in values.items())
    answer = known.answers.get(key)
    if answer is None:
        if len(known.answers) >= _MOST_ANSWERS:
            known.answers.clear()
        answer = known.answers[key] = _findings(known, values)
    return answer


def _findings(known: _Known, values: Mapping[str, ParameterValue]) -> tuple[Finding, ...]:
    template = known.template
    held = {**template.default_parameters, **values}
    hidden = known.hidden | {name for name, value in held.items() if isinstance(value, Secret)}
    given = {
        name: value.value if isinstance(value, Secret) else value
        for name, value in held.items()
        if not isinstance(value, Binding) and (not isinstance(value, Secret) or value.is_set)
    }
    found: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, float) and not math.isfinite(value):
            found[name] = f"{_subject(template, name)} was {value}; it must be a finite number."
    for error in known.validator.iter_errors(given):
        for name, sentence in _sentences(template, error, values):
            found.setdefault(name, _hidden_sentence(template, name, error) if name in hidden else sentence)
    for name, sentence in _order_findings(template, {name: given[name] for name in given if name not in hidden}):
        found.setdefault(name, sentence)
    return tuple(found.items())


def _sentences(
    template: NodeTemplate, error: ValidationError, values: Mapping[str, ParameterValue]
) -> tuple[Finding, ...]:
    properties = template.parameter_schema.get("properties")
    names = list(properties) if isinstance(properties, dict) else []
    instance: Any = error.instance
    demanded: Any = error.validator_value
    if error.validator == "additionalProperties":
        unknown = [name for name in instance if name not in names]
        return tuple((name, _unknown_parameter(template, name, names)) for name in unknown)
    if error.validator == "required":
        missing = [name for name in demanded if name not in instance]
        return tuple(
            (name, f"{_subject(template, name)} is missing; set it.") for name in missing if name not in values
        )
    name = str(error.absolute_path[0]) if error.absolute_path else ""
    return ((name, f"{_subject(template, name)} was {_shown(error.instance)}; it must be {_demand(error)}."),)


def _hidden_sentence(template: NodeTemplate, name: str, error: ValidationError) -> str:
    """What is wrong with a sensitive value, without a word of it."""
    match error.validator:
        case "additionalProperties":
            return f"{template.display_name} has no parameter '{name}'; take it away."
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf":
            demand = _demand(error)
        case "type" | "minLength" | "maxLength":
            demand = _demand(error)
        case _:
            demand = "what its template asks for"
    return f"{_subject(template, name)} does not fit; it must be {demand}."


def _unknown_parameter(template: NodeTemplate, name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        advice = f"did you mean '{close[0]}'?"
    else:
        advice = f"it has {', '.join(names)}." if names else "it has none; take it away."
    return f"{template.display_name} has no parameter '{name}'; {advice}"


def _subject(template: NodeTemplate, name: str) -> str:
    return f"The {name.replace('_', ' ')} of {template.display_name}"


def _demand(error: ValidationError) -> str:
    """What a value must be, to follow "it must be"."""
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    limit: Any = error.validator_value
    match error.validator:
        case "minimum" | "maximum" if "minimum" in schema and "maximum" in schema:
            return f"between {_shown(schema['minimum'])} and {_shown(schema['maximum'])}"
        case "minimum":
            return f"at least {_shown(limit)}"
        case "maximum":
            return f"at most {_shown(limit)}"
        case "exclusiveMinimum":
            return f"above {_shown(limit)}"
        case "exclusiveMaximum":
            return f"below {_shown(limit)}"
        case "multipleOf":
            return f"a multiple of {_shown(limit)}"
        case "minLength":
            return f"at least {limit} characters long"
        case "maxLength":
            return f"at most {limit} characters long"
        case "enum":
            close = difflib.get_close_matches(str(error.instance), [str(choice) for choice in limit], n=1)
            also = f" (did you mean {close[0]}?)" if close else ""
            return "one of " + ", ".join(str(choice) for choice in limit) + also
        case "type":
            return _TYPE_WORDS.get(str(limit), f"of type {limit}")
        case _:
            return f"what its template asks for ({error.message})"


def _order_findings(template: NodeTemplate, given: Mapping[str, ParameterValue]) -> list[Finding]:
    """The findings of the template's validation rule `rising`: values that must rise from one name to the next."""
    ordered = template.validation_rules.get("rising")
    found: list[Finding] = []
    for names in ordered if isinstance(ordered, list) else []:
        for low, high in itertools.pairwise(names if isinstance(names, list) else []):
            below, above = given.get(str(low)), given.get(str(high))
            if _is_number(below) and _is_number(above) and not below < above:
                words = str(high).replace("_", " ")
                demand = f"it must be below the {words} ({_shown(above)})"
                sentence = f"{_subject(template, str(low))} was {_shown(below)}; {demand}."
                found.append((str(low), sentence))
    return found


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
