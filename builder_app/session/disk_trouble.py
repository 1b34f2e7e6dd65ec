"""What a disk refuses, in whole sentences."""

import contextlib
import errno
from collections.abc import Iterator
from typing import Final

_SENTENCES: Final = {
    errno.ENOENT: "There is no file or folder {name}. Look at its name and where it lies.",
    errno.EISDIR: "{name} is a folder. Name a file.",
    errno.ENOTDIR: "{name} would have to lie in a folder, but there is a file in its way. Name another place.",
    errno.EEXIST: "{name} is a file, where a folder is needed. Name another place.",
    errno.EACCES: "{name} is closed to you. Change its permissions, or name another place.",
    errno.EPERM: "{name} is closed to you. Change its permissions, or name another place.",
    errno.EROFS: "{name} lies on a disk that cannot be written to. Name another place.",
    errno.ENOSPC: "The disk is full: {name} could not be written. Make room, or name another place.",
    errno.ENAMETOOLONG: "The name {name} is too long for this disk. Name another place.",
}


class DiskTrouble(ValueError):
    """A file could not be read or written; the text is a sentence with a way out."""


def disk_sentence(reason: OSError) -> str:
    """What is wrong, with which file, and what to do."""
    name = f"'{reason.filename}'" if reason.filename else "a file"
    sentence = _SENTENCES.get(reason.errno or 0)
    if sentence is not None:
        return sentence.format(name=name)
    return f"The system refused {name}: {reason.strerror or reason}. Name another file or place."


@contextlib.contextmanager
def in_sentences() -> Iterator[None]:
    """Raise DiskTrouble where the disk refuses."""
    try:
        yield
    except OSError as reason:
        raise DiskTrouble(disk_sentence(reason)) from reason
