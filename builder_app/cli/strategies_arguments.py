"""What can be said after `strategies`; what it does is in `strategies`, which loads more."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

NAMED: Final = "the name or id of a saved strategy"
VERSION: Final = "the id of a kept version, as `strategies versions` lists it"


def add_strategies_command(commands: "Commands", epilog: str) -> None:
    """Add `strategies` and its actions."""
    strategies = commands.add_parser("strategies", help="the saved strategies", epilog=epilog)
    actions = strategies.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="the saved strategies, the newest change first")
    listed.add_argument("--archived", action="store_true", help="those that were put away")
    listed.add_argument("--tag", help="those with this tag")
    listed.add_argument("--sort", choices=("changed", "created", "name"), default="changed")
    exported = actions.add_parser("export", help="write a strategy and the blocks it needs to one file")
    exported.add_argument("strategy", help=NAMED)
    exported.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="a new *.strategy.zip")
    imported = actions.add_parser("import", help="take a strategy in from such a file")
    imported.add_argument("file", type=Path, metavar="FILE")
    duplicate = actions.add_parser("duplicate", help="make a copy of a strategy")
    duplicate.add_argument("strategy", help=NAMED)
    duplicate.add_argument("--name", default="", help="the copy's name")
    renamed = actions.add_parser("rename", help="give a strategy another name")
    renamed.add_argument("strategy", help=NAMED)
    renamed.add_argument("name", help="the new name")
    tagged = actions.add_parser("tag", help="give a strategy these tags and no others")
    tagged.add_argument("strategy", help=NAMED)
    tagged.add_argument("tags", nargs="*", metavar="TAG")
    for action, what in (("archive", "put a strategy away"), ("bring-back", "take it out again")):
        actions.add_parser(action, help=what).add_argument("strategy", help=NAMED)
    kept = actions.add_parser("keep", help="keep a strategy, as it was last saved, as a version")
    kept.add_argument("strategy", help=NAMED)
    kept.add_argument("--note", default="", help="what to remember it by")
    actions.add_parser("versions", help="the kept versions of a strategy").add_argument("strategy", help=NAMED)
    compared = actions.add_parser("compare", help="what changed from a kept version to the strategy, or to another")
    compared.add_argument("version", help=VERSION)
    compared.add_argument("other", nargs="?", help="the id of another version; without it the strategy as it is saved")
    actions.add_parser("go-back", help="make the strategy what it was; what it is now is kept first").add_argument(
        "version", help=VERSION
    )
    for added in set(actions.choices.values()):
        added.add_argument("--json", action="store_true", help="print JSON")
