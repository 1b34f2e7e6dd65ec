"""A PostgreSQL server for the tests: made in a temporary folder, on a loopback port, and gone with the test run.

The programs are those of Debian's package `postgresql`; a server refuses to run as root, so root hands it to the
package's own user.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, NullPool, create_engine, exc, text

_SECONDS_TO_START = 60


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest version's, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


def why_not() -> str | None:
    """Why no server can be started here, or None."""
    if os.name == "nt":
        return "these tests start PostgreSQL on POSIX only"
    if programs() is None:
        return "PostgreSQL is not installed (Debian's package: postgresql)"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "the driver psycopg is not installed"
    return None


@contextmanager
def server() -> Iterator[URL]:
    """A running server; the URL names its superuser and the database `postgres`."""
    folder, where = Path(tempfile.mkdtemp(prefix="strategy-builder-postgresql-")), programs()
    assert where is not None
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)
    settings: list[str | Path] = ["-U", "strategist", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]
    settings += ["--pwfile", folder / "password", "--no-sync", "--no-instructions"]
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": folder, **account}
    data = folder / "data"
    initdb: list[str | Path] = [where / "initdb", "-D", data, *settings]
    subprocess.run(initdb, check=True, stderr=subprocess.DEVNULL, **quiet)
    port = free_port()
    options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB"]
    options += ["listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}", "max_connections=60"]
    command: list[str | Path] = [
        where / "postgres",
        "-D",
        data,
        *(part for option in options for part in ("-c", option)),
    ]
    with (folder / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(command, stderr=log, **quiet)
    url = URL.create("postgresql+psycopg", "strategist", password, "127.0.0.1", port, "postgres")
    try:
        _wait(url, process, folder / "log")
        yield url
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing here outlives the run
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def execute(url: URL, statement: str) -> None:
    """Run one statement outside any transaction, as CREATE DATABASE wants it."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _wait(url: URL, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            execute(url, "SELECT 1")
        except exc.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        else:
            return
