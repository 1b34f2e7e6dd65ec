"""A block that is being made, as it stands in its form: what was typed, whether it makes sense yet or not."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from builder_app.codegen.expressions import PRICE_COLUMNS
from builder_app.flow.block_versions import FIRST_VERSION
from builder_app.flow.group_templates import body_to_json
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Binding, Group, Json, NodeType, PortType, Secret
from builder_app.nodes.templates import template_to_json

MY_BLOCKS: Final = "My blocks"
"""The category of blocks whose maker names no other."""


class DraftKind(StrEnum):
    """What a parameter is, in the words of the form."""

    WHOLE = "whole number"
    NUMBER = "number"
    PRICE = "price column"
    OTHER = "other"
    """A kind that the form does not make: kept as it is, with only its default to be changed."""


@dataclass(frozen=True, slots=True)
class DraftInput:
    """An input; `default` is the expression that stands in for it while it is unwired."""

    name: str
    type: PortType = PortType.SERIES
    required: bool = True
    default: str = ""
    display_name: str = ""
    description: str = ""
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class DraftParameter:
    """A parameter, its numbers as they were typed; `kept` is the schema of one of another kind."""

    name: str
    kind: DraftKind = DraftKind.WHOLE
    title: str = ""
    default: str = ""
    minimum: str = ""
    maximum: str = ""
    step: str = ""
    unit: str = ""
    description: str = ""
    kept: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class DraftOutput:
    """An output and the expression that it is; of a block made of a group the expression is empty."""

    name: str
    type: PortType = PortType.SERIES
    expression: str = ""
    display_name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class BlockDraft:
    """The whole form. `body` is the group that the block is made of, where it is; `base` the version it began from."""

    name: str = ""
    display_name: str = ""
    description: str = ""
    node_type: NodeType = NodeType.INDICATOR
    category: str = MY_BLOCKS
    inputs: tuple[DraftInput, ...] = ()
    parameters: tuple[DraftParameter, ...] = ()
    outputs: tuple[DraftOutput, ...] = (DraftOutput("value"),)
    body: tuple[Group, ...] = ()
    base: NodeTemplate | None = None

    @property
    def is_group(self) -> bool:
        """Whether it is made of a group; else it is made of expressions."""
        return bool(self.body)


NEW_BLOCK: Final = BlockDraft(
    inputs=(DraftInput("price", required=False, default='prices["close"]'),),
    parameters=(DraftParameter("period", title="Period", default="20", minimum="2", maximum="200", step="1"),),
    outputs=(DraftOutput("value", expression="price / ta.SMA(price, timeperiod=period) - 1"),),
)
"""What a new form begins with: something that works, to be changed."""


def slug(display_name: str) -> str:
    """A name for a block that is called this: lower-case letters, digits and _, a letter first."""
    plain = re.sub(r"[^a-z0-9]+", "_", display_name.casefold()).strip("_")
    return (plain if plain[:1].isalpha() else f"block_{plain}".rstrip("_"))[:60] if plain else ""


def draft_of(template: NodeTemplate) -> BlockDraft:
    """The form of a block that there is."""
    return BlockDraft(
        name=template.name,
        display_name=template.display_name,
        description=template.description,
        node_type=template.node_type,
        category=template.category,
        inputs=tuple(
            DraftInput(
                *(port.name, port.type, port.required, port.default, port.display_name, port.description), port.multiple
            )
            for port in template.input_ports
        ),
        parameters=tuple(_parameter_of(name, schema, template) for name, schema in _schemas(template).items()),
        outputs=tuple(
            DraftOutput(port.name, port.type, template.outputs.get(port.name, ""), port.display_name, port.description)
            for port in template.output_ports
        ),
        body=template.body,
        base=template,
    )


def draft_json(draft: BlockDraft, version: str = FIRST_VERSION) -> dict[str, Any]:
    """The block template that the form says, as JSON; what the form does not show is the base's.

    Numbers that are none stay the texts that were typed, so that the checks find them.
    """
    content: dict[str, Any] = dict(template_to_json(draft.base)) if draft.base is not None else {}
    hints = dict(content.pop("execution_hints", {}))
    kept_hints = {name: hints[name] for name in ("phrases", "example", "plot") if name in hints}
    outputs = {port.name for port in draft.outputs}
    phrases = {name: said for name, said in dict(kept_hints.get("phrases", {})).items() if name in outputs}
    if kept_hints:
        kept_hints["phrases"] = phrases
    recipes = {} if draft.is_group else {port.name: port.expression.strip() for port in draft.outputs}
    made = {"outputs": recipes} | ({"body": body_to_json(draft.body)} if draft.is_group else {})
    return {
        **content,
        "name": draft.name,
        "display_name": draft.display_name.strip(),
        "description": draft.description.strip(),
        "node_type": str(draft.node_type),
        "category": draft.category.strip() or MY_BLOCKS,
        "version": version,
        "parameter_schema": {
            "type": "object",
            "properties": {parameter.name: _schema(parameter) for parameter in draft.parameters},
            "additionalProperties": False,
        },
        "default_parameters": {
            parameter.name: _default(parameter) for parameter in draft.parameters if _has_default(parameter)
        },
        "input_ports": [_input_json(port) for port in draft.inputs],
        "output_ports": [_output_json(port) for port in draft.outputs],
        "execution_hints": {**kept_hints, **made},
    }


def number_in(text: str) -> int | float | None:
    """The finite number that was typed, whole where it is written so; None where it is none."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _input_json(port: DraftInput) -> dict[str, Json]:
    return {
        "name": port.name,
        "type": str(port.type),
        "required": port.required,
        "multiple": port.multiple,
        "display_name": port.display_name or _titled(port.name),
        "description": port.description,
        "default": port.default.strip(),
    }


