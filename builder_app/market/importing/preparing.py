"""Everything that an import would bring, before anything is kept: rows by symbol, what was found, what is offered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builder_app.market.importing.columns import UTC, ColumnChoice, choice_for, choice_from_json, rows_of
from builder_app.market.importing.findings import Finding, check, proposed_repairs
from builder_app.market.importing.repairs import MadeRepair, Repair, repaired
from builder_app.market.importing.sheets import price_files, read_sheets
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.checks import Rows, joined
from builder_app.market.prices.reading import Arranged, arranged, bar_times
from builder_app.market.prices.table import Sheet

OnProgress = Callable[[str, float], None]
"""Told the stage in words and the share done, 0 to 1. What it raises ends the work."""
Choices = Mapping[tuple[str, ...], ColumnChoice]
"""How sheets are read, by their column names."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedSymbol:
    """One symbol's rows as they stand in the files, and what was found in them."""

    symbol: str
    rows: Rows
    findings: tuple[Finding, ...] = ()
    zone: str = UTC
    """The zone of the exchange's clock, where times within a day were written without one."""

    @property
    def proposed(self) -> tuple[Repair, ...]:
        """The repairs that are made unless the strategist says otherwise."""
        return proposed_repairs(self.findings)

    @property
    def frequency(self) -> str:
        """How often there is a bar."""
        return bar_times(self.rows)[1]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What an import would bring. `problems` are of files that could not be read at all, so that nothing is kept;
    `left_out` says what could not be had and hinders nothing else; `origin` says where from, to do it again."""

    symbols: tuple[PreparedSymbol, ...]
    source: str
    problems: tuple[str, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, symbol by symbol."""
        return tuple(finding for one in self.symbols for finding in one.findings)


@dataclass(frozen=True, slots=True, eq=False)
class Accepted:
    """A symbol's bars as they are to be kept: raw ones with their factor, the rows before any repair, the repairs."""

    symbol: str
    bars: Arranged
    rows: Rows
    repairs: tuple[MadeRepair, ...] = ()
    zone: str = UTC


def sheets_of(paths: Sequence[str | Path], on_progress: OnProgress) -> tuple[list[Sheet], list[str]]:
    """The sheets of these files, and a sentence for each that could not be read. Raises where there is no file."""
    files = price_files(paths)
    sheets: list[Sheet] = []
    problems: list[str] = []
    for number, path in enumerate(files):
        on_progress(f"Reading {path.name}", number / len(files))
        try:
            sheets += read_sheets(path)
        except PricesUnreadable as unreadable:
            problems += unreadable.problems
    return sheets, problems


def prepare(
    paths: Sequence[str | Path],
    on_progress: OnProgress,
    choices: Choices | None = None,
    *,
    exchange: str | None = None,
    checked: bool = True,
) -> Prepared:
    """Read files and look at their prices. `exchange` as in `findings.check`; `checked` False: find nothing.

    Raises PricesUnreadable where there is no file; what is wrong with single files is in `problems`.
    """
    sheets, problems = sheets_of(paths, lambda stage, share: on_progress(stage, 0.6 * share))

    def told(stage: str, share: float) -> None:
        on_progress(stage, 0.6 + 0.4 * share)

    prepared, more = prepared_sheets(sheets, choices or {}, told, exchange=exchange, checked=checked)
    names = ", ".join(dict.fromkeys(Path(path).name for path in paths))
    return Prepared(prepared, names, (*problems, *more), files_origin(paths, choices or {}))


def files_origin(paths: Sequence[str | Path], choices: Choices) -> dict[str, Any]:
    """Where the prices of an import came from, as JSON: the files, and how their columns were read."""
    chosen = [{"names": list(names), "choice": choice.to_json()} for names, choice in choices.items()]
    return {"kind": "files", "paths": [str(Path(path).absolute()) for path in paths], "choices": chosen}


def prepare_again(origin: Mapping[str, Any], symbols: Sequence[str], on_progress: OnProgress) -> Prepared:
    """Read or fetch symbols again from where they came from. Raises PricesUnreadable where that is not known."""
    from builder_app.market.importing.qlib_folder import prepare_qlib
    from builder_app.market.importing.yahoo import prepare_yahoo, updated

    match origin.get("kind"):
        case "yahoo":
            return prepare_yahoo(updated(symbols, str(origin["frequency"]), origin["start"]), on_progress)
        case "qlib":
            folder, frequency = Path(origin["paths"][0]), str(origin["frequency"])
            return prepare_qlib(folder, on_progress, symbols, frequency=frequency)
        case "files":
            choices = {tuple(one["names"]): choice_from_json(one["choice"]) for one in origin["choices"]}
            found = prepare(origin["paths"], on_progress, choices)
            mine = tuple(one for one in found.symbols if one.symbol in symbols)
            return replace(found, symbols=mine)
        case _:
            names = ", ".join(symbols[:20])
            raise PricesUnreadable([f"It is not known where the prices of {names} came from; import them again."])


def prepared_sheets(
    sheets: Sequence[Sheet],
    choices: Choices,
    on_progress: OnProgress,
    *,
    exchange: str | None = None,
    checked: bool = True,
) -> tuple[tuple[PreparedSymbol, ...], tuple[str, ...]]:
    """The symbols in these sheets with what was found, and a sentence for each sheet that could not be read."""
    problems: list[str] = []
    parts: dict[str, list[Rows]] = {}
    zones: dict[str, str] = {}
    for number, sheet in enumerate(sheets):
        on_progress(f"Understanding {sheet.file}", 0.4 * number / len(sheets))
        choice = choice_for(sheet, choices)
        try:
            for symbol, rows in rows_of(sheet, choice):
                parts.setdefault(symbol, []).append(rows)
                zones[symbol] = choice.zone
        except PricesUnreadable as unreadable:
            problems += unreadable.problems
    found = []
    for number, symbol in enumerate(sorted(parts)):
        on_progress(f"Checking {symbol}", 0.4 + 0.6 * number / len(parts))
        rows = joined(parts[symbol])
        findings = check(symbol, rows, exchange) if checked else ()
        found.append(PreparedSymbol(symbol, rows, findings, zones[symbol]))
    return tuple(found), tuple(problems)


def accepted(prepared: Prepared, repairs: Mapping[str, Sequence[Repair]]) -> tuple[Accepted, ...]:
    """Every symbol with the repairs chosen for it. Raises PricesUnreadable with everything that still is wrong."""
    problems = list(prepared.problems)
    found = []
    for one in prepared.symbols:
        chosen = tuple(repairs.get(one.symbol, ()))
        kept = accepted_symbol(one.symbol, one.rows, [MadeRepair(repair, _why(one, repair)) for repair in chosen])
        problems += kept.bars.problems
        found.append(replace(kept, zone=one.zone))
    if problems:
        raise PricesUnreadable(problems)
    return tuple(one for one in found if len(one.bars.times))


def accepted_symbol(symbol: str, rows: Rows, repairs: Sequence[MadeRepair]) -> Accepted:
    """One symbol's rows after the repairs; where there are problems, they are in its bars."""
    bars = arranged(symbol, repaired(rows, [made.repair for made in repairs]) if repairs else rows)
    return Accepted(symbol, bars, rows, tuple(repairs))


def _why(one: PreparedSymbol, repair: Repair) -> str:
    return next((finding.sentence for finding in one.findings if repair in finding.repairs), "")
