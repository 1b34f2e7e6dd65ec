"""`data import`, `data list` and `data sample`: the library of prices."""

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder_app.cli.answers import some_of, symbol_json, symbol_lines
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
    of_sample = {info.symbol for info in library.symbols() if info.source == rooms.sample.name}
    remarks: list[str] = []
    with ProgressLine() as progress:
        if chosen.action == "import":
            report = library.import_files(chosen.files, progress.show)
            remarks += _way_back([symbol for symbol in report.replaced if symbol in of_sample])
        else:
            progress.show("Reading the sample prices", 0.0)
            report = library.install_sample(rooms.sample, replace_all=chosen.replace)
    remarks = [*report.remarks, *remarks]
    if chosen.json:
        content = {"imported": list(report.symbols), "replaced": list(report.replaced), "remarks": remarks}
        print_json({"problems": [], **content})
        return DONE
    complain(*remarks)
    if report.symbols:
        print(f"Imported {some_of(report.symbols, ', ')}{_again(report.replaced)}.\n")
    _tell_symbols(library, as_json=False)
    return DONE


def _again(replaced: Sequence[str]) -> str:
    """Say in brackets what was there before."""
    were = "was" if len(replaced) == 1 else "were"
    return f" ({some_of(replaced, ', ')} {were} there before, and {were} replaced)" if replaced else ""


def _way_back(symbols: Sequence[str]) -> list[str]:
    """A remark where prices of the sample were replaced: how to have them again."""
    if not symbols:
        return []
    those = f"The sample prices of {some_of(symbols, ', ')} were replaced"
    return [f"{those}; to put them back: strategy-builder data sample --replace."]


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
