import math
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import NodeType, ParameterReference, ParameterValue
from builder_app.nodes import validate_parameters
from tests.shipped import shipped_catalogue

TEMPLATES = shipped_catalogue().templates
SMA = TEMPLATES["sma"]


@given(period=st.integers(-(10**6), 10**6))
def test_the_period_of_an_average_is_right_exactly_from_1_to_200(period: int) -> None:
    found = validate_parameters(SMA, {"period": period})
    if 1 <= period <= 200:
        assert found == []
    else:
        sentence = f"The period of Simple moving average was {period}; it must be between 1 and 200."
        assert found == [("period", sentence)]


def test_every_default_is_allowed() -> None:
    for template in TEMPLATES.values():
        assert validate_parameters(template, {}) == []
        assert validate_parameters(template, template.default_parameters) == []


@pytest.mark.parametrize(
    ("values", "name", "said"),
    [
        ({"period": 2.5}, "period", "was 2.5; it must be a whole number."),
        ({"period": True}, "period", "was true; it must be a whole number."),
        ({"period": "ten"}, "period", "was 'ten'; it must be a whole number."),
        ({"period": None}, "period", "was nothing; it must be a whole number."),
        ({"period": math.nan}, "period", "was nan; it must be a finite number."),
        ({"period": math.inf}, "period", "was inf; it must be a finite number."),
        ({"source": "clsoe"}, "source", "it must be one of close, open, high, low (did you mean close?)."),
        ({"perid": 3}, "perid", "has no parameter 'perid'; did you mean 'period'?"),
        ({"zzz": 3}, "zzz", "has no parameter 'zzz'; it has period, source."),
    ],
)
def test_a_wrong_value_is_said_in_one_sentence(values: dict[str, ParameterValue], name: str, said: str) -> None:
    ((found, sentence),) = validate_parameters(SMA, values)
    assert found == name
    assert sentence.endswith(said)


def test_a_value_that_refers_to_a_strategy_parameter_is_left_to_the_rules() -> None:
    assert validate_parameters(SMA, {"period": ParameterReference("nowhere")}) == []
    assert validate_parameters(TEMPLATES["macd"], {"slow_period": ParameterReference("slow"), "fast_period": 100}) == []


def test_all_wrong_values_are_named_at_once() -> None:
    found = validate_parameters(SMA, {"period": 0, "source": "volume", "length": 1})
    assert {name for name, _ in found} == {"period", "source", "length"}


@pytest.mark.parametrize("template", ["macd", "moving_average_crossover"])
@given(fast=st.integers(3, 200), slow=st.integers(3, 200))
def test_the_fast_period_must_be_below_the_slow_one(template: str, fast: int, slow: int) -> None:
    found = validate_parameters(TEMPLATES[template], {"fast_period": fast, "slow_period": slow})
    assert bool(found) == (fast >= slow)
    if found:
        assert found[0][1].endswith(f"was {fast}; it must be below the slow period ({slow}).")


def test_answers_kept_for_1_are_not_given_for_true_and_1_0() -> None:
    assert validate_parameters(SMA, {"period": 1}) == []
    assert validate_parameters(SMA, {"period": True}) != []
    assert validate_parameters(SMA, {"period": 1.0}) == []
    assert validate_parameters(SMA, {"period": True}) != []


def test_a_changed_answer_does_not_change_the_kept_one() -> None:
    validate_parameters(SMA, {"period": 0}).clear()
    assert len(validate_parameters(SMA, {"period": 0})) == 1


def test_a_required_parameter_that_is_not_set_is_missing() -> None:
    schema = {"type": "object", "properties": {"ticker": {"type": "string", "title": "Ticker"}}, "required": ["ticker"]}
    template = NodeTemplate("x", "X", NodeType.CUSTOM, "", parameter_schema=schema)  # type: ignore[arg-type]
    assert validate_parameters(template, {}) == [("ticker", "The ticker of X is missing; set it.")]
    assert validate_parameters(template, {"ticker": ParameterReference("t")}) == []


def test_two_templates_of_one_name_do_not_share_answers() -> None:
    def template(maximum: int) -> NodeTemplate:
        schema = {"type": "object", "properties": {"n": {"type": "integer", "title": "N", "maximum": maximum}}}
        return NodeTemplate("x", "X", NodeType.CUSTOM, "", parameter_schema=schema)  # type: ignore[arg-type]

    assert validate_parameters(template(5), {"n": 7})
    assert not validate_parameters(template(9), {"n": 7})


def test_unchanged_values_are_not_checked_again() -> None:
    values: dict[str, ParameterValue] = {"period": 10, "source": "close"}
    validate_parameters(SMA, values)
    best = min(timeit.repeat(lambda: validate_parameters(SMA, values), number=1000, repeat=5)) / 1000
    assert best < 200e-6  # about 1e-6; a check anew takes far longer
