"""The file beside the store that holds the wrapped data keys. Nothing in it opens anything by itself."""

import base64
import binascii
import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from builder_app.store import clock
from builder_app.store.errors import StoreError
from builder_app.store.secrets.wrapping import PassphraseCost

FORMAT: Final = "strategy-builder-keys"
VERSION: Final = 1


class KeysUnavailable(StoreError, ValueError):
    """The key file could not be read or written; the text says why."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it is kept: wrapped by the keyring's key of this account, or (empty) by a passphrase's."""

    id: str
    wrapped: str
    account: str = ""
    cost: PassphraseCost | None = None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All data keys. `active` seals; the others only open what they sealed. An empty `active`: there is none yet."""

    active: str = ""
    keys: tuple[WrappedKey, ...] = ()

    def key(self, id: str) -> WrappedKey | None:
        """The key of this id, or None."""
        return next((key for key in self.keys if key.id == id), None)

    def with_active(self, key: WrappedKey) -> "KeyFile":
        """With one more key, which seals from now on."""
        return KeyFile(key.id, (*self.keys, key))


def key_file_of(location: str, folder: Path) -> Path:
    """Where the keys of a store lie: beside its file, or, where `location` is a server's URL, in the user's folder."""
    if "://" not in location:
        return Path(f"{location}.keys")
    return folder / f"server-{hashlib.sha256(location.encode()).hexdigest()[:16]}.keys"


def read_key_file(path: Path) -> KeyFile:
    """The file's keys, none where it is missing. A file that cannot be read is set aside, never deleted."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return KeyFile()
    except UnicodeDecodeError:
        text = ""
    try:
        return _from_json(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        stamp = clock.now().strftime("%Y%m%dT%H%M%S%fZ")
        path.rename(path.with_name(f"{path.name}.damaged-{stamp}"))
        return KeyFile()


def write_key_file(path: Path, content: KeyFile) -> None:
    """Put the keys on disk, whole or not at all, readable for their owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}-{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        made.unlink()
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(_to_json(content), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def _to_json(content: KeyFile) -> dict[str, Any]:
    keys = [{"id": key.id, "wrapped": key.wrapped, "by": _by_to_json(key)} for key in content.keys]
    return {"format": FORMAT, "version": VERSION, "active": content.active, "keys": keys}


def _by_to_json(key: WrappedKey) -> dict[str, Any]:
    if key.cost is None:
        return {"keyring": key.account}
    cost = key.cost
    return {
        "passphrase": base64.b64encode(cost.salt).decode(),
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "memory_kib": cost.memory_kib,
    }


def _from_json(document: Any) -> KeyFile:
    if document["format"] != FORMAT or document["version"] != VERSION:
        raise ValueError("another form")
    keys = tuple(_key_from_json(item) for item in document["keys"])
    content = KeyFile(str(document["active"]), keys)
    if content.active and content.key(content.active) is None:
        raise ValueError("the active key is missing")
    return content


def _key_from_json(item: Mapping[str, Any]) -> WrappedKey:
    by = item["by"]
    if "keyring" in by:
        return WrappedKey(str(item["id"]), str(item["wrapped"]), str(by["keyring"]))
    try:
        salt = base64.b64decode(by["passphrase"], validate=True)
    except binascii.Error as reason:
        raise ValueError("no salt") from reason
    cost = PassphraseCost(salt, int(by["iterations"]), int(by["lanes"]), int(by["memory_kib"]))
    if not cost.is_sane:
        raise ValueError("a cost that nobody would choose")
    return WrappedKey(str(item["id"]), str(item["wrapped"]), cost=cost)
