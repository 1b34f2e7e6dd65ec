"""The worker is an island, and a locked one: what it loads, and what a text with every means of Python cannot do."""

import json
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from builder_app.quicktest.fork_server import ForkServer
from builder_app.quicktest.processes import Job
from builder_app.quicktest.spare_processes import SpareProcesses
from builder_app.quicktest.worker import frames, landlock, seccomp

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the lock of the operating system is Linux's")
ROOT = Path(__file__).parents[3]
PANEL: dict[str, NDArray[Any]] = {name: np.full((40, 1), 10.0) for name in frames.PANEL_ARRAYS}
PANEL["times"] = np.arange(40)

ESCAPE = """
RULES = {}
def signals(prices):
    return {}
import numpy
python = numpy.__builtins__ if isinstance(numpy.__builtins__, dict) else numpy.__builtins__.__dict__
real = python["__import__"]
ctypes, os, sys, io = real("ctypes"), real("os"), real("sys"), real("io")
socket, subprocess, threading, signal = real("socket"), real("_socket"), real("threading"), real("signal")
"""
"""The language's guard is passed at once, as an attacker would; what is left is the operating system's wall."""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    shared = ForkServer()
    shared.start()
    yield shared
    shared.close()


def answer(workers: ForkServer | SpareProcesses, source: str) -> frames.Frame:
    """The last frame that a worker gives for a text; the first must say that every wall stands."""
    values = {"source": source, "symbols": ["A"], "pool": ["A"], "benchmark": None, "time_limit": 10.0}
    answers = workers.open(Job("panel", PANEL, values), 10_000_000, lambda: False)
    try:
        first = answers.arrived.get(timeout=30)
        assert isinstance(first, frames.Frame)
        assert (first.kind, first.values) == ("locked", {"open": [], "broken": []})
        while True:
            item = answers.arrived.get(timeout=30)
            assert isinstance(item, frames.Frame), item
            if item.kind != "progress":
                return item
    finally:
        answers.end()


def attempt(workers: ForkServer | SpareProcesses, body: str) -> str:
    """What became of one escape attempt: “done”, or the error's name and words."""
    source = ESCAPE + "try:\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    source += (
        "\n    said = 'done'\nexcept BaseException as error:\n    said = type(error).__name__ + ': ' + str(error)\n"
    )
    source = source.replace("BaseException", "python['BaseException']").replace("type(", "python['type'](")
    frame = answer(workers, source + "raise ValueError('said ' + said)\n")
    message = str(frame.values["message"])
    assert "ValueError: said " in message, message
    return message.partition("said ")[2].removesuffix(".")


ATTEMPTS = {
    "read a file": "io.open({canary!r}).read()",
    "read a file by number": "os.read(os.open({canary!r}, 0), 10)",
    "read the passwords": "io.open('/etc/passwd').read()",
    "read its own memory map": "io.open('/proc/self/maps').read()",
    "list a folder": "os.listdir('/')",
    "write a file": "io.open({target!r}, 'w').write('x')",
    "remove a file": "os.unlink({canary!r})",
    "rename a file": "os.rename({canary!r}, {target!r})",
    "make a folder": "os.mkdir({target!r})",
    "make a link": "os.symlink({canary!r}, {target!r})",
    "make a node": "os.mkfifo({target!r})",
    "change a file's mode": "os.chmod({canary!r}, 0)",
    "change a file's time": "os.utime({canary!r}, (1, 1))",
    "empty a file": "os.truncate({canary!r}, 0)",
    "connect": "socket.create_connection(('127.0.0.1', {port}), 1)",
    "send a datagram": "socket.socket(2, 2).sendto(b'x', ('127.0.0.1', {port}))",
    "open a local socket": "socket.socket(1, 1)",
    "resolve a name": "socket.getaddrinfo('example.org', 80)",
    "fork": "os.fork() or os._exit(0)",
    "start a program": "real('subprocess').run(['/bin/true'])",
    "become a program": "os.execv('/bin/true', ['true'])",
    "start a thread": "threading.Thread(target=int).start()",
    "kill its parent": "os.kill(os.getppid(), 9)",
    "kill a group": "os.killpg(0, 9)",
    "raise its limits": "real('resource').setrlimit(7, (1000, 1000))",
    "import from disk": "real('wave')",
}


@LINUX
@pytest.mark.parametrize("name", list(ATTEMPTS))
def test_text_that_passed_the_guard_still_cannot(server: ForkServer, tmp_path: Path, name: str) -> None:
    canary, target = tmp_path / "canary", tmp_path / "target"
    canary.write_text("secret")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.01)
        body = ATTEMPTS[name].format(canary=str(canary), target=str(target), port=listener.getsockname()[1])
        said = attempt(server, body)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert said != "done"
    refused = (
        "PermissionError",
        "gaierror",
        "can't start new thread",
        "ModuleNotFoundError",
        "BlockingIOError",
        "not allowed to raise maximum limit",
    )
    assert any(word in said for word in refused), said
    assert canary.read_text() == "secret"
    assert not target.exists()


