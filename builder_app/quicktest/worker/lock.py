"""Lock the worker's process: limits, then the operating system's walls, each proven by a probe that must fail."""

import errno
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import landlock, seccomp

GIGABYTE: Final = 1 << 30
WORKING_MEMORY: Final = GIGABYTE
"""Bytes that a strategy may take beyond what the process has before it."""

SCRATCH: Final = Path(tempfile.gettempdir())
"""Found by trying to write, hence before the lock."""

_REFUSALS: Final = (errno.EACCES, errno.EPERM, errno.EAGAIN)


@dataclass(frozen=True, slots=True)
class Lock:
    """What was proven. `open` names what stayed open for want of a wall; `broken` walls that stand and do not hold."""

    open: tuple[str, ...]
    broken: tuple[str, ...]


def lock(time_limit: float, panel_bytes: int) -> Lock:
    """Lock this process for good. `time_limit` in seconds, `panel_bytes` the size of the prices it works on."""
    limit(time_limit, panel_bytes)
    scratch = SCRATCH / f"probe-{os.getpid()}"
    canary = Path(__file__)
    canary.read_bytes()  # it can be read now, so that a refusal later is the wall's
    has_files_wall = landlock.apply()
    has_calls_wall = seccomp.apply()
    walls: dict[str, tuple[bool, Callable[[], bool]]] = {
        "files": (has_files_wall or has_calls_wall, lambda: _refused(canary.read_bytes) and _cannot_write(scratch)),
        "the network": (has_calls_wall, lambda: _refused(_connect)),
        "other processes": (has_calls_wall, lambda: _refused(_fork)),
    }
    unproven = {name: stands for name, (stands, probe) in walls.items() if not probe()}
    return Lock(
        open=tuple(name for name, stands in unproven.items() if not stands),
        broken=tuple(name for name, stands in unproven.items() if stands),
    )


def limit(time_limit: float, panel_bytes: int) -> None:
    """Limit memory, processor time, file size, processes and open files, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    memory = _address_space() + WORKING_MEMORY + 30 * panel_bytes
    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, int(time_limit) + 5),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
    ]
    if sys.platform == "linux":
        wanted.append((resource.RLIMIT_AS, memory))
    for kind, value in wanted:
        try:
            resource.setrlimit(kind, (value, value))
        except (OSError, ValueError):
            continue  # a lower limit stands already


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 2 * GIGABYTE
    return pages * os.sysconf("SC_PAGE_SIZE")


def _refused(attempt: Callable[[], object]) -> bool:
    """Whether the system refuses, for want of permission and not for another reason."""
    try:
        attempt()
    except OSError as error:
        return error.errno in _REFUSALS
    return False


def _cannot_write(path: Path) -> bool:
    refused = _refused(lambda: os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)))
    if not refused:
        path.unlink(missing_ok=True)
    return refused


def _connect() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("127.0.0.1", 9))


def _fork() -> None:
    if not hasattr(os, "fork"):
        return
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
