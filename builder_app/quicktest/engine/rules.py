"""RULES, checked as data from a stranger: what each leg trades, how large, and when it leaves."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from . import book
from .portfolio_rules import Portfolio, portfolio_from
from .reading import (
    LARGEST_NUMBER,
    LONGEST_NAME,
    a_choice,
    a_key,
    a_mapping,
    a_number,
    a_number_or_key,
    a_whole_number,
    is_list,
    shown,
)

MOST_LEGS: Final = 100
MOST_EXITS: Final = 20
MOST_BARS: Final = 1_000_000
LARGEST_PERCENT: Final = 1000.0
SIZE_KINDS: Final[Mapping[str, int]] = {
    "percent_of_equity": book.PERCENT_OF_EQUITY,
    "cash": book.CASH_AMOUNT,
    "shares": book.SHARES,
    "risk_percent": book.RISK_PERCENT,
    "kelly": book.KELLY,
}
KELLY_ENTRIES: Final = ("minimum_trades", "before")
EXIT_KINDS: Final[Mapping[str, int]] = {
    "stop": book.STOP_EXIT,
    "trailing_stop": book.TRAILING_EXIT,
    "break_even": book.BREAK_EVEN_EXIT,
    "target": book.TARGET_EXIT,
}
TIME_STOP: Final = "time_stop"
EXIT_UNITS: Final[Mapping[str, int]] = {
    "percent": book.PERCENT,
    "distance": book.DISTANCE,
    "price": book.PRICE,
    "level": book.LEVEL,
    "moving_distance": book.MOVING_DISTANCE,
    "risk": book.RISK,
}
UNITS_OF: Final[Mapping[int, tuple[str, ...]]] = {
    book.STOP_EXIT: ("percent", "distance", "price", "level"),
    book.TRAILING_EXIT: ("percent", "distance", "moving_distance"),
    book.BREAK_EVEN_EXIT: ("percent", "distance", "risk"),
    book.TARGET_EXIT: ("percent", "distance", "price", "risk"),
}
SIGNAL_COLUMNS: Final = ("long_entry", "long_exit", "short_entry", "short_exit")
LEG_ENTRIES: Final = ("name", *SIGNAL_COLUMNS, "strength", "size", "exits", "cooldown", "rebalance")


@dataclass(frozen=True, slots=True)
class Size:
    """How much a leg buys: a number of SIZE_KINDS, its number or the key of its series, percentages of equity."""

    kind: int
    value: float | str
    maximum: float = math.inf
    minimum_trades: int = 0
    before: float = 0.0


@dataclass(frozen=True, slots=True)
class ExitRule:
    """A stop or target: numbers of EXIT_KINDS and EXIT_UNITS, a number or an array's key, the part sold in percent."""

    kind: int
    unit: int
    value: float | str
    part: float = 100.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One position label. `signals`: the keys of its four signals in the order of SIGNAL_COLUMNS and of the bars on
    which it rebalances. `time_stop` and `cooldown` in bars, 0 for none."""

    name: str
    signals: tuple[str | None, ...]
    strength: str | None
    size: Size
    exits: tuple[ExitRule, ...]
    time_stop: int
    cooldown: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What RULES says."""

    legs: tuple[Leg, ...]
    portfolio: Portfolio

    @property
    def flag_keys(self) -> tuple[str, ...]:
        """The keys of all boolean arrays that the legs name, in order, each once."""
        return tuple(dict.fromkeys(key for leg in self.legs for key in leg.signals if key is not None))

    @property
    def number_keys(self) -> tuple[str, ...]:
        """The keys of all arrays of numbers that the legs name, in order, each once."""
        keys = [
            key
            for leg in self.legs
            for key in (leg.strength, leg.size.value, *(rule.value for rule in leg.exits))
            if isinstance(key, str)
        ]
        return tuple(dict.fromkeys(keys))


def rules_from(document: object) -> tuple[Rules, tuple[str, ...]]:
    """Read RULES; returns the rules and a sentence for everything that is wrong (then the rules are not to be used)."""
    problems: list[str] = []
    root = a_mapping(document, "RULES", ("legs", "portfolio", "other_symbols"), problems)
    entries: Any = root.get("legs")
    if not is_list(entries) or not 0 < len(entries) <= MOST_LEGS:
        problems.append(f'RULES["legs"] must be a list of 1 to {MOST_LEGS} legs; give the strategy a position.')
        entries = []
    legs = tuple(_leg(entry, f"Leg {number} of RULES", problems) for number, entry in enumerate(entries, 1))
    portfolio = portfolio_from(root.get("portfolio", {}), problems)
    return Rules(legs, portfolio), tuple(problems)


