"""Reading what the library holds: what is there, and pools of it as panels."""

import datetime
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from builder_app.market.bar_files import (
    SUFFIX,
    BarsDamaged,
    SymbolInfo,
    file_name,
    read_bars_file,
    read_info,
    read_raw_bars,
)
from builder_app.market.csv_text import csv_text
from builder_app.market.packs import LEAST_SYMBOLS, read_pack, write_pack
from builder_app.market.pool_files import Served, serving
from builder_app.market.prices import Bars, Panel, PricesUnreadable, cut, panel_of
from builder_app.market.prices.panel import gap_remarks
from builder_app.market.prices.problems import no_such_symbol
from builder_app.market.resampling import cannot_make, resampled

_MOST_PANELS: Final = 8

_State = tuple[str, int, int]
"""A file's name, time of change and size: what a kept answer is valid for."""
_Wanted = tuple[tuple[str, ...], datetime.date | None, datetime.date | None]
"""The pool, the first and the last day."""


class KeptPrices:
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

        A symbol without bars of this frequency gets them made of its shorter ones; that is said in the remarks.
        Raises PricesUnreadable: no such symbol, no bars in the range, damaged files of the pool. Where the pool is
        empty, damaged files are left out and said in the remarks.
        """
        with self._lock:
            states = self._states()
            served = serving(states, pool, frequency)
            mine = tuple(states[name] for name in served.files)
            key = (mine, served, tuple(pool), start, end, frequency)
            if key not in self._panels:
                panel = self._load(served, mine, (tuple(pool), start, end), frequency)
                while len(self._panels) >= _MOST_PANELS:
                    self._panels.pop(next(iter(self._panels)))
                self._panels[key] = panel
            else:
                self._panels[key] = self._panels.pop(key)  # the newest goes last
            return self._panels[key]

    def bars(self, symbol: str, frequency: str = "daily", *, raw: bool = False) -> Bars:
        """One symbol's bars as tests see them, or the raw ones as they were given. Raises PricesUnreadable."""
        with self._lock:
            states = self._states()
            name = file_name(symbol, frequency)
            if name not in states:
                raise PricesUnreadable([no_such_symbol(symbol, self._known(), "the library")])
            try:
                return read_raw_bars(self.folder / name) if raw else self._bars_in(states[name])
            except BarsDamaged as damaged:
                raise PricesUnreadable([str(damaged)]) from damaged

    def csv_text(self, symbols: Sequence[str] = (), frequency: str = "daily") -> str:
        """The symbols' bars as one long CSV text that `read_prices` gives back bit for bit (empty: all symbols)."""
        with self._lock:
            served = serving(self._states(), symbols, frequency)
            bars, _ = self._bars_of(served, frequency, is_chosen=bool(symbols))
        if not bars:
            raise PricesUnreadable([f"The library has no {frequency} prices; there is nothing to write."])
        return csv_text(bars)

    def _states(self) -> dict[str, _State]:
        """Each file's state by its name."""
        found = {}
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            status = path.stat()
            found[path.name] = (path.name, status.st_mtime_ns, status.st_size)
        return found

    def _described(self) -> list[tuple[_State, SymbolInfo | str]]:
        """Each file's state and its description, or the sentence that says it is damaged."""
        with self._lock:
            found: dict[str, tuple[_State, SymbolInfo | str]] = {}
            for name, state in self._states().items():
                kept = self._infos.get(name)
                fresh = kept is not None and kept[0] == state
                found[name] = kept if kept is not None and fresh else (state, _described(self.folder / name))
            self._infos = found
            self._bars = {name: kept for name, kept in self._bars.items() if name in found}
            return list(found.values())

    def _load(self, served: Served, states: tuple[_State, ...], wanted: _Wanted, frequency: str) -> Panel:
        pool, *dates = wanted
        whole = self._whole(served, states, pool, frequency)
        if not any(dates):
            return whole
        panel = cut(replace(whole, remarks=_without_gaps(whole)), dates[0], dates[1], pool)
        return replace(panel, remarks=(*panel.remarks, *gap_remarks(panel)))

    def _whole(self, served: Served, states: tuple[_State, ...], pool: tuple[str, ...], frequency: str) -> Panel:
        """The pool's bars as far as they go, out of a pack where there is one."""
        wish = json.dumps([list(pool), frequency])
        if len(states) >= LEAST_SYMBOLS and not served.absent and not served.unfit:
            packed = read_pack(self.folder, states, wish)
            if packed is not None:
                return packed
        bars, remarks = self._bars_of(served, frequency, is_chosen=bool(pool))
        if not bars:
            sentence = f"The library has no {frequency} prices; import a CSV file, or install the sample."
            raise PricesUnreadable([*remarks, sentence])
        by_symbol = {one.symbol: one for one in bars}
        panel = panel_of([by_symbol[symbol] for symbol in dict.fromkeys(pool) or sorted(by_symbol)])
        panel = replace(panel, remarks=(*remarks, *panel.remarks, *gap_remarks(panel)))
        if not remarks:
            write_pack(self.folder, states, wish, panel)
        return panel

    def _bars_of(self, served: Served, frequency: str, *, is_chosen: bool) -> tuple[list[Bars], list[str]]:
        """The bars of the pool, sorted by symbol, and remarks; raises PricesUnreadable with all that is wrong.

        Of a pool that was not chosen symbol by symbol, what cannot be read is left out and said.
        """
        known = self._known() if served.absent else ()
        problems = [no_such_symbol(symbol, known, "the library") for symbol in served.absent]
        problems += [cannot_make(symbol, frequency, given) for symbol, given in served.unfit]
        states = self._states()
        bars: list[Bars] = []
        remarks: list[str] = []
        for name in served.files:
            try:
                found = self._bars_in(states[name])
                if found.frequency != frequency:
                    found = resampled(found, frequency, self._zone(name))
                bars.append(found)
            except BarsDamaged as damaged:
                (problems if is_chosen else remarks).append(str(damaged))
            except PricesUnreadable as unfit:
                (problems if is_chosen else remarks).extend(unfit.problems)
        if problems:
            raise PricesUnreadable(problems)
        return sorted(bars, key=lambda one: one.symbol), remarks

    def _zone(self, name: str) -> str:
        info = _described(self.folder / name)
        return info.zone if isinstance(info, SymbolInfo) else "UTC"

    def _known(self) -> list[str]:
        return sorted({info.symbol for info in self.symbols()})

    def _forget(self, names: Sequence[str]) -> None:
        """Two changes within one tick of the clock may leave a file with the same time and size."""
        for name in names:
            self._infos.pop(name, None)
            self._bars.pop(name, None)
        self._panels.clear()

    def _bars_in(self, state: _State) -> Bars:
        kept = self._bars.get(state[0])
        if kept is None or kept[0] != state:
            kept = self._bars[state[0]] = (state, read_bars_file(self.folder / state[0]))
        return kept[1]


def _described(path: Path) -> SymbolInfo | str:
    try:
        return read_info(path)
    except BarsDamaged as damaged:
        return str(damaged)


def _without_gaps(panel: Panel) -> tuple[str, ...]:
    """The panel's remarks but those about gaps, which are other ones where the panel is cut."""
    gaps = set(gap_remarks(panel))
    return tuple(remark for remark in panel.remarks if remark not in gaps)
