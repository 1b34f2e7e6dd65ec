"""Prices straight out of files, for a test that does not go through the library."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from builder_app.market.importing.preparing import accepted, prepare
from builder_app.market.importing.sheets import TEXT, price_files
from builder_app.market.prices import Bars, Panel, PricesUnreadable, read_bars, select
from builder_app.market.prices.problems import no_such_symbol
from builder_app.market.resampling import can_make, resampled

Dates = tuple[datetime.date | None, datetime.date | None]
OTHER_BARS: Final = "{symbol} has {found} bars in the files, and the test ran on them, not on {wanted} ones."


def load_files(paths: Sequence[Path], pool: Sequence[str], dates: Dates, frequency: str = "daily") -> Panel:
    """The pool's bars in these files. Raises PricesUnreadable with a sentence for everything that is wrong."""
    return select(bars_in_files(paths, frozenset(pool), frequency), pool, dates)


def bars_in_files(paths: Sequence[Path], wanted: Collection[str] = (), frequency: str = "daily") -> tuple[Bars, ...]:
    """The bars of the wanted symbols (empty: all) in files of any known form, as they are recognised, sorted by symbol.

    Shorter bars than asked for are made into longer ones; others are taken as they are, which a remark says.
    """
    files = price_files(paths)
    are_texts = all(path.name.lower().endswith(TEXT) or "." not in path.name for path in files)
    bars = read_bars(files, wanted) if are_texts else _of_any_form(files, wanted)
    return tuple(_at(one, frequency) for one in bars)


def _of_any_form(files: Sequence[Path], wanted: Collection[str]) -> tuple[Bars, ...]:
    prepared = prepare(files, lambda _stage, _share: None, checked=False)
    known = [one.symbol for one in prepared.symbols]
    missing = [no_such_symbol(symbol, known, "the prices") for symbol in sorted(set(wanted) - set(known))]
    if missing and not prepared.problems:
        raise PricesUnreadable(missing)
    meant = tuple(one for one in prepared.symbols if not wanted or one.symbol in wanted)
    return tuple(one.bars.bars(one.symbol) for one in accepted(replace(prepared, symbols=meant), {}))


def _at(bars: Bars, frequency: str) -> Bars:
    if bars.frequency == frequency:
        return bars
    if can_make(frequency, bars.frequency):
        return resampled(bars, frequency)
    remark = OTHER_BARS.format(symbol=bars.symbol, found=bars.frequency, wanted=frequency)
    return replace(bars, remarks=(*bars.remarks, remark))
