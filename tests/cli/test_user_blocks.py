"""Saved strategies with blocks that users made, from the terminal; a plain file never opens the store."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from builder_app.flow.codec import encode
from builder_app.main import open_user_store
from tests.cli.terminal import CROSSOVER, Terminal
from tests.session.blocks.test_user_blocks import FILE, FLOW, LINE, stored


@pytest.fixture
def imported(terminal: Terminal) -> str:
    """The name of a strategy that came in from a file together with its block."""
    path = terminal.file("mine.strategy.zip", FILE)
    assert terminal("strategies", "import", path).code == 0
    return FLOW.name


def test_run_and_export_of_a_saved_strategy_use_the_block_it_brought(terminal: Terminal, imported: str) -> None:
    ran = terminal("run", imported, "--json")
    assert (ran.code, ran.err) == (0, "")
    exported = terminal("export", imported, "-o", "given", "--json")
    assert (exported.code, exported.err) == (0, "")
    assert exported.document["metrics"] == ran.document["metrics"]
    command = [sys.executable, "strategy.py", "prices.csv", "--json"]
    folder = terminal.folder / "given"
    alone = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    expected = {name: value for name, value in ran.document["metrics"].items() if value is not None}
    printed = {name: value for name, value in json.loads(alone.stdout)["metrics"].items() if value is not None}
    assert printed == pytest.approx(expected, rel=1e-9)


def test_a_plain_file_opens_no_store(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(_chosen: str | None = None) -> None:
        raise AssertionError("the store was opened")

    monkeypatch.setattr("builder_app.main.open_user_store", opened)
    assert terminal("run", CROSSOVER).code == 0
    assert terminal("run", "rsi_reversal").code == 0
    unknown = terminal("run", terminal.file("drawn.flow.json", encode(FLOW)))
    assert unknown.code == 1
    assert "my_line" in unknown.err
    assert terminal("run", "rsi_reversl").code == 1, "where there is no store yet, none is made for a misspelt name"


def test_a_block_that_may_not_be_used_is_said(terminal: Terminal, imported: str) -> None:
    with open_user_store() as store:
        (offered,) = store.node_templates.usable()
        bad = stored(LINE, execution_hints={"outputs": {"value": "open(period)"}})
        store.node_templates.update(offered.record.id, bad)
    said = terminal("run", imported)
    assert said.code == 1
    assert "Your block 'my_line' was left out" in said.err
    problems = terminal("run", imported, "--json").document["problems"]
    assert [problem["rule"] for problem in problems].count("user-block") == 1


def test_a_name_that_is_nowhere_is_said_of_all_places(terminal: Terminal, imported: str) -> None:
    answer = terminal("run", f"{imported}s")
    assert answer.code == 1
    assert "no ready-made strategy of that name" in answer.err
    assert f"Did you mean '{imported}'?" in answer.err


def test_starting_to_run_a_plain_file_loads_no_sql(tmp_path: Path) -> None:
    text = (
        "import sys; from builder_app.main import main; "
        f"code = main(['run', {str(CROSSOVER)!r}]); assert code == 0; assert 'sqlalchemy' not in sys.modules"
    )
    environment = {"STRATEGY_BUILDER_HOME": str(tmp_path / "home"), "PATH": "", "PYTHONIOENCODING": "utf-8"}
    subprocess.run([sys.executable, "-c", text], cwd=CROSSOVER.parents[2], env=environment, check=True, timeout=120)
