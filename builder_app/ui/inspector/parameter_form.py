"""A block's parameters as the inspector shows them, read from its template's JSON Schema. No Qt here."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Json, Literal, ParameterValue

MOST_SLIDER_STEPS: Final = 10_000
"""A range of more steps than these gets no slider: a pixel of it would be many steps."""


class ParameterKind(StrEnum):
    """Which control shows a parameter."""

    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    CHECK = "check"
    TEXT = "text"
    EXPRESSION = "expression"
    SECRET = "secret"  # noqa: S105  (a word, not a password)


@dataclass(frozen=True, slots=True)
class ParameterForm:
    """One parameter: its control, its words, and its bounds (inclusive; None: unbounded)."""

    name: str
    title: str
    kind: ParameterKind
    description: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1.0
    slider: tuple[float, float] | None = None
    """Where the slider of a number begins and ends, in not too many steps; it may be narrower than the bounds."""
    choices: tuple[Literal, ...] = ()
    default: ParameterValue = None
    value_type: str = "string"
    """The JSON type of the value; a secret of any type is typed as text."""


def slider_fits(minimum: float | None, maximum: float | None, step: float) -> bool:
    """Are there two bounds, and between them a number of steps that a slider can show?"""
    if minimum is None or maximum is None or not minimum < maximum or not step > 0:
        return False
    return (maximum - minimum) / step <= MOST_SLIDER_STEPS


def parameter_forms(template: NodeTemplate) -> tuple[ParameterForm, ...]:
    """The template's parameters in the order in which its schema names them."""
    properties = template.parameter_schema.get("properties")
    if not isinstance(properties, Mapping):
        return ()
    return tuple(
        _form(name, schema if isinstance(schema, Mapping) else {}, template.default_parameters.get(name))
        for name, schema in properties.items()
    )


def _form(name: str, schema: Mapping[str, Json], default: ParameterValue) -> ParameterForm:
    kind = _kind(schema)
    choices = schema.get("enum")
    minimum, maximum = _number(schema.get("minimum")), _number(schema.get("maximum"))
    step = _number(schema.get("x-step")) or _number(schema.get("multipleOf"))
    from_, to = _number(schema.get("x-slider-minimum")), _number(schema.get("x-slider-maximum"))
    if not step or step <= 0:
        usual = (minimum if from_ is None else from_, maximum if to is None else to)
        step = 1.0 if kind is ParameterKind.INTEGER else nice_step(*usual)
    above, below = _number(schema.get("exclusiveMinimum")), _number(schema.get("exclusiveMaximum"))
    minimum = above + step if minimum is None and above is not None else minimum
    maximum = below - step if maximum is None and below is not None else maximum
    return ParameterForm(
        name=name,
        title=_text(schema.get("title")) or name.replace("_", " ").capitalize(),
        kind=kind,
        description=_text(schema.get("description")),
        unit=_text(schema.get("x-unit")),
        minimum=minimum,
        maximum=maximum,
        step=step,
        slider=_slider(kind, (minimum, maximum), (from_, to), step),
        choices=tuple(item for item in choices if not isinstance(item, list | dict))
        if isinstance(choices, list)
        else (),
        default=default,
        value_type=_text(schema.get("type")) or "string",
    )


_Ends = tuple[float | None, float | None]


def _slider(kind: ParameterKind, bounds: _Ends, usual: _Ends, step: float) -> tuple[float, float] | None:
    """The slider's ends: the usual range where the schema says one, held inside the bounds; else the bounds."""
    if kind not in (ParameterKind.INTEGER, ParameterKind.NUMBER):
        return None
    (minimum, maximum), (low, high) = bounds, usual
    low = minimum if low is None else low if minimum is None else max(low, minimum)
    high = maximum if high is None else high if maximum is None else min(high, maximum)
    return (low, high) if low is not None and high is not None and slider_fits(low, high, step) else None


def _kind(schema: Mapping[str, Json]) -> ParameterKind:
    if schema.get("x-sensitive") is True:
        return ParameterKind.SECRET
    if isinstance(schema.get("enum"), list):
        return ParameterKind.CHOICE
    if schema.get("x-form") == "expression":
        return ParameterKind.EXPRESSION
    kinds = {
        "integer": ParameterKind.INTEGER,
        "number": ParameterKind.NUMBER,
        "boolean": ParameterKind.CHECK,
    }
    return kinds.get(_text(schema.get("type")), ParameterKind.TEXT)


def nice_step(minimum: float | None, maximum: float | None) -> float:
    """A step of 1, 2 or 5 times a power of ten: about a hundredth of the range, or 0.1 where it is open."""
    if minimum is None or maximum is None or not minimum < maximum:
        return 0.1
    wanted = (maximum - minimum) / 100
    power = float(10 ** math.floor(math.log10(wanted)))
    return next((step * power for step in (1, 2, 5) if step * power >= wanted * 0.999), 10 * power)


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
