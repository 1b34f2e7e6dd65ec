"""A program of its own that writes to a store, for the tests that kill it or run two at once.

It waits for a line on its input first, so that its start-up need not be waited for.
`edits PATH SESSION`: appends edits for ever, a snapshot every 20, and prints each sequence once it is on disk.
`strategies PATH SHARED NAME COUNT`: creates COUNT strategies, saves the one with the id SHARED as many times,
and records as many texts of it.
"""

import hashlib
import sys
from pathlib import Path

from builder_app.store import Store, open_store
from builder_app.store.records import DraftSnapshot, JournalEntry
from builder_app.store.run_records import NewGeneration
from builder_app.store.vocabulary import EditKind, ValidationStatus

KEPT = 10
SNAPSHOT_EVERY = 20


def edit(number: int) -> dict[str, object]:
    """The edit of this number; its size moves about, so that rows of one page and of many are written."""
    return {"number": number, "text": "é" * (number * 37 % 3000)}


def write_edits(store: Store, session: str) -> None:
    """Append edits until killed."""
    number = store.sessions.load(session).last_sequence
    while True:
        number += 1
        snapshot = None
        if number % SNAPSHOT_EVERY == 0:
            snapshot = DraftSnapshot(number, {"up to": number}, {}, {"zoom": 1.0}, keep=KEPT)
        store.sessions.write(session, [JournalEntry(number, EditKind.EDIT, edit(number))], snapshot)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def write_strategies(store: Store, shared: str, name: str, count: int) -> None:
    """Create strategies, save a shared one and record texts of it, as many times."""
    for number in range(count):
        store.strategies.create(f"{name} {number}", {"number": number}, {})
        store.strategies.save(shared, {"by": name}, {}, "Shared")
        code = f"{name} = {number}\n"
        digest = hashlib.sha256(code.encode()).hexdigest()
        store.generations.record(NewGeneration(shared, "standalone", code, digest, ValidationStatus.VALID, {}))


def main() -> None:
    """Do what the arguments say."""
    from tests.store.places import MIGRATIONS, OWNER

    what, path, *rest = sys.argv[1:]
    sys.stdin.readline()
    with open_store(Path(path), MIGRATIONS, OWNER) as store:
        if what == "edits":
            write_edits(store, rest[0])
        else:
            write_strategies(store, rest[0], rest[1], int(rest[2]))


if __name__ == "__main__":
    main()
