"""The panel Why by itself: what it asks for, and what it shows of an answer."""

import pytest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import SetParameter
from builder_app.session.runs.why import BarAnswer, Change, Explained, Side, Step
from builder_app.ui.why import WhyView
from tests.ui.results.samples import result, theme

CHANGE = Change(SetParameter("low", "level", 31.3), "level 31.3 instead of 30 in 'RSI is low'")
RSI = Step("rsi", "RSI", "the 14-bar RSI of the close", "31.2")
LOW = Step("low", "RSI is low", "the RSI is below 30", "false", False, True, (RSI,))
ENTRY = Side("", "long_entry", False, "Not bought: why.", (Step("buy", "Enter", "buy", "false", False, False, (LOW,)),))
EXIT = Side("", "long_exit", True, "To be sold: why.", (Step("sell", "Exit", "sell", "true", True),))


def explained(change: Change | None = CHANGE) -> Explained:
    entry = Side(
        ENTRY.position, ENTRY.side, ENTRY.holds, ENTRY.sentence, ENTRY.steps, (), change, "With it, it would have been."
    )
    return Explained("IBM", 7, BarAnswer("IBM", "8 Jan 2003", (entry, EXIT)), ("Nothing was held.",), ("A remark.",))


def row(view: WhyView, *path: int) -> QTreeWidgetItem:
    """The row at these places, from the top in."""
    item = view.chain.topLevelItem(path[0])
    for place in path[1:]:
        item = item.child(place) if item is not None else None
    assert item is not None
    return item


@pytest.fixture
def view(qtbot: QtBot) -> WhyView:
    made = WhyView(theme())
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.show()
    made.show_result(result(60))
    return made


def test_nothing_can_be_asked_before_there_is_a_result(qtbot: QtBot) -> None:
    made = WhyView(theme())
    qtbot.addWidget(made)
    asked: list[tuple[str, int]] = []
    made.explain_requested.connect(lambda symbol, bar: asked.append((symbol, bar)))
    made.point_at(3)
    assert made.at is None
    assert asked == []


def test_pointing_asks_and_keeps_symbol_and_day_for_the_next_result(view: WhyView) -> None:
    asked: list[tuple[str, int]] = []
    view.explain_requested.connect(lambda symbol, bar: asked.append((symbol, bar)))
    view.point_at(7, "IBM")
    view.point_at(60)
    view.point_at(-1)
    assert asked == [("IBM", 7)]
    assert view.day.text() == "2003-01-08"
    view.show_result(result(40, seed=2))
    assert view.at == ("IBM", 7)


def test_answer_is_a_chain_with_marks_and_the_blocking_block_in_the_colour_of_loss(view: WhyView) -> None:
    view.show_explained(explained(), {"": "Default position"})
    assert row(view, 0).text(0) == "✗ Not bought"
    low = row(view, 0, 0, 0)
    assert (low.text(0), low.text(1)) == ("✗ RSI is low", "false")
    assert low.foreground(0).color() == theme().color("loss")
    assert row(view, 0, 0, 0, 0).text(1) == "31.2"
    view.set_theme(theme("light"))
    assert low.foreground(0).color() == theme("light").color("loss")
    assert view.line.text() == "A remark."
    assert view.did.text() == "Nothing was held."


def test_each_side_says_its_sentence_and_only_one_with_a_change_offers_it(view: WhyView) -> None:
    view.show_explained(explained(), {"": "Default position"})
    assert view.sentence.text() == "Not bought: why."
    assert view.apply.isVisible()
    edits: list[object] = []
    view.edit_requested.connect(edits.append)
    view.apply.click()
    view.apply.click()
    assert edits == [CHANGE.edit], "a change is made once"
    view.chain.setCurrentItem(row(view, 1))
    assert view.sentence.text() == "To be sold: why."
    assert not view.apply.isVisible()
    view.show_explained(explained(None), {"": "Default position"})
    assert not view.apply.isVisible()


def test_change_that_is_found_later_comes_beside_the_row_that_was_chosen_meanwhile(view: WhyView) -> None:
    view.show_explained(explained(None), {"": "Default position"})
    chosen = row(view, 0, 0, 0)
    view.chain.setCurrentItem(chosen)
    view.show_explained(explained(), {"": "Default position"})
    assert view.chain.currentItem() is chosen
    assert view.apply.isVisible()


def test_refusal_takes_the_place_of_the_answer_before(view: WhyView) -> None:
    view.show_explained(explained(), {})
    view.show_refusal("IBM has no bar there.")
    assert view.sentence.text() == "IBM has no bar there."
    assert view.chain.topLevelItemCount() == 0
    assert not view.apply.isVisible()
    assert view.did.text() == ""


@pytest.mark.parametrize(
    ("typed", "bar"), [("2003-01-05", 4), ("1999-01-01", 0), ("2050-01-01", 59), ("2003-01-05 12:00", 4)]
)
def test_day_that_is_typed_means_the_last_bar_up_to_it(view: WhyView, typed: str, bar: int) -> None:
    view.day.setText(typed)
    view.day.returnPressed.emit()
    assert view.at is not None
    assert view.at[1] == bar


@pytest.mark.parametrize("typed", ["", "soon", "2003-13-45", "14.3.2006", "NaT", "today", "🙂"])
def test_what_is_no_day_is_said(view: WhyView, typed: str) -> None:
    before = view.at
    view.day.setText(typed)
    view.day.returnPressed.emit()
    assert view.at == before
    assert "write it as 2006-03-14" in view.line.text()