UNLOCKED = ("read a file", "read a file by number", "list a folder", "write a file", "change a file's mode",
            "open a local socket", "start a program", "start a thread", "make a folder", "import from disk",
            "empty a file",
            "remove a file")  # fmt: skip


@LINUX
def test_attempts_succeed_where_there_is_no_lock(tmp_path: Path) -> None:
    """The same bodies in a plain process: what fails above fails for the lock, and not for a slip in the attempt."""
    canary = tmp_path / "canary"
    canary.write_text("secret")
    bodies = [
        ATTEMPTS[name].format(canary=str(canary), target=str(tmp_path / name.replace(" ", "-")), port=1)
        for name in UNLOCKED
    ]
    code = "import sys, json; s = {}; exec(sys.argv[1], s); [exec(body, s) for body in json.loads(sys.argv[2])]"
    command = [sys.executable, "-I", "-c", code, ESCAPE, json.dumps(bodies)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not canary.exists()


@LINUX
def test_spare_process_is_locked_as_well(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("secret")
    spare = SpareProcesses()
    try:
        assert "PermissionError" in attempt(spare, f"io.open({str(canary)!r}).read()")
        assert "PermissionError" in attempt(spare, "os.fork() or os._exit(0)")
    finally:
        spare.close()


@LINUX
def test_worker_holds_no_descriptor_but_its_answers_and_no_environment(server: ForkServer) -> None:
    said = attempt(
        server, "raise python['KeyError'](str([n for n in range(64) if not ctypes.CDLL(None).fcntl(n, 1) < 0]))"
    )
    assert said == "KeyError: '[0, 1, 2, 3]'"
    said = attempt(server, "raise python['KeyError'](str(sorted(os.environ)))")
    threads = ["MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]
    assert said == f'KeyError: "{["LANG", "LC_ALL", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", *threads]}"'


@LINUX
def test_output_of_a_text_goes_nowhere(server: ForkServer) -> None:
    assert attempt(server, "os.write(1, b'QTW1'); os.write(2, b'QTW1'); assert os.read(0, 10) == b''") == "done"


@LINUX
def test_forged_answers_are_read_as_data_only(server: ForkServer) -> None:
    values = {
        "source": ESCAPE + "os.write(3, b'QTW1' + b'\\xff' * 40)\n",
        "symbols": ["A"],
        "columns": [0],
        "time_limit": 5,
    }
    answers = server.open(Job("panel", PANEL, values), 10_000, lambda: False)
    answers.arrived.get(timeout=10)
    assert isinstance(answers.arrived.get(timeout=10), frames.FrameError)
    answers.end()


def test_worker_loads_neither_qt_nor_sql_nor_the_market() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from builder_app.quicktest.worker import main, preload\n"
        "preload.preload()\n"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code, str(ROOT)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    assert "talib" in loaded
    roots = {name.partition(".")[0] for name in loaded}
    assert not roots & {"PySide6", "sqlalchemy", "alembic", "sqlite3", "pyqtgraph", "numba", "jsonschema"}
    ours = {name for name in loaded if name.startswith("builder_app.")}
    assert all(name.startswith("builder_app.quicktest") for name in ours), ours
    assert not ours & {
        "builder_app.quicktest.runner",
        "builder_app.quicktest.request",
        "builder_app.quicktest.processes",
    }


def test_walls_say_when_they_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.version() == 0
    assert not landlock.apply()
    assert seccomp.program() is None
    assert not seccomp.apply()


@LINUX
@pytest.mark.parametrize(("wall", "left"), [("seccomp", ["the network", "other processes"]), ("both", None)])
def test_missing_wall_is_found_by_its_probe(wall: str, left: list[str] | None) -> None:
    """In a process of its own, whose walls are taken away: the probes must find what is open."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from builder_app.quicktest.worker import landlock, lock, seccomp\n"
        "seccomp.apply = lambda: False\n"
        f"if {wall!r} == 'both':\n    landlock.apply = lambda: False\n    lock.limit = lambda *_: None\n"
        "state = lock.lock(5.0, 0)\n"
        "print(sorted(state.open), state.broken)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code, str(ROOT)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    if left is None:
        assert done.stdout.strip() == "['files', 'other processes', 'the network'] ()"
    else:
        found = done.stdout.strip()
        assert "files" not in found
        assert "the network" in found
        assert found.endswith("()")


@LINUX
def test_wall_that_stands_and_does_not_hold_is_broken() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from builder_app.quicktest.worker import landlock, lock, seccomp\n"
        "landlock.apply = seccomp.apply = lambda: True\n"
        "lock.limit = lambda *_: None\n"
        "print(lock.lock(5.0, 0).broken)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code, str(ROOT)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "('files', 'the network', 'other processes')", done.stderr
