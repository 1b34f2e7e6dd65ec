"""The form of a template file, as a JSON Schema; `resources/schemas/node-template-1.schema.json` is this, as a file.

A parameter's own schema may only use the keywords listed here: none of them can reach another document (`$ref`) or
take long to check (`pattern`).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry

from builder_app.flow.values import NodeType, PortType

_NAME: Final = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 60}
_SENTENCE: Final = {"type": "string", "maxLength": 2000}
_LABEL: Final = {"type": "string", "maxLength": 80}
_VALUE: Final = {"type": ["number", "string", "boolean", "null"]}
_RECIPE: Final = {"type": "string", "minLength": 1, "maxLength": 2000}


def _form(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _table(names: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": dict(names), "additionalProperties": dict(values)}


_PARAMETER: Final = {
    **_form(
        {
            "type": {"enum": ["integer", "number", "string", "boolean"]},
            "title": _LABEL,
            "description": _SENTENCE,
            "minimum": {"type": "number"},
            "maximum": {"type": "number"},
            "exclusiveMinimum": {"type": "number"},
            "exclusiveMaximum": {"type": "number"},
            "multipleOf": {"type": "number", "exclusiveMinimum": 0},
            "enum": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _VALUE},
            "minLength": {"type": "integer", "minimum": 0},
            "maxLength": {"type": "integer", "minimum": 0},
        },
        ("type", "title"),
    ),
    "patternProperties": {"^x-[a-z-]+$": _VALUE},
}
_PARAMETERS: Final = _form(
    {
        "type": {"const": "object"},
        "properties": _table(_NAME, _PARAMETER),
        "required": {"type": "array", "items": _NAME, "uniqueItems": True},
        "additionalProperties": {"const": False},
    },
    ("type", "properties"),
)
_PORT: Final = {
    "name": _NAME,
    "type": {"enum": [str(port) for port in PortType]},
    "description": _SENTENCE,
    "display_name": _LABEL,
}
_INPUT: Final = _form(
    {**_PORT, "required": {"type": "boolean"}, "multiple": {"type": "boolean"}, "default": {**_RECIPE, "minLength": 0}},
    ("name", "type"),
)
_STYLE: Final = {"enum": ["line", "dashed_line", "dots", "histogram", "upper_limit", "lower_limit", "marks"]}
_PLOT: Final = {
    **_form({"pane": {"enum": ["price", "own"]}, "styles": _table(_NAME, _STYLE)}, ("pane", "styles")),
    "description": "How the outputs are drawn: over the prices or in a pane of their own, and each in its style.",
}
_WARM_UP: Final = {
    "type": "integer",
    "minimum": 0,
    "description": "Bars before the first value at the default parameters.",
}
_BODY: Final = {
    "type": "array",
    "minItems": 1,
    "maxItems": 200,
    "items": {"type": "object"},
    "description": "Of a block made of a group: the group as it stands in a flow, then those inside it; no recipes.",
}
_EARLIER: Final = {
    "type": "array",
    "maxItems": 500,
    "items": {"type": "object"},
    "description": "The block as it was in its earlier versions, the oldest first, each a whole block template.",
}
_HINTS: Final = _form(
    {
        "outputs": _table(_NAME, _RECIPE),
        "body": _BODY,
        "earlier": _EARLIER,
        "phrases": _table(_NAME, _SENTENCE),
        "example": _SENTENCE,
        "plot": _PLOT,
        "warm_up": _WARM_UP,
    },
    ("outputs",),
)
_RULES: Final = _form(
    {"rising": {"type": "array", "items": {"type": "array", "minItems": 2, "items": _NAME, "uniqueItems": True}}}, ()
)

TEMPLATE_SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Block template, version 1",
    "description": "One kind of block: its ports, its parameters, and a Python expression for each output.",
    **_form(
        {
            "name": _NAME,
            "display_name": {**_LABEL, "minLength": 1},
            "description": _SENTENCE,
            "node_type": {"enum": [str(node_type) for node_type in NodeType]},
            "category": _LABEL,
            "parameter_schema": _PARAMETERS,
            "default_parameters": _table(_NAME, _VALUE),
            "input_ports": {"type": "array", "items": _INPUT},
            "output_ports": {"type": "array", "items": _form(_PORT, ("name", "type"))},
            "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$", "maxLength": 20},
            "icon": _LABEL,
            "color": _LABEL,
            "validation_rules": {
                **_RULES,
                "description": "rising: in each list, the parameters' values must rise from the first to the last.",
            },
            "synonyms": {"type": "array", "items": _LABEL},
            "execution_hints": _HINTS,
        },
        ("name", "display_name", "node_type", "category", "output_ports", "execution_hints"),
    ),
}


def validator_of(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A validator for `schema` that never fetches another document."""
    return Draft202012Validator(schema, registry=Registry())


@cache
def _template_validator() -> Draft202012Validator:
    return validator_of(TEMPLATE_SCHEMA)


def form_problems(obj: object) -> list[str]:
    """What keeps a JSON value from being a template, as sentences; empty where its form is right."""
    errors = sorted(_template_validator().iter_errors(obj), key=lambda error: [str(step) for step in error.path])
    return [_sentence(error) for error in errors]


def _sentence(error: ValidationError) -> str:
    place = ".".join(str(step) for step in error.absolute_path)
    where = f"'{place}'" if place else "The template"
    demanded: Any = error.validator_value
    was = repr(error.instance) if len(repr(error.instance)) <= 60 else repr(error.instance)[:57] + "…"
    match error.validator:
        case "required":
            return f"{where} has no {error.message.split(' is a required')[0]}; add it."
        case "additionalProperties":
            known = ", ".join(error.schema.get("properties", {})) if isinstance(error.schema, dict) else ""
            unknown = error.message.removeprefix("Additional properties are not allowed ").strip("()")
            return f"{where} has something this version does not know ({unknown}). It may hold {known}."
        case "enum":
            return f"{where} was {was}; it must be one of {', '.join(map(str, demanded))}."
        case "type":
            return f"{where} was {was}; it must be of type {demanded}."
        case "pattern":
            words = {_NAME["pattern"]: "lower-case letters, digits and _, a letter first"}
            return f"{where} was {was}; it must look like {words.get(demanded, demanded)}."
        case _:
            return f"{where} was {was}: {error.message}."
