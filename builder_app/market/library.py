"""The library of price bars on disk: a folder with one Parquet file per symbol and frequency."""

import datetime
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from builder_app.market.bar_files import (
    SUFFIX,
    BarsDamaged,
    SymbolInfo,
    describe,
    file_name,
    read_bars_file,
    read_info,
    write_beside,
)
from builder_app.market.csv_text import csv_text
from builder_app.market.prices import Bars, Panel, PricesUnreadable, read_bars, select
from builder_app.market.prices.problems import no_such_symbol

__all__ = ["ImportCancelled", "ImportReport", "Library", "SymbolInfo"]

OnProgress = Callable[[str, float], None]
"""Told the stage in words and the share done, 0 to 1."""

_MOST_PANELS: Final = 8

_State = tuple[str, int, int]
"""A file's name, time of change and size: what a kept answer is valid for."""
_Dates = tuple[datetime.date | None, datetime.date | None]


class ImportCancelled(Exception):
    """The import was cancelled; the library is as it was."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: the symbols that are now in the library, those of them that were there before, remarks."""

    symbols: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Library:
    """Price bars by symbol and frequency in `folder`, which is made where it is missing. Safe to use from threads.

    What was read stays in memory and is taken again as long as its file has the same time and size.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._infos: dict[str, tuple[_State, SymbolInfo | str]] = {}
        self._bars: dict[str, tuple[_State, Bars]] = {}
        self._panels: dict[tuple[object, ...], Panel] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """What is in the library, sorted by symbol and frequency; damaged files are left to `damaged`."""
        found = [info for _, info in self._described() if isinstance(info, SymbolInfo)]
        return tuple(sorted(found, key=lambda info: (info.symbol, info.frequency)))

    def damaged(self) -> tuple[str, ...]:
        """A sentence for each file that cannot be read."""
        return tuple(info for _, info in self._described() if isinstance(info, str))

    def load(
        self,
        pool: Sequence[str] = (),
        start: datetime.date | None = None,
        end: datetime.date | None = None,
        frequency: str = "daily",
    ) -> Panel:
        """The pool's bars from `start` to `end`, both inclusive; an empty pool is every symbol, sorted.

        Raises PricesUnreadable: no such symbol, no bars in the range, damaged files of the pool. Where the pool is
        empty, damaged files are left out and said in the remarks.
        """
        with self._lock:
            described = [(state, info) for state, info in self._described() if _may_be(state, info, frequency)]
            key = (tuple(state for state, _ in described), tuple(pool), start, end, frequency)
            if key not in self._panels:
                panel = self._load(described, pool, (start, end), frequency)
                while len(self._panels) >= _MOST_PANELS:
                    self._panels.pop(next(iter(self._panels)))
                self._panels[key] = panel
            else:
                self._panels[key] = self._panels.pop(key)  # the newest goes last
            return self._panels[key]

    def import_csv(
        self,
        paths: Sequence[str | Path],
        on_progress: OnProgress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> ImportReport:
        """Read price files and keep their symbols' bars; a symbol that was there is replaced.

        Raises PricesUnreadable (everything wrong in any file) or ImportCancelled; the library is then as it was.
        """
        return self._import(paths, on_progress or _tell_nobody, cancelled or _never)

    def install_sample(self, sample_file: Path, *, replace_all: bool = False) -> ImportReport:
        """Import the sample prices, but no symbol that is there already: it may be the strategist's own.

        With `replace_all` the sample's prices take the place of such symbols too.
        """
        return self._import([sample_file], _tell_nobody, _never, replace_all=replace_all)

    def remove(self, symbol: str, frequency: str | None = None) -> None:
        """Take a symbol away, at one frequency or at all. Raises PricesUnreadable where it is not there."""
        with self._lock:
            infos = self.symbols()
            names = {file_name(i.symbol, i.frequency) for i in infos if i.symbol == symbol}
            names.add(file_name(symbol, frequency or "daily"))  # it may be damaged, and then says nothing of itself
            if frequency is not None:
                names &= {file_name(symbol, frequency)}
            there = [self.folder / name for name in sorted(names) if (self.folder / name).exists()]
            if not there:
                known = sorted({info.symbol for info in infos})
                raise PricesUnreadable([no_such_symbol(symbol, known, "the library")])
            for path in there:
                path.unlink()

    def csv_text(self, symbols: Sequence[str] = (), frequency: str = "daily") -> str:
        """The symbols' bars as one long CSV text that `read_prices` gives back bit for bit (empty: all symbols)."""
        with self._lock:
            described = [(state, info) for state, info in self._described() if _may_be(state, info, frequency)]
            bars, _ = self._bars_of(described, symbols, frequency)
        if not bars:
            raise PricesUnreadable([f"The library has no {frequency} prices; there is nothing to write."])
        return csv_text(bars)

    def _described(self) -> list[tuple[_State, SymbolInfo | str]]:
        """Each file's state and its description, or the sentence that says it is damaged."""
        with self._lock:
            found: dict[str, tuple[_State, SymbolInfo | str]] = {}
            for path in sorted(self.folder.glob(f"*{SUFFIX}")):
                status = path.stat()
                state = (path.name, status.st_mtime_ns, status.st_size)
                kept = self._infos.get(path.name)
                found[path.name] = kept if kept is not None and kept[0] == state else (state, _described(path))
            self._infos = found
            self._bars = {name: kept for name, kept in self._bars.items() if name in found}
            return list(found.values())

    def _load(
        self, described: list[tuple[_State, SymbolInfo | str]], pool: Sequence[str], dates: _Dates, frequency: str
    ) -> Panel:
        bars, remarks = self._bars_of(described, pool, frequency)
        if not bars:
            sentence = f"The library has no {frequency} prices; import a CSV file, or install the sample."
            raise PricesUnreadable([*remarks, sentence])
        panel = select(bars, pool, dates)
        return replace(panel, remarks=(*remarks, *panel.remarks))

    def _bars_of(
        self, described: list[tuple[_State, SymbolInfo | str]], pool: Sequence[str], frequency: str
    ) -> tuple[list[Bars], list[str]]:
        """The bars of the pool (empty: all), sorted by symbol, and remarks. Raises PricesUnreadable."""
        wanted = {file_name(symbol, frequency): symbol for symbol in pool}
        names = {state[0] for state, _ in described}
        known = sorted(info.symbol for _, info in described if isinstance(info, SymbolInfo))
        problems = [
            no_such_symbol(symbol, known, "the library") for name, symbol in wanted.items() if name not in names
        ]
        bars: list[Bars] = []
        remarks: list[str] = []
        for state, info in described:
            if wanted and state[0] not in wanted:
                continue
            try:
                if isinstance(info, str):
                    raise BarsDamaged(info)
                bars.append(self._bars_in(state))
            except BarsDamaged as damaged:
                (problems if wanted else remarks).append(str(damaged))
        if problems:
            raise PricesUnreadable(problems)
        return sorted(bars, key=lambda one: one.symbol), remarks

    def _bars_in(self, state: _State) -> Bars:
        kept = self._bars.get(state[0])
        if kept is None or kept[0] != state:
            kept = self._bars[state[0]] = (state, read_bars_file(self.folder / state[0]))
        return kept[1]

    def _import(
        self,
        paths: Sequence[str | Path],
        on_progress: OnProgress,
        cancelled: Callable[[], bool],
        *,
        replace_all: bool = True,
    ) -> ImportReport:
        def on_file(path: Path, share: float) -> None:
            _stop_if(cancelled())
            on_progress(f"Reading {path.name}", 0.5 * share)

        bars = read_bars(paths, (), on_file)
        if not bars:
            raise PricesUnreadable(["The files have no bars; give them prices, or leave them out."])
        there = {(info.symbol, info.frequency) for info in self.symbols()}
        kept = [one for one in bars if replace_all or (one.symbol, one.frequency) not in there]
        source = ", ".join(Path(path).name for path in paths)
        written: list[tuple[Path, Path]] = []
        try:
            for number, one in enumerate(kept):
                _stop_if(cancelled())
                on_progress(f"Writing {one.symbol}", 0.5 + 0.5 * number / len(kept))
                place = self.folder / file_name(one.symbol, one.frequency)
                written.append((write_beside(self.folder, one, describe(one, source)), place))
            _stop_if(cancelled())
            self._put(written)
        finally:
            for made, _ in written:
                made.unlink(missing_ok=True)
        on_progress("Imported", 1.0)
        left = [f"{one.symbol} was in the library already; it was left as it is." for one in bars if one not in kept]
        remarks = dict.fromkeys(remark for one in kept for remark in one.remarks)
        replaced = tuple(one.symbol for one in kept if (one.symbol, one.frequency) in there)
        return ImportReport(tuple(one.symbol for one in kept), replaced, (*remarks, *left))

    def _put(self, written: Sequence[tuple[Path, Path]]) -> None:
        with self._lock:
            for made, place in written:
                made.replace(place)
                # Two imports within one tick of the clock may have the same time and size.
                self._infos.pop(place.name, None)
                self._bars.pop(place.name, None)
            self._panels.clear()


def _described(path: Path) -> SymbolInfo | str:
    try:
        return read_info(path)
    except BarsDamaged as damaged:
        return str(damaged)


def _may_be(state: _State, info: SymbolInfo | str, frequency: str) -> bool:
    """Does the file hold bars of this frequency, as far as its name or its description tells?"""
    if isinstance(info, SymbolInfo):
        return info.frequency == frequency
    return state[0].endswith(f"~{frequency.replace(' ', '-')}{SUFFIX}")


def _stop_if(cancelled: bool) -> None:
    if cancelled:
        raise ImportCancelled("The import was cancelled; the library is as it was.")


def _tell_nobody(stage: str, share: float) -> None:
    """Where nobody asked for progress."""


def _never() -> bool:
    return False
