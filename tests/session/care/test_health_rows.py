"""Times, shares and moments in words."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.session.care.health_rows import ago_text, seconds_text, share_text

NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (0.0, "0.0 ms"),
        (0.00062, "0.6 ms"),
        (0.00996, "10 ms"),
        (0.0214, "21 ms"),
        (0.0996, "100 ms"),
        (0.41, "410 ms"),
        (0.9996, "1.00 s"),
        (1.2345, "1.23 s"),
        (9.996, "10.0 s"),
        (59.9, "59.9 s"),
        (61.0, "1 min 1 s"),
        (6_000.0, "100 min 0 s"),
    ],
)
def test_times_have_the_digits_that_matter(seconds: float | None, words: str) -> None:
    assert seconds_text(seconds).replace("\N{NO-BREAK SPACE}", " ") == words


@given(st.floats(0.001, 1e5))
def test_time_in_words_is_the_time(seconds: float) -> None:
    words = seconds_text(seconds).replace("\N{NO-BREAK SPACE}", " ").replace(",", "").split()
    units = {"ms": 0.001, "s": 1.0, "min": 60.0}
    told = sum(float(number) * units[unit] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert told == pytest.approx(seconds, rel=0.06, abs=0.51 if seconds >= 60 else 0.0)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"seconds": 59}, "just now"),
        ({"minutes": 59}, "59 min ago"),
        ({"minutes": 60}, "1 h ago"),
        ({"hours": 47}, "47 h ago"),
        ({"hours": 48}, "2 days ago"),
    ],
)
def test_moments_are_so_long_ago(span: dict[str, int], words: str) -> None:
    assert ago_text(NOW - datetime.timedelta(**span), NOW).replace("\N{NO-BREAK SPACE}", " ") == words


def test_share_is_in_percent_to_two_places() -> None:
    assert share_text(0.98765) == "98.77\N{NO-BREAK SPACE}%"
    assert share_text(None) == "–"
