"""Write the next revision: `python -m migrations.new_revision "Say what changes"`, then read and finish its file."""

import sys
from pathlib import Path

from builder_app.store.migration import write_revision


def main() -> None:
    """Write the file and say its name."""
    sys.stdout.write(f"{write_revision(Path(__file__).parent, sys.argv[1])}\n")


if __name__ == "__main__":
    main()
