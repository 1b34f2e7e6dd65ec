"""Hands on the real window, watched turn by turn: `python -m tests.benchmarks.window_driver BLOCKS EXPLAIN`."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from builder_app.flow.codec import dumps
from builder_app.flow.edits import MoveNodes, SetParameter
from builder_app.flow.values import Point
from builder_app.session.drafts.document import Document
from builder_app.session.shelf import listing
from builder_app.ui.application import Application
from builder_app.ui.canvas.view import CanvasView
from builder_app.ui.collecting import Collector, share_quickly
from builder_app.ui.versions import VersionsDialog
from builder_app.ui.window.laying_out import AT_ONCE
from tests.benchmarks.canvas_program import flow_of
from tests.benchmarks.grid_graph import grid_graph
from tests.benchmarks.turns import Sampler, TurnWatcher, run_until, slowest
from tests.ui.window.strategist import application

SAVED_STRATEGIES: Final = 60
EXAMPLES: Final = ("moving_average_crossover", "rsi_reversal", "bollinger_long_short")
DOCKS: Final = ("Code", "Problems", "History", "Health", "Results")


class Hands:
    """What a strategist does with one window, each step by its name and in a turn of its own."""

    def __init__(self, opened: Application, watcher: TurnWatcher) -> None:
        self.window, self.session, self._watcher = opened.window, opened.session, watcher
        self._wardrobe = opened.wardrobe

    @property
    def document(self) -> Document:
        """The strategy in front."""
        document = self.window.document
        assert document is not None
        return document

    @property
    def canvas(self) -> CanvasView:
        """Its canvas."""
        canvas = self.window.canvas
        assert canvas is not None
        return canvas

    def do(self, doing: str, act: Callable[[], object], until: Callable[[], bool] = lambda: True) -> None:
        """Do something from within the event loop, and wait `until` it has led to what is expected, and painted."""
        begun: list[Exception | None] = []

        def begin() -> None:
            try:
                act()
            except Exception as reason:  # Qt would swallow it
                begun.append(reason)
            else:
                begun.append(None)

        self._watcher.begin(doing)
        QTimer.singleShot(0, self.window, begin)
        run_until(lambda: bool(begun) and (begun[0] is not None or until()))
        self._watcher.begin("between")
        if begun[0] is not None:
            raise begun[0]

    def trigger(self, doing: str, action: str, until: Callable[[], bool] = lambda: True) -> None:
        """Choose an action of the menus."""
        self.do(doing, self.window.actions_by_id[action].trigger, until)

    def type(self, doing: str, field: Callable[[], QWidget], text: str) -> None:
        """Press the keys of a text one after the other."""
        for letter in text:
            self.do(doing, lambda letter=letter: QTest.keyClicks(field(), letter))  # type: ignore[misc]

    def press(self, doing: str, key: Qt.Key, on: Callable[[], QWidget]) -> None:
        """Press one key."""
        self.do(doing, lambda: QTest.keyClick(on(), key))

    def is_opened(self) -> bool:
        """A strategy is in front, and settled; its file is read by a thread."""
        return self.window.document is not None and self.is_settled()

    def is_settled(self) -> bool:
        """The code is there, its newest problems too, and no test runs."""
        return self.session.is_idle

    def is_dressed(self) -> bool:
        """All of the window wears the theme that was chosen last."""
        return not self._wardrobe.is_changing

    def is_tested(self) -> bool:
        """The result of the newest picture is there."""
        return self.document.result is not None and not self.document.result_is_stale and self.session.is_idle

    def is_live_tested(self) -> bool:
        """So it is, or live testing was turned down because the machine is too busy for it."""
        return self.is_tested() or (not self.document.live and self.session.is_idle)


def work(hands: Hands) -> None:
    """What is done with a strategy, whatever its size, once it is in front."""
    window = hands.window
    averages = [id for id, node in hands.document.flow.nodes.items() if node.template == "sma"]
    if averages:
        hands.do("select a block", lambda: hands.canvas.select({averages[0]}))
        for period in (7, 8, 9):
            edit = SetParameter(averages[0], "period", period)
            hands.do("set a parameter", lambda edit=edit: window.edit(edit, "slide"), hands.is_settled)  # type: ignore[misc]
    hands.trigger("undo", "undo", hands.is_settled)
    hands.trigger("redo", "redo", hands.is_settled)
    moved = next(iter(hands.document.flow.nodes.values()))
    step = MoveNodes({moved.id: Point(moved.position.x + 16, moved.position.y)})
    hands.do("move a block", lambda: window.edit(step), hands.is_settled)
    for title in DOCKS:
        hands.do(f"show {title}", lambda title=title: window.show_dock(title))  # type: ignore[misc]
    for scheme in ("light", "dark"):
        hands.trigger("switch the theme", f"theme_{scheme}", hands.is_dressed)
    for title in DOCKS:
        hands.do(f"show {title} in the other theme", lambda title=title: window.show_dock(title))  # type: ignore[misc]
    look_and_search(hands)
    hands.do("resize the window", lambda: window.resize(1500, 800))
    hands.do("resize the window", lambda: window.resize(1920, 1080))
    hands.trigger("focus on the canvas", "focus")
    hands.trigger("show the docks again", "focus")
    change_much(hands)
    hands.trigger("open the versions", "versions")
    dialog = next(found for found in window.findChildren(VersionsDialog) if found.isVisible())
    hands.do("keep a version", dialog.keep_button.click, lambda: dialog.list.count() > 0 and hands.is_settled())
    hands.do("choose a version", lambda: dialog.list.setCurrentRow(0))
    hands.do("close the versions", dialog.close)
    hands.do("go to the start page", lambda: window.centre.tabs.setCurrentIndex(0))
    hands.trigger("switch the theme on the start page", "theme_light", hands.is_dressed)
    hands.do("come back from the start page", lambda: window.centre.tabs.setCurrentIndex(1))
    hands.trigger("switch the theme", "theme_dark", hands.is_dressed)


def look_and_search(hands: Hands) -> None:
    """Zoom and pan, and every search."""
    window = hands.window
    for action in ("zoom_in", "zoom_in", "zoom_out", "fit"):
        hands.trigger("zoom", action)
    hands.do("open the search", lambda: hands.canvas.open_search())
    hands.type("type into the search", lambda: hands.canvas.search.field, "average")
    hands.press("close the search", Qt.Key.Key_Escape, lambda: hands.canvas.search.field)
    hands.trigger("open find", "find")
    hands.type("type into find", lambda: hands.canvas.finder.field, "sma")
    hands.press("close find", Qt.Key.Key_Escape, lambda: hands.canvas.finder.field)
    hands.trigger("open the command palette", "commands")
    hands.type("type into the command palette", lambda: window.command_palette.search, "undo")
    hands.press("close the command palette", Qt.Key.Key_Escape, lambda: window.command_palette.search)
    hands.type("type into the blocks' search", lambda: window.palette_view.search, "cross")
    hands.do("clear the blocks' search", window.palette_view.search.clear)


def change_much(hands: Hands) -> None:
    """Edits that concern the whole flow."""
    hands.trigger("select all", "select_all")
    hands.trigger("duplicate everything", "duplicate", hands.is_settled)
    hands.trigger("undo the duplicates", "undo", hands.is_settled)
    hands.trigger("select all", "select_all")
    hands.trigger("copy everything", "copy")
    hands.press("move everything by a key", Qt.Key.Key_Right, lambda: hands.canvas)
    hands.do("settle", lambda: None, hands.is_settled)
    hands.trigger("undo the move", "undo", hands.is_settled)
    hands.trigger("select all", "select_all")
    hands.trigger("delete everything", "delete", hands.is_settled)
    hands.trigger("undo the deletion", "undo", hands.is_settled)
    before = hands.document.flow
    at_once = len(before.nodes) <= AT_ONCE

    def is_laid_out() -> bool:
        return (at_once or hands.document.flow is not before) and hands.is_settled()

    hands.trigger("lay everything out", "layout", is_laid_out)
    hands.trigger("undo the layout", "undo", hands.is_settled)
    hands.do("add a block", lambda: hands.canvas.add_block("rsi"), hands.is_settled)
    middle = QPoint(hands.canvas.viewport().width() // 2, hands.canvas.viewport().height() // 2)
    for step in range(6):
        to = middle + QPoint(30 * step, 10 * step)
        hands.do("hover over the canvas", lambda to=to: QTest.mouseMove(hands.canvas.viewport(), to))  # type: ignore[misc]


def drive_ordinary(hands: Hands) -> None:
    """The strategies that come with the program, with their tests."""
    window = hands.window
    for example in EXAMPLES:
        hands.do("open an example", lambda example=example: window.commands.open_example(example), hands.is_settled)  # type: ignore[misc]
        hands.trigger("test", "test", hands.is_tested)
        averages = [id for id, node in hands.document.flow.nodes.items() if "period" in node.parameters]
        hands.do("switch live testing on", window.actions_by_id["live"].trigger, hands.is_live_tested)
        for period in range(11, 17):
            edit = SetParameter(averages[0], "period", period)
            hands.do("set a parameter, live", lambda edit=edit: window.edit(edit, "slide"), hands.is_live_tested)  # type: ignore[misc]
        if hands.document.live:
            hands.trigger("switch live testing off", "live")
        hands.do("test again", window.actions_by_id["test"].trigger, hands.is_tested)
    tabs = window.centre.tabs
    for index in (1, 2, 3):
        hands.do("change to another tab", lambda index=index: tabs.setCurrentIndex(index))  # type: ignore[misc]
    work(hands)
    hands.trigger("new strategy", "new", hands.is_settled)
    hands.do("add the first block", lambda: hands.canvas.add_block("sma"), hands.is_settled)
    hands.trigger("close a tab", "close_document")
    hands.do("go to the start page", lambda: tabs.setCurrentIndex(0))
    hands.type("narrow the start page", lambda: window.start_page.filter.field, "mov")


def drive_large(hands: Hands, count: int, folder: Path) -> None:
    """A flow of `count` blocks, from its file on."""
    window = hands.window
    file = folder / "large.flow.json"
    file.write_text(dumps(flow_of(grid_graph(count))), encoding="utf-8")
    hands.do("open the file", lambda: window.commands.open_path(file), hands.is_opened)
    work(hands)
    hands.trigger("save", "save", hands.is_settled)
    hands.trigger("close the tab", "close_document")


def fill_store(opened: Application) -> None:
    """Strategies for the start page to list."""
    session = opened.session
    for place in range(SAVED_STRATEGIES):
        document = listing.open_example(session, EXAMPLES[place % len(EXAMPLES)])
        changed = next(id for id, node in document.flow.nodes.items() if "period" in node.parameters)
        session.edit(document, SetParameter(changed, "period", 10 + place))
        session.close_document(document)
    session.flush()


def run_filling(home: Path) -> None:
    """Fill a store in a process of its own: the window that is watched is the first of this one, as in the program."""
    order = "import sys; from tests.benchmarks.window_driver import fill; fill(sys.argv[1])"
    subprocess.run([sys.executable, "-c", order, str(home)], check=True)


def fill(home: str) -> None:
    """What that process does."""
    QApplication(sys.argv[:1])
    with application(Path(home)) as opened:
        fill_store(opened)


def drive(count: int, explain: float) -> dict[str, float]:
    """The slowest turn of everything that was done."""
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        run_filling(Path(home))
        with application(Path(home)) as opened:
            collector = Collector()
            collector.start()
            share_quickly()
            watcher = TurnWatcher()
            sampler = Sampler(watcher)
            if explain:
                stack.enter_context(sampler.sampling())
            hands = Hands(opened, watcher)
            run_until(lambda: opened.session.rooms.runner.is_ready)
            drive_large(hands, count, Path(home)) if count else drive_ordinary(hands)
            watcher.stop()
            for turn in sorted(watcher.turns, key=lambda turn: -turn.milliseconds) if explain else ():
                if turn.milliseconds >= explain:
                    print(f"{turn.doing} [{turn.place}]: {turn.milliseconds:.1f} ms", file=sys.stderr)
                    print(*(f"    {line}" for line in sampler.told(turn.number)), sep="\n", file=sys.stderr)
    return slowest(watcher.turns)


if __name__ == "__main__":
    print(json.dumps(drive(int(sys.argv[1]), float(sys.argv[2]))))
