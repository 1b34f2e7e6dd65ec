"""Texts to times: the form of the dates is recognised once for a whole file, never guessed row by row."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .problems import PricesUnreadable

DAY: Final = 86_400_000_000_000
"""Nanoseconds of a day."""

_EPOCH: Final = datetime.date(1970, 1, 1).toordinal()
_EARLIEST: Final = 1800
_LATEST: Final = 2200
_CLOCK: Final = (
    r"(?:(?:[T ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST: Final = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK)
_YEAR_LAST: Final = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second_part>\d{1,2})(?P=sign)(?P<year>\d{4})" + _CLOCK
)
_DIGITS: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + _CLOCK)
_MORE_DIGITS: Final = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])[T ]?"
    r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?"
)
_NAMED: Final = re.compile(
    r"(?:(?P<day>\d{1,2})[- ](?P<name>[A-Za-z]{3,9})|(?P<name_first>[A-Za-z]{3,9})\.?[- ](?P<day_after>\d{1,2}))"
    r"[-, ]+(?P<year>\d{4})" + _CLOCK
)
_SECONDS: Final = re.compile(r"(?P<whole>\d{9,19})(?:\.(?P<fraction>\d*))?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Reading = tuple[int, int]
"""Nanoseconds since 1970 on the clock as written, and the nanoseconds by which that clock is ahead of UTC."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """A column of times. Arrays have shape (rows,), int64 nanoseconds; `faults` are the rows that are not times."""

    written: NDArray[np.int64]
    ahead_of_utc: NDArray[np.int64]
    faults: tuple[int, ...]


def read_times(file: str, texts: Sequence[str], day_first: bool | None = None) -> Times:
    """The times that the texts say. Raises PricesUnreadable where day and month could be exchanged.

    `day_first` says it for the file; then dates that cannot be read so are faults, as any other text.

    Known forms: 2010-01-31 (also with / or ., a clock and a zone), 20100131, 31/01/2010 and 01/31/2010 where the file
    shows which, 31-Jan-2010, Jan 31, 2010, and seconds, milli-, micro- or nanoseconds since 1970.
    """
    distinct = list(dict.fromkeys(texts))
    reader = _reader_for(file, [text.strip() for text in distinct], day_first)
    readings: dict[str, Reading | None] = {text: reader(text.strip()) for text in distinct}
    faults = tuple(row for row, text in enumerate(texts) if readings[text] is None)
    known = [readings[text] or (0, 0) for text in texts]
    pairs = np.array(known, dtype=np.int64).reshape(-1, 2)
    return Times(np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]), faults)


def _reader_for(file: str, texts: Sequence[str], said: bool | None) -> Callable[[str], Reading | None]:
    """The reader of the first form that most of the texts have."""
    day_first = _day_first(file, texts) if said is None else said
    readers: tuple[Callable[[str], Reading | None], ...] = (
        lambda text: _from_parts(_YEAR_FIRST.fullmatch(text)),
        lambda text: _from_parts(_DIGITS.fullmatch(text)),
        lambda text: _from_parts(_MORE_DIGITS.fullmatch(text)),
        _from_seconds,
        lambda text: _from_year_last(_YEAR_LAST.fullmatch(text), day_first),
        lambda text: _from_named(_NAMED.fullmatch(text)),
    )
    sample = texts[:200]
    return max(readers, key=lambda reader: sum(reader(text) is not None for text in sample))


def _day_first(file: str, texts: Sequence[str]) -> bool:
    """Does 31/01/2010 mean the day first? Raises PricesUnreadable where no date of the file, or both ways, tell."""
    matches = [match for match in map(_YEAR_LAST.fullmatch, texts) if match]
    if not matches:
        return False
    day_first = [match[0] for match in matches if int(match["first"]) > 12]
    month_first = [match[0] for match in matches if int(match["second_part"]) > 12]
    if day_first and month_first:
        found = f"'{day_first[0]}' has the day first, '{month_first[0]}' the month"
        raise PricesUnreadable([f"The dates of {file} are mixed: {found}. Write all of them as 2010-01-31."])
    if day_first or month_first or all(match["first"] == match["second_part"] for match in matches):
        return bool(day_first)
    if all(match["sign"] == "." for match in matches):
        return True  # with dots the day stands first wherever this form is in use
    sentence = f"'{matches[0][0]}' in {file} can be day/month or month/day, and no date of the file shows which."
    raise PricesUnreadable([f"{sentence} Write the dates as 2010-01-31."])


def _from_year_last(match: re.Match[str] | None, day_first: bool) -> Reading | None:
    if match is None:
        return None
    day, month = (match["first"], match["second_part"]) if day_first else (match["second_part"], match["first"])
    return _reading((int(match["year"]), int(month), int(day)), match)


def _from_named(match: re.Match[str] | None) -> Reading | None:
    if match is None:
        return None
    name = (match["name"] or match["name_first"])[:3].lower()
    if name not in _MONTHS:
        return None
    return _reading((int(match["year"]), _MONTHS.index(name) + 1, int(match["day"] or match["day_after"])), match)


def _from_parts(match: re.Match[str] | None) -> Reading | None:
    return None if match is None else _reading((int(match["year"]), int(match["month"]), int(match["day"])), match)


def _from_seconds(text: str) -> Reading | None:
    match = _SECONDS.fullmatch(text)
    if match is None:
        return None
    whole = match["whole"]
    # Ten digits are seconds until the year 2286, thirteen milliseconds, and so on.
    unit = next(unit for digits, unit in ((10, 9), (13, 6), (16, 3), (19, 0)) if len(whole) <= digits)
    fraction = (match["fraction"] or "")[:unit].ljust(unit, "0")
    nanoseconds = int(whole) * 10**unit + int(fraction or "0")
    return (nanoseconds, 0) if nanoseconds < 2**63 else None


def _reading(date: tuple[int, int, int], match: re.Match[str]) -> Reading | None:
    parts = match.groupdict()
    try:
        day = datetime.date(*date).toordinal() - _EPOCH
        clock = datetime.time(_hour(parts), int(parts.get("minute") or 0), int(parts.get("second") or 0))
    except ValueError:
        return None
    if not _EARLIEST <= date[0] <= _LATEST:
        return None
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    part = int((parts.get("part") or "0").ljust(9, "0"))
    return day * DAY + seconds * 1_000_000_000 + part, _ahead(parts.get("zone"))


def _hour(parts: dict[str, str | None]) -> int:
    hour, half = int(parts.get("hour") or 0), (parts.get("half") or "").lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("a clock of twelve hours has no such hour")
    return hour % 12 + (12 if half == "pm" else 0)


def _ahead(zone: str | None) -> int:
    if not zone or zone in ("Z", "UTC"):
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (-minutes if zone[0] == "-" else minutes) * 60_000_000_000


def frequency_of(times: NDArray[np.int64]) -> str:
    """How often a symbol has a bar, by the usual distance of rising times (nanoseconds): "daily", "5min", …"""
    all_midnights = bool((times % DAY == 0).all())
    apart = np.diff(times)
    if all_midnights and len(times) < 10:
        if len(times) > 2 and bool((apart % (7 * DAY) == 0).all()):
            return "weekly"
        in_months = bool(((apart > 26 * DAY) & (apart < 36 * DAY)).all())
        return "monthly" if len(times) > 2 and in_months else "daily"
    usual = float(np.median(apart)) if len(times) > 1 else 0.0
    if usual >= 20 * DAY:
        return "monthly"
    if usual >= 5 * DAY:
        return "weekly"
    if all_midnights or usual >= DAY * 20 / 24:
        return "daily"
    minutes = round(usual / 60_000_000_000)
    return {0: "tick", 60: "hourly"}.get(minutes, f"{minutes}min")
