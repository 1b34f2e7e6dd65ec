"""The main function of an exported strategy: `python strategy.py PRICES.csv…` prints its metrics."""

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .backtest import Outcome, backtest
from .bars import Bars, asked_symbols, bars_from, missing_symbols
from .checking import checked
from .evaluate import SignalsError, Steps, evaluate
from .metrics import DEFINITIONS, definitions_by_name
from .prices import FIELDS, Pool, Prices, pool_of, wrong_prices
from .rules import rules_from
from .settings import Settings, settings_from
from .signals_check import signals_check_from
from .simulate import TooManyTrades

ReadPrices = Callable[..., Prices]


class _Problems(Exception):
    """Expected trouble, in whole sentences."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))


def run(signals: Steps, rules: object, read_prices: ReadPrices, argv: Sequence[str] | None = None) -> int:
    """Test the strategy on price files and print its metrics; the exit code: 0 done, 1 problems, 2 wrong usage.

    `signals` is the strategy's function, or its STEPS. `read_prices(paths, stock_pool, start_date, end_date)` gives the
    prices. `config.json` is looked for beside the file that defines `signals`. `argv` None: the command line.
    """
    parser = argparse.ArgumentParser(description="Test this strategy on prices and print its metrics.")
    parser.add_argument("prices", nargs="+", type=Path, metavar="PRICES.csv", help="files with price bars")
    parser.add_argument("--config", type=Path, help="the test's configuration (default: config.json beside the file)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    try:
        options = parser.parse_args(argv)
    except SystemExit as leaving:  # argparse has said what is wrong, or printed its help
        return 0 if leaving.code in (0, None) else 2
    try:
        outcome, prices = _tested(signals, rules, read_prices, options)
    except _Problems as problems:
        sys.stderr.write(f"{problems}\n")
        return 1
    sys.stdout.write(_as_json(outcome, prices) if options.json else _as_table(outcome))
    return 0


def _tested(
    signals: Steps, rules: object, read_prices: ReadPrices, options: argparse.Namespace
) -> tuple[Outcome, Prices]:
    settings = _settings(options.config or _beside(signals))
    read_rules, problems = rules_from(rules)
    if problems:
        raise _Problems(*problems)
    prices = _read(read_prices, options.prices, settings, tuple(asked_symbols(rules)))
    pool, problems = pool_of(prices, settings.stock_pool)
    if pool is None:
        raise _Problems(*problems)
    bars = _bars(rules, (pool, prices), settings)
    np.random.seed(settings.seed % 2**32)
    try:
        evaluation = evaluate(signals, bars)
        check = signals_check_from(checked(signals, bars), pool.times)
    except SignalsError as error:
        raise _Problems(str(error)) from error
    try:
        outcome, problems = backtest(read_rules, evaluation.arrays, (pool, prices), settings)
    except TooManyTrades as error:
        raise _Problems(str(error)) from error
    if outcome is None:
        raise _Problems(*problems)
    return replace(outcome, notes=(*outcome.notes, *(check.sentences if check else ()))), prices


def _bars(rules: object, found: tuple[Pool, Prices], settings: Settings) -> Bars:
    """The pool's bars, and on these those of the benchmark and of the symbols that the strategy asks for."""
    pool, prices = found
    problems = missing_symbols(rules, prices.symbols)
    if problems:
        raise _Problems(*problems)
    fields = tuple(pool.cut(getattr(prices, name)) for name in FIELDS)
    benchmark = settings.benchmark if settings.benchmark in prices.symbols else None  # `backtest` says what is missing
    return bars_from((prices.symbols, pool.times, fields), pool.symbols, benchmark, tuple(asked_symbols(rules)))


def _beside(signals: Steps) -> Path:
    first = signals[0] if isinstance(signals, tuple | list) and signals else signals
    code: Any = getattr(first, "__code__", None)
    return Path(code.co_filename if code else ".").resolve().parent / "config.json"


def _settings(path: Path) -> Settings:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _Problems(f"The configuration {path} could not be read: {reason}. Put the file there.") from error
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Problems(f"The configuration {path} is not JSON: {error}. Correct the file.") from error
    settings, problems = settings_from(document)
    if problems:
        raise _Problems(*problems)
    return settings


def _read(read_prices: ReadPrices, paths: Sequence[Path], settings: Settings, others: tuple[str, ...]) -> Prices:
    for path in paths:
        if not path.exists():
            raise _Problems(f"There is no price file {path}; check the name.")
    wanted = settings.stock_pool
    if wanted:
        beside = (*others, *((settings.benchmark,) if settings.benchmark is not None else ()))
        wanted = tuple(dict.fromkeys((*wanted, *beside)))
    try:
        prices = read_prices(paths, wanted, settings.start_date, settings.end_date)
    except Exception as error:  # the reader says what is wrong with a file in its own words
        raise _Problems(str(error) or f"The prices could not be read ({type(error).__name__}).") from error
    problems = wrong_prices(prices)
    if problems:
        raise _Problems(*problems)
    return prices


def _as_json(outcome: Outcome, prices: Prices) -> str:
    document: Mapping[str, object] = {
        "metrics": _plain(outcome.metrics),
        "lower": _plain(outcome.lower),
        "upper": _plain(outcome.upper),
        "data_fingerprint": prices.fingerprint,
        "symbols": list(prices.symbols),
        "notes": list(outcome.notes),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _plain(metrics: Mapping[str, float]) -> dict[str, float | None]:
    """Metrics as JSON has them: one without a value is null."""
    return {name: None if math.isnan(value) else value for name, value in metrics.items()}


def metric_lines(metrics: Mapping[str, float], ends: tuple[Mapping[str, float], Mapping[str, float]]) -> list[str]:
    """A table of the metrics in the order of their definitions: title, figure, and where ambiguous bars make it
    uncertain its interval. `ends`: the smaller and the larger values of the two readings, which may be empty."""
    width = max(len(definition.title) for definition in DEFINITIONS)
    lines = []
    for name, title in ((definition.name, definition.title) for definition in DEFINITIONS):
        low, high = (shown(name, end.get(name, math.nan)) for end in ends)
        between = "" if low == high else f"  {low} … {high}"
        lines.append(f"{title:<{width}}  {shown(name, metrics.get(name, math.nan)):>16}{between}")
    return lines


def _as_table(outcome: Outcome) -> str:
    lines = metric_lines(outcome.metrics, (outcome.lower, outcome.upper))
    return "\n".join([*lines, *([""] if outcome.notes else []), *outcome.notes]) + "\n"


def shown(name: str, value: float) -> str:
    """A metric's value as text in its unit: a dash for no value."""
    if math.isnan(value):
        return "–"
    match definitions_by_name()[name].unit:
        case "fraction":
            return f"{value * 100:,.2f} %"
        case "money":
            return f"{value:,.2f}"
        case "bars" | "count":
            return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
        case _:
            return f"{value:,.3f}"
