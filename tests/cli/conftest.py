"""A terminal for tests: the program's own main function, in a home of its own."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Terminal:
    """A strategist's terminal in an empty folder, with an empty home."""
    home, folder = tmp_path / "home", tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("STRATEGY_BUILDER_HOME", str(home))
    monkeypatch.chdir(folder)
    return Terminal(home, folder, capfd)
