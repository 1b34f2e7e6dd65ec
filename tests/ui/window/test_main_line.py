"""The whole line through the real window: draw, see the code, test, close, find everything, export, run elsewhere."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pytestqt.qtbot import QtBot

from builder_app.flow.values import Edge, LogicFlow, Port
from builder_app.session import RunResult
from tests.environments import CHECKOUT, python_with
from tests.ui.window.strategist import Strategist, application


def draw_crossover_with_stop(hands: Strategist) -> dict[str, str]:
    """A moving-average crossover with a 5 % stop, drawn with mouse and keys; the blocks' ids by what they are."""
    blocks = {
        "fast": hands.place_block("Simple moving average", 0, 0),
        "slow": hands.place_block("Simple moving average", 0, 200),
        "above": hands.place_block("Crosses above", 280, 0),
        "below": hands.place_block("Crosses below", 280, 200),
        "enter": hands.place_block("Enter long", 560, 0),
        "exit": hands.place_block("Exit long", 560, 200),
        "size": hands.place_block("Percent of equity", 840, 0),
        "stop": hands.place_block("Percent stop", 840, 200),
    }
    wires = [
        (("fast", "value"), ("above", "a")),
        (("slow", "value"), ("above", "b")),
        (("fast", "value"), ("below", "a")),
        (("slow", "value"), ("below", "b")),
        (("above", "result"), ("enter", "condition")),
        (("below", "result"), ("exit", "condition")),
        (("enter", "signal"), ("size", "signal")),
        (("exit", "signal"), ("size", "signal")),
        (("size", "position"), ("stop", "position")),
    ]
    for (source, output), (target, input) in wires:
        hands.pull_wire((blocks[source], output), (blocks[target], input))
    return blocks


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


class Drawn(NamedTuple):
    """What the strategist had when the program was closed."""

    flow: LogicFlow
    steps: int
    last_wire: Edge
    result: RunResult


def draw_and_test(hands: Strategist) -> Drawn:
    """Draw, set the periods, see the code, test, wait until the draft is on disk."""
    hands.click_button("New strategy", hands.window.start_page)
    blocks = draw_crossover_with_stop(hands)
    assert len(hands.document.flow.edges) == 9
    hands.set_number(blocks["fast"], "Period", "10")
    hands.set_number(blocks["slow"], "Period", "30")
    assert hands.document.flow.nodes[blocks["slow"]].parameters["period"] == 30
    assert "ta.SMA(" in hands.sees_code()
    assert "crossed_above(" in hands.sees_code()
    hands.press("F5")
    hands.sees_result()
    assert hands.window.results.charts.isVisible()
    assert "Total return" in hands.window.strip.words()
    hands.sees(lambda: hands.window.saved_mark.text() == "saved ✓")
    document = hands.document
    assert document.result is not None
    last_wire = Edge(Port(blocks["size"], "position"), Port(blocks["stop"], "position"))
    return Drawn(document.flow, len(document.history.steps), last_wire, document.result)


def find_again_and_export(hands: Strategist, drawn: Drawn, folder: Path) -> None:
    """The strategy is open again with its history and result; undo and redo work; export it."""
    hands.sees(lambda: hands.window.document is not None)
    assert hands.document.flow == drawn.flow
    assert len(hands.document.history.steps) == drawn.steps
    hands.sees_result()
    assert hands.document.result is not None
    assert hands.document.result.metrics == pytest.approx(dict(drawn.result.metrics), nan_ok=True, rel=0, abs=0)
    for _ in range(3):
        hands.press("Ctrl+Z")
    assert drawn.last_wire not in hands.document.flow.edges
    for _ in range(3):
        hands.press("Ctrl+Shift+Z")
    assert hands.document.flow == drawn.flow
    hands.press("Ctrl+E")
    hands.choose_path(folder)
    hands.sees(lambda: "was written to" in hands.window.centre.messages.text)


