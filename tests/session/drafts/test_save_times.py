"""Times of saves are those of the edits, each counted once."""

from hypothesis import given
from hypothesis import strategies as st

from builder_app.session.drafts.save_times import SAMPLES_KEPT, SaveTimes


class Ticking:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_time_runs_from_the_edit_to_the_save_that_covers_it() -> None:
    clock = Ticking()
    times = SaveTimes(clock)
    times.made("a", 1)
    clock.seconds = 1.0
    times.made("a", 2)
    times.made("b", 1)
    clock.seconds = 3.0
    times.saved("a", 2)
    assert times.take() == ([3.0, 2.0], 2, 3.0)
    assert times.take() == ([], 0, 0.0)
    times.saved("a", 2)
    assert times.take()[1] == 0
    clock.seconds = 4.0
    times.moved("b")
    assert times.take() == ([3.0], 1, 3.0)
    times.moved("nobody")
    assert times.take()[1] == 0


@given(st.integers(0, 6_000))
def test_of_very_many_an_even_choice_is_kept(many: int) -> None:
    clock = Ticking()
    times = SaveTimes(clock)
    for sequence in range(1, many + 1):
        times.made("a", sequence)
        clock.seconds += 1.0
        times.saved("a", sequence)
        clock.seconds += float(sequence)
    samples, count, _ = times.take()
    assert count == many
    assert min(many, SAMPLES_KEPT // 2) <= len(samples) <= SAMPLES_KEPT
