"""Reading a template's parameters for the inspector."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Json, NodeType, frozen_mapping
from builder_app.ui.inspector.editors import NumberEditor
from builder_app.ui.inspector.parameter_form import ParameterKind, nice_step, parameter_forms, slider_fits
from tests.shipped import shipped_catalogue
from tests.ui.inspector.samples import KINDS, SMA


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
    assert [form.name for form in parameter_forms(KINDS) if form.slider is not None] == ["factor"]
    assert not slider_fits(1.0, 1e9, 1.0)
    assert not slider_fits(5.0, 5.0, 1.0)


def test_a_slider_spans_the_usual_range_and_the_field_takes_the_whole_one() -> None:
    said: dict[str, Json] = {"minimum": 2, "maximum": 100_000, "x-slider-minimum": 1, "x-slider-maximum": 200}
    (form,) = parameter_forms(forms({"type": "integer", **said}))
    assert (form.minimum, form.maximum, form.slider) == (2.0, 100_000.0, (2.0, 200.0))
    (number,) = parameter_forms(forms({"type": "number", **said, "x-slider-maximum": 12}))
    assert (number.slider, number.step) == ((2.0, 12.0), 0.2)  # a step for the range that is used


@pytest.mark.parametrize("side", ["x-slider-minimum", "x-slider-maximum"])
def test_a_usual_range_that_is_half_said_or_turned_round_makes_no_wrong_slider(side: str) -> None:
    (open_ended,) = parameter_forms(forms({"type": "integer", side: 5}))
    (outside,) = parameter_forms(forms({"type": "integer", "minimum": 5, "maximum": 5, side: 5}))
    assert (open_ended.slider, outside.slider) == (None, None)


def test_every_number_of_the_shipped_indicators_has_a_slider_of_readable_steps() -> None:
    templates = shipped_catalogue().templates.values()
    hinted = 0
    for template in templates:
        properties = template.parameter_schema.get("properties", {})
        assert isinstance(properties, Mapping)
        for form in parameter_forms(template):
            schema = properties[form.name]
            end = schema.get("x-slider-maximum") if isinstance(schema, Mapping) else None
            if isinstance(end, int | float):
                hinted += 1
                assert form.slider is not None
                assert form.slider[1] <= end
    assert hinted > 100


def test_a_number_beyond_the_slider_is_typed_and_kept(qtbot: QtBot) -> None:
    said: dict[str, Json] = {"type": "integer", "minimum": 2, "maximum": 100_000, "x-slider-maximum": 200}
    (form,) = parameter_forms(forms(said))
    editor = NumberEditor(form)
    qtbot.addWidget(editor)
    edited: list[object] = []
    editor.value_edited.connect(edited.append)
    editor.show_value(20, mixed=False)
    editor.field.selectAll()
    QTest.keyClicks(editor.field, "500")
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    assert edited[-1:] == [500]
    assert editor.slider is not None
    assert editor.slider.value() == editor.slider.maximum()
    QTest.keyClick(editor.slider, Qt.Key.Key_Left)
    assert edited[-1:] == [199]


def test_an_exclusive_bound_is_one_step_away() -> None:
    (form,) = parameter_forms(forms({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10}))
    assert (form.minimum, form.maximum) == (1.0, 9.0)


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_a_nice_step_is_one_two_or_five_and_about_a_hundredth(low: float, size: float) -> None:
    step = nice_step(low, low + size)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert round(mantissa, 6) in (1, 2, 5)
    assert 0.9 <= step / (((low + size) - low) / 100) <= 10


@pytest.mark.parametrize("template", shipped_catalogue().templates.values(), ids=lambda t: t.name)
def test_every_shipped_parameter_has_a_title_and_a_description(template: NodeTemplate) -> None:
    properties = template.parameter_schema.get("properties")
    assert isinstance(properties, dict | type(frozen_mapping()))
    shown = parameter_forms(template)
    assert [form.name for form in shown] == list(properties)
    assert all(form.title and form.description for form in shown)