def test_strategist_draws_tests_closes_reopens_and_exports_the_same_numbers(
    qtbot: QtBot, home: Path, tmp_path: Path
) -> None:
    with application(home) as opened:
        drawn = draw_and_test(Strategist(qtbot, opened))
    assert len(drawn.result.trades) > 20
    with application(home) as opened:
        find_again_and_export(Strategist(qtbot, opened), drawn, tmp_path / "exported")
    printed = run_exported_folder(tmp_path / "exported")
    expected = json.loads((tmp_path / "exported" / "expected.json").read_text(encoding="utf-8"))
    assert printed["data_fingerprint"] == expected["data_fingerprint"] == drawn.result.data_fingerprint
    assert printed["metrics"] == pytest.approx(expected["metrics"], rel=1e-9, abs=1e-9)
    shown = {name: value for name, value in drawn.result.metrics.items() if not math.isnan(value)}
    assert printed["metrics"] | shown == pytest.approx(printed["metrics"], rel=1e-9, abs=1e-9)


def run_exported_folder(folder: Path) -> dict[str, Any]:
    """What `python strategy.py prices.csv --json` prints where this program is not installed."""
    requirements = (folder / "requirements.txt").read_text(encoding="utf-8").split()
    python = python_with("export", requirements)
    absent = subprocess.run([python, "-c", "import builder_app"], capture_output=True, cwd=folder, check=False)
    assert absent.returncode != 0, "the environment must not have this program"
    run = subprocess.run(
        [python, "strategy.py", "prices.csv", "--json"], capture_output=True, cwd=folder, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    printed: dict[str, Any] = json.loads(run.stdout)
    return printed


def test_wire_that_does_not_fit_is_refused_with_the_reason_and_nothing_is_drawn(qtbot: QtBot, home: Path) -> None:
    with application(home) as opened:
        hands = Strategist(qtbot, opened)
        hands.click_button("New strategy", hands.window.start_page)
        average = hands.place_block("Simple moving average", 0, 0)
        enter = hands.place_block("Enter long", 320, 0)
        said: list[str] = []
        hands.canvas.message_requested.connect(said.append)
        hands.pull_wire((average, "value"), (enter, "condition"))
        assert hands.document.flow.edges == ()
        assert said
        assert "true/false" in said[-1]


def test_blocks_are_moved_copied_deleted_and_brought_back_by_keys_and_mouse(qtbot: QtBot, home: Path) -> None:
    with application(home) as opened:
        hands = Strategist(qtbot, opened)
        hands.click_button("New strategy", hands.window.start_page)
        average = hands.place_block("Simple moving average", 0, 0)
        place = hands.document.flow.nodes[average].position
        hands.drag_block(average, 160, 80)
        moved = hands.document.flow.nodes[average].position
        assert moved.x > place.x
        assert moved.y > place.y
        hands.click_block(average)
        hands.press("Ctrl+C", hands.canvas)
        hands.press("Ctrl+V", hands.canvas)
        hands.sees(lambda: len(hands.document.flow.nodes) == 2)
        hands.press("Del", hands.canvas)
        hands.sees(lambda: set(hands.document.flow.nodes) == {average})
        for _ in range(3):
            hands.press("Ctrl+Z")
        assert hands.document.flow.nodes[average].position == place


def test_strategy_with_problems_is_not_tested_and_says_why(qtbot: QtBot, home: Path) -> None:
    with application(home) as opened:
        hands = Strategist(qtbot, opened)
        hands.click_button("New strategy", hands.window.start_page)
        hands.place_block("Crosses above", 0, 0)
        hands.sees(lambda: bool(hands.document.errors))
        hands.press("F5")
        hands.sees(hands.window.results.failure.isVisible)
        assert hands.document.result is None


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="Xvfb is not installed (Debian: apt install xvfb xauth)")
@pytest.mark.skipif("STRATEGY_BUILDER_UNDER_XVFB" in os.environ, reason="this is the run under Xvfb")
def test_the_same_line_holds_in_a_window_on_a_real_x11_display() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "xcb", "STRATEGY_BUILDER_UNDER_XVFB": "1"}
    this = f"{__file__}::test_strategist_draws_tests_closes_reopens_and_exports_the_same_numbers"
    screen = ["xvfb-run", "-a", "-s", "-screen 0 2200x1300x24"]
    run = subprocess.run(
        [*screen, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", this],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        cwd=CHECKOUT,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 passed" in run.stdout
