"""RULES["portfolio"], checked as data from a stranger: the limits over all positions together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from . import book
from .reading import LONGEST_NAME, a_mapping, a_number, a_whole_number, is_number, shown

MOST_BARS: Final = 1_000_000
LARGEST_PERCENT: Final = 100_000.0
PERCENT_LIMITS: Final[Mapping[str, int]] = {
    "maximum_weight": book.WEIGHT,
    "maximum_gross_exposure": book.GROSS,
    "maximum_net_exposure": book.NET,
}
ENTRIES: Final = (
    "maximum_positions", *PERCENT_LIMITS, "drawdown_halt", "daily_loss", "maximum_turnover", "correlation_cap",
    "sector_cap",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Limits: `maximum_positions` 0 for none; `limits` in the order of the loop's table, infinity for none; `sectors`
    by symbol."""

    maximum_positions: int = 0
    limits: tuple[float, ...] = (*[math.inf] * book.ANY, 0.0)
    sectors: Mapping[str, str] = field(default_factory=dict)


def portfolio_from(document: object, problems: list[str]) -> Portfolio:
    """Read the limits; a sentence goes to `problems` for everything that is wrong."""
    where = 'RULES["portfolio"]'
    values = a_mapping(document, where, ENTRIES, problems)
    limits = [math.inf] * book.LIMIT_COLUMNS
    maximum = values.get("maximum_positions")
    positions = 0
    if maximum is not None:
        positions = a_whole_number(maximum, "RULES: maximum_positions", (1, MOST_BARS), problems)
    for name, column in PERCENT_LIMITS.items():
        if values.get(name) is not None:
            limits[column] = a_number(values[name], f"{where}: {name}", (0.0, LARGEST_PERCENT), problems)
    _drawdown_halt(values.get("drawdown_halt"), limits, problems)
    _daily_loss(values.get("daily_loss"), limits, problems)
    _turnover(values.get("maximum_turnover"), limits, problems)
    _correlation(values.get("correlation_cap"), limits, problems)
    sectors = _sectors(values.get("sector_cap"), limits, problems)
    limits[book.ANY] = float(min(limits[: book.TURNOVER + 1]) < math.inf)
    return Portfolio(positions, tuple(limits), sectors)


def _percent(values: Mapping[str, Any], where: str, largest: float, problems: list[str]) -> float:
    return a_number(values.get("percent"), f"{where}: percent", (0.0, largest), problems)


def _drawdown_halt(entry: object, limits: list[float], problems: list[str]) -> None:
    if entry is None:
        return
    values = a_mapping(entry, "drawdown_halt", ("percent", "bars"), problems)
    limits[book.HALT] = _percent(values, "drawdown_halt", 100.0, problems)
    if values.get("bars") is not None:
        limits[book.HALT_BARS] = a_whole_number(values["bars"], "drawdown_halt: bars", (1, MOST_BARS), problems)


def _daily_loss(entry: object, limits: list[float], problems: list[str]) -> None:
    if entry is None:
        return
    values = a_mapping(entry, "daily_loss", ("percent", "close"), problems)
    limits[book.DAY_LOSS] = _percent(values, "daily_loss", 100.0, problems)
    closes = values.get("close", False)
    if not isinstance(closes, bool):
        problems.append(f"daily_loss: close must be true or false; it was {shown(closes)}.")
    limits[book.LOSS_CLOSES] = 1.0 if closes is True else 0.0


def _turnover(entry: object, limits: list[float], problems: list[str]) -> None:
    if entry is None:
        return
    values = a_mapping(entry, "maximum_turnover", ("percent", "bars"), problems)
    limits[book.TURNOVER] = _percent(values, "maximum_turnover", LARGEST_PERCENT, problems)
    limits[book.TURNOVER_BARS] = a_whole_number(values.get("bars"), "maximum_turnover: bars", (1, MOST_BARS), problems)


def _correlation(entry: object, limits: list[float], problems: list[str]) -> None:
    if entry is None:
        return
    values = a_mapping(entry, "correlation_cap", ("correlation", "bars"), problems)
    most = values.get("correlation")
    if is_number(most) and -1.0 <= most <= 1.0:
        limits[book.CORRELATION] = float(most)
    else:
        problems.append(f"correlation_cap: correlation must be a number from -1 to 1; it was {shown(most)}.")
    limits[book.CORRELATION_BARS] = a_whole_number(
        values.get("bars"), "correlation_cap: bars", (2, MOST_BARS), problems
    )


def _sectors(entry: object, limits: list[float], problems: list[str]) -> Mapping[str, str]:
    if entry is None:
        return {}
    values = a_mapping(entry, "sector_cap", ("percent", "sectors"), problems)
    limits[book.SECTOR] = _percent(values, "sector_cap", LARGEST_PERCENT, problems)
    table = values.get("sectors", {})
    good = isinstance(table, Mapping) and all(
        isinstance(text, str) and 0 < len(text) <= LONGEST_NAME for pair in table.items() for text in pair
    )
    if not good:
        problems.append('sector_cap: sectors must name a sector for symbols, such as {"AAPL": "Technology"}.')
        return {}
    return dict(table)
