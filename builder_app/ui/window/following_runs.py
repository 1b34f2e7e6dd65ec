"""Shows in the window how tests go: progress, results and failures of the strategy in front, traces of every one."""

import time
from functools import partial
from typing import TYPE_CHECKING, Final, assert_never

from builder_app.session import RunResult, events
from builder_app.session.drafts.document import Document
from builder_app.ui.window.curves_first import CurvesFirst

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

SECONDS_BEFORE_PROGRESS: Final = 0.15
"""A test that is over before the eye sees a bar move shows none."""
RunEvent = events.RunStarted | events.RunProgressed | events.RunFinished | events.ResultChecked | events.RunFailed


class FollowingRuns:
    """Between the tests' events and the results, the strip and the canvases of one window."""

    def __init__(self, window: "MainWindow") -> None:
        self.window = window
        self._tested_before: RunResult | None = None
        self._run_began = 0.0
        self.curves_first = CurvesFirst(window)

    def show_document(self, document: Document) -> None:
        """Another strategy is in front: show its result."""
        window, result = self.window, document.result
        window.tests_commands.refresh()
        window.results.show_failure(None)
        window.results_commands.about_to_show(document)
        window.results.show_result(None, result, stale=document.result_is_stale)
        self._tested_before = result
        window.strip.show_result(result, stale=document.result_is_stale)

    def show_staleness(self, document: Document) -> None:
        """Other code, or another set-up of the test, may make the result in front one of before, or of now again.

        While live mode is on, the result of now is on its way: what it replaces is not drawn as old first.
        """
        shown = self.window.strip.shown
        comes_soon = document.live and document.program is not None and document.result is not None
        if not comes_soon and shown != (document.result, document.result_is_stale):
            self._show_again(document)
        self.window.results_commands.on_canvas.look_inside()

    def _show_again(self, document: Document) -> None:
        self.window.results.show_result(document.result, document.result, stale=document.result_is_stale)
        self.window.strip.show_result(document.result, stale=document.result_is_stale)

    def follow(self, document: Document, event: RunEvent, *, in_front: bool) -> None:
        """Show one event of a test."""
        window = self.window
        if isinstance(event, events.RunFinished) and event.live and in_front:
            self._show_curves_first(document, event.result)
            return
        if isinstance(event, events.RunFinished):
            window.results_commands.on_canvas.show_traces(document)
            if window.health.isVisible():
                window.session.maintenance.ask_health()
        if not in_front:
            return
        match event:
            case events.RunStarted():
                self._run_began = time.monotonic()
                if event.live:
                    return  # it is over in a blink: until then nothing on the screen changes
                window.results.show_failure(None)
            case events.RunProgressed():
                if time.monotonic() - self._run_began > SECONDS_BEFORE_PROGRESS:
                    window.results.show_progress(event.progress)
                    window.strip.show_progress(event.progress)
                return
            case events.RunFinished():
                self._show_whole(document, event.result)
            case events.ResultChecked():
                self._tested_before = event.result
                window.results.show_checked(event.result)
                window.strip.show_result(event.result, stale=document.result_is_stale)
                return
            case events.RunFailed():
                self.curves_first.catch_up()
                window.results.show_failure(event.failure)
                self._show_again(document)
            case _:
                assert_never(event)
        self._show_no_progress()

    def _show_curves_first(self, document: Document, result: RunResult) -> None:
        """Who drags a slider looks at the curves: figures, lists and sparklines follow when those are painted."""
        stale = document.result_is_stale
        self.window.results.show_curves(result, stale)
        self.window.strip.show_result(result, stale=stale)
        self.curves_first.curves_shown(document, partial(self._show_figures, document))

    def _show_figures(self, document: Document) -> None:
        if document.result is None or document.id not in self.window.canvases:
            return  # it was closed meanwhile
        self.window.results_commands.on_canvas.show_traces(document)
        if document is self.window.document:
            self._show_whole(document, document.result)
            self._show_no_progress()

    def _show_whole(self, document: Document, result: RunResult) -> None:
        window = self.window
        window.results.show_failure(None)
        window.results_commands.about_to_show(document)
        window.results.show_result(self._tested_before, result, stale=document.result_is_stale)
        self._tested_before = result
        window.strip.show_result(result, stale=document.result_is_stale)

    def _show_no_progress(self) -> None:
        self.window.results.show_progress(None)
        self.window.strip.show_progress(None)
        self.window.following.show_status()
