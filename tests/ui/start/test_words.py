"""When something was, in words."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.ui.start.words import ago

NOW = datetime.datetime(2024, 5, 20, 15, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (datetime.timedelta(seconds=-30), "just now"),
        (datetime.timedelta(seconds=59), "just now"),
        (datetime.timedelta(minutes=1), "1 minute ago"),
        (datetime.timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (datetime.timedelta(hours=1), "1 hour ago"),
        (datetime.timedelta(hours=15), "15 hours ago"),
        (datetime.timedelta(hours=16), "yesterday"),
        (datetime.timedelta(days=2), "2 days ago"),
        (datetime.timedelta(days=6), "6 days ago"),
        (datetime.timedelta(days=7), "13 May"),
        (datetime.timedelta(days=141), "31 December 2023"),
    ],
)
def test_the_nearer_the_more_exact(before: datetime.timedelta, words: str) -> None:
    assert ago(NOW - before, NOW) == words


def test_an_evening_edit_is_hours_ago_just_after_midnight() -> None:
    midnight = NOW.replace(hour=0, minute=10)
    assert ago(midnight - datetime.timedelta(hours=2), midnight) == "2 hours ago"


@given(st.integers(-14, 14), st.integers(0, 400 * 24 * 60))
def test_the_zone_in_which_the_moment_was_written_does_not_matter(zone: int, minutes: int) -> None:
    moment = NOW - datetime.timedelta(minutes=minutes)
    elsewhere = moment.astimezone(datetime.timezone(datetime.timedelta(hours=zone)))
    assert ago(elsewhere, NOW) == ago(moment, NOW)
