"""A terminal for tests: the program's own main function, in a home of its own."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.ground import lasting_runner
from tests.shipped import shipped_catalogue


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Terminal:
    """A strategist's terminal in an empty folder, with an empty home; its commands share one worker and the blocks."""
    home, folder = tmp_path / "home", tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("STRATEGY_BUILDER_HOME", str(home))
    monkeypatch.setattr("builder_app.nodes.load_catalogue", lambda *_given: shipped_catalogue())
    for place in ("builder_app.session.runs.one_run.Runner", "builder_app.session.rooms.Runner"):
        monkeypatch.setattr(place, lasting_runner)
    monkeypatch.chdir(folder)
    return Terminal(home, folder, capfd)
