"""An environment of its own for an oracle, made once and kept in the checkout, where Git does not see it."""

import contextlib
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
REQUIREMENTS: Final = Path(__file__).parent / "requirements.txt"
UNREACHABLE: Final = ("Failed to establish a new connection", "NameResolutionError", "Name or service not known")
"""What pip says where there is no way to the index; anything else that goes wrong fails the tests."""


class IndexUnreachable(Exception):
    """The package index cannot be reached, so the oracle cannot be had."""


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time is inside; where the system has no file locks, everybody is."""
    with path.open("w") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def oracle_python(name: str) -> Path:
    """The interpreter of the oracle's environment with the pinned packages, made now if it is not there yet."""
    folder = ROOT / f".oracle-{name}"
    folder.mkdir(exist_ok=True)
    wanted = REQUIREMENTS.read_text(encoding="utf-8") + sys.version
    done = folder / "installed.txt"
    with locked(folder / "lock"):
        if not done.is_file() or done.read_text(encoding="utf-8") != wanted:
            venv.create(folder, clear=False, with_pip=True)
            command = [str(python_of(folder)), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
            environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
            result = subprocess.run(
                [*command, "-r", str(REQUIREMENTS)], capture_output=True, text=True, timeout=200, env=environment
            )
            if any(words in result.stderr for words in UNREACHABLE):
                raise IndexUnreachable(result.stderr[-300:])
            assert result.returncode == 0, result.stderr
            done.write_text(wanted, encoding="utf-8")
    return python_of(folder)
