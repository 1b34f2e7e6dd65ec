"""The command line: what can be said, and what it means."""

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from builder_app import __version__
from builder_app.cli.data_arguments import add_data_command, contradiction
from builder_app.cli.store_arguments import add_copy_commands, add_store, store_and_rest
from builder_app.cli.strategies_arguments import add_strategies_command

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DESCRIPTION = (
    "Draw a trading strategy as a graph, see the Python it becomes, test it on real prices, take the file away. "
    "Without a command the window opens."
)
STANDALONE = "standalone"
CLOSE = 0.8
"""How much of two names must be the same for the one to be meant by the other."""
TARGET_HELP = "the engine to write for: standalone (the default), backtesting, vectorbt, freqtrade, …"
EPILOG = "Exit codes: 0 done, 1 the flow or the data has problems (they are listed), 2 wrong usage."


def parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    top = argparse.ArgumentParser("strategy-builder", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"strategy-builder {__version__}")
    add_store(top)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    opened = _added(commands, "open", "open the window (what happens without a command)")
    opened.add_argument("flow", nargs="?", type=Path, metavar="FLOW.json", help="a flow file to open")
    opened.add_argument("--example", metavar="NAME", help="open a copy of a ready-made strategy and test it")

    _add_strategy_commands(commands)
    add_data_command(commands, EPILOG)
    add_copy_commands(commands, EPILOG)
    add_strategies_command(commands, EPILOG)
    _add_store_commands(commands)
    return top


def _added(commands: "Commands", name: str, help: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=help, description=help, epilog=EPILOG, allow_abbrev=False)


def _add_strategy_commands(commands: "Commands") -> None:
    run = _added(commands, "run", "compile, check and test a flow, and print the metrics")
    run.add_argument(
        "flow", type=Path, metavar="FLOW.json", help="a *.flow.json file, an example, or a saved strategy's name or id"
    )
    run.add_argument("--config", type=Path, metavar="TEST.json", help="the test set-up; what it leaves out is default")
    run.add_argument("--prices", type=Path, nargs="+", metavar="CSV", help="price files to test on, not the library's")
    run.add_argument("--json", action="store_true", help="print JSON")
    run.add_argument("--trades", action="store_true", help="with --json: print the list of trades too")

    generate = _added(commands, "generate", "write the Python that a flow becomes")
    generate.add_argument("flow", type=Path, metavar="FLOW.json", help="a *.flow.json file, or the name of an example")
    generate.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="the folder to write to")
    generate.add_argument("--target", type=_target, default=STANDALONE, metavar="TARGET", help=TARGET_HELP)
    generate.add_argument("--json", action="store_true", help="print the checks' report as JSON")

    export = _added(commands, "export", "test a strategy and write it to a folder that runs anywhere")
    export.add_argument(
        "strategy", metavar="STRATEGY", help="name or id of a saved strategy, a *.flow.json, or an example"
    )
    export.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    export.add_argument("--target", type=_target, default=STANDALONE, metavar="TARGET", help=TARGET_HELP)
    export.add_argument("--config", type=Path, metavar="TEST.json", help="the test set-up")
    export.add_argument("--prices", type=Path, nargs="+", metavar="CSV", help="price files to test on")
    export.add_argument("--without-prices", action="store_true", help="leave prices.csv out of the folder")
    export.add_argument("--json", action="store_true", help="print JSON")


def _target(name: str) -> str:
    """The name of an engine; the engines are looked up where another one than the default is asked for."""
    if name == STANDALONE:
        return name
    from builder_app.session.code.targets import CHOICES

    known = [choice.name for choice in CHOICES]
    if name not in known:
        longer = [other for other in known if name and other.startswith(name)]
        near = longer or difflib.get_close_matches(name, known, 1, CLOSE)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise argparse.ArgumentTypeError(f"There is no target '{name}'; it may be {', '.join(known)}.{hint}")
    return name


def _add_store_commands(commands: "Commands") -> None:
    maintain = _added(commands, "maintain", "clean the store up, as the window does by itself")
    maintain.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    doctor = _added(commands, "doctor", "print figures and alarms; with alarms the exit code is 1")
    for command in (maintain, doctor):
        command.add_argument("--json", action="store_true", help="print JSON")


def _contradiction(chosen: argparse.Namespace) -> str:
    """What arguments that are right one by one cannot mean together, as a sentence; empty where there is nothing."""
    if chosen.command == "run" and chosen.trades and not chosen.json:
        return "--trades is for --json; write: run … --json --trades"
    return contradiction(chosen) if chosen.command == "data" else ""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command; raises SystemExit (code 2) with a usage line where it is none, (code 0) after help or version."""
    store, rest = store_and_rest(arguments)
    chosen = parser().parse_args(rest)
    wrong = _contradiction(chosen)
    if wrong:
        parser().error(wrong)
    if chosen.command is None:
        chosen = parser().parse_args(["open", *rest])
    chosen.store = store
    return chosen
