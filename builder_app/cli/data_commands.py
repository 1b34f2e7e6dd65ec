"""`data import`, `data list` and `data sample`: the library of prices."""

from argparse import Namespace
from typing import TYPE_CHECKING

from builder_app.cli.answers import symbol_json, symbol_lines
from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.terminal import ProgressLine, complain, print_json

if TYPE_CHECKING:
    from builder_app.session.rooms import Library

DONE = 0
EMPTY = "The library is empty. Fill it: strategy-builder data import PRICES.csv, or strategy-builder data sample."


def data(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Do what was asked for; the exit code. Raises PricesUnreadable or OSError, and the library is then unchanged."""
    if chosen.action == "list":
        _tell_symbols(rooms.library(), as_json=chosen.json)
        return DONE
    library = rooms.library_as_it_is()
    with ProgressLine() as progress:
        if chosen.action == "import":
            report = library.import_csv(chosen.files, progress.show)
        else:
            progress.show("Reading the sample prices", 0.0)
            report = library.install_sample(rooms.sample)
    if chosen.json:
        content = {"imported": list(report.symbols), "replaced": list(report.replaced), "remarks": list(report.remarks)}
        print_json({"problems": [], **content})
        return DONE
    complain(*report.remarks)
    if report.symbols:
        again = f" ({', '.join(report.replaced)} were there before, and were replaced)" if report.replaced else ""
        print(f"Imported {', '.join(report.symbols)}{again}.\n")
    _tell_symbols(library, as_json=False)
    return DONE


def _tell_symbols(library: "Library", *, as_json: bool) -> None:
    symbols, damaged = library.symbols(), library.damaged()
    if as_json:
        print_json([symbol_json(info) for info in symbols])
        return
    complain(*damaged)
    if not symbols:
        print(EMPTY)
        return
    for line in symbol_lines(symbols):
        print(line)
