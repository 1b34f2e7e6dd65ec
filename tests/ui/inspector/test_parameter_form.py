"""Reading a template's parameters for the inspector."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Json, NodeType, frozen_mapping
from builder_app.nodes import load_catalogue
from builder_app.ui.inspector.parameter_form import ParameterKind, nice_step, parameter_forms, slider_fits
from tests.ui.inspector.samples import KINDS, RESOURCES, SMA


def forms(schema: dict[str, Json]) -> NodeTemplate:
    properties: dict[str, Json] = {"properties": {"p": schema}}
    return NodeTemplate("t", "T", NodeType.CUSTOM, "C", parameter_schema=frozen_mapping(properties))


def test_parameters_come_in_the_order_of_the_schema_with_their_words() -> None:
    period, source = parameter_forms(SMA)
    assert (period.name, period.title, period.kind, period.unit) == ("period", "Period", ParameterKind.INTEGER, "bars")
    assert (period.minimum, period.maximum, period.step, period.default) == (1.0, 200.0, 1.0, 20)
    assert (source.kind, source.choices) == (ParameterKind.CHOICE, ("close", "open"))


def test_each_kind_of_parameter_gets_its_control() -> None:
    assert [form.kind for form in parameter_forms(KINDS)] == [
        ParameterKind.NUMBER,
        ParameterKind.NUMBER,
        ParameterKind.CHECK,
        ParameterKind.TEXT,
        ParameterKind.EXPRESSION,
    ]


def test_only_numbers_with_both_bounds_get_a_slider() -> None:
    assert [form.name for form in parameter_forms(KINDS) if form.has_slider] == ["factor"]
    assert not slider_fits(1.0, 1e9, 1.0)
    assert not slider_fits(5.0, 5.0, 1.0)


def test_an_exclusive_bound_is_one_step_away() -> None:
    (form,) = parameter_forms(forms({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10}))
    assert (form.minimum, form.maximum) == (1.0, 9.0)


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_a_nice_step_is_one_two_or_five_and_about_a_hundredth(low: float, size: float) -> None:
    step = nice_step(low, low + size)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert round(mantissa, 6) in (1, 2, 5)
    assert 0.9 <= step / (((low + size) - low) / 100) <= 10


@pytest.mark.parametrize(
    "template", load_catalogue(RESOURCES / "node_templates").templates.values(), ids=lambda t: t.name
)
def test_every_shipped_parameter_has_a_title_and_a_description(template: NodeTemplate) -> None:
    properties = template.parameter_schema.get("properties")
    assert isinstance(properties, dict | type(frozen_mapping()))
    shown = parameter_forms(template)
    assert [form.name for form in shown] == list(properties)
    assert all(form.title and form.description for form in shown)
