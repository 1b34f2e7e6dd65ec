"""`data`: what comes into the library of prices, and what is in it."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from builder_app.cli.answers import some_of, symbol_json, symbol_lines
from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.terminal import ProgressLine, complain, print_json

if TYPE_CHECKING:
    from builder_app.session.prices.prices_import import Finding, ImportReport, Prepared
    from builder_app.session.rooms import Library

DONE, PROBLEMS = 0, 1
EMPTY = "The library is empty. Fill it: strategy-builder data import PRICES.csv, or strategy-builder data sample."
MOST_FINDINGS = 20
"""So many findings are said; of more, how many there are."""


def data(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Do what was asked for; the exit code. Raises PricesUnreadable or OSError, and the library is then unchanged."""
    from builder_app.cli import data_changes

    actions: Mapping[str, Callable[[Namespace, TerminalRooms], int]] = {
        "list": _list,
        "import": _import,
        "check": _check,
        "fetch": _import,
        "sample": _sample,
        "delete": data_changes.delete,
        "restore": data_changes.restore,
        "update": data_changes.update,
        "raw": data_changes.use_raw,
        "repairs": data_changes.repairs,
        "group": data_changes.group,
        "sectors": data_changes.sectors,
    }
    return actions[chosen.action](chosen, rooms)


def _list(chosen: Namespace, rooms: TerminalRooms) -> int:
    tell_symbols(rooms.library(), as_json=chosen.json)
    return DONE


def _check(chosen: Namespace, _rooms: TerminalRooms) -> int:
    """Say what is wrong; the exit code is 1 where the prices cannot be used as they are."""
    with ProgressLine() as progress:
        prepared = _prepared(chosen, progress.show)
    findings = prepared.findings
    if chosen.json:
        print_json(
            {
                "problems": list(prepared.problems),
                "symbols": [one.symbol for one in prepared.symbols],
                "findings": [_finding_json(finding) for finding in findings],
            }
        )
    else:
        complain(*prepared.problems)
        for finding in findings:
            offered = f" Repair: {finding.repairs[0].action}." if finding.repairs else ""
            print(f"{finding.sentence}{offered}")
        if not findings and not prepared.problems:
            names = some_of([one.symbol for one in prepared.symbols], ", ")
            print(f"Nothing wrong was found in the prices of {names}.")
    return PROBLEMS if prepared.problems or any(finding.is_error for finding in findings) else DONE


def _import(chosen: Namespace, rooms: TerminalRooms) -> int:
    library = rooms.library_as_it_is()
    of_sample = {info.symbol for info in library.symbols() if info.source == rooms.sample.name}
    with ProgressLine() as progress:
        prepared = _prepared(chosen, lambda stage, share: progress.show(stage, 0.6 * share))
        chosen_repairs = {one.symbol: one.proposed for one in prepared.symbols} if chosen.repair else {}
        report = library.keep(prepared, chosen_repairs, lambda stage, share: progress.show(stage, 0.6 + 0.4 * share))
    made = {repair for repairs in chosen_repairs.values() for repair in repairs}
    left = [finding for finding in prepared.findings if not made.intersection(finding.repairs)]
    remarks = [*_said(left), *_way_back([symbol for symbol in report.replaced if symbol in of_sample])]
    repaired = sum(map(len, chosen_repairs.values()))
    code = _tell_report(report, library, [*remarks, *_repaired(repaired)], chosen)
    return PROBLEMS if prepared.left_out else code


def _sample(chosen: Namespace, rooms: TerminalRooms) -> int:
    library = rooms.library_as_it_is()
    with ProgressLine() as progress:
        progress.show("Reading the sample prices", 0.0)
        report = library.install_sample(rooms.sample, replace_all=chosen.replace)
    return _tell_report(report, library, [], chosen)


def _prepared(chosen: Namespace, told: Callable[[str, float], None]) -> "Prepared":
    from builder_app.session.prices import prices_import

    exchange = "" if chosen.exchange == "none" else chosen.exchange
    if chosen.action == "fetch":
        symbols = tuple(symbol.upper() for symbol in chosen.symbols)
        wish = prices_import.YahooWish(symbols, chosen.frequency, chosen.start, chosen.end)
        return prices_import.fetched(wish, told, exchange)
    how = prices_import.HowToRead(
        columns=dict(chosen.column),
        day_first={None: None, "day-first": True, "month-first": False}[chosen.dates],
        decimal=chosen.decimal,
        zone=chosen.zone,
        stamped=chosen.stamped,
    )
    return prices_import.prepared_as(chosen.files, how, told, exchange)


def _tell_report(report: "ImportReport", library: "Library", remarks: Sequence[str], chosen: Namespace) -> int:
    remarks = [*report.remarks, *remarks]
    if chosen.json:
        content = {"imported": list(report.symbols), "replaced": list(report.replaced), "remarks": remarks}
        print_json({"problems": [], **content})
        return DONE
    complain(*remarks)
    if report.symbols:
        print(f"Imported {some_of(report.symbols, ', ')}{_again(report.replaced)}.\n")
    tell_symbols(library, as_json=False)
    return DONE


def _said(findings: Sequence["Finding"]) -> list[str]:
    """What was found and not repaired, and how to have it repaired."""
    sentences = [finding.sentence for finding in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        sentences.append(
            f"{len(findings) - MOST_FINDINGS:,} more such sentences: strategy-builder data check says all."
        )
    if any(finding.proposed for finding in findings):
        sentences.append("To have this repaired, import again with --repair.")
    return sentences


def _repaired(count: int) -> list[str]:
    if not count:
        return []
    return [f"{count:,} {'repair was' if count == 1 else 'repairs were'} made; data repairs SYMBOL lists them."]


def _finding_json(finding: "Finding") -> dict[str, Any]:
    return {
        "symbol": finding.symbol,
        "kind": str(finding.kind),
        "sentence": finding.sentence,
        "count": finding.count,
        "error": finding.is_error,
        "proposed": finding.proposed,
        "repairs": [str(repair.action) for repair in finding.repairs],
    }


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


def tell_symbols(library: "Library", *, as_json: bool) -> None:
    """Print what is in the library."""
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
