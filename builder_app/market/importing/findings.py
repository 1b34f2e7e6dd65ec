"""What is wrong or strange in a symbol's rows, in sentences, each with the repairs that are offered for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from builder_app.market.frequencies import minutes_of
from builder_app.market.importing.calendars import are_installed, exchange_of, exchange_title, sessions
from builder_app.market.importing.faults import ERRORS, Kind, faulty
from builder_app.market.importing.jumps import outliers, splits, words_of
from builder_app.market.importing.repairs import Action, Repair, repaired
from builder_app.market.prices.checks import Rows
from builder_app.market.prices.dates import DAY
from builder_app.market.prices.reading import Arranged, adjusted, arranged, bar_times

MOST_TIMES_SHOWN: Final = 3
LONGEST_HOLIDAYS: Final = 14
"""Days from bar to bar; more are strange without any calendar: no exchange closes for so long in ordinary years."""
LEAST_USUAL: Final = 6
"""Bars a day; of fewer, half of them is no gap."""

_OFFERED: Final[dict[Kind, tuple[Action, ...]]] = {
    Kind.MISSING: (Action.LEAVE_OUT,),
    Kind.NO_VOLUME: (Action.ZERO, Action.LEAVE_OUT),
    Kind.IMPOSSIBLE: (Action.LEAVE_OUT,),
    Kind.CROSSED: (Action.EXCHANGE, Action.LEAVE_OUT),
    Kind.REPEATED: (Action.KEEP_LAST, Action.KEEP_FIRST),
    Kind.OUTSIDE: (Action.WIDEN, Action.LEAVE_OUT),
}
_FAULT_WORDS: Final = {
    Kind.MISSING: "without a price",
    Kind.NO_VOLUME: "without a volume",
    Kind.IMPOSSIBLE: "with a price that is zero, negative or too large, or a volume below zero",
    Kind.CROSSED: "with the high below the low",
    Kind.REPEATED: "with a date that another row has too",
    Kind.OUTSIDE: "with open or close outside low to high",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one symbol. `count` rows have it; `repairs` are offered, the first of them is the usual one.

    With an error the bars cannot be used; `proposed` says whether the usual repair is the one to make unless the
    strategist says otherwise.
    """

    symbol: str
    kind: Kind
    sentence: str
    count: int
    repairs: tuple[Repair, ...] = ()
    proposed: bool = False

    @property
    def is_error(self) -> bool:
        """Can the bars not be used before this is repaired?"""
        return self.kind in ERRORS


def check(symbol: str, rows: Rows, exchange: str | None = None) -> tuple[Finding, ...]:
    """Everything found in a symbol's rows; what only whole prices show is looked for after the usual repairs.

    `exchange` is the code of a calendar, "" for none, None for the one that the symbol seems to follow.
    """
    found = [*_unreadable(symbol, rows), *_of_rows(symbol, rows)]
    usual = [finding.repairs[0] for finding in found if finding.is_error and finding.repairs]
    sound = repaired(rows, usual)
    bars = arranged(symbol, sound)
    if bars.problems or not len(bars.times):
        return tuple(found)
    dates = _dates_of(sound)
    of_days = (*_closed_days_and_gaps(symbol, bars, dates, exchange), *_thin_days(symbol, bars.frequency, dates))
    return (*found, *of_days, *_jumps(symbol, bars))


def proposed_repairs(findings: Sequence[Finding]) -> tuple[Repair, ...]:
    """The usual repair of every finding that has one to be made unless said otherwise."""
    return tuple(finding.repairs[0] for finding in findings if finding.proposed and finding.repairs)


def _unreadable(symbol: str, rows: Rows) -> list[Finding]:
    if not rows.faults:
        return []
    repair = Repair(Kind.UNREADABLE, Action.LEAVE_OUT)
    return [Finding(symbol, Kind.UNREADABLE, " ".join(rows.faults), len(rows.faults), (repair,), proposed=True)]


def _of_rows(symbol: str, rows: Rows) -> list[Finding]:
    times, _ = bar_times(rows)
    found = []
    for kind, actions in _OFFERED.items():
        places = np.flatnonzero(faulty(rows, kind))
        if not len(places):
            continue
        when = tuple(sorted({int(times[place]) for place in places}))
        count = len(places)
        what = "1 row" if count == 1 else f"{count:,} rows"
        first = rows.where(symbol, int(places[0]))
        sentence = f"{symbol} has {what} {_FAULT_WORDS[kind]}; the first is {first}."
        repairs = tuple(Repair(kind, action, when) for action in actions)
        found.append(Finding(symbol, kind, sentence, count, repairs, proposed=kind in ERRORS))
    return found


def _dates_of(rows: Rows) -> NDArray[np.int64]:
    """Each bar's date on the clock that wrote it, in days since 1970, in order of time."""
    times, frequency = bar_times(rows)
    within = minutes_of(frequency) > 0  # a bar that ends at midnight is of the day before
    return ((rows.written if within else times)[np.argsort(times, kind="stable")] - within) // DAY


