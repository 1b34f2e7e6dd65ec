"""The values that come out of repositories."""

from hypothesis import given
from hypothesis import strategies as st

from builder_app.store.records import Page, PageKey, every_row


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_every_row_of_all_pages_comes_once_in_order(rows: list[int], length: int) -> None:
    def read(key: PageKey | None) -> Page[int]:
        first = 0 if key is None else int(key.value)
        last = first + length
        return Page(tuple(rows[first:last]), PageKey(last, "") if last < len(rows) else None)

    assert list(every_row(read)) == rows
