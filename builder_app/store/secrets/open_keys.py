"""The data keys that are open, where they are kept, and the file that names them, read anew when it was changed."""

import base64
import binascii
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from builder_app.store.secrets.cipher import KEY_BYTES, DataKey, new_key
from builder_app.store.secrets.key_file import KeyFile, KeysUnavailable, WrappedKey, read_key_file, write_key_file
from builder_app.store.secrets.keyrings import Keyring, KeyringFailed
from builder_app.store.secrets.wrapping import unwrap, wrap
from builder_app.store.sqlite_file import only_one_opening


class OpenKeys:
    """What a vault knows of its keys; its methods are called under `_lock`.

    The keys, and the keyring where a function is given that finds it, are first looked for when there is a value.
    """

    def __init__(self, path: Path | None, keyring: Keyring | Callable[[], Keyring | None] | None) -> None:
        self._path, self._sought = path, keyring
        self._lock = threading.RLock()
        self._content = KeyFile()
        self._open: dict[str, DataKey] = {}
        self._is_loaded = False
        self._trouble = ""
        self._read_as: tuple[int, ...] = ()
        self._sealed_with = ""

    @cached_property
    def _keyring(self) -> Keyring | None:
        return self._sought() if callable(self._sought) else self._sought

    @contextmanager
    def _changing(self) -> Iterator[Path]:
        """Only this program changes the key file now, and has read what others wrote to it."""
        if self._path is None:
            raise ValueError("This store has no place for keys: sensitive values are kept in memory only.")
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with only_one_opening(self._path):
                    self._is_loaded = False
                    self._load()
                    yield self._path
        except (OSError, sqlite3.Error) as reason:
            raise KeysUnavailable(f"The keys could not be kept in '{self._path}': {reason}.") from reason

    def _keep(self, path: Path, content: KeyFile) -> None:
        write_key_file(path, content)
        self._content, self._trouble, self._read_as = content, "", _as_it_lies(path)

    def _active(self) -> DataKey | None:
        """The key that seals; where there is none yet, the keyring is asked to keep one."""
        self._load()
        active = self._content.key(self._content.active)
        if active is not None and active.id in self._open:
            self._sealed_with = active.id
        if self._content.key(self._sealed_with) is not None:  # another program may have rotated to one that is closed
            return self._open[self._sealed_with]
        if active is not None and active.cost is not None:
            return None
        if self._keyring is None or self._path is None or self._trouble:
            return None
        try:
            with self._changing() as path:
                if self._content.active not in self._open and not self._trouble:
                    self._begin_with_keyring(path)
        except KeyringFailed as reason:
            self._trouble = f"{self._keyring.name} did not keep their key ({reason})"
        except KeysUnavailable as reason:
            self._trouble = str(reason).removesuffix(".")
        return self._open.get(self._content.active)

    def _begin_with_keyring(self, path: Path) -> None:
        assert self._keyring is not None
        account, wrapping_key, fresh = secrets.token_hex(16), secrets.token_bytes(KEY_BYTES), new_key()
        self._keyring.put(account, base64.b64encode(wrapping_key).decode())
        self._open[fresh.id] = fresh
        self._keep(path, self._content.with_active(WrappedKey(fresh.id, wrap(wrapping_key, fresh), account)))

    def _load(self) -> None:
        if self._path is None or (self._is_loaded and self._read_as == _as_it_lies(self._path)):
            return
        self._is_loaded, self._read_as = True, _as_it_lies(self._path)  # another program may have rotated meanwhile
        try:
            self._content = read_key_file(self._path)
        except OSError as reason:
            self._trouble = f"The keys in '{self._path}' could not be read ({reason.strerror})"
            return
        for key in self._content.keys:
            if key.account and key.id not in self._open and self._keyring is not None and not self._trouble:
                found = self._from_keyring(self._keyring, key)
                if found is not None:
                    self._open[key.id] = found

    def _from_keyring(self, keyring: Keyring, key: WrappedKey) -> DataKey | None:
        try:
            kept = keyring.get(key.account)
            return None if kept is None else unwrap(base64.b64decode(kept, validate=True), key.id, key.wrapped)
        except KeyringFailed as reason:
            self._trouble = f"{keyring.name} did not answer ({reason})"
        except (binascii.Error, ValueError):
            return None
        return None

    def _why_closed(self, id: str) -> str:
        key = self._content.key(id)
        if key is not None and key.cost is not None:
            return "The stored value is locked: type the passphrase to open it."
        if key is not None and self._trouble:
            return f"The stored value could not be opened: {self._trouble}. Unlock the keyring and try again."
        if key is not None and self._keyring is None:
            return "The stored value could not be opened: the keyring that has its key is not there on this computer."
        return "The key of the stored value is lost, so it cannot be opened any more; set it anew."


def _as_it_lies(path: Path) -> tuple[int, ...]:
    """What differs when the file was written anew; empty where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size
