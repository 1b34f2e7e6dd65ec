"""The palette under real keys and clicks."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import NodeType, frozen_mapping
from builder_app.ui.palette.delegate import COUNT_ROLE, MARK_ROLE, TEMPLATE_ROLE
from builder_app.ui.palette.groups import GROUP_TITLES, MOST_IN_ONE_LIST, TEMPLATE_MIME
from builder_app.ui.palette.view import PaletteView
from builder_app.ui.theme import Theme, load_theme
from tests.shipped import shipped_catalogue

RESOURCES = Path(__file__).parents[3] / "resources"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(RESOURCES / "themes", "dark")


@pytest.fixture
def palette(qtbot: QtBot, catalogue: Catalogue, theme: Theme) -> PaletteView:
    view = PaletteView(catalogue, theme)
    qtbot.addWidget(view)
    view.resize(240, 900)
    view.show()
    return view


def groups(palette: PaletteView) -> dict[str, list[str]]:
    """Each group's title and the names of its blocks, those in its categories too."""
    model = palette.model
    tops = [model.index(row, 0) for row in range(model.rowCount())]
    return {top.data(): [block.data(TEMPLATE_ROLE).name for block in model.blocks(top)] for top in tops}


def index_of(palette: PaletteView, name: str) -> QModelIndex:
    """The row of a block, its groups unfolded."""
    for index in palette.model.blocks():
        if index.data(TEMPLATE_ROLE).name == name:
            palette.tree.expand(index.parent())
            return index
    raise AssertionError(name)


def test_every_block_is_in_the_group_of_its_type(palette: PaletteView, catalogue: Catalogue) -> None:
    shown = groups(palette)
    assert list(shown) == [GROUP_TITLES[type] for type in NodeType]
    for template in catalogue.templates.values():
        assert template.name in shown[GROUP_TITLES[template.node_type]]
    assert sum(map(len, shown.values())) == len(catalogue.templates)


def test_typing_narrows_the_list_and_enter_asks_for_the_best(qtbot: QtBot, palette: PaletteView) -> None:
    palette.search.setFocus()
    QTest.keyClicks(palette.search, "trailing s")
    assert next(iter(groups(palette))) == "Stops"
    assert groups(palette)["Stops"][0] == "trailing_stop"
    assert "enter_long" not in groups(palette)["Stops"]
    with qtbot.waitSignal(palette.add_requested) as asked:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert asked.args == ["trailing_stop"]


def test_arrow_in_the_search_box_moves_to_the_next_match(qtbot: QtBot, palette: PaletteView) -> None:
    QTest.keyClicks(palette.search, "stop")
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    second = groups(palette)["Stops"][1]
    with qtbot.waitSignal(palette.add_requested) as asked:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert asked.args == [second]


def test_many_blocks_of_a_type_are_folded_by_category_until_one_is_opened(palette: PaletteView) -> None:
    model, tree = palette.model, palette.tree
    top = model.index(0, 0)
    assert top.data() == "Indicators"
    assert top.data(COUNT_ROLE) == len(model.blocks(top)) > MOST_IN_ONE_LIST
    inner = [model.index(row, 0, top) for row in range(model.rowCount(top))]
    assert [index.data() for index in inner][:3] == ["Prices", "Moving averages", "Bands and overlays"]
    assert sum(index.data(COUNT_ROLE) for index in inner) == top.data(COUNT_ROLE)
    assert not any(tree.isExpanded(index) for index in inner)
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(inner[1]).center())
    assert tree.isExpanded(inner[1])
    palette.show_recent(["rsi"])
    top = model.index(1, 0)
    assert tree.isExpanded(model.index(1, 0, top)), "it stays open when the list is filled anew"
    assert not tree.isExpanded(model.index(0, 0, top))


def test_a_search_shows_blocks_without_categories(palette: PaletteView) -> None:
    QTest.keyClicks(palette.search, "average")
    top = palette.model.index(0, 0)
    assert palette.model.rowCount(top) == len(palette.model.blocks(top))


def test_escape_clears_the_search(qtbot: QtBot, palette: PaletteView) -> None:
    QTest.keyClicks(palette.search, "stop")
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.search.text() == ""
    assert len(groups(palette)) == len(NodeType)


def test_double_click_asks_for_the_block(qtbot: QtBot, palette: PaletteView) -> None:
    index = index_of(palette, "sma")
    spot = palette.tree.visualRect(index).center()
    asked: list[str] = []
    palette.add_requested.connect(asked.append)
    QTest.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert asked == []
    QTest.mouseDClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert asked == ["sma"]


def test_click_on_a_group_folds_it_and_it_stays_folded_after_a_search(qtbot: QtBot, palette: PaletteView) -> None:
    top = palette.model.index(0, 0)
    assert palette.tree.isExpanded(top)
    spot = palette.tree.visualRect(top).center()
    QTest.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not palette.tree.isExpanded(top)
    QTest.keyClicks(palette.search, "sma")
    assert palette.tree.isExpanded(palette.model.index(0, 0))
    palette.search.clear()
    assert not palette.tree.isExpanded(palette.model.index(0, 0))
    assert palette.tree.isExpanded(palette.model.index(1, 0))