def _closed_days_and_gaps(symbol: str, bars: Arranged, dates: NDArray[np.int64], exchange: str | None) -> list[Finding]:
    """Bars on days on which the exchange was closed, and its days of trading that have no bar; unknown: long holes."""
    if bars.frequency in ("weekly", "monthly", "tick"):
        return []
    days = np.unique(dates).astype("datetime64[D]")
    code = "" if not are_installed() else exchange_of(symbol, days) if exchange is None else exchange
    if not code:
        return _holes(symbol, days)
    open_days = sessions(code, days[0], days[-1])
    if not len(open_days):
        return []
    within = days[(days >= open_days[0]) & (days <= open_days[-1])]
    return [*_closed(symbol, bars, (code, within, open_days), dates), *_gaps(symbol, code, within, open_days)]


def _closed(
    symbol: str,
    bars: Arranged,
    calendar: tuple[str, NDArray[np.datetime64], NDArray[np.datetime64]],
    dates: NDArray[np.int64],
) -> list[Finding]:
    code, days, open_days = calendar
    closed = np.setdiff1d(days, open_days)
    if not len(closed):
        return []
    when = tuple(bars.times[np.isin(dates, closed.astype(np.int64))].tolist())
    count = _counted(len(closed), "day")
    sentence = (
        f"{symbol} has bars on {count} on which the exchange {exchange_title(code)} was closed: {_dates(closed)}."
    )
    return [Finding(symbol, Kind.CLOSED_DAY, sentence, len(closed), (Repair(Kind.CLOSED_DAY, Action.LEAVE_OUT, when),))]


def _gaps(symbol: str, code: str, days: NDArray[np.datetime64], open_days: NDArray[np.datetime64]) -> list[Finding]:
    inside = open_days[(open_days > days[0]) & (open_days < days[-1])] if len(days) else open_days[:0]
    missing = np.setdiff1d(inside, days)
    if not len(missing):
        return []
    of = f"{len(missing):,} of {len(inside) + 2:,} days of the exchange {exchange_title(code)}"
    return [Finding(symbol, Kind.GAP, f"{symbol} lacks {of}: {_dates(missing)}. They stay gaps.", len(missing))]


def _holes(symbol: str, days: NDArray[np.datetime64]) -> list[Finding]:
    """Long stretches without a bar, of a symbol whose exchange nobody knows."""
    apart = np.diff(days).astype(np.int64)
    before = np.flatnonzero(apart > LONGEST_HOLIDAYS)
    if not len(before):
        return []
    shown = [f"{days[at]} to {days[at + 1]}" for at in before[: MOST_TIMES_SHOWN + 1]]
    count = _counted(len(before), "stretch of over two weeks", "stretches of over two weeks")
    sentence = f"{symbol} has {count} without a bar: {_some(shown, len(before))}. They stay gaps."
    return [Finding(symbol, Kind.GAP, sentence, len(before))]


def _thin_days(symbol: str, frequency: str, dates: NDArray[np.int64]) -> list[Finding]:
    """Days between the first and the last on which most of the usual bars of minutes or hours are not there."""
    if not minutes_of(frequency):
        return []
    days, counts = np.unique(dates.astype("datetime64[D]"), return_counts=True)
    usual = float(np.median(counts))
    thin = days[1:-1][counts[1:-1] < usual / 2]  # an early close leaves more than half
    if not len(thin) or usual < LEAST_USUAL:
        return []
    shown = f"fewer than half of its usual {usual:,.0f} bars on {_counted(len(thin), 'day')}: {_dates(thin)}"
    return [Finding(symbol, Kind.GAP, f"{symbol} has {shown}. They stay gaps.", len(thin))]


def _jumps(symbol: str, bars: Arranged) -> list[Finding]:
    fields = adjusted(bars.raw, bars.factor)
    strange = outliers(fields)
    found = []
    if len(strange):
        when = tuple(int(bars.times[bar]) for bar in strange)
        shown = _times(np.array(when), bars.frequency)
        count = _counted(len(strange), "bar that jumps away and comes back", "bars that jump away and come back")
        repair = Repair(Kind.OUTLIER, Action.LEAVE_OUT, when)
        found.append(Finding(symbol, Kind.OUTLIER, f"{symbol} has {count}: {shown}.", len(strange), (repair,)))
    known = set(strange.tolist())
    for bar, ratio in splits(fields):
        if bar in known or bar - 1 in known:
            continue
        time = int(bars.times[bar])
        step = f"{fields['close'][bar - 1]:.6g} to {fields['open'][bar]:.6g}"
        day = _times(np.array([time]), bars.frequency)
        sentence = f"{symbol} goes from {step} on {day}: a split of {words_of(ratio)} that the prices do not show."
        repair = Repair(Kind.SPLIT, Action.ADJUST, (time,), ratio)
        found.append(Finding(symbol, Kind.SPLIT, sentence, 1, (repair,), proposed=True))
    return found


def _counted(count: int, one: str, more: str = "") -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {more or one + 's'}"


def _dates(days: NDArray[np.datetime64]) -> str:
    return _some([str(day) for day in days[: MOST_TIMES_SHOWN + 1]], len(days))


def _times(times: NDArray[np.int64], frequency: str) -> str:
    unit = "D" if frequency in ("daily", "weekly", "monthly") else "m"
    shown = times[: MOST_TIMES_SHOWN + 1].astype("datetime64[ns]").astype(f"datetime64[{unit}]")
    return _some([str(time).replace("T", " ") for time in shown], len(times))


def _some(texts: Sequence[str], count: int) -> str:
    shown = ", ".join(texts[:MOST_TIMES_SHOWN])
    return shown + (f" and {count - MOST_TIMES_SHOWN:,} more" if count > MOST_TIMES_SHOWN else "")
