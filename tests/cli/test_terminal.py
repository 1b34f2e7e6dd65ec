"""Progress on a terminal, and none of it in a pipe: through the real entry point."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder_app.cli.terminal import ProgressLine
from tests.cli.terminal import CHECKOUT, SAMPLE


def seen_on_a_terminal(arguments: list[str], home: Path) -> tuple[str, str]:
    """What a command writes to standard output, which is a pipe, and to standard error, which is a terminal."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "STRATEGY_BUILDER_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "builder_app", *arguments],
        stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, env=environment, cwd=home,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux's way to say that the other side has closed
            part = b""
        if not part:
            break
        shown += part
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out.decode(), shown.decode()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo terminals in Python")
def test_import_shows_its_progress_on_a_terminal_and_takes_it_away(tmp_path: Path) -> None:
    out, shown = seen_on_a_terminal(["data", "import", str(SAMPLE)], tmp_path)
    assert "Reading stocks.csv.gz" in shown
    assert "Writing MSFT" in shown
    assert shown.rsplit("\r", 2)[-2].strip() == ""
    assert shown.endswith("\r")
    assert "\r" not in out
    assert "Imported AAPL, FB, GOOG, IBM, MSFT." in out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo terminals in Python")
def test_run_shows_its_progress_on_a_terminal_and_only_json_in_a_pipe(tmp_path: Path) -> None:
    out, shown = seen_on_a_terminal(["run", "rsi_reversal", "--json"], tmp_path)
    assert "Generating code" in shown
    assert "Reading prices" in shown
    shares = [int(part.split("%")[0]) for part in shown.split("\r") if "%" in part]
    assert shares == sorted(shares)
    assert out.startswith("{")


def test_progress_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine() as progress:
        progress.show("Reading", 0.5)
    assert capsys.readouterr() == ("", "")
