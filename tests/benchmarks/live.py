"""From a parameter's change to the new curve on the screen, in the real window with live tests on.

Run it as `QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.live [--edits 60]`. Three symbols of a year of days, the
ready-made crossover, worker and loop warm as they are some time after the start, the results in view. Each edit changes
a period by the same door as the inspector's slider, and is followed until the equity chart and the strip below the
canvas were painted with its result.
Nothing is left out of the count: code and test begin as soon as the edit is made, without a rest before them (what
rests 0.4 s is the lint and the certificate, which no test waits for).
"""

import argparse
import datetime
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from builder_app.flow.edits import Edit, SetParameter
from builder_app.quicktest.engine.accelerate import is_compiled, warm
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.ui.application import Application
from builder_app.ui.collecting import Collector, share_quickly
from tests.benchmarks.statistics_of import high, median
from tests.benchmarks.turns import run_until
from tests.ui.window.strategist import application

EXAMPLE: Final = "moving_average_crossover"
POOL: Final = ("AAPL", "IBM", "MSFT")
STAGES: Final = ("edited", "code and test begun", "tested", "strip painted", "chart painted")


class Stopwatch(QObject):
    """When, since the edit, each stage was reached first."""

    _painted = Signal(str)

    def __init__(self, opened: Application) -> None:
        super().__init__()
        self._painted.connect(self._note, Qt.ConnectionType.QueuedConnection)
        self._window = opened.window
        self._begun = 0.0
        self.reached: dict[str, float] = {}
        opened.session.desk.subscribe(self._told)
        self._stages = {}
        for stage, widget in (("strip painted", self._window.strip), ("chart painted", self._window.results.charts)):
            for part in (widget, *widget.findChildren(QWidget)):
                self._stages[part] = stage
                part.installEventFilter(self)

    def edit(self, change: Edit) -> None:
        """Make an edit, and begin to count."""
        self.reached = {}
        self._begun = time.perf_counter()
        self._window.edit(change, "slide")
        self._note("edited")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take note of what is painted after the result has come, as soon as the window has painted all of it."""
        if event.type() == QEvent.Type.Paint and "tested" in self.reached and isinstance(watched, QWidget):
            self._painted.emit(self._stages[watched])
        return False

    def _told(self, event: events.Event) -> None:
        if isinstance(event, events.RunStarted):
            self._note("code and test begun")
        elif isinstance(event, events.RunFinished):
            self._note("tested")

    def _note(self, stage: str) -> None:
        self.reached.setdefault(stage, (time.perf_counter() - self._begun) * 1000)


def measure(opened: Application, edits: int) -> list[dict[str, float]]:
    """The stages of each edit, in milliseconds since it was made."""
    window, session = opened.window, opened.session
    warm()
    run_until(is_compiled, 120.0)
    window.commands.open_and_test_example(EXAMPLE)
    run_until(lambda: window.document is not None and window.document.result is not None)
    document = window.document
    assert document is not None
    first = datetime.date(2009, 1, 2)
    year = TestConfig(stock_pool=POOL, start_date=first, end_date=first.replace(year=2010))
    session.set_config(document, year)
    window.show_dock("Results")
    session.set_live(document, live=True)
    run_until(lambda: session.is_idle)
    watch = Stopwatch(opened)
    found = []
    for number in range(edits + 5):
        change = SetParameter("fast_average", "period", 5 + number % 20)
        QTimer.singleShot(0, partial(watch.edit, change))
        watch.reached = {}
        run_until(lambda: len(watch.reached) == len(STAGES) and session.is_idle)
        found.append(watch.reached)
    return found[5:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=60)
    edits = parser.parse_args().edits
    QApplication.instance() or QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder, application(Path(folder)) as opened:
        collector = Collector()  # as the program does before its loop begins
        collector.start()
        share_quickly()
        found = measure(opened, edits)
    print(f"Live, 3 symbols × a year of days, {edits} edits, milliseconds since the edit")
    for stage in STAGES:
        samples = [reached[stage] for reached in found]
        print(f"  {stage:<22} median {median(samples):>7.1f}   p95 {high(samples):>7.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
