"""Where the compiled loop is kept: a folder named by the content of every file that it is compiled from."""

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

PREFIX: Final = "engine-"


def sources_of(parts: Iterable[Callable[..., Any]]) -> tuple[Path, ...]:
    """The files in which functions are written."""
    names = {part.__module__ for part in parts}
    return tuple(sorted(Path(str(sys.modules[name].__file__)) for name in names))


def digest_of(sources: Iterable[Path]) -> str:
    """A short hash of files' names and contents."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def cache_folder(parts: Iterable[Callable[..., Any]], chosen: str = "") -> Path | None:
    """The folder for these functions' compiled code, made now; None where no place can be written.

    It lies beside the files, or in the user's cache; in the folder `chosen`, where one is. Those that were there for
    other contents of the same files are deleted.
    """
    sources = sources_of(parts)
    try:
        name = PREFIX + digest_of(sources)
    except OSError:
        return None
    for place in _places(sources[0].parent, chosen):
        folder = place / name
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
            _delete_others(folder)
            return folder
    return None


def _places(beside: Path, chosen: str) -> Iterator[Path]:
    """Where a cache may lie, the best first; each is for this one copy of the files alone."""
    own = hashlib.sha256(str(beside.resolve()).encode()).hexdigest()[:12]
    if chosen:
        yield Path(chosen) / own
    yield beside / "__pycache__" / "compiled"
    if sys.platform == "win32":
        user = os.environ.get("LOCALAPPDATA")
    else:
        user = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    if user:
        yield Path(user) / "strategy-engine" / own


def _delete_others(folder: Path) -> None:
    for other in folder.parent.glob(f"{PREFIX}*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
