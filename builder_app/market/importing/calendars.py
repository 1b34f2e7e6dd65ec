"""The days on which exchanges are open, out of the package exchange_calendars."""

import datetime
import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.market.prices import PricesUnreadable

DayArray = NDArray[np.datetime64]

NO_CALENDARS: Final = (
    "Gaps are not checked: the calendars of the exchanges are not installed here (pip install exchange_calendars)."
)
TITLES: Final[Mapping[str, str]] = {
    "XNYS": "New York",
    "XTSE": "Toronto",
    "XMEX": "Mexico",
    "BVMF": "São Paulo",
    "XLON": "London",
    "XETR": "Xetra",
    "XFRA": "Frankfurt",
    "XPAR": "Paris",
    "XAMS": "Amsterdam",
    "XBRU": "Brussels",
    "XMIL": "Milan",
    "XMAD": "Madrid",
    "XSWX": "Zürich",
    "XWBO": "Vienna",
    "XSTO": "Stockholm",
    "XOSL": "Oslo",
    "XCSE": "Copenhagen",
    "XHEL": "Helsinki",
    "XWAR": "Warsaw",
    "XTKS": "Tokyo",
    "XHKG": "Hong Kong",
    "XSHG": "Shanghai and Shenzhen",
    "XTAI": "Taipei",
    "XKRX": "Seoul",
    "XBOM": "Mumbai",
    "XSES": "Singapore",
    "XASX": "Sydney",
    "24/7": "every day",
    "24/5": "every weekday",
}
"""Places by the codes of their calendars; the order is that of a list to choose from."""
_ENDINGS: Final[Mapping[str, str]] = {
    **{"L": "XLON", "DE": "XETR", "F": "XFRA", "PA": "XPAR", "AS": "XAMS", "BR": "XBRU", "MI": "XMIL", "MC": "XMAD"},
    **{"SW": "XSWX", "VI": "XWBO", "ST": "XSTO", "OL": "XOSL", "CO": "XCSE", "HE": "XHEL", "WA": "XWAR", "T": "XTKS"},
    **{"HK": "XHKG", "SS": "XSHG", "SH": "XSHG", "SZ": "XSHG", "TW": "XTAI", "KS": "XKRX", "BO": "XBOM", "NS": "XBOM"},
    **{"SI": "XSES", "AX": "XASX", "TO": "XTSE", "V": "XTSE", "MX": "XMEX", "SA": "BVMF"},
}
"""Yahoo's endings of symbols."""
_LIKELY: Final = 0.97
"""So many of a symbol's days must be an exchange's days for it to be taken for that symbol's."""


def are_installed() -> bool:
    """Is the package with the calendars there?"""
    return _package() is not None


def exchange_title(code: str) -> str:
    """The place with its code: "New York (XNYS)"."""
    return f"{TITLES[code]} ({code})" if code in TITLES else code


def exchange_of(symbol: str, days: DayArray) -> str:
    """The calendar that a symbol's bars (dates, rising) follow, as its ending and its days show; "" for none known."""
    if symbol.upper().endswith(("-USD", "-EUR", "USDT")):
        return "24/7"
    ending = symbol.rpartition(".")[2].upper() if "." in symbol else ""
    chinese = symbol[:2].upper() in ("SH", "SZ") and symbol[2:].isdigit()
    code = "XSHG" if chinese else _ENDINGS.get(ending, "XNYS")
    if not len(days) or not are_installed():
        return ""
    if float(np.mean(np.isin(days, sessions(code, days[0], days[-1])))) >= _LIKELY:
        return code
    weekend = _weekdays(days) >= 5
    return "24/7" if float(weekend.mean()) > 0.2 else ""


def sessions(exchange: str, first: np.datetime64, last: np.datetime64) -> DayArray:
    """The exchange's days of trading from first to last, both inclusive; earlier ones than its calendar knows are left.

    Raises PricesUnreadable where there is no such exchange.
    """
    start, end = (day.astype("datetime64[D]").item() for day in (first, last))
    every = _sessions(exchange, start.year - start.year % 10, end.year + 10 - end.year % 10)
    return every[(every >= np.datetime64(start)) & (every <= np.datetime64(end))]


def known_exchanges() -> Sequence[str]:
    """The codes that can be chosen, the well-known ones first."""
    package = _package()
    if package is None:
        return ()
    others = sorted(set(package.get_calendar_names(include_aliases=False)) - set(TITLES))
    return (*TITLES, *others)


def _package() -> Any:
    try:
        import exchange_calendars
    except ImportError:
        return None
    return exchange_calendars


@lru_cache(maxsize=32)
def _sessions(exchange: str, first_year: int, last_year: int) -> DayArray:
    package = _package()
    if package is None:
        raise PricesUnreadable([NO_CALENDARS])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the package does with pandas is its own matter
        try:
            kind = type(package.get_calendar(exchange))
            start = max(filter(None, (datetime.date(first_year, 1, 1), _date(kind.bound_min()))))
            end = min(filter(None, (_furthest(last_year), _date(kind.bound_max()))))
            calendar = package.get_calendar(exchange, start=start.isoformat(), end=end.isoformat())
        except (package.errors.CalendarError, ValueError, NotImplementedError):
            known = ", ".join(list(TITLES)[:8])
            sentence = f"There is no calendar for the exchange '{exchange}'; use a code such as {known}."
            raise PricesUnreadable([sentence]) from None
        days = calendar.sessions.to_numpy().astype("datetime64[D]")
    return np.asarray(days)


def _furthest(year: int) -> datetime.date:
    """Calendars of Asia know the moon's feasts for few years ahead."""
    return min(datetime.date(year, 12, 31), datetime.date.today() + datetime.timedelta(days=300))


def _date(bound: Any) -> datetime.date | None:
    return None if bound is None else bound.date()


def _weekdays(days: DayArray) -> NDArray[np.int64]:
    """0 for Monday … 6 for Sunday."""
    return np.asarray((days.astype("datetime64[D]").astype(np.int64) + 3) % 7)