def test_recent_blocks_are_a_group_of_their_own_newest_first(palette: PaletteView) -> None:
    palette.show_recent(["rsi", "sma", "rsi", "gone"])
    shown = groups(palette)
    assert next(iter(shown)) == "Recent"
    assert shown["Recent"] == ["rsi", "sma"]
    palette.show_recent([])
    assert "Recent" not in groups(palette)


def test_most_used_blocks_follow_the_recent_ones_and_come_first_among_equals(palette: PaletteView) -> None:
    palette.show_recent(["rsi"])
    palette.show_most_used(["exit_short", "gone", "atr"])
    shown = groups(palette)
    assert list(shown)[:2] == ["Recent", "Most used"]
    assert shown["Most used"] == ["exit_short", "atr"]
    QTest.keyClicks(palette.search, "exit")
    found = [name for blocks in groups(palette).values() for name in blocks]
    assert found.index("exit_short") < found.index("exit_long")
    assert "Most used" not in groups(palette)


def test_a_users_block_is_under_its_type_with_a_mark(palette: PaletteView, catalogue: Catalogue) -> None:
    mine = replace(catalogue.templates["sma"], name="my_line", display_name="My line")
    templates = frozen_mapping({**catalogue.templates, "my_line": mine})
    palette.show_catalogue(Catalogue(templates, frozenset({"my_line"})))
    palette.show_recent(["my_line", "rsi"])
    shown = groups(palette)
    assert "my_line" in shown[GROUP_TITLES[NodeType.INDICATOR]]
    marked = [name for name in templates if index_of(palette, name).data(MARK_ROLE) is not None]
    assert marked == ["my_line"]
    assert "You made this block" in index_of(palette, "my_line").data(Qt.ItemDataRole.ToolTipRole)
    with_mark = palette.tree.grab().toImage()
    palette.show_catalogue(Catalogue(templates))
    assert palette.tree.grab().toImage() != with_mark, "the mark is seen"
    palette.show_catalogue(Catalogue(templates, frozenset({"my_line"})))
    assert palette.tree.grab().toImage() == with_mark
    palette.show_catalogue(catalogue)  # the block went: so it goes from the recent ones
    assert groups(palette)["Recent"] == ["rsi"]


def test_the_mark_says_whose_a_block_is(palette: PaletteView, catalogue: Catalogue) -> None:
    names = ("private", "shared", "foreign")
    made = {name: replace(catalogue.templates["sma"], name=name) for name in names}
    whose = frozen_mapping({"shared": "", "foreign": "6f9d4b86-6f0a-4f7e-9a51-0d1c6f1c2a11"})
    palette.show_catalogue(Catalogue(frozen_mapping({**catalogue.templates, **made}), frozenset(names), whose))
    assert [index_of(palette, name).data(MARK_ROLE) for name in names] == ["yours", "yours, shared", "by 6f9d4b86"]


def test_what_is_used_most_stands_first_in_its_group(palette: PaletteView) -> None:
    before = groups(palette)[GROUP_TITLES[NodeType.SIGNAL]]
    palette.show_usage(["exit_short", "enter_short", "sma"])
    after = groups(palette)[GROUP_TITLES[NodeType.SIGNAL]]
    assert after[:2] == ["exit_short", "enter_short"]
    assert after[2:] == [name for name in before if name not in after[:2]]


def test_the_menu_of_a_users_block_is_asked_for_and_of_no_other(
    palette: PaletteView, catalogue: Catalogue, qtbot: QtBot
) -> None:
    mine = replace(catalogue.templates["sma"], name="my_line", display_name="My line")
    templates = frozen_mapping({**catalogue.templates, "my_line": mine})
    palette.show_catalogue(Catalogue(templates, frozenset({"my_line"})))
    for query, wished in (("My line", ["my_line"]), ("Relative strength", [])):
        palette.search.setText(query)
        asked: list[str] = []
        palette.menu_requested.connect(lambda name, _at, asked=asked: asked.append(name))
        palette.tree.customContextMenuRequested.emit(palette.tree.visualRect(palette.tree.currentIndex()).center())
        assert asked == wished


def test_dragged_block_carries_its_name(palette: PaletteView) -> None:
    data = palette.model.mimeData([index_of(palette, "rsi")])
    assert bytes(data.data(TEMPLATE_MIME).data()) == b"rsi"
    assert palette.model.flags(index_of(palette, "rsi")) & Qt.ItemFlag.ItemIsDragEnabled
    assert not palette.model.flags(palette.model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_tooltip_is_the_description(palette: PaletteView, catalogue: Catalogue) -> None:
    tip = index_of(palette, "atr").data(Qt.ItemDataRole.ToolTipRole)
    assert tip == catalogue.templates["atr"].description


def test_each_type_has_its_colour_in_the_list(palette: PaletteView, theme: Theme) -> None:
    index = index_of(palette, "sma")
    image = palette.tree.viewport().grab().toImage()
    rect = palette.tree.visualRect(index)
    colors = {image.pixelColor(x, rect.center().y()).name() for x in range(rect.left(), rect.left() + 60)}
    assert theme.color("INDICATOR").name() in colors
    assert theme.color("CONDITION").name() not in colors
