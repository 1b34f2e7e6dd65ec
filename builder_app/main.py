"""The composition root: reads the command line, builds the rooms that a command needs, and hands them over."""

import contextlib
import getpass
import sys
import traceback
import uuid
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builder_app import __version__, paths
from builder_app.cli.arguments import parse
from builder_app.cli.printing import complain
from builder_app.cli.rooms import TerminalRooms

if TYPE_CHECKING:
    from builder_app.market.library import Library
    from builder_app.store import Store
    from builder_app.ui.application import Application

SAMPLE: Final = "stocks.csv.gz"
PROBLEMS: Final = 1
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 the flow or the data has problems, 2 wrong usage."""
    chosen = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        if chosen.command == "open":
            return open_window(chosen)
        from builder_app.cli.commands import run_command

        return run_command(chosen, terminal_rooms())
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED
    except Exception:
        complain(_fault_sentence(traceback.format_exc()))
        return PROBLEMS


def terminal_rooms() -> TerminalRooms:
    """What the terminal's commands stand on; each room is made when a command asks for it."""
    from builder_app.nodes import load_catalogue

    resources = paths.resources()
    return TerminalRooms(
        catalogue=lambda: load_catalogue(resources / "node_templates"),
        library=open_library,
        store=open_user_store,
        examples=resources / "examples",
        sample=resources / "samples" / SAMPLE,
    )


def open_library() -> "Library":
    """The user's library of prices; the sample prices are put into one that is empty."""
    from builder_app.market.library import Library

    library = Library(paths.data_folder() / "prices")
    if not library.symbols():
        library.install_sample(paths.resources() / "samples" / SAMPLE)
    return library


def open_user_store() -> "Store":
    """The user's store, made or brought up to date where needed; raises StoreUnavailable with a sentence."""
    from builder_app.store import Principal, open_store

    folder = paths.data_folder()
    user = str(uuid.uuid5(uuid.NAMESPACE_OID, f"strategy-builder:{_user_name()}"))
    return open_store(folder / "strategies.db", paths.migrations(), Principal(user))


@contextlib.contextmanager
def application() -> Iterator["Application"]:
    """The window on the user's own rooms, not yet shown; everything is closed at the end."""
    from builder_app.nodes import load_catalogue
    from builder_app.quicktest.runner import Runner
    from builder_app.session.rooms import Rooms
    from builder_app.ui.application import Application

    resources = paths.resources()
    store = open_user_store()
    try:
        catalogue = load_catalogue(resources / "node_templates")
        rooms = Rooms(store, catalogue, open_library(), Runner(), resources / "examples")
        yield Application(rooms, resources / "themes", paths.data_folder())
    finally:
        store.close()


def open_window(chosen: Namespace) -> int:
    """Open the window, on a flow file or an example where one is named; the exit code when it is closed."""
    from builder_app.ui.platform_check import why_no_window

    trouble = why_no_window()
    if trouble is not None:
        complain(trouble)
        return PROBLEMS
    from builder_app.store import StoreError

    try:
        with application() as opened:
            opened.start()
            if chosen.flow is not None:
                opened.window.commands.open_path(Path(chosen.flow))
            if chosen.example is not None:
                opened.window.commands.open_and_test_example(chosen.example)
            return opened.run()
    except StoreError as reason:
        complain(str(reason))
        return PROBLEMS


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "user"


def _fault_sentence(trace: str) -> str:
    """Say that it is our fault, and keep the trace in a file: a traceback tells a strategist nothing."""
    last = trace.strip().splitlines()[-1]
    try:
        folder = paths.data_folder()
        folder.mkdir(parents=True, exist_ok=True)
        report = folder / "last-fault.txt"
        report.write_text(f"strategy-builder {__version__}\n{trace}", encoding="utf-8")
        where = f" The details are in '{report}'; please send that file with your report."
    except OSError:
        where = ""
    return f"This is a fault of Strategy Builder, not yours: {last}.{where}"