def _output_json(port: DraftOutput) -> dict[str, Json]:
    return {
        "name": port.name,
        "type": str(port.type),
        "display_name": port.display_name or _titled(port.name),
        "description": port.description,
    }


def _schema(parameter: DraftParameter) -> dict[str, Json]:
    title = parameter.title.strip() or _titled(parameter.name)
    said: dict[str, Json] = {"title": title}
    if parameter.description:
        said["description"] = parameter.description
    if parameter.kind is DraftKind.OTHER:
        return {**dict(parameter.kept or {"type": "string"}), **said}
    if parameter.kind is DraftKind.PRICE:
        return {"type": "string", **said, "enum": list[Json](PRICE_COLUMNS)}
    schema: dict[str, Json] = {"type": "integer" if parameter.kind is DraftKind.WHOLE else "number", **said}
    for key, text in (("minimum", parameter.minimum), ("maximum", parameter.maximum), ("x-step", parameter.step)):
        if text.strip():
            number = number_in(text)
            schema[key] = text if number is None else number
    if parameter.unit.strip():
        schema["x-unit"] = parameter.unit.strip()
    return schema


def _titled(name: str) -> str:
    """A name in files as it is shown: `fast_period` as "Fast period"."""
    return name.replace("_", " ").capitalize()


def _default(parameter: DraftParameter) -> Json:
    kept_type = str((parameter.kept or {}).get("type", "string"))
    if parameter.kind is DraftKind.PRICE or (parameter.kind is DraftKind.OTHER and kept_type == "string"):
        return parameter.default
    if kept_type == "boolean":
        return parameter.default.strip().lower() in ("true", "yes", "on", "1")
    number = number_in(parameter.default)
    if number is None:
        return parameter.default
    whole = parameter.kind is DraftKind.WHOLE and float(number).is_integer()
    return int(number) if whole else number


def _has_default(parameter: DraftParameter) -> bool:
    """Whether a default was typed; an empty text may be one."""
    is_text = parameter.kind is DraftKind.OTHER and (parameter.kept or {}).get("type") == "string"
    return is_text or bool(parameter.default.strip())


def _parameter_of(name: str, schema: Mapping[str, Json], template: NodeTemplate) -> DraftParameter:
    default = template.default_parameters.get(name)
    held = "" if default is None or isinstance(default, Binding | Secret) else str(default)
    title, description = str(schema.get("title", "")), str(schema.get("description", ""))
    kind = _kind(schema)
    if kind in (DraftKind.OTHER, DraftKind.PRICE):
        kept = dict(schema) if kind is DraftKind.OTHER else None
        return DraftParameter(name, kind, title, held, description=description, kept=kept)
    return DraftParameter(
        name,
        kind,
        title,
        held,
        minimum=_text(schema.get("minimum")),
        maximum=_text(schema.get("maximum")),
        step=_text(schema.get("x-step")),
        unit=_text(schema.get("x-unit")),
        description=description,
    )


def _kind(schema: Mapping[str, Json]) -> DraftKind:
    """The form's kind of a schema that it could have made itself."""
    if set(schema) <= {"type", "title", "description", "minimum", "maximum", "x-step", "x-unit"}:
        if schema.get("type") == "integer":
            return DraftKind.WHOLE
        if schema.get("type") == "number":
            return DraftKind.NUMBER
    is_price = set(schema) <= {"type", "title", "description", "enum"} and schema.get("enum") == list(PRICE_COLUMNS)
    return DraftKind.PRICE if is_price else DraftKind.OTHER


def _schemas(template: NodeTemplate) -> dict[str, Mapping[str, Json]]:
    properties = template.parameter_schema.get("properties")
    found = properties if isinstance(properties, dict) else {}
    return {name: schema if isinstance(schema, dict) else {} for name, schema in found.items()}


def _text(value: Json) -> str:
    return "" if value is None else str(value)
