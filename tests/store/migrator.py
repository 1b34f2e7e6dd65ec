"""A program of its own that opens a store, for the tests that kill it: `python -m tests.store.migrator PATH`.

It says that it is ready when everything is loaded, waits for a line, opens the store and says that it has.
"""

import sys
from pathlib import Path


def main() -> None:
    """Do what the docstring says."""
    import alembic.command  # noqa: F401  (loaded before the clock runs)

    from builder_app.store import open_store
    from tests.store.places import MIGRATIONS, OWNER

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with open_store(Path(sys.argv[1]), MIGRATIONS, OWNER):
        sys.stdout.write("open\n")
        sys.stdout.flush()
        sys.stdin.readline()


if __name__ == "__main__":
    main()
