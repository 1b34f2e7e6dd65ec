"""The index of rectangles answers as a plain loop over all of them would."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from builder_app.ui.canvas.boxes import Box, BoxIndex

rects = st.builds(
    QRectF, st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 30).map(float), st.integers(0, 30).map(float)
)
steps = st.lists(st.tuples(st.integers(0, 90), st.none() | rects), max_size=120)


def box(rect: QRectF) -> Box:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def touches(one: QRectF, other: QRectF) -> bool:
    across = one.left() <= other.right() and other.left() <= one.right()
    return across and one.top() <= other.bottom() and other.top() <= one.bottom()


@given(steps, rects)
def test_touching_finds_what_a_loop_over_all_finds(steps: list[tuple[int, QRectF | None]], asked: QRectF) -> None:
    index: BoxIndex[int] = BoxIndex()
    plain: dict[int, QRectF] = {}
    for key, rect in steps:
        if rect is None:
            index.remove(key)
            plain.pop(key, None)
        else:
            index.put(key, box(rect))
            plain[key] = rect
    assert sorted(index.touching(asked)) == sorted(key for key, rect in plain.items() if touches(rect, asked))
    assert len(index) == len(plain)
    if plain:
        bounds = index.bounds()
        assert bounds.left() == min(rect.left() for rect in plain.values())
        assert bounds.bottom() == max(rect.bottom() for rect in plain.values())


def test_a_cleared_index_holds_nothing() -> None:
    index: BoxIndex[str] = BoxIndex()
    index.put("a", (0, 0, 1, 1))
    index.clear()
    assert index.touching(QRectF(-9, -9, 99, 99)) == []
    assert index.bounds().isNull()


def test_what_lies_beyond_all_tiles_is_found_like_everything_else() -> None:
    index: BoxIndex[str] = BoxIndex()
    boxes = {"near": (0.0, 0.0, 1.0, 1.0), "far": (1e300, -1e300, 1.1e300, 0.0), "farther": (1.7e308, 0, 1.7e308, 1)}
    for key, place in boxes.items():
        index.put(key, place)
    found = {key for tile in index.take_stale_tiles() for key in index.in_tile(tile)[0]}
    assert found == boxes.keys()
    assert index.touching(QRectF(1e300, -1e299, 1.0, 1.0)) == ["far"]
