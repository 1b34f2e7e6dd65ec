"""How the store is named on the command line, and its commands `backup` and `restore`."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_store(to: argparse.ArgumentParser) -> None:
    """Let this parser take `--store`."""
    to.add_argument(
        "--store",
        metavar="URL",
        help="the store: a file, or a database such as postgresql+psycopg://user@host/name that a desk shares; it may "
        "stand in STRATEGY_BUILDER_STORE instead, where no list of processes shows it",
    )


def store_and_rest(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """What `--store` says, before or after the command, and the arguments without it."""
    anywhere = argparse.ArgumentParser("strategy-builder", add_help=False, allow_abbrev=False)
    add_store(anywhere)
    found, rest = anywhere.parse_known_args(arguments)
    return found.store, rest


def add_copy_commands(commands: "Commands", epilog: str) -> None:
    """Add `backup` and `restore`."""
    backup = commands.add_parser("backup", help="copy the store, checked, while it may be in use", epilog=epilog)
    backup.add_argument("--list", action="store_true", help="list the backups that there are, newest first")
    restore = commands.add_parser("restore", help="make a backup the store again; what it was is kept", epilog=epilog)
    restore.add_argument("backup", nargs="?", type=Path, metavar="BACKUP", help="the file; without it the newest")
    for command in (backup, restore):
        command.add_argument("--json", action="store_true", help="print JSON")
