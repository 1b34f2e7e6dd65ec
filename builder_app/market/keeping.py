"""Changing what the library holds: each change is whole or has not happened."""

import contextlib
import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from builder_app.market.bar_files import (
    SUFFIX,
    BarsDamaged,
    SymbolInfo,
    describe,
    file_name,
    read_info,
    read_stored,
    write_beside,
)
from builder_app.market.importing.preparing import Accepted, OnProgress, accepted_symbol
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.checks import Rows
from builder_app.market.row_files import forget_rows, keep_rows, kept_rows

DELETED: Final = "deleted"
"""The folder in the library's folder where deleted files wait to be restored."""
KEPT_DELETED: Final = datetime.timedelta(days=90)
"""So long they wait, as the tests of a deleted strategy do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be kept: symbols' bars, where they came from, and whether symbols that are there are replaced."""

    accepted: Sequence[Accepted]
    source: str
    origin: str = ""
    replace_all: bool = True


def keep(folder: Path, wish: Wish, on_progress: OnProgress) -> list[str]:
    """Write all of the bars into the library in `folder`, or none; the names of their files."""
    written: list[tuple[Path, Path]] = []
    rows_files: list[str] = []
    try:
        for number, one in enumerate(wish.accepted):
            on_progress(f"Writing {one.symbol}", number / len(wish.accepted))
            made, rows_file = _written(folder, one, wish)
            rows_files += [rows_file] if rows_file else []
            written.append((made, folder / file_name(one.symbol, one.bars.frequency)))
        on_progress("Taking the prices into the library", 1.0)
        for made, place in written:
            _put(made, place)
        rows_files.clear()
    finally:
        for made, _ in written:
            made.unlink(missing_ok=True)
        for name in rows_files:
            forget_rows(folder, name)
    return [place.name for _, place in written]


def undo_repair(folder: Path, path: Path, number: int) -> None:
    """Make the bars in a file anew from their rows, without one of the repairs.

    Raises BarsDamaged, or PricesUnreadable where the bars cannot be used without this repair; nothing is changed then.
    """
    info, _ = read_stored(path)
    if not 0 <= number < len(info.repairs):
        raise PricesUnreadable([f"{info.symbol} has no such repair; look at its repairs again."])
    rows: Rows = kept_rows(folder, info.rows_file)
    left = [made for place, made in enumerate(info.repairs) if place != number]
    accepted = replace(accepted_symbol(info.symbol, rows, left), zone=info.zone)
    if accepted.bars.problems:
        gone = info.repairs[number].repair
        sentence = f"{info.symbol} cannot be used without this repair ({gone.action}: {gone.kind})."
        raise PricesUnreadable([sentence, *accepted.bars.problems[:1]])
    rewrite(folder, path, accepted, info)


def use_raw(folder: Path, path: Path, *, raw: bool) -> None:
    """Let tests run on the raw or on the adjusted prices of a file. Raises BarsDamaged or PricesUnreadable."""
    info, bars = read_stored(path)
    if raw and not info.has_raw:
        raise PricesUnreadable([f"{info.symbol} has no raw prices beside those that it has; import them."])
    accepted = Accepted(info.symbol, bars, _no_rows(), info.repairs, info.zone)
    made = describe(accepted, info.source, info.origin, uses_raw=raw)
    _put(write_beside(folder, bars, replace(made, rows_file=info.rows_file, imported_at=info.imported_at)), path)


def rewrite(folder: Path, path: Path, accepted: Accepted, info: SymbolInfo) -> None:
    """Put other bars into a symbol's file, which keeps what it says of their origin."""
    uses_raw = info.uses_raw and accepted.bars.factor is not None
    made = replace(describe(accepted, info.source, info.origin, uses_raw=uses_raw), imported_at=info.imported_at)
    rows_file = info.rows_file if accepted.repairs else ""
    _put(write_beside(folder, accepted.bars, replace(made, rows_file=rows_file)), path, spared=rows_file)


def delete(folder: Path, name: str) -> None:
    """Put a file away where `restore` finds it; what was put away under this name before is gone then."""
    (folder / DELETED).mkdir(exist_ok=True)
    _remove(folder, folder / DELETED / name)
    (folder / name).replace(folder / DELETED / name)
    os.utime(folder / DELETED / name)  # from now on it counts as deleted


def restore(folder: Path, name: str) -> None:
    """Bring a file back. Raises PricesUnreadable where it is not there, or where the symbol is in the library again."""
    symbol = name.removesuffix(SUFFIX).rpartition("~")[0]
    if not (folder / DELETED / name).exists():
        raise PricesUnreadable([f"There are no deleted prices of {symbol} to restore; import them."])
    if (folder / name).exists():
        raise PricesUnreadable([f"{symbol} is in the library again; delete it first, then restore the older prices."])
    (folder / DELETED / name).replace(folder / name)


def deleted(folder: Path) -> tuple[SymbolInfo, ...]:
    """What can be restored; damaged files are left out."""
    found = []
    for path in sorted((folder / DELETED).glob(f"*{SUFFIX}")):
        try:
            found.append(read_info(path))
        except BarsDamaged:
            continue
    return tuple(found)


def empty_deleted(folder: Path, now: datetime.datetime, *, dry_run: bool = False) -> int:
    """Remove for good what was deleted longer than KEPT_DELETED before `now`; how many files that are."""
    before = (now - KEPT_DELETED).timestamp()
    old = [path for path in sorted((folder / DELETED).glob(f"*{SUFFIX}")) if path.stat().st_mtime < before]
    for path in () if dry_run else old:
        _remove(folder, path)
    return len(old)


def _remove(folder: Path, path: Path) -> None:
    """Remove a file and the rows that it needs; nothing where there is none."""
    with contextlib.suppress(BarsDamaged):  # which rows a damaged file needed, nobody knows
        forget_rows(folder, read_info(path).rows_file)
    path.unlink(missing_ok=True)


def _written(folder: Path, one: Accepted, wish: Wish) -> tuple[Path, str]:
    """The bars in a file that nobody reads yet, and the name of the file with the rows before the repairs."""
    name = keep_rows(folder, one.symbol, one.bars.frequency, one.rows) if one.repairs else ""
    info = replace(describe(one, wish.source, wish.origin), rows_file=name)
    return write_beside(folder, one.bars, info), name


def _put(made: Path, place: Path, spared: str = "") -> None:
    """Move a new file into its place, and forget the rows of the one that was there."""
    before = ""
    if place.exists():
        try:
            before = read_info(place).rows_file
        except BarsDamaged:
            before = ""
    made.replace(place)
    if before and before != (spared or read_info(place).rows_file):
        forget_rows(place.parent, before)


def _no_rows() -> Rows:
    import numpy as np

    nothing = np.zeros(0, dtype=np.int64)
    return Rows((), nothing, nothing, nothing, nothing, {})