def _leg(entry: object, where: str, problems: list[str]) -> Leg:
    values = a_mapping(entry, where, LEG_ENTRIES, problems)
    name = values.get("name", "")
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        problems.append(f"{where}: the name must be a text of at most {LONGEST_NAME} characters.")
        name = ""
    keys = [a_key(values.get(column), f"{where}: {column}", problems) for column in (*SIGNAL_COLUMNS, "rebalance")]
    if keys[0] is None and keys[2] is None:
        problems.append(f"{where} has neither a long nor a short entry; give it one.")
    size = _size(values.get("size"), where, problems)
    rules, time_stop = _exits(values.get("exits", []), where, problems)
    cooldown = values.get("cooldown")
    bars = 0 if cooldown is None else a_whole_number(cooldown, f"{where}: cooldown", (0, MOST_BARS), problems)
    strength = a_key(values.get("strength"), f"{where}: strength", problems)
    leg = Leg(name, tuple(keys), strength, size, rules, time_stop, bars)
    problems.extend(f"{where}: {sentence}" for sentence in _together(leg))
    return leg


def _together(leg: Leg) -> list[str]:
    """What is wrong between a leg's size and its exits."""
    problems = []
    needs_risk = leg.size.kind == book.RISK_PERCENT or any(rule.unit == book.RISK for rule in leg.exits)
    if needs_risk and not any(_is_risk(rule) for rule in leg.exits):
        problems.append("a size or a target by risk needs a stop with a percent, a distance or a price; add one.")
    if leg.signals[4] is not None and leg.size.kind == book.RISK_PERCENT:
        problems.append("a size by risk cannot be rebalanced, since its stop stands still; choose another size.")
    return problems


def _is_risk(rule: ExitRule) -> bool:
    """Whether a rule tells, at the fill, how much may be lost."""
    return rule.kind in (book.STOP_EXIT, book.TRAILING_EXIT) and rule.unit != book.LEVEL


def _size(entry: object, where: str, problems: list[str]) -> Size:
    is_kelly = isinstance(entry, Mapping) and entry.get("kind") == "kelly"
    known = ("kind", "value", "maximum", *(KELLY_ENTRIES if is_kelly else ()))
    values = a_mapping(entry, f"{where}: size", known, problems)
    kind = a_choice(values.get("kind"), f"{where}: the size's kind", SIZE_KINDS, problems)
    maximum = values.get("maximum")
    most = math.inf
    if maximum is not None:
        most = a_number(maximum, f"{where}: the size's maximum", (0.0, LARGEST_PERCENT), problems)
    if kind == book.KELLY:
        fraction = a_number(values.get("value"), f"{where}: the size, a part of Kelly's,", (0.0, 1.0), problems)
        least = a_whole_number(
            values.get("minimum_trades"), f"{where}: the size's minimum_trades", (0, MOST_BARS), problems
        )
        before = a_number(values.get("before"), f"{where}: the size's before", (0.0, LARGEST_PERCENT), problems)
        return Size(kind, fraction, most, least, before)
    largest = LARGEST_PERCENT if kind in (book.PERCENT_OF_EQUITY, book.RISK_PERCENT) else LARGEST_NUMBER
    return Size(kind, a_number_or_key(values.get("value"), f"{where}: the size", largest, problems), most)


def _exits(entries: Any, where: str, problems: list[str]) -> tuple[tuple[ExitRule, ...], int]:
    """The stops and targets of a leg, and the bars of its time stop."""
    if not is_list(entries) or len(entries) > MOST_EXITS:
        problems.append(f"{where}: exits must be a list of at most {MOST_EXITS} stops and targets.")
        entries = []
    rules = []
    longest = []
    for number, entry in enumerate(entries, 1):
        place = f"{where}, exit {number}"
        if isinstance(entry, Mapping) and entry.get("kind") == TIME_STOP:
            longest.append(_time_stop(entry, place, problems))
        else:
            rules.append(_exit(entry, place, problems))
    return tuple(rules), min(longest, default=0)


def _time_stop(entry: Mapping[str, Any], where: str, problems: list[str]) -> int:
    values = a_mapping(entry, where, ("kind", "unit", "value"), problems)
    if values.get("unit") != "bars":
        problems.append(f"{where}: the unit of a time stop must be bars; it was {shown(values.get('unit'))}.")
    return a_whole_number(values.get("value"), f"{where}: the value", (1, MOST_BARS), problems)


def _exit(entry: object, where: str, problems: list[str]) -> ExitRule:
    is_target = isinstance(entry, Mapping) and entry.get("kind") == "target"
    values = a_mapping(entry, where, ("kind", "unit", "value", *(("part",) if is_target else ())), problems)
    kinds = {**EXIT_KINDS, TIME_STOP: -1}
    kind = a_choice(values.get("kind"), f"{where}: the kind", kinds, problems)
    units = {unit: EXIT_UNITS[unit] for unit in UNITS_OF.get(kind, EXIT_UNITS)}
    unit = a_choice(values.get("unit"), f"{where}: the unit", units, problems)
    value = values.get("value")
    if unit == book.LEVEL and not isinstance(value, str):
        problems.append(f"{where}: the value of a level must be the key of an array; it was {shown(value)}.")
        value = 1.0
    # a stop 100 % below a price is at zero; a target may well be further away than the price is high
    largest = 100.0 if unit == book.PERCENT and kind in (book.STOP_EXIT, book.TRAILING_EXIT) else LARGEST_NUMBER
    part = values.get("part")
    sold = 100.0 if part is None else a_number(part, f"{where}: the part", (0.0, 100.0), problems)
    return ExitRule(kind, unit, a_number_or_key(value, f"{where}: the value", largest, problems), sold)
