"""After a rotation: everything that is stored sealed is sealed anew, and then the old key is destroyed.

In a thread of its own, in short transactions. A kill costs nothing: the old key stays until a whole pass over the store
finds nothing that needs it, and the next start goes on. What cannot be read keeps the key that it names.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from builder_app.flow.secret_values import Place, edit_with_secrets, with_secrets
from builder_app.flow.values import Secret
from builder_app.session import events
from builder_app.session.background import survive
from builder_app.session.desk import Desk
from builder_app.session.drafts.journal import entry_from_json
from builder_app.session.drafts.stored_flow import joined_flow
from builder_app.store import Store, StoreError
from builder_app.store.presence import another_has_open
from builder_app.store.sealed_rows import SealedRow, exchange, rows_holding
from builder_app.store.secrets import SecretUnreadable, Vault
from builder_app.store.sqlite_file import only_one_opening
from builder_app.store.vocabulary import EditKind

ROWS_AT_ONCE: Final = 50
SECONDS_BETWEEN_PASSES: Final = 1.0
"""Whoever sealed with the old key in the moment of the rotation has written it by then."""


@dataclass(slots=True)
class Outcome:
    """What was done. `keys_kept`: old keys that could not be destroyed, and `why`, as sentences."""

    rows: int = 0
    longest_lock: float = 0.0
    keys_kept: frozenset[str] = frozenset()
    why: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pass:
    """One walk over the store. `needed`: keys that rows name which cannot be read."""

    exchanged: int = 0
    missed: int = 0
    needed: set[str] = field(default_factory=set)
    waiting: list[tuple[SealedRow, Mapping[str, str]]] = field(default_factory=list)


class StoppedBetween(Exception):
    """The session ends; the next start goes on."""


def seal_anew(
    store: Store, vault: Vault, heard: Callable[[int], None], is_stopping: threading.Event | None = None
) -> Outcome | None:
    """Seal everything of the retired keys that are open with the newest one, and destroy them. None: nothing to do.

    `heard` is told how many rows were sealed anew up to now. Raises StoreError where the store or the keys cannot be
    read or written, and StoppedBetween; the old keys are there then, and a new call goes on.
    """
    keys = vault.replaceable()
    if not keys:
        return None
    stopping = is_stopping or threading.Event()
    outcome = Outcome()
    while True:
        walk = _walk(store, vault, keys, (outcome, heard, stopping))
        # Once more after a moment: also those who sealed in the moment of the rotation have written by then.
        if stopping.wait(SECONDS_BETWEEN_PASSES):
            raise StoppedBetween
        if not walk.exchanged and not walk.missed:
            break
    _forget(store, vault, keys, walk, outcome)
    return outcome


def _walk(
    store: Store,
    vault: Vault,
    keys: frozenset[str],
    listening: tuple[Outcome, Callable[[int], None], threading.Event],
) -> _Pass:
    outcome, heard, stopping = listening
    walk = _Pass()

    def write() -> None:
        exchanged, longest = exchange(store.connections, walk.waiting)
        walk.exchanged += exchanged
        walk.missed += len(walk.waiting) - exchanged
        walk.waiting.clear()
        outcome.rows += exchanged
        outcome.longest_lock = max(outcome.longest_lock, longest)
        if exchanged:
            heard(outcome.rows)

    for row in rows_holding(store.connections, [_mark(key) for key in sorted(keys)]):
        if stopping.is_set():
            raise StoppedBetween
        tokens, needed = tokens_anew(vault, row, keys)
        walk.needed |= needed
        if tokens:
            walk.waiting.append((row, _exchanged_texts(row, tokens)))
        if len(walk.waiting) >= ROWS_AT_ONCE:
            write()
    write()
    return walk


def tokens_anew(vault: Vault, row: SealedRow, keys: frozenset[str]) -> tuple[Mapping[str, str], frozenset[str]]:
    """The row's tokens of these keys with those that take their place, and the keys that it still needs.

    A token that opens nowhere in this row (it was moved here) stays as it is, and needs no key: it opens never.
    """
    met: dict[str, str] = {}

    def look(place: Place, secret: Secret) -> Secret:
        if _key_of(secret.sealed) in keys:
            met.setdefault(secret.sealed, secret.sealed)
            for owner in row.owners:
                try:
                    met[secret.sealed] = vault.sealed_anew(row.user, owner, place, secret.sealed)
                except SecretUnreadable:
                    continue
                break
        return secret

    if row.is_whole:
        try:
            _look_into(row, look)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            met.clear()  # a row that cannot be read is left as it is
    named = {token for text in row.texts for key in keys for token in re.findall(_token(key), text)}
    needed = frozenset(_key_of(token) for token in named - met.keys())
    return {old: new for old, new in met.items() if old != new}, needed


def _look_into(row: SealedRow, look: Callable[[Place, Secret], Secret]) -> None:
    if row.is_journal:
        step = entry_from_json(EditKind.EDIT.value, json.loads(row.texts[0])).step
        edit_with_secrets(step.edit, look)
        edit_with_secrets(step.inverse, look)
    else:
        logic_flow, parameters = (json.loads(text) if text else {} for text in row.texts)
        with_secrets(joined_flow(logic_flow, parameters), look)


def _exchanged_texts(row: SealedRow, tokens: Mapping[str, str]) -> dict[str, str]:
    """The texts as they were but for the tokens, which are nowhere part of something else."""
    changed = {}
    for name, text in zip(row.place.texts, row.texts, strict=True):
        new = text
        for old, token in tokens.items():
            new = new.replace(old, token)
        if new != text:
            changed[name] = new
    return changed


def _mark(key: str) -> str:
    return f'"1.{key}.'


def _token(key: str) -> str:
    return rf"1\.{re.escape(key)}\.[A-Za-z0-9_=-]*"


def _key_of(token: str) -> str:
    parts = token.split(".")
    return parts[1] if len(parts) == 3 else ""


def _forget(store: Store, vault: Vault, keys: frozenset[str], walk: _Pass, outcome: Outcome) -> None:
    why = []
    if walk.needed:
        why.append("Something in the store cannot be read, and only the old key could open what is sealed in it.")
    gone = keys - walk.needed
    is_file = store.connections.url.get_backend_name() == "sqlite"
    if is_file and gone:
        path = Path(store.location)
        with only_one_opening(path):
            if another_has_open(path):
                why.append("Another program has the store open and may still use the old key; the next start goes on.")
                gone = frozenset()
    if gone:
        vault.forget_retired(gone)
    outcome.keys_kept, outcome.why = keys - gone, tuple(why)


class Resealing:
    """The thread that does it, when asked and after a start where a rotation was not brought to its end."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store, self._vault = desk, desk.rooms.store, desk.rooms.vault
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._is_asked = False
        self._thread: threading.Thread | None = None
        self._told_at = 0.0

    def ask(self) -> None:
        """Bring to its end what a rotation began; nothing where every key is the newest. For the owner's thread."""
        if not self._vault.retired() or self._stopping.is_set():
            return
        with self._lock:
            self._is_asked = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="sealing-anew", daemon=True)
                self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Nothing is being sealed anew."""
        return self._thread is None or not self._thread.is_alive()

    def close(self) -> None:
        """End the thread between two transactions. Twice is fine."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._is_asked or self._stopping.is_set():
                    self._thread = None
                    return
                self._is_asked = False
            survive(self._work)

    def _work(self) -> None:
        try:
            outcome = seal_anew(self._store, self._vault, self._progressed, self._stopping)
        except StoppedBetween:
            return
        except StoreError as reason:
            why = str(reason).rstrip(".")
            self._desk.post_event(events.Refused("", f"Not everything is sealed with the new key: {why}. {_AGAIN}"))
            return
        if outcome is not None:
            self._desk.post_event(events.SecretsSealedAnew(outcome.rows, is_over=True, message=sentence(outcome)))

    def _progressed(self, rows: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= 0.25:
            self._told_at = now
            message = f"{_count(rows)} sealed with the new key up to now…"
            self._desk.post(partial(self._desk.tell, events.SecretsSealedAnew(rows, is_over=False, message=message)))


_AGAIN: Final = "The old key is kept, and it is tried again at the next start."


def sentence(outcome: Outcome) -> str:
    """What the strategist hears at the end."""
    done = f"{_count(outcome.rows)} sealed with the new key."
    if outcome.keys_kept:
        return " ".join((done, *outcome.why, "The old key is kept."))
    return f"{done} The old key is destroyed: sensitive values in older backups cannot be opened any more."


def _count(rows: int) -> str:
    return "1 stored picture or step was" if rows == 1 else f"{rows:,} stored pictures and steps were"
