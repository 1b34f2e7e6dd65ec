"""The vault: seals and opens values for one user, and knows how the data keys are kept."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from builder_app.store.secrets.cipher import (
    Owner,
    SecretUnreadable,
    Value,
    key_id,
    new_key,
    seal,
    unseal,
)
from builder_app.store.secrets.keeping import Keeping
from builder_app.store.secrets.key_file import KeyFile, WrappedKey, read_key_file
from builder_app.store.secrets.keyrings import Keyring, KeyringFailed
from builder_app.store.secrets.open_keys import OpenKeys
from builder_app.store.secrets.wrapping import SALT_BYTES, PassphraseCost, key_of_passphrase, unwrap, wrap

SHORTEST_PASSPHRASE: Final = 8
TOKENS_REMEMBERED: Final = 10_000


class Vault(OpenKeys):
    """Seals values for one user, under the keys in `path`. Any thread may call; a keyring's question makes it wait.

    `path` None, or neither keyring nor passphrase: nothing is sealed, and the caller keeps values in memory only.
    The keys, and the keyring where a function is given that finds it, are first looked for when there is a value.
    """

    def __init__(
        self, path: Path | None, user: str, keyring: Keyring | Callable[[], Keyring | None] | None = None
    ) -> None:
        super().__init__(path, keyring)
        self._user = user
        self._tokens: OrderedDict[tuple[object, ...], str] = OrderedDict()

    # -- values -------------------------------------------------------------------------------------------------------

    def seal(self, owner: Owner, place: Sequence[str], value: Value) -> str | None:
        """The token that may be stored at this place, or None: the value is kept in memory only.

        The same value at the same place gives the same token as before, so that a write can be tried again.
        """
        with self._lock:
            key = self._active()
            if key is None:
                return None
            bound = (self._user, *owner, *place)
            asked = (key.id, bound, type(value), value)
            token = self._tokens.pop(asked, None) or seal(key, bound, value)
            self._remember(asked, token)
            return token

    def open(self, owner: Owner, place: Sequence[str], token: str) -> Value:
        """The value of a token that was sealed for this place; SecretUnreadable, with a sentence, for every other."""
        id = key_id(token)
        bound = (self._user, *owner, *place)
        with self._lock:
            self._load()
            if self._content.key(id) is None:  # another program may have made it meanwhile
                self._is_loaded = False
                self._load()
            key = self._open.get(id)
            if key is None:
                raise SecretUnreadable(self._why_closed(id))
            value = unseal(key, bound, token)
            self._remember((id, bound, type(value), value), token)
            return value

    def sealed_anew(self, user: str, owner: Owner, place: Sequence[str], token: str) -> str:
        """A token of this user and place under the key that seals now; the same token where that key sealed it.

        SecretUnreadable where the token does not open there, or nothing seals now.
        """
        id, bound = key_id(token), (user, *owner, *place)
        with self._lock:
            active, key = self._active(), self._open.get(id)
            if active is None or key is None:
                raise SecretUnreadable(self._why_closed(id))
            value = unseal(key, bound, token)
            return token if key.id == active.id else seal(active, bound, value)

    # -- keys ---------------------------------------------------------------------------------------------------------

    @property
    def keeping(self) -> Keeping:
        """How values are kept; where there is a keyring, that it will be asked for a key with the first value."""
        with self._lock:
            self._load()
            active = self._content.key(self._content.active)
            if active is not None and active.cost is not None:
                return Keeping.PASSPHRASE if active.id in self._open else Keeping.LOCKED
            if active is not None and active.id in self._open:
                return Keeping.KEYRING
            return Keeping.KEYRING if self._keyring is not None and not self._trouble else Keeping.MEMORY

    @property
    def notice(self) -> str:
        """What the strategist should know of how values are kept, in whole sentences; empty where they are kept."""
        match self.keeping:
            case Keeping.LOCKED:
                return (
                    "Sensitive values are locked. Type the passphrase to open them; until then, new ones are forgotten."
                )
            case Keeping.MEMORY:
                why = self._trouble or "This computer has no keyring that could keep their key"
                return (
                    f"Sensitive values are kept in memory only, and are forgotten when the program ends. {why}. "
                    "Choose a passphrase to have them kept, encrypted."
                )
            case _:
                return ""

    def can_keep(self) -> bool:
        """Whether a value can be sealed now; a keyring is asked to keep a key where there is none yet."""
        with self._lock:
            return self._active() is not None

    def try_again(self) -> None:
        """Look for the keys again: the keyring may be unlocked now."""
        with self._lock:
            self._is_loaded, self._trouble = False, ""

    def set_passphrase(self, passphrase: str) -> None:
        """Keep values under this passphrase from now on: the open keys are wrapped by it, or a first one is made.

        Keys that are locked or lost stay as they are. Raises ValueError with a sentence where it is too short.
        """
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise ValueError(f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.")
        cost = PassphraseCost(secrets.token_bytes(SALT_BYTES))
        wrapping_key = key_of_passphrase(passphrase, cost)
        with self._changing() as path:
            keys = [
                WrappedKey(key.id, wrap(wrapping_key, self._open[key.id]), cost=cost) if key.id in self._open else key
                for key in self._content.keys
            ]
            content = replace(self._content, keys=tuple(keys))
            if content.active not in self._open:
                fresh = new_key()
                self._open[fresh.id] = fresh
                content = content.with_active(WrappedKey(fresh.id, wrap(wrapping_key, fresh), cost=cost))
            self._keep(path, content)

    def unlock(self, passphrase: str) -> None:
        """Open the keys that this passphrase wraps; ValueError with a sentence where it wraps none."""
        with self._lock:
            self._load()
            opened = 0
            made: dict[PassphraseCost, bytes] = {}
            for key in self._content.keys:
                if key.cost is None:
                    continue
                if key.cost not in made:
                    made[key.cost] = key_of_passphrase(passphrase, key.cost)
                found = unwrap(made[key.cost], key.id, key.wrapped)
                if found is not None:
                    self._open[key.id] = found
                    opened += 1
            if not opened:
                raise ValueError("That is not the passphrase; nothing was opened.")

    def rotate(self, passphrase: str | None = None) -> None:
        """Seal with a new key from now on, wrapped anew; the old ones still open what they sealed.

        Kept by the keyring: its key is a new one too. Kept by a passphrase: it must be given. Raises ValueError with a
        sentence where there is nothing to rotate or the passphrase is another.
        """
        keeping = self.keeping
        if keeping is Keeping.PASSPHRASE:
            self.unlock(passphrase or "")
        elif keeping is not Keeping.KEYRING:
            raise ValueError("There is no open key that could be replaced; unlock the sensitive values first.")
        with self._changing() as path:
            if keeping is Keeping.KEYRING:
                self._begin_with_keyring(path)
            else:
                cost = PassphraseCost(secrets.token_bytes(SALT_BYTES))
                fresh = new_key()
                self._open[fresh.id] = fresh
                wrapped = wrap(key_of_passphrase(passphrase or "", cost), fresh)
                self._keep(path, self._content.with_active(WrappedKey(fresh.id, wrapped, cost=cost)))

    def retired(self) -> frozenset[str]:
        """The ids of the keys that only open what they sealed, as the file says now. No keyring is asked."""
        try:
            content = KeyFile() if self._path is None else read_key_file(self._path)
        except OSError:
            return frozenset()
        return frozenset(key.id for key in content.keys if key.id != content.active)

    def replaceable(self) -> frozenset[str]:
        """The retired keys whose values can be sealed anew now: they are open, and so is the key that seals."""
        with self._lock:
            retired = self.retired()
            if not retired or self._active() is None:
                return frozenset()
            return (retired & self._open.keys()) - {self._content.active}

    def forget_retired(self, only: Collection[str] | None = None) -> None:
        """Destroy every key but the active one, or `only` those; what only they opened (backups too) is lost for good.

        A keyring that does not answer keeps its half of the key, with which nobody can open anything any more.
        """
        with self._changing() as path:
            content = self._content
            gone = {key.id for key in content.keys if key.id != content.active and (only is None or key.id in only)}
            kept = tuple(key for key in content.keys if key.id not in gone)
            self._keep(path, replace(content, keys=kept))
            for key in content.keys:
                if key.id in gone:
                    self._open.pop(key.id, None)
                    if key.account and self._keyring is not None and key.account not in {one.account for one in kept}:
                        with suppress(KeyringFailed):
                            self._keyring.remove(key.account)

    def is_current(self, token: str) -> bool:
        """Whether the key that seals now sealed this token."""
        with self._lock:
            self._load()
            return key_id(token) == self._content.active

    def _remember(self, asked: tuple[object, ...], token: str) -> None:
        self._tokens[asked] = token
        while len(self._tokens) > TOKENS_REMEMBERED:
            self._tokens.popitem(last=False)
