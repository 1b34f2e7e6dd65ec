"""What changed between two texts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from builder_app.ui.code.changes import changed_lines, replacement, replacements

texts = st.lists(st.sampled_from(["a", "b", "c", "", "d = 1"]), max_size=12)


@given(texts, texts)
def test_the_replacement_makes_the_new_text_of_the_old(before: list[str], after: list[str]) -> None:
    run = replacement(before, after)
    if run is None:
        assert before == after
    else:
        assert [*before[: run.first], *run.lines, *before[run.last :]] == after


@given(texts, texts)
def test_the_replacements_from_the_bottom_up_make_the_new_text_of_the_old(before: list[str], after: list[str]) -> None:
    lines = list(before)
    runs = replacements(before, after)
    for run in reversed(runs):
        lines[run.first : run.last] = run.lines
    assert lines == after
    assert all(run.last < later.first or run.lines for run, later in pairwise(runs))


@given(texts, texts)
def test_every_line_that_is_not_marked_was_there_before(before: list[str], after: list[str]) -> None:
    marked = changed_lines(before, after)
    kept = [text for number, text in enumerate(after, start=1) if number not in marked]
    remaining = iter(before)
    assert all(text in remaining for text in kept)  # a subsequence of the old text
    assert all(1 <= line <= max(len(after), 1) for line in marked)


def test_one_changed_line_marks_that_line_alone() -> None:
    assert changed_lines(["a", "b", "c"], ["a", "x", "c"]) == {2}


def test_a_cut_marks_the_line_that_took_its_place() -> None:
    assert changed_lines(["a", "b", "c"], ["a", "c"]) == {2}


def test_long_texts_of_lines_that_all_look_alike_are_compared_at_once() -> None:
    block = ["{", '    "exit": None,', '    "size": 10.0,', "},"]
    before = [line for number in range(3000) for line in (*block, f"step_{number} = 1")]
    after = [line if line != "step_7 = 1" else "step_7 = 2" for line in before]
    assert changed_lines(before, after) == {40}
    assert changed_lines(before, ["import math", *after, "last = 1"]) == {1, 41, 15002}


def test_renumbered_names_in_a_long_list_mark_only_their_lines() -> None:
    before = [line for number in range(400) for line in ("{", f'"entry": "entry_{number % 20}"', "},")]
    after = [line for number in range(400) for line in ("{", f'"entry": "entry_{(number + 1) % 20}"', "},")]
    assert changed_lines(before, after) == {3 * number + 2 for number in range(400)}


def test_what_stays_between_two_changes_is_not_exchanged() -> None:
    before = [f"x{number} = {number}" for number in range(1000)]
    after = ["first = 1", *before[1:-1], "last = 1"]
    assert replacements(before, after) == [(0, 1, ("first = 1",)), (999, 1000, ("last = 1",))]
