"""What can be said after `data`; what it does is in `data_commands`, which loads more."""

import argparse
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

FILES: Final = "CSV, Excel or Parquet files, a folder of them, or a Qlib folder"
FREQUENCIES: Final = ("1min", "5min", "15min", "30min", "hourly", "daily", "weekly", "monthly")
MEANINGS: Final = ("date", "clock", "symbol", "open", "high", "low", "close", "adjusted", "volume")
UTC: Final = "UTC"
_MEANINGS: Final = ", ".join(MEANINGS)


def add_data_command(commands: "Commands", epilog: str) -> None:
    """Add `data` and its actions."""
    data = commands.add_parser(
        "data", help="the library of prices", description="the library of prices", epilog=epilog, allow_abbrev=False
    )
    actions = data.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_ways_in(actions)
    _add_changes(actions)
    _add_groups(actions)
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true", help="print JSON")


def _add_ways_in(actions: "Commands") -> None:
    imported = _added(actions, "import", "read price files into the library")
    checked = _added(actions, "check", "say what is wrong with price files, and keep nothing")
    for action in (imported, checked):
        action.add_argument("files", type=Path, nargs="+", metavar="FILE", help=FILES)
        action.add_argument(
            "--column",
            type=_column,
            action="append",
            default=[],
            metavar="NAME=MEANING",
            help=f"what a column means: {_MEANINGS}, or nothing",
        )
        action.add_argument("--dates", choices=("day-first", "month-first"), help="how 01/02/2010 is meant")
        action.add_argument("--decimal", choices=("point", "comma"), default="", help="the sign before decimals")
        action.add_argument(
            "--zone", type=_zone, default=UTC, help="the zone of times that name none: America/New_York"
        )
        action.add_argument("--stamped", choices=("end", "start"), default="end", help="where times stand in a bar")
    fetched = _added(actions, "fetch", "fetch prices from Yahoo into the library (needs the extra 'yahoo')")
    fetched.add_argument("symbols", nargs="+", metavar="SYMBOL")
    fetched.add_argument("--frequency", choices=FREQUENCIES[:6], default="daily")
    for name in ("--start", "--end"):
        fetched.add_argument(name, type=_day, metavar="DAY", help="a day such as 2010-01-31")
    for action in (imported, checked, fetched):
        action.add_argument("--exchange", metavar="CODE", help="whose calendar gaps are looked for in; none: no one's")
    for action in (imported, fetched):
        action.add_argument("--repair", action="store_true", help="make the repairs that `check` proposes")
    _added(actions, "list", "the symbols, their ranges and sources")
    sample = _added(actions, "sample", "put the sample prices that ship with the program into the library")
    sample.add_argument("--replace", action="store_true", help="put them in the place of symbols that are there too")


def _add_changes(actions: "Commands") -> None:
    deleted = _added(actions, "delete", "take symbols away; restore brings them back")
    restored = _added(actions, "restore", "bring deleted symbols back")
    updated = _added(actions, "update", "read or fetch symbols again from where they came from")
    for action, count in ((deleted, "+"), (restored, "+"), (updated, "*")):
        action.add_argument("symbols", nargs=count, metavar="SYMBOL")
        action.add_argument("--frequency", choices=FREQUENCIES, help="only these bars")
    raw = _added(actions, "raw", "let tests run on a symbol's raw prices, or on its adjusted ones")
    raw.add_argument("symbols", nargs="+", metavar="SYMBOL")
    raw.add_argument("--frequency", choices=FREQUENCIES, default="daily")
    raw.add_argument("--off", action="store_true", help="on the adjusted ones again")
    repairs = _added(actions, "repairs", "the repairs that were made of a symbol's prices")
    repairs.add_argument("symbols", nargs=1, metavar="SYMBOL")
    repairs.add_argument("--frequency", choices=FREQUENCIES, default="daily")
    repairs.add_argument("--undo", type=_count, metavar="NUMBER", help="undo the repair of this number")


def _add_groups(actions: "Commands") -> None:
    group = _added(actions, "group", "keep symbols as a group, to be chosen as a pool; without symbols: list groups")
    group.add_argument("name", nargs="?", default="", metavar="NAME")
    group.add_argument("symbols", nargs="*", metavar="SYMBOL")
    group.add_argument("--remove", action="store_true", help="take the group away; its symbols stay")
    sectors = _added(actions, "sectors", "read a table with the columns symbol and sector, and group if you like")
    sectors.add_argument("file", type=Path, metavar="FILE")
    sectors.add_argument("--group", default="", metavar="NAME", help="make its symbols this group")


def _added(actions: "Commands", name: str, help: str) -> argparse.ArgumentParser:
    return actions.add_parser(name, help=help, description=help, allow_abbrev=False)


def contradiction(chosen: argparse.Namespace) -> str:
    """What arguments of `data` cannot mean together, as a sentence; empty where there is nothing."""
    if chosen.action == "fetch" and chosen.start and chosen.end and chosen.start > chosen.end:
        return f"--start {chosen.start} is after --end {chosen.end}; exchange them"
    if chosen.action == "group" and chosen.remove and (chosen.symbols or not chosen.name):
        return "--remove takes one group away; write: data group NAME --remove"
    return ""


def _column(text: str) -> tuple[str, str]:
    """A column's name, and what it means."""
    name, _, meaning = text.rpartition("=")
    meaning = meaning.strip().lower()
    if not name:
        raise argparse.ArgumentTypeError(f"'{text}' says no meaning; write NAME=MEANING, such as Price=close")
    if meaning and meaning not in MEANINGS:
        raise argparse.ArgumentTypeError(f"A column cannot mean '{meaning}'; it may mean {_MEANINGS}, or nothing")
    return name, meaning


def _zone(text: str) -> str:
    """A zone as the reader of prices takes it: a place, UTC, an offset such as +01:00."""
    if text == UTC:
        return text
    from pandas import Timestamp

    try:
        Timestamp(0).tz_localize(text)
    except (KeyError, ValueError, IndexError, OSError):
        sentence = f"'{text}' is no time zone; write one such as America/New_York or UTC"
        raise argparse.ArgumentTypeError(sentence) from None
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 on")
    return int(text)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day; write it as 2010-01-31") from None
