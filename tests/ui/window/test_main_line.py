"""The whole line through the real window: draw, see the code, test, close, find everything, export, run elsewhere."""

import json
import subprocess
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from builder_app.flow.values import Edge, Port
from tests.environments import python_with
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


def test_strategist_draws_tests_closes_reopens_and_exports_the_same_numbers(
    qtbot: QtBot, home: Path, tmp_path: Path
) -> None:
    with application(home) as opened:
        hands = Strategist(qtbot, opened)
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
        result = hands.document.result
        assert result is not None
        assert len(result.trades) > 20
        assert result.equity[0] > 0
        assert hands.window.results.charts.isVisible()
        assert "Total return" in hands.window.strip.words()
        hands.sees(lambda: hands.window.saved_mark.text() == "saved ✓")
        flow, steps = hands.document.flow, len(hands.document.history.steps)
        hands.window.close()

    with application(home) as opened:
        hands = Strategist(qtbot, opened)
        hands.sees(lambda: hands.window.document is not None)
        assert hands.document.flow == flow
        assert len(hands.document.history.steps) == steps
        hands.sees_result()
        assert hands.document.result is not None
        assert hands.document.result.metrics == pytest.approx(dict(result.metrics), nan_ok=True, rel=0, abs=0)
        for _ in range(3):
            hands.press("Ctrl+Z")
        assert Edge(Port(blocks["size"], "position"), Port(blocks["stop"], "position")) not in hands.document.flow.edges
        for _ in range(3):
            hands.press("Ctrl+Shift+Z")
        assert hands.document.flow == flow
        hands.press("Ctrl+E")
        hands.choose_path(tmp_path / "exported")
        hands.sees(lambda: "was written to" in hands.window.centre.messages.text)

    printed = run_exported_folder(tmp_path / "exported")
    expected = json.loads((tmp_path / "exported" / "expected.json").read_text(encoding="utf-8"))
    assert printed["data_fingerprint"] == expected["data_fingerprint"] == result.data_fingerprint
    assert printed["metrics"] == pytest.approx(expected["metrics"], rel=1e-9, abs=1e-9)
    found = {name: value for name, value in result.metrics.items() if expected["metrics"][name] is not None}
    assert found == pytest.approx({name: expected["metrics"][name] for name in found}, rel=1e-9, abs=1e-9)


def run_exported_folder(folder: Path) -> dict[str, dict[str, float | None]]:
    """What `python strategy.py prices.csv --json` prints where this program is not installed."""
    requirements = (folder / "requirements.txt").read_text(encoding="utf-8").split()
    python = python_with("export", requirements)
    absent = subprocess.run([python, "-c", "import builder_app"], capture_output=True, cwd=folder, check=False)
    assert absent.returncode != 0, "the environment must not have this program"
    run = subprocess.run(
        [python, "strategy.py", "prices.csv", "--json"], capture_output=True, cwd=folder, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    printed: dict[str, dict[str, float | None]] = json.loads(run.stdout)
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
