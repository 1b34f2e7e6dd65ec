"""Figures as text."""

import math
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.ui.results import figures
from tests.ui.results.samples import Definition


@given(st.floats(-1e12, 1e12))
def test_money_reads_back_to_the_cent(amount: float) -> None:
    text = figures.money(amount)
    assert text[:-3].replace(",", "").lstrip(figures.MINUS).isdigit()
    read = Decimal(text.replace(",", "").replace(figures.MINUS, "-"))
    assert read == Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


@given(st.floats(-1e6, 1e6))
def test_thousands_are_separated_in_threes(amount: float) -> None:
    whole = figures.money(amount).lstrip(figures.MINUS).split(".")[0]
    first, *rest = whole.split(",")
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in rest)


@given(st.floats(-1e6, 1e6))
def test_a_sign_is_shown_exactly_where_a_digit_that_is_not_zero_is_shown(change: float) -> None:
    text = figures.percent(change, signed=True)
    nonzero = any(digit in text for digit in "123456789")
    assert (text[0] in {"+", figures.MINUS}) == nonzero
    if nonzero:
        assert (text[0] == "+") == (change > 0)


@pytest.mark.parametrize(
    ("value", "text"), [(0.124, "12.40 %"), (-0.081, "−8.10 %"), (12.3456, "1,234.56 %"), (0.0, "0.00 %")]
)
def test_percent_has_two_places_and_a_real_minus(value: float, text: str) -> None:
    assert figures.percent(value).replace("\N{NO-BREAK SPACE}", " ") == text


def test_no_value_is_a_dash_without_unit_and_infinity_is_said() -> None:
    assert figures.percent(math.nan, signed=True) == "–"
    assert figures.number(math.inf) == "∞"
    assert figures.number(-math.inf) == "−∞"


@pytest.mark.parametrize(
    ("name", "unit", "value", "text"),
    [
        ("total_return", "fraction", 0.124, "+12.40 %"),
        ("win_rate", "fraction", 0.5, "50.00 %"),
        ("expectancy", "money", 1234.567, "+1,234.57"),
        ("costs_paid", "money", 1234.567, "1,234.57"),
        ("max_drawdown_length", "bars", 1312.0, "1,312"),
        ("average_bars_held", "bars", 23.44, "23.4"),
        ("sharpe_ratio", "ratio", -0.456, "−0.46"),
    ],
)
def test_a_metric_is_written_in_its_unit_and_signed_where_it_is_a_change(
    name: str, unit: str, value: float, text: str
) -> None:
    written = figures.metric_text(Definition(name, name, unit), value)
    assert written.replace("\N{NO-BREAK SPACE}", " ") == text


def test_gain_and_loss_are_told_only_of_changes() -> None:
    growth, rate = Definition("total_return", "", "fraction"), Definition("win_rate", "", "fraction")
    assert figures.metric_tone(growth, 0.1) is figures.Tone.GAIN
    assert figures.metric_tone(growth, -0.1) is figures.Tone.LOSS
    assert figures.metric_tone(growth, math.nan) is figures.Tone.QUIET
    assert figures.metric_tone(rate, 0.9) is figures.Tone.PLAIN
