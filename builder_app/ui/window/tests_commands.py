"""The history of tests in the window: what is wished of kept tests, and what came of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from builder_app.session import events
from builder_app.session.runs.tests_history import PAGE, KeptTest, WantedTests
from builder_app.ui.tests_history.view import Which
from builder_app.ui.window.line_dialog import LineDialog

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

HistoryEvent = (
    events.QueueChanged | events.TestsListed | events.TestsChanged | events.TestsCompared | events.TestRanAgain
)


class TestsCommands:
    """Between the tests' history of the session and its panel in one window."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    def __init__(self, window: "MainWindow") -> None:
        self.window, self.view = window, window.tests
        self.history, self.session = window.session.tests, window.session
        self._compared: tuple[str, ...] = ()
        self._listed: WantedTests | None = None
        self._limit = PAGE
        self._being_deleted: dict[str, KeptTest] = {}
        view = self.view
        self._is_seen = False
        window.docks["Tests"].visibilityChanged.connect(self._see)
        view.wanted.connect(self.refresh)
        view.older_requested.connect(self._show_older)
        view.compare_requested.connect(self._compare)
        view.rename_requested.connect(self._rename)
        view.star_requested.connect(lambda starred: self.history.star(view.list.chosen, starred))
        view.delete_requested.connect(self._delete)
        view.restore_requested.connect(lambda: self.history.restore(view.list.chosen))
        view.run_again_requested.connect(self._run_again)
        view.cancel_requested.connect(self.session.cancel_queued)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each of its rows in the table of actions."""
        return {"tests": self.show}

    def show(self) -> None:
        """Bring the panel to the front, with the keyboard in its list."""
        self.window.show_dock("Tests")
        self.view.list.table.setFocus()

    def refresh(self) -> None:
        """Read the list again, where somebody sees it."""
        if not self._is_seen:
            return
        if self._wanted() != self._listed:
            self._limit = PAGE
            self.view.show_waiting()
        self.history.ask(replace(self._wanted(), limit=self._limit))

    def _see(self, seen: bool) -> None:
        """The panel came to the front, or went behind another: what was tested while nobody looked is read now."""
        self._is_seen = seen
        self.refresh()

    def follow(self, event: HistoryEvent) -> None:
        """Show what was done."""
        tell = self.window.centre.messages.tell
        match event:
            case events.QueueChanged():
                self.view.show_queue(event.queue)
                self.refresh()
            case events.TestsListed():
                if event.wanted == replace(self._wanted(), limit=self._limit):
                    self._listed = self._wanted()
                    self.view.show_tests(event.tests, has_more=event.has_more)
            case events.TestsChanged():
                if event.deleted:
                    gone = tuple(self._being_deleted.pop(id) for id in event.deleted)
                    tell(event.message, "Undo", lambda: self.history.restore(gone))
                else:
                    tell(event.message)
                self.refresh()
            case events.TestsCompared():
                self.view.show_comparison(event.comparison)
            case events.TestRanAgain():
                tell(event.message, stays=True)
                self.refresh()
            case _:
                assert_never(event)

    def _wanted(self) -> WantedTests:
        which, document = self.view.which, self.window.document
        match which:
            case Which.THIS:
                return WantedTests(instance=(document.instance if document is not None else None) or "never saved")
            case Which.ALL:
                return WantedTests()
            case Which.STARRED:
                return WantedTests(starred=True)
            case Which.DELETED:
                return WantedTests(deleted=True)
            case _:
                assert_never(which)

    def _compare(self) -> None:
        chosen = self.view.list.chosen
        named = tuple(f"{test.id} {test.name} {test.status}" for test in chosen)
        if named != self._compared:
            self._compared = named
            self.history.ask_comparison(chosen)

    def _show_older(self) -> None:
        self._limit += PAGE
        self.refresh()

    def _delete(self) -> None:
        chosen = self.view.list.chosen
        self._being_deleted.update({test.id: test for test in chosen})
        self.history.delete(chosen)

    def _rename(self) -> None:
        test = self._chosen()
        if test is not None:
            dialog = LineDialog(self.window, "Rename", "What the test is called from now on.", test.name)
            dialog.ask(lambda name: self.history.rename(test, name), may_be_empty=False)

    def _run_again(self) -> None:
        test = self._chosen()
        if test is not None:
            self.history.run_again(test)
            self.window.centre.messages.tell(f"'{test.name}' is run again.")

    def _chosen(self) -> KeptTest | None:
        chosen = self.view.list.chosen
        return chosen[0] if len(chosen) == 1 else None
