"""Texts side by side, and the history of code of a real strategy in a real store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.edits import SetParameter
from builder_app.quicktest.request import RunFailure
from builder_app.session.code import coding
from builder_app.session.code.code_history import RowKind, side_by_side
from builder_app.session.drafts.document import Document
from tests.session.code.lying import lie
from tests.session.strategist import Strategist

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


def _failures(work: Strategist, document: Document) -> list[str]:
    """The verdicts on the texts of a strategy that failed, as the history lists them."""
    assert document.instance is not None
    page = work.store.generations.list(document.instance)
    return [row.validation_status.value for row in page.items if row.validation_status.value != "VALID"]


def test_a_text_that_says_something_else_than_its_picture_is_kept_among_the_failures(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = work.open_example()
    work.result_of(document)
    assert _failures(work, document) == []
    lie(monkeypatch, "= crossed_above(", "= crossed_below(")
    node = next(id for id, each in document.flow.nodes.items() if "percent" in each.parameters)
    work.session.edit(document, SetParameter(node, "percent", 7.5))
    work.until(lambda: bool(_failures(work, document)))
    assert _failures(work, document) == ["RUNTIME_ERROR"]


def test_a_text_that_stops_in_a_test_is_kept_among_the_failures(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "certified", lambda _asked, report, *_more: report)
    lie(monkeypatch, "= crossed_above(", "= crossed_above(1, ")
    document = work.open_example()
    assert isinstance(work.test(document), RunFailure)
    assert _failures(work, document) == ["RUNTIME_ERROR"]
    assert document.program is not None
    assert document.instance is not None
    kept = work.store.generations.find(document.instance, "standalone", document.program.sha256)
    assert kept is not None
    assert "TypeError" in (kept.validation_result or {})["runtime_error"]
