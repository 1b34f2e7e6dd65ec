"""What the columns of a sheet mean, as recognised or as corrected, and the rows that they give."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from builder_app.market.frequencies import minutes_of
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.checks import Rows
from builder_app.market.prices.dates import frequency_of
from builder_app.market.prices.reading import rows_by_symbol
from builder_app.market.prices.table import MEANINGS, Sheet, recognised, table_of

UTC: Final = "UTC"
_MINUTE: Final = 60_000_000_000
_SECONDS_DIGITS: Final = (9, 10, 13, 16, 19)
"""So many digits have seconds, milli-, micro- and nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """How a sheet is to be read. `meanings` has one of MEANINGS for each column, "" for one that is not read.

    `day_first`: is 01/02/2010 the first of February; None: as the file shows. `decimal`: "point", "comma", or "" as the
    file shows. `zone`: the IANA zone of times that name none. `stamped`: do times within a day stand at the "end" of
    their bars, or at the "start"; the library's stand at the end.
    """

    meanings: tuple[str, ...]
    day_first: bool | None = None
    decimal: str = ""
    zone: str = UTC
    stamped: str = "end"

    def to_json(self) -> dict[str, Any]:
        """The choice as JSON, to import the same way again."""
        return asdict(self)


def choice_from_json(content: Mapping[str, Any]) -> ColumnChoice:
    """What `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    choice = ColumnChoice(**{**content, "meanings": tuple(content["meanings"])})
    if any(meaning not in ("", *MEANINGS) for meaning in choice.meanings):
        raise ValueError("a column has an unknown meaning")
    return choice


def recognise(sheet: Sheet) -> ColumnChoice:
    """How the sheet would be read by the names of its columns."""
    return ColumnChoice(recognised(sheet.names))


def choice_for(sheet: Sheet, choices: Mapping[tuple[str, ...], ColumnChoice]) -> ColumnChoice:
    """The choice made for sheets with these column names, or what is recognised."""
    return choices.get(sheet.names) or recognise(sheet)


def rows_of(sheet: Sheet, choice: ColumnChoice) -> list[tuple[str, Rows]]:
    """Each symbol's rows. Raises PricesUnreadable where the choice does not fit the sheet."""
    if len(choice.meanings) != len(sheet.names):
        raise PricesUnreadable([f"{sheet.file} has other columns than those that were chosen; choose them again."])
    table = replace(table_of(sheet, choice.meanings), day_first=choice.day_first, decimal=choice.decimal)
    says_zone = _says_zone(table.columns["date"])
    found = rows_by_symbol(table)
    if not says_zone and choice.zone != UTC:
        found = [(symbol, _in_zone(sheet.file, rows, choice.zone)) for symbol, rows in found]
    if choice.stamped == "start":
        found = [(symbol, _stamped_at_end(rows)) for symbol, rows in found]
    return found


def _says_zone(texts: Sequence[str]) -> bool:
    """Do the texts say their zone: by Z or UTC behind them, by an offset, or as seconds since 1970?"""
    text = next((text.strip() for text in texts if text.strip()), "")
    whole = text.partition(".")[0]
    in_seconds = whole.isdigit() and len(whole) in _SECONDS_DIGITS
    return in_seconds or text.endswith(("Z", "UTC")) or "+" in text[10:]


def _in_zone(file: str, rows: Rows, zone: str) -> Rows:
    if rows.ahead.any() or not len(rows.written):
        return rows
    try:
        local = pd.DatetimeIndex(rows.written.astype("datetime64[ns]"))
        summer = np.zeros(len(local), dtype=bool)  # the hour that a clock shows twice is taken as the later one
        placed = local.tz_localize(zone, ambiguous=summer, nonexistent="shift_forward")
    except (KeyError, ValueError, OSError):
        sentence = f"'{zone}' is no time zone for {file}; write one such as America/New_York or UTC."
        raise PricesUnreadable([sentence]) from None
    utc = _nanoseconds(placed.tz_convert(None).to_numpy())
    return replace(rows, ahead=rows.written - utc)


def _stamped_at_end(rows: Rows) -> Rows:
    minutes = minutes_of(frequency_of(np.unique(rows.written - rows.ahead))) if len(rows.written) else 0
    return replace(rows, written=rows.written + minutes * _MINUTE) if minutes else rows


def _nanoseconds(times: NDArray[Any]) -> NDArray[np.int64]:
    return times.astype("datetime64[ns]").astype(np.int64)
