"""The engine's loop, compiled beside an open window: by a process of its own, so that the window is never held up."""

import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from .engine import loop
from .engine.accelerate import compiled
from .engine.compiled_cache import cache_folder

COMPILE: Final = """\
import os
if hasattr(os, "nice"):
    os.nice(15)
from builder_app.quicktest.engine.accelerate import compiled
compiled()
"""
SECONDS_TO_END: Final = 2.0


class WarmUp:
    """Compiles once into the cache on disk, then loads it from there. Without numba there is nothing to do.

    `program` is what the other process runs.
    """

    def __init__(self, program: str = COMPILE) -> None:
        self._program = program
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._has_ended = False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin in the background; nothing where it has begun before."""
        if self._thread is None and importlib.util.find_spec("numba") is not None:
            self._thread = threading.Thread(target=self._work, name="engine-warm-up", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Stop the other process, if it is still at work."""
        with self._lock:
            self._has_ended = True
            child = self._child
        if child is not None and child.poll() is None:
            child.kill()
            child.wait(SECONDS_TO_END)

    def _work(self) -> None:
        folder = cache_folder(loop.PARTS, os.environ.get("NUMBA_CACHE_DIR", ""))
        if folder is None:  # nowhere to keep it: a run that is worth it compiles by itself
            return
        if not _is_compiled(folder):
            with self._lock:
                if self._has_ended:
                    return
                quiet = subprocess.DEVNULL
                self._child = subprocess.Popen(  # noqa: S603  (our own interpreter and our own words)
                    [sys.executable, "-c", self._program], stdin=quiet, stdout=quiet, stderr=quiet
                )
            self._child.wait()
        if not self._has_ended and _is_compiled(folder):
            compiled()


def _is_compiled(folder: Path) -> bool:
    """Whether numba has left an index of compiled code there."""
    return any(folder.rglob("*.nbi"))
