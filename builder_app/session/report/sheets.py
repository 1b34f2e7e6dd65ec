"""Trades and equity as tables for other programs: CSV, and Excel where its library is installed."""

import csv
import datetime
import importlib
import io
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from builder_app.quicktest.engine.metrics import DEFINITIONS
from builder_app.quicktest.request import RunResult, Trade
from builder_app.session.report.content import ReportContent

MOST_ROWS: Final = 1_048_575
"""An Excel sheet has no more rows, one of them the titles."""
TRADE_COLUMNS: Final = (
    *("symbol", "side", "quantity", "entry_time", "entry_price", "exit_time", "exit_price", "exit_reason"),
    *("profit", "return", "costs", "favourable_excursion", "adverse_excursion", "ambiguous"),
)
EQUITY_COLUMNS: Final = ("time", "equity", "benchmark", "drawdown")
METRIC_COLUMNS: Final = ("metric", "value", "title", "unit", "what it is", "how it is computed")
_WIDTH: Final = 20
_WIDTHS: Final = {"metric": 26, "title": 26, "what it is": 70, "how it is computed": 60, "set-up": 44}
"""How many letters stand beside each other in a column, where it is not a number, a name or a time."""
_FORMULA: Final = ("=", "+", "-", "@")


class ExcelMissing(ValueError):
    """The library that writes Excel files is not installed; the text says what to do."""


def trades_csv(result: RunResult) -> str:
    """Every trade, numbers to their last bit; times as ISO text."""
    return _csv(TRADE_COLUMNS, _trade_rows(result))


def equity_csv(result: RunResult) -> str:
    """Equity, benchmark and drawdown at every bar, numbers to their last bit."""
    return _csv(EQUITY_COLUMNS, _equity_rows(result))


def excel_file(content: ReportContent) -> bytes:
    """A workbook with the metrics, the trades, the equity and the set-up.

    Raises ExcelMissing without its library, and ValueError where there are more rows than a sheet can hold.
    """
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError as reason:
        raise ExcelMissing(
            "Excel files need the package openpyxl, which is not installed: run `python -m pip install openpyxl`, or "
            "save the trades and the equity as CSV."
        ) from reason
    result = content.result
    if max(len(result.trades), len(result.times)) > MOST_ROWS:
        raise ValueError(f"An Excel sheet holds {MOST_ROWS:,} rows, and there are more; save them as CSV.")
    book = openpyxl.Workbook(write_only=True)
    identity = (("code", result.code_hash), ("prices", result.data_fingerprint), ("seed", result.seed))
    for title, columns, rows in (
        ("Metrics", METRIC_COLUMNS, _metric_rows(result)),
        ("Trades", TRADE_COLUMNS, _trade_rows(result)),
        ("Equity", EQUITY_COLUMNS, _equity_rows(result)),
        ("Set-up", ("set-up", "value"), (*content.set_up, *identity)),
    ):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        _set_head(sheet, columns)
        for row in rows:
            sheet.append([_harmless(value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _set_head(sheet: Any, columns: tuple[str, ...]) -> None:
    """The titles, bold, and columns wide enough for what stands in them."""
    cells, styles = importlib.import_module("openpyxl.cell"), importlib.import_module("openpyxl.styles")
    titles = []
    for place, column in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = max(_WIDTHS.get(column, _WIDTH), len(column) + 2)
        title = cells.WriteOnlyCell(sheet, value=column)
        title.font = styles.Font(bold=True)
        titles.append(title)
    sheet.append(titles)


def _metric_rows(result: RunResult) -> Iterator[tuple[Any, ...]]:
    known = {one.name: one for one in DEFINITIONS}
    for name, value in result.metrics.items():
        one = known.get(name)
        about = () if one is None else (one.title, str(one.unit), one.definition, one.formula)
        yield (name, _cell(value), *about)


def _trade_rows(result: RunResult) -> Iterator[tuple[Any, ...]]:
    times = result.times.astype("datetime64[s]")
    for trade in result.trades:
        yield _trade_row(trade, times)


def _trade_row(trade: Trade, times: "np.ndarray[Any, np.dtype[np.datetime64]]") -> tuple[Any, ...]:
    return (
        trade.symbol,
        "long" if trade.direction > 0 else "short",
        trade.quantity,
        times[trade.entry_bar].item(),
        trade.entry_price,
        times[trade.exit_bar].item(),
        trade.exit_price,
        trade.exit_reason,
        trade.pnl,
        trade.return_fraction,
        trade.costs,
        trade.favourable_excursion,
        trade.adverse_excursion,
        trade.ambiguous,
    )


def _equity_rows(result: RunResult) -> Iterator[tuple[Any, ...]]:
    times = result.times.astype("datetime64[s]")
    for bar in range(len(times)):
        numbers = (float(values[bar]) for values in (result.equity, result.benchmark, result.drawdown))
        yield (times[bar].item(), *map(_cell, numbers))


def _cell(value: float) -> float | None:
    """A number; nothing where there is none."""
    return float(value) if np.isfinite(value) else None


def _csv(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return text.getvalue()


def _plain(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case datetime.datetime():
            return value.isoformat().removesuffix("T00:00:00")
        case _:
            return _harmless(value)


def _harmless(value: Any) -> Any:
    """A text that begins like a formula stays a text in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
