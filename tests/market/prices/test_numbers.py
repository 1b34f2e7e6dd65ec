import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.numbers import read_numbers

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(numbers=st.lists(finite, min_size=1, max_size=30))
def test_a_number_written_in_full_is_read_bit_for_bit_with_point_or_comma(numbers: list[float]) -> None:
    expected = np.array(numbers) + 0.0
    for texts in ([repr(number) for number in numbers], [repr(number).replace(".", ",") for number in numbers]):
        found, faults = read_numbers("x.csv", {"close": texts})
        assert faults == []
        np.testing.assert_array_equal(found["close"].view(np.int64), expected.view(np.int64))


@given(cents=st.lists(st.integers(1, 10**11), min_size=1, max_size=30))
def test_thousands_are_taken_off_in_both_styles(cents: list[int]) -> None:
    english = [f"{cent / 100:,.2f}" for cent in cents]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    expected = [float(text.replace(",", "")) for text in english]
    for texts in (english, german):
        found, faults = read_numbers("x.csv", {"close": texts})
        assert faults == []
        assert found["close"].tolist() == expected


def test_a_comma_that_can_mean_both_is_refused() -> None:
    with pytest.raises(PricesUnreadable, match="'1,234' can mean two numbers"):
        read_numbers("x.csv", {"close": ["1,234", "12"], "open": ["5", "6,789"]})


def test_one_column_tells_the_style_of_the_others() -> None:
    found, faults = read_numbers("x.csv", {"close": ["1,5"], "volume": ["1.234"]})
    assert faults == []
    assert (found["close"][0], found["volume"][0]) == (1.5, 1234.0)


@pytest.mark.parametrize("text", ["", " ", "nan", "NULL", "N/A", "-", "None"])
def test_a_missing_number_is_nan(text: str) -> None:
    found, faults = read_numbers("x.csv", {"close": ["1.5", text]})
    assert faults == []
    assert np.isnan(found["close"][1])


@pytest.mark.parametrize("text", ["abc", "1_000", "0x10", "1.2.3", "--1", "1e", "12 USD", "½"])
def test_a_text_that_is_no_number_is_named_with_its_row(text: str) -> None:
    _, faults = read_numbers("x.csv", {"close": ["1.5", text]})
    assert faults == [(1, "close", text)]


def test_no_volume_is_minus_zero() -> None:
    found, _ = read_numbers("x.csv", {"volume": ["-0.0"]})
    assert not np.signbit(found["volume"][0])
