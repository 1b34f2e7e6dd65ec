"""Texts side by side, and the history of code of a real strategy in a real store."""

from hypothesis import given
from hypothesis import strategies as st

from builder_app.session.code_history import RowKind, side_by_side

_LINES = st.lists(st.sampled_from(["a", "b", "c", "", "    d"]), max_size=30)


@given(_LINES, _LINES)
def test_each_side_shows_its_own_lines_in_order_and_every_change(before: list[str], after: list[str]) -> None:
    rows = tuple(side_by_side("\n".join(before), "\n".join(after)))
    old, new = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    assert all(row.before == old[row.before_number - 1] for row in rows if row.before_number)
    assert all(row.after == new[row.after_number - 1] for row in rows if row.after_number)
    for numbers in ([row.before_number for row in rows], [row.after_number for row in rows]):
        shown = [number for number in numbers if number]
        assert shown == sorted(set(shown))
    left_out = set(range(1, len(old) + 1)) - {row.before_number for row in rows}
    unmatched = {number for number in left_out if old[number - 1] not in new}
    assert not unmatched, "a line that only the older text has is shown"
    assert {row.kind for row in rows if not row.before_number} <= {RowKind.ADDED, RowKind.LEFT_OUT}
    assert {row.kind for row in rows if not row.after_number} <= {RowKind.REMOVED, RowKind.LEFT_OUT}


def test_texts_that_are_equal_are_shown_whole() -> None:
    assert [row.kind for row in side_by_side("a\nb", "a\nb")] == [RowKind.SAME, RowKind.SAME]
