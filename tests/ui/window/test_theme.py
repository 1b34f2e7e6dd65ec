"""Another colour scheme: the whole window wears it, and what it opens."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from builder_app.ui.block_maker.window import BlockMaker
from builder_app.ui.code.history_dialog import CodeHistoryDialog
from builder_app.ui.prices.import_window import ImportWindow
from builder_app.ui.prices.library_window import LibraryWindow
from builder_app.ui.start.about_dialog import AboutDialog
from builder_app.ui.start.card_menu import CardWish
from builder_app.ui.stylesheet import set_role
from builder_app.ui.window.layout import BOTTOM_DOCKS
from tests.ui.window.strategist import Strategist, application


def test_the_window_and_its_dialogs_wear_the_chosen_theme(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        style = opened.qt.style()
        dialog = QDialog(hands.window)
        grounds = []
        for scheme in ("dark", "light", "dark"):
            hands.window.actions_by_id[f"theme_{scheme}"].trigger()
            hands.sees(lambda: not opened.wardrobe.is_changing)
            dialog.resize(40, 40)
            grounds.append(dialog.grab().toImage().pixelColor(20, 20).name())
            assert grounds[-1] == hands.window.theme.color("panel").name()
            assert hands.window.updatesEnabled()
        assert grounds[0] == grounds[2] != grounds[1]
        assert opened.qt.style() is style, "the style under the sheet is the same in every scheme"
        assert opened.qt.styleSheet() == "", "a sheet of the program would be laid on widgets that nobody sees, too"


def test_every_window_that_paints_by_itself_takes_the_theme_on_once(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees_code()
        hands.window.code_history.show()
        hands.window.blocks.make_new()
        hands.window.prices.show_library()
        hands.window.prices.import_prices()
        hands.window.gallery.wish(CardWish.ABOUT, "moving_average_crossover")
        kinds = (CodeHistoryDialog, BlockMaker, LibraryWindow, ImportWindow, AboutDialog)
        dialogs = [child for child in hands.window.children() if isinstance(child, kinds)]
        assert {type(dialog) for dialog in dialogs} == set(kinds)
        views = [*hands.window.views.values(), hands.window.strip, hands.window.start_page, hands.canvas]
        worn: list[tuple[object, str]] = []
        for part in (*dialogs, *views):
            part.set_theme = lambda theme, part=part: worn.append((part, theme.scheme))  # type: ignore[attr-defined]
        hands.window.actions_by_id["theme_light"].trigger()
        hands.sees(lambda: not opened.wardrobe.is_changing)
        assert len(worn) == len(dialogs) + len(views)
        assert {part for part, _ in worn} == {*dialogs, *views}
        assert {scheme for _, scheme in worn} == {"light"}
        for dialog in dialogs:
            dialog.close()


def test_a_dialog_that_opens_later_wears_the_theme(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        for scheme in ("dark", "light"):
            hands.window.actions_by_id[f"theme_{scheme}"].trigger()
            hands.sees(lambda: not opened.wardrobe.is_changing)
            dialog = QDialog(hands.window)
            button = QPushButton("Go on", dialog)
            set_role(button, "primary")
            button.resize(120, 28)
            dialog.show()
            ground = button.grab().toImage().pixelColor(6, 14).name()
            assert ground == hands.window.theme.color("accent").name()
            dialog.close()


def test_the_window_keeps_its_picture_until_all_that_is_seen_wears_the_theme(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees_code()
        hands.window.actions_by_id["theme_light"].trigger()
        assert not hands.window.updatesEnabled()
        hands.sees(hands.window.updatesEnabled)
        wanted = hands.window.theme.color("panel").name()
        for widget in (hands.window.toolbar, hands.window.statusBar(), hands.window.docks["Blocks"]):
            picture = widget.grab().toImage()
            assert picture.pixelColor(picture.width() - 3, picture.height() // 2).name() == wanted
        hands.sees(lambda: not opened.wardrobe.is_changing)


def test_a_dock_that_is_opened_while_the_theme_changes_wears_the_new_one(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees_code()
        hands.window.actions_by_id["theme_light"].trigger()
        hands.window.show_dock("History")
        hands.sees(hands.window.history.isVisible)
        hands.sees(hands.window.updatesEnabled)
        picture = hands.window.history.grab().toImage()
        assert picture.pixelColor(picture.width() - 3, picture.height() - 3).name() == (
            hands.window.theme.color("panel").name()
        )


def test_the_lines_between_the_docks_take_the_colour_of_the_theme(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees_code()
        for scheme in ("light", "dark"):
            hands.window.actions_by_id[f"theme_{scheme}"].trigger()
            hands.sees(lambda: not opened.wardrobe.is_changing)
            dock = hands.window.docks["Blocks"].geometry()
            picture = hands.window.grab().toImage()
            line = {picture.pixelColor(dock.right() + step, dock.center().y()).name() for step in (1, 2)}
            assert hands.window.theme.color("hairline").name() in line


def test_a_part_that_is_gone_before_its_turn_is_left_out(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        parts = [QDialog(hands.window), QDialog(hands.window)]
        parts[0].show()
        hands.window.actions_by_id["theme_light"].trigger()
        for part in parts:
            delete(part)
        hands.sees(lambda: not opened.wardrobe.is_changing)
        assert hands.window.updatesEnabled()


def test_a_view_behind_another_tab_is_hidden_until_it_comes_to_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        for title in ("Code", "Problems", "Results", "History"):
            hands.window.show_dock(title)
            hands.sees(hands.window.views[title].isVisible)
            for other in set(BOTTOM_DOCKS) - {title}:
                hands.sees(hands.window.views[other].isHidden)
            assert hands.window.views["Inspector"].isVisible()
