"""How a test is run: the values of `config.json`, checked."""

import datetime
import difflib
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

INTRABAR_ORDERS: Final = ("stop_first", "target_first")
FREQUENCIES: Final = ("1min", "5min", "15min", "30min", "hourly", "daily", "weekly", "monthly")
"""How often there is a bar, the most often first."""
LARGEST_MONEY: Final = 1e15


@dataclass(frozen=True, slots=True)
class Settings:
    """Rates are fractions (0.001 is 0.1 %), money is in the prices' currency.

    `stock_pool` empty: every symbol of the prices. Dates are inclusive; None: as far as the prices go. `benchmark`
    None: the pool, equally weighted, bought and held. `lot_size` 0: fractional shares. `maximum_positions` 0: as many
    as the strategy says. `price_limit`: how far, as a fraction, an open may be from the close before until it fills no
    more purchases (above) or sales (below), 0: no limit. `maximum_volume_share`: the fraction of a bar's volume that an
    entry may be, 0: no limit.
    """

    start_date: datetime.date | None = None
    end_date: datetime.date | None = None
    stock_pool: tuple[str, ...] = ()
    initial_capital: float = 100_000.0
    commission_rate: float = 0.001
    slippage: float = 0.0005
    benchmark: str | None = None
    frequency: str = "daily"
    minimum_commission: float = 0.0
    sell_tax_rate: float = 0.0
    lot_size: float = 0.0
    maximum_positions: int = 0
    intrabar_order: str = "stop_first"
    seed: int = 0
    price_limit: float = 0.0
    maximum_volume_share: float = 0.0


_NUMBERS: Final[Mapping[str, tuple[float, float, str]]] = {
    "initial_capital": (0.01, LARGEST_MONEY, "money above zero"),
    "commission_rate": (0.0, 0.5, "a fraction from 0 to 0.5 (0.001 is 0.1 %)"),
    "slippage": (0.0, 0.5, "a fraction from 0 to 0.5 (0.001 is 0.1 %)"),
    "minimum_commission": (0.0, LARGEST_MONEY, "money, zero or more"),
    "sell_tax_rate": (0.0, 0.5, "a fraction from 0 to 0.5 (0.001 is 0.1 %)"),
    "lot_size": (0.0, 1e9, "a number of shares, 0 for fractional shares"),
    "maximum_positions": (0, 1_000_000, "a whole number, 0 for no limit"),
    "price_limit": (0.0, 1.0, "a fraction from 0 (no limit) to 1 (0.1 is 10 %)"),
    "maximum_volume_share": (0.0, 1.0, "a fraction from 0 (no limit) to 1 (0.05 is 5 %)"),
    "seed": (0, 2**63 - 1, "a whole number, zero or more"),
}
"""For each number its smallest and largest value and what it is."""


def settings_from(document: object) -> tuple[Settings, tuple[str, ...]]:
    """Read a configuration's JSON document; returns the settings and a sentence for everything that is wrong.

    Where there are sentences, the settings stand at their defaults in the places named.
    """
    if not isinstance(document, Mapping):
        return Settings(), ('The configuration is not a JSON object; write {"initial_capital": 100000, …}.',)
    known = {field.name for field in fields(Settings)}
    problems = [_unknown(str(name), known) for name in document if name not in known]
    values: dict[str, Any] = {}
    for name in sorted(known & set(document)):
        value, problem = _checked(name, document[name])
        if problem:
            problems.append(f"{problem} It was {_shown(document[name])}.")
        else:
            values[name] = value
    settings = Settings(**values)
    return settings, (*problems, *_together(settings))


def _unknown(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"The configuration has the unknown entry “{name}”; {hint}known are {', '.join(sorted(known))}."


def _checked(name: str, value: object) -> tuple[object, str]:
    """One entry's value in its type, or a sentence."""
    match name:
        case "start_date" | "end_date":
            return _date(name, value)
        case "stock_pool":
            if isinstance(value, list | tuple) and all(isinstance(symbol, str) and symbol for symbol in value):
                return tuple(value), ""
            return None, 'In the configuration stock_pool must be a list of symbols, such as ["AAPL", "IBM"].'
        case "benchmark":
            if value is None or (isinstance(value, str) and value):
                return value, ""
            return None, "In the configuration benchmark must be a symbol, or null for the pool bought and held."
        case "frequency":
            if value in FREQUENCIES:
                return str(value), ""
            return None, f"In the configuration frequency must be one of {', '.join(FREQUENCIES)}."
        case "intrabar_order":
            if value in INTRABAR_ORDERS:
                return str(value), ""
            return None, "In the configuration intrabar_order must be stop_first or target_first."
        case _:
            return _number(name, value)


def _date(name: str, value: object) -> tuple[object, str]:
    if value is None or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)):
        return value, ""
    try:
        return datetime.date.fromisoformat(value if isinstance(value, str) else ""), ""
    except ValueError:
        return None, f"In the configuration {name} must be a date such as 2010-12-31, or null."


def _number(name: str, value: object) -> tuple[object, str]:
    smallest, largest, meaning = _NUMBERS[name]
    whole = isinstance(smallest, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return None, f"In the configuration {name} must be {meaning}."
    if not math.isfinite(value) if isinstance(value, float) else abs(value) >= 2**63:
        return None, f"In the configuration {name} must be {meaning}."
    if not smallest <= value <= largest:
        return None, f"In the configuration {name} must be {meaning}."
    return value if whole else float(value), ""


def _together(settings: Settings) -> tuple[str, ...]:
    """What is wrong between entries."""
    problems = []
    if settings.start_date and settings.end_date and settings.start_date > settings.end_date:
        problems.append(
            f"The test starts on {settings.start_date}, after its end on {settings.end_date}; swap the dates."
        )
    twice = sorted({symbol for symbol in settings.stock_pool if settings.stock_pool.count(symbol) > 1})
    if twice:
        problems.append(f"The stock pool names {', '.join(twice)} more than once; name each symbol once.")
    return tuple(problems)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
