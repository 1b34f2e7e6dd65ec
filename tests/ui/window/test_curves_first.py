"""While a live test is on its way its curves come first, and all else an edit changes soon after, whatever happens."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import SetParameter
from builder_app.quicktest.request import RunProgress, RunRequest
from builder_app.session import RunFailure, RunResult, events
from builder_app.session.runs import live
from builder_app.ui.window import curves_first
from tests.ground import LastingRunner
from tests.ui.window.strategist import Strategist, application

HOURS = 3_600_000


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not turn live off."""
    monkeypatch.setattr(live, "LIMIT_SECONDS", 60.0)


@contextmanager
def live_window(qtbot: QtBot, folder: Path) -> Iterator[Strategist]:
    with application(folder) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_and_test_example("moving_average_crossover")
        hands.sees_result()
        hands.press("Ctrl+L")
        hands.sees_result()
        hands.sees(lambda: hands.session.is_idle)
        yield hands


def set_period(hands: Strategist, period: int) -> None:
    hands.window.edit(SetParameter("fast_average", "period", period))


def shown_steps(hands: Strategist) -> int:
    """How many steps the list of steps shows, without the one that begins it."""
    return hands.window.history.count() - 1


class Painted(QObject):
    """How often a widget was painted."""

    def __init__(self, watched: QObject) -> None:
        super().__init__()
        self.times = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.times += event.type() == QEvent.Type.Paint
        return False


def slow_runs(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Every test takes so much longer."""
    real = LastingRunner.run

    def run(
        self: LastingRunner,
        request: RunRequest,
        on_progress: Callable[[RunProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> RunResult | RunFailure:
        time.sleep(seconds)
        return real(self, request, on_progress, cancelled)

    monkeypatch.setattr(LastingRunner, "run", run)


def test_charts_show_a_result_in_the_turn_it_comes_and_its_figures_in_a_later_one(qtbot: QtBot, tmp_path: Path) -> None:
    with live_window(qtbot, tmp_path) as hands:
        seen = []

        def look(event: events.Event) -> None:
            if isinstance(event, events.RunFinished):
                results = hands.window.results
                seen.append((event.result, results.charts.curves.result, hands.window.strip.shown[0], results._result))

        hands.session.subscribe(look)
        set_period(hands, 7)
        hands.sees(lambda: bool(seen))
        ((result, drawn, summed, listed),) = seen
        assert drawn is summed is result
        assert listed is not result
        hands.sees_result()
        assert hands.window.results._result is result


def test_steps_code_and_canvas_wait_no_longer_than_a_moment_for_a_slow_test(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_window(qtbot, tmp_path) as hands:
        slow_runs(monkeypatch, 2.0)
        before, painted = hands.document.result, Painted(hands.canvas.viewport())
        steps, saw = shown_steps(hands), painted.times
        set_period(hands, 7)
        hands.sees(lambda: shown_steps(hands) == steps + 1)
        hands.sees(lambda: painted.times > saw)
        hands.sees(lambda: hands.document.program is hands.window.code.program)
        assert hands.document.result is before, "the test is under way still"
        hands.sees_result()


def test_drag_that_never_rests_does_not_put_the_steps_and_the_canvas_off_for_ever(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_window(qtbot, tmp_path) as hands:
        slow_runs(monkeypatch, 30.0 / 1000.0)
        painted = Painted(hands.canvas.viewport())
        steps, end = shown_steps(hands), time.monotonic() + 20.0
        number = 0
        while (shown_steps(hands) == steps or painted.times < 3) and time.monotonic() < end:
            set_period(hands, 5 + number % 20)
            number += 1
            qtbot.wait(4)
        assert shown_steps(hands) > steps
        assert painted.times >= 3
        hands.sees_result()


def test_undo_is_there_in_the_turn_of_the_edit(qtbot: QtBot, tmp_path: Path) -> None:
    with live_window(qtbot, tmp_path) as hands:
        assert not hands.window.actions_by_id["undo"].isEnabled()
        set_period(hands, 7)
        hands.press("Ctrl+Z")
        assert hands.document.flow.nodes["fast_average"].parameters["period"] != 7
        hands.sees_result()
        hands.sees(lambda: "Redo" in hands.window.actions_by_id["redo"].text())


def test_a_value_that_is_refused_is_said_at_once(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves_first, "MILLISECONDS_OF_PATIENCE", HOURS)
    with live_window(qtbot, tmp_path) as hands:
        set_period(hands, -1)
        hands.sees(lambda: hands.window.docks["Problems"].windowTitle() == "Problems (1)")
        hands.sees(lambda: hands.document.result_is_stale and hands.window.strip.shown[1])


def test_a_failed_test_puts_nothing_off(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves_first, "MILLISECONDS_OF_PATIENCE", HOURS)
    with live_window(qtbot, tmp_path) as hands:

        def refuse(*_: object) -> RunFailure:
            raise RuntimeError("a fault")

        monkeypatch.setattr(LastingRunner, "run", refuse)
        steps = shown_steps(hands)
        set_period(hands, 7)
        hands.sees(hands.window.results.failure.isVisible)
        assert shown_steps(hands) == steps + 1


def test_another_strategy_in_front_is_not_shown_what_waits_for_the_first(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_window(qtbot, tmp_path) as hands:
        slow_runs(monkeypatch, 1.0)
        first = hands.document
        set_period(hands, 7)
        hands.press("Ctrl+N")
        hands.sees(lambda: hands.document is not first)
        assert shown_steps(hands) == 0
        hands.sees(lambda: not first.result_is_stale)
        assert shown_steps(hands) == 0
        assert hands.window.strip.shown[0] is None


def test_sparklines_come_to_a_strategy_that_is_left_as_its_curves_appear(qtbot: QtBot, tmp_path: Path) -> None:
    with live_window(qtbot, tmp_path) as hands:
        first, canvas = hands.document, hands.canvas
        before = canvas.canvas.traces["fast_average"]
        hands.session.subscribe(lambda event: hands.press("Ctrl+N") if isinstance(event, events.RunFinished) else None)
        set_period(hands, 20)
        hands.sees(lambda: hands.document is not first)
        hands.sees(lambda: canvas.canvas.traces["fast_average"] is not before)
        assert hands.window.strip.shown[0] is None


def test_strategy_may_be_closed_as_its_curves_appear(qtbot: QtBot, tmp_path: Path) -> None:
    with live_window(qtbot, tmp_path) as hands:
        hands.session.subscribe(lambda event: hands.press("Ctrl+W") if isinstance(event, events.RunFinished) else None)
        set_period(hands, 20)
        hands.sees(lambda: hands.window.document is None)
        qtbot.wait(100)
        assert not hands.window.canvases
