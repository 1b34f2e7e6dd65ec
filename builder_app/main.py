"""The composition root: reads the command line, builds the rooms that a command needs, and hands them over."""

import contextlib
import gc
import getpass
import os
import sys
import tempfile
import traceback
import uuid
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builder_app import __version__, paths
from builder_app.cli.arguments import parse
from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.terminal import complain, print_json, use_utf_8

if TYPE_CHECKING:
    from builder_app.flow.templates import Catalogue
    from builder_app.market.library import Library
    from builder_app.store import Store
    from builder_app.store.secrets import Vault
    from builder_app.ui.application import Application

SAMPLE: Final = "stocks.csv.gz"
FAULT_FILE: Final = "last-fault.txt"
CHECKED_TEMPLATES: Final = "checked-templates.txt"
PROBLEMS: Final = 1
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 the flow or the data has problems, 2 wrong usage."""
    use_utf_8()
    chosen = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        code = open_window(chosen) if chosen.command == "open" else _run_command(chosen)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the answer has seen enough of it, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEMS
    except Exception:
        _tell_fault(_fault_sentence(traceback.format_exc()), as_json=getattr(chosen, "json", False))
        return PROBLEMS


def _run_command(chosen: Namespace) -> int:
    from builder_app.cli.commands import run_command

    return run_command(chosen, terminal_rooms(chosen.store))


def terminal_rooms(store: str | None = None) -> TerminalRooms:
    """What the terminal's commands stand on; each room is made when a command asks for it."""
    resources = paths.resources()
    place = paths.store_place(store)

    def catalogue() -> "Catalogue":
        from builder_app.nodes import load_catalogue

        return load_catalogue(resources / "node_templates", paths.data_folder() / CHECKED_TEMPLATES)

    return TerminalRooms(
        catalogue=catalogue,
        library=open_library,
        library_as_it_is=open_library_as_it_is,
        store=lambda: open_user_store(store),
        vault=open_vault,
        store_file=_store_file(place),
        examples=resources / "examples",
        sample=resources / "samples" / SAMPLE,
    )


def open_library_as_it_is() -> "Library":
    """The user's library of prices."""
    from builder_app.market.library import Library

    return Library(paths.data_folder() / "prices")


def open_library() -> "Library":
    """The user's library of prices; the sample prices are put into one that is empty."""
    library = open_library_as_it_is()
    if not library.symbols() and not library.damaged():
        library.install_sample(paths.resources() / "samples" / SAMPLE)
    return library


def _store_file(place: str | Path) -> Path | None:
    """The file that a store is in: a path, or what stands after sqlite:///; None where it is on a server."""
    scheme, separator, rest = str(place).partition("://")
    if not separator:
        return Path(place).expanduser()
    return Path(rest.removeprefix("/")) if scheme.startswith("sqlite") else None


def open_user_store(chosen: str | None = None) -> "Store":
    """The user's store, or the chosen one, made or brought up to date where needed.

    Raises StoreUnavailable with a sentence.
    """
    from builder_app.store import Principal, open_store

    user = str(uuid.uuid5(uuid.NAMESPACE_OID, f"strategy-builder:{_user_name()}"))
    return open_store(paths.store_place(chosen), paths.migrations(), Principal(user))


def open_vault(store: "Store") -> "Vault":
    """What seals the user's sensitive values; the system's keyring is looked for when there is one to seal."""
    from builder_app.store.secrets import Vault, key_file_of, system_keyring

    return Vault(key_file_of(store.location, paths.data_folder()), store.principal.user_id, system_keyring)


@contextlib.contextmanager
def application(chosen_store: str | None = None) -> Iterator["Application"]:
    """The window on the user's own rooms, not yet shown; everything is closed at the end."""
    from builder_app.nodes import load_catalogue
    from builder_app.quicktest.runner import Runner
    from builder_app.session.rooms import Rooms
    from builder_app.ui.application import Application

    resources = paths.resources()
    store = open_user_store(chosen_store)
    if store.upkeep is not None:
        store.upkeep.start()
    try:
        catalogue = load_catalogue(resources / "node_templates", paths.data_folder() / CHECKED_TEMPLATES)
        rooms = Rooms(store, catalogue, open_library(), Runner(), resources / "examples", open_vault(store))
        opened = Application(rooms, resources / "themes", paths.data_folder())
        gc.freeze()  # what is loaded by now stays: the collector need not look through it again, 35 ms each time
        yield opened
    finally:
        store.close()


def open_window(chosen: Namespace) -> int:
    """Open the window, on a flow file or an example where one is named; the exit code when it is closed."""
    import builder_app.session.session  # noqa: F401  # before Qt, which reads the source of all that comes after it
    from builder_app.ui.platform_check import why_no_window

    trouble = why_no_window()
    if trouble is not None:
        complain(trouble)
        return PROBLEMS
    from builder_app.store import StoreError

    try:
        with application(chosen.store) as opened:
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
    last = trace.strip().splitlines()[-1].rstrip(".")
    report = _kept_report(f"strategy-builder {__version__}, Python {sys.version}\n{trace}")
    where = f" The details are in '{report}'; please send that file with your report." if report else ""
    return f"This is a fault of Strategy Builder, not yours: {last}.{where}"


def _kept_report(text: str) -> Path | None:
    """The file that holds the text: in the user's own folder, or where that is closed, in the system's."""
    for folder in (paths.data_folder(), Path(tempfile.gettempdir())):
        report = folder / FAULT_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            report.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return report
    return None


def _tell_fault(sentence: str, *, as_json: bool) -> None:
    if as_json:
        nowhere = {"node": None, "port": None, "parameter": None}
        print_json({"problems": [{"severity": "error", "rule": "fault", **nowhere, "message": sentence, "hint": ""}]})
    else:
        complain(sentence)
