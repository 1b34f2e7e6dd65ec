"""The composition root: the entry point as the system sees it, faults of ours, and what a command loads."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import pytest

from builder_app import __version__, main, paths
from builder_app.cli import commands
from tests.environments import CHECKOUT

NOT_FOR_A_RUN: Final = ("PySide6", "pyqtgraph", "sqlalchemy", "alembic", "sqlite3", "numba")
NOT_FOR_A_WORD: Final = (*NOT_FOR_A_RUN, "numpy", "pandas", "pyarrow", "talib", "jsonschema")
LOADED: Final = """
import sys
import tempfile
from builder_app.main import main
try:
    code = main(sys.argv[2:])
except SystemExit as leaving:
    code = leaving.code
found = sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[1].split(",")))
sys.exit(f"loaded: {found}" if found else code)
"""


def started(arguments: list[str], home: Path, **more: Any) -> "subprocess.Popen[str]":
    environment = {**os.environ, "STRATEGY_BUILDER_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment, cwd=home, **more,
    )  # fmt: skip


def ended(arguments: list[str], home: Path) -> tuple[int, str, str]:
    process = started(arguments, home)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_module_runs_and_gives_its_exit_code(tmp_path: Path) -> None:
    assert ended(["-m", "builder_app", "--version"], tmp_path) == (0, f"strategy-builder {__version__}\n", "")
    code, out, err = ended(["-m", "builder_app", "run"], tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith("usage: strategy-builder run")
    code, out, err = ended(["-m", "builder_app", "run", "none.flow.json"], tmp_path)
    assert (code, out) == (1, "")
    assert err == "error: There is no file or folder 'none.flow.json'. Look at its name and where it lies.\n"


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [(["--version"], NOT_FOR_A_WORD), (["run", "--help"], NOT_FOR_A_WORD), (["run", "rsi_reversal"], NOT_FOR_A_RUN)],
)
def test_a_command_loads_only_what_it_needs(tmp_path: Path, words: list[str], unwanted: tuple[str, ...]) -> None:
    code, _, err = ended(["-c", LOADED, ",".join(unwanted), *words], tmp_path)
    assert (code, err) == (0, "")


def test_names_of_any_script_are_written_on_any_terminal(tmp_path: Path) -> None:
    document = json.loads((CHECKOUT / "resources/examples/rsi_reversal.flow.json").read_text(encoding="utf-8"))
    (tmp_path / "drawn.json").write_text(json.dumps({**document, "name": "交叉 Ünïcode 📈"}), encoding="utf-8")
    environment = {**os.environ, "STRATEGY_BUILDER_HOME": str(tmp_path), "PYTHONPATH": str(CHECKOUT)}
    environment |= {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "builder_app", "run", "drawn.json"],
        capture_output=True, env=environment, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8").startswith("交叉 Ünïcode 📈: AAPL")


@pytest.mark.skipif(os.name == "nt", reason="pipes are closed differently there")
def test_reader_that_has_seen_enough_ends_it_without_a_word(tmp_path: Path) -> None:
    process = started(["-m", "builder_app", "run", "rsi_reversal", "--json"], tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 1
    process.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
def test_interrupted_command_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    process = started(
        ["-m", "builder_app", "export", "rsi_reversal", "-o", "work/given"],
        tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "prices").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "Stopped.\n")
    assert list((tmp_path / "work").iterdir()) == []


@pytest.fixture
def at_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program with a bug in one of its commands; the user's own folder."""

    def broken(*_: object) -> int:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(commands, "run", broken)
    monkeypatch.setenv("STRATEGY_BUILDER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_fault_of_ours_is_said_to_be_ours_and_its_trace_is_in_a_file(
    at_fault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["run", "rsi_reversal"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "This is a fault of Strategy Builder, not yours: ZeroDivisionError: division by zero. " in err
    report = at_fault / "last-fault.txt"
    assert f"'{report}'" in err
    assert "Traceback" not in err
    assert "Traceback" in report.read_text(encoding="utf-8")
    assert __version__ in report.read_text(encoding="utf-8")


def test_fault_of_ours_is_json_where_json_was_asked_for(at_fault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["run", "rsi_reversal", "--json"]) == 1
    out, err = capsys.readouterr()
    (problem,) = json.loads(out)["problems"]
    assert problem["rule"] == "fault"
    assert "fault of Strategy Builder" in problem["message"]
    assert err == ""


def test_fault_is_kept_elsewhere_where_the_own_folder_is_closed(
    at_fault: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_fault.write_text("a file where the folder should be")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "elsewhere"))
    assert main.main(["run", "rsi_reversal"]) == 1
    assert str(tmp_path / "elsewhere" / "last-fault.txt") in capsys.readouterr().err
    (tmp_path / "elsewhere" / "last-fault.txt").unlink()
    (tmp_path / "elsewhere").rmdir()
    (tmp_path / "elsewhere").write_text("closed too")
    assert main.main(["run", "rsi_reversal"]) == 1
    assert capsys.readouterr().err == (
        "This is a fault of Strategy Builder, not yours: ZeroDivisionError: division by zero.\n"
    )


def test_paths_of_a_checkout_hold_what_ships(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (paths.resources() / "samples" / main.SAMPLE).is_file()
    assert (paths.migrations() / "env.py").is_file()
    monkeypatch.setenv(paths.DATA_FOLDER_VARIABLE, "~/somewhere")
    assert paths.data_folder() == Path.home() / "somewhere"
    monkeypatch.delenv(paths.DATA_FOLDER_VARIABLE)
    assert paths.data_folder().name == "strategy-builder"


def test_sample_is_put_into_an_empty_library_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(paths.DATA_FOLDER_VARIABLE, str(tmp_path))
    assert main.open_library_as_it_is().symbols() == ()
    assert len(main.open_library().symbols()) == 5
    library = main.open_library()
    library.remove("IBM")
    assert [info.symbol for info in main.open_library().symbols()] == ["AAPL", "FB", "GOOG", "MSFT"]
