"""Reading a file up to a limit, writing a file whole or not at all."""

import os
import tempfile
from pathlib import Path


def read_limited(path: Path, limit: int) -> bytes:
    """The file's bytes; of a file that is larger than `limit` one byte more than that, which tells so."""
    with path.open("rb") as file:
        return file.read(limit + 1)


def write_whole(path: Path, text: str) -> None:
    """Write beside the file, then put it in its place: a reader sees the old text or the new one, never a part.

    Raises OSError, which names `path`.
    """
    write_whole_bytes(path, text.encode("utf-8"))


def write_whole_bytes(path: Path, content: bytes) -> None:
    """The same for a file that is no text."""
    try:
        _write_beside(path, content)
    except OSError as reason:
        raise OSError(reason.errno, reason.strerror, str(path)) from reason


def _write_beside(path: Path, content: bytes) -> None:
    handle, made = tempfile.mkstemp(prefix=f".{path.name[:60]}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(made).chmod(0o644)
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
