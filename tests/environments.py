"""Virtual environments beside the checkout in which tests run what must not, or need not, be installed with us."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SECONDS_TO_WAIT = 600


def python_with(name: str, requirements: Sequence[str]) -> Path:
    """The Python of an environment that has exactly these requirements; made once, then taken again.

    It lies in `.oracle-<name>` (which git ignores); processes that ask at the same time wait for the first.
    """
    wanted = hashlib.sha256("\n".join([sys.version, *requirements]).encode()).hexdigest()
    folder = CHECKOUT / f".oracle-{name}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    mark = folder / "requirements.sha256"
    with _alone(CHECKOUT / f".oracle-{name}.lock"):
        if not mark.exists() or mark.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([python, *pip, *requirements], check=True)
            mark.write_text(wanted)
    return python


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold the lock file, waiting while another process does; one that died with it is overtaken in the end."""
    end = time.monotonic() + SECONDS_TO_WAIT
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() > end:
                lock.unlink(missing_ok=True)
            time.sleep(0.2)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
