"""The library of price bars on disk: a folder with one Parquet file per symbol and frequency."""

import contextlib
import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder_app.market import keeping
from builder_app.market.bar_files import SUFFIX, BarsDamaged, SymbolInfo, file_name
from builder_app.market.importing.preparing import Prepared, accepted, prepare
from builder_app.market.importing.repairs import Repair
from builder_app.market.kept_prices import KeptPrices
from builder_app.market.packs import LEAST_SYMBOLS
from builder_app.market.pool_files import serving
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.problems import no_such_symbol

__all__ = ["ImportCancelled", "ImportReport", "Library", "SymbolInfo"]

OnProgress = Callable[[str, float], None]
"""Told the stage in words and the share done, 0 to 1."""


class ImportCancelled(Exception):
    """The import was cancelled; the library is as it was."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: the symbols that are now in the library, those of them that were there before, remarks."""

    symbols: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Library(KeptPrices):
    """Kept prices, and every way to change them; each change is whole or has not happened."""

    def keep(
        self,
        prepared: Prepared,
        repairs: Mapping[str, Sequence[Repair]],
        on_progress: OnProgress | None = None,
        *,
        replace_all: bool = True,
    ) -> ImportReport:
        """Keep what was prepared, with these repairs by symbol. `on_progress` may raise ImportCancelled.

        Raises PricesUnreadable with everything that still is wrong; the library is then as it was.
        """
        told = on_progress or _tell_nobody
        found = accepted(prepared, repairs)
        if not found:
            raise PricesUnreadable(["The files have no bars; give them prices, or leave them out."])
        there = {(info.symbol, info.frequency) for info in self.symbols()}
        kept = [one for one in found if replace_all or (one.symbol, one.bars.frequency) not in there]
        wish = keeping.Wish(kept, prepared.source, json.dumps(dict(prepared.origin)) if prepared.origin else "")
        with self._lock:
            self._forget(keeping.keep(self.folder, wish, told))
            for frequency in sorted({one.bars.frequency for one in kept}):
                self._pack_all(frequency)
        left = [one.symbol for one in found if one not in kept]
        remarks = dict.fromkeys(remark for one in kept for remark in one.bars.remarks)
        was_there = [f"{symbol} was in the library already; it was left as it is." for symbol in left]
        replaced = tuple(one.symbol for one in kept if (one.symbol, one.bars.frequency) in there)
        return ImportReport(tuple(one.symbol for one in kept), replaced, (*prepared.left_out, *remarks, *was_there))

    def install_sample(self, sample_file: Path, *, replace_all: bool = False) -> ImportReport:
        """Import the sample prices, but no symbol that is there already: it may be the strategist's own.

        With `replace_all` the sample's prices take the place of such symbols too.
        """
        prepared = replace(prepare([sample_file], _tell_nobody, checked=False), origin={})
        return self.keep(prepared, {}, replace_all=replace_all)

    def remove(self, symbol: str, frequency: str | None = None) -> None:
        """Take a symbol away, at one frequency or at all; `restore` brings it back. Raises PricesUnreadable."""
        with self._lock:
            names = [name for name in self._files_of(symbol) if frequency in (None, _frequency_in(name))]
            if not names:
                raise PricesUnreadable([no_such_symbol(symbol, self._known(), "the library")])
            for name in names:
                keeping.delete(self.folder, name)
            self._forget(names)

    def deleted(self) -> tuple[SymbolInfo, ...]:
        """What was taken away and can be restored."""
        return keeping.deleted(self.folder)

    def restore(self, symbol: str, frequency: str) -> None:
        """Bring back what was taken away. Raises PricesUnreadable where it cannot be."""
        with self._lock:
            keeping.restore(self.folder, file_name(symbol, frequency))
            self._forget([file_name(symbol, frequency)])

    def empty_deleted(self, now: datetime.datetime, *, dry_run: bool = False) -> int:
        """Remove for good what was deleted too long before `now` (with zone) to be restored; how many files."""
        with self._lock:
            return keeping.empty_deleted(self.folder, now, dry_run=dry_run)

    def undo_repair(self, symbol: str, frequency: str, number: int) -> None:
        """Make a symbol's bars anew without one of its repairs. Raises PricesUnreadable; nothing is changed then."""
        self._change(symbol, frequency, lambda path: keeping.undo_repair(self.folder, path, number))

    def use_raw(self, symbol: str, frequency: str, *, raw: bool) -> None:
        """Let tests run on a symbol's raw, or on its adjusted prices. Raises PricesUnreadable."""
        self._change(symbol, frequency, lambda path: keeping.use_raw(self.folder, path, raw=raw))

    def _pack_all(self, frequency: str) -> None:
        """Let the next test find all symbols in one pack, where there are many; it would have to make it else."""
        served = serving(self._states(), (), frequency)
        if len(served.files) >= LEAST_SYMBOLS:
            with contextlib.suppress(PricesUnreadable):
                self.load(frequency=frequency)

    def _files_of(self, symbol: str) -> list[str]:
        stem = file_name(symbol, "").rpartition("~")[0]
        return [name for name in self._states() if name.rpartition("~")[0] == stem]

    def _change(self, symbol: str, frequency: str, change: Callable[[Path], None]) -> None:
        name = file_name(symbol, frequency)
        with self._lock:
            if not (self.folder / name).exists():
                raise PricesUnreadable([no_such_symbol(symbol, self._known(), "the library")])
            try:
                change(self.folder / name)
            except BarsDamaged as damaged:
                raise PricesUnreadable([str(damaged)]) from damaged
            finally:
                self._forget([name])


def _frequency_in(name: str) -> str:
    return name.removesuffix(SUFFIX).rpartition("~")[2]


def _tell_nobody(stage: str, share: float) -> None:
    """Where nobody asked for progress."""
