"""Settings for every test: no display is needed, and nothing touches the user's own folders."""

import faulthandler
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
CRASHES: Final = "STRATEGY_BUILDER_TEST_CRASHES"
"""Where test processes that work side by side write what they did when they crashed."""

# How long a machine takes to draw an example, which may be busy with the other tests, is no matter of what is tested.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("normal run", settings.get_profile("any machine"), max_examples=40)

_FRAMES: Final = 30
_CRASH: Final = pytest.StashKey[TextIO]()
_CRASHES: Final = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()


def pytest_configure(config: pytest.Config) -> None:
    """Draw fewer examples in the normal run than in that of every test, where a test does not say how many."""
    settings.load_profile("normal run" if config.option.markexpr == "not long" else "any machine")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Where processes share the tests, each writes where it was when it crashed, for the end of the run."""
    if hasattr(session.config, "workerinput"):
        name = Path(os.environ[CRASHES]) / session.config.workerinput["workerid"]
        session.config.stash[_CRASH] = file = name.with_suffix(f".{os.getpid()}").open("w")
        faulthandler.enable(file)
    elif session.config.getoption("numprocesses", None):
        session.config.stash[_CRASHES] = folder = tempfile.TemporaryDirectory(prefix="crashes-")
        os.environ[CRASHES] = folder.name


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say where the processes were that crashed: their own words are far above, or lost."""
    folder = config.stash.get(_CRASHES, None)
    for file in sorted(Path(folder.name).iterdir()) if folder is not None else ():
        if words := file.read_text(errors="replace"):
            terminalreporter.section(f"Crash of {file.stem}")
            for part in words.split("\n\n"):
                if part.startswith(("Fatal", "Current")):
                    terminalreporter.write_line("\n".join(part.splitlines()[:_FRAMES]))


@pytest.fixture(scope="session", autouse=True)
def _ground_is_left_clean() -> Iterator[None]:
    """End what tests of this process shared, if any of them asked for it."""
    yield
    if "tests.ground" in sys.modules:
        sys.modules["tests.ground"].end()
