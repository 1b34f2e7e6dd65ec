"""How answers look: tables for a strategist, documents for a program."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from builder_app.cli.trouble import check_problems, failure_problem, problem_json
from builder_app.session import CheckReport, RunFailure, RunResult
from builder_app.session.runs.config_codec import config_to_json

if TYPE_CHECKING:
    from builder_app.session.code.generating import Generated
    from builder_app.session.rooms import SymbolInfo
    from builder_app.session.runs.one_run import Tested


MOST_SYMBOLS: Final = 20
"""So many symbols are named in a line; of more it says how many there are."""


def some_of(symbols: Sequence[str], joint: str) -> str:
    """Symbols in a row; of many, the first ones and how many more."""
    more = len(symbols) - MOST_SYMBOLS
    return joint.join([*symbols[:MOST_SYMBOLS], *([f"… and {more} more"] if more > 0 else [])])


def symbol_lines(symbols: Sequence["SymbolInfo"]) -> Iterable[str]:
    """A table of the library: symbol, frequency, range, bars, source."""
    columns = ("Symbol", "Bars are", "From", "To", "Bars", "Source")
    rows = [
        (info.symbol, info.frequency, str(info.start), str(info.end), f"{info.bars:,}", info.source) for info in symbols
    ]
    widths = [max(len(row[column]) for row in (columns, *rows)) for column in range(len(columns))]
    for symbol, frequency, start, end, bars, source in (columns, *rows):
        left = f"{symbol:<{widths[0]}}  {frequency:<{widths[1]}}  {start:<{widths[2]}}  {end:<{widths[3]}}"
        yield f"{left}  {bars:>{widths[4]}}  {source}"


def report_line(report: CheckReport) -> str:
    """The checks in one line."""
    remarks = len(report.lint_warnings)
    lint = "no lint remarks" if remarks == 0 else f"{remarks} lint remark{'s' if remarks > 1 else ''}"
    return f"{report.status.value}, {report.line_count} lines, complexity {report.complexity_score}, {lint}"


def symbol_json(info: "SymbolInfo") -> dict[str, Any]:
    """One symbol of the library."""
    return {
        "symbol": info.symbol,
        "bars": info.bars,
        "frequency": info.frequency,
        "start": str(info.start),
        "end": str(info.end),
        "source": info.source,
        "fingerprint": info.fingerprint,
    }


def generated_json(generated: "Generated") -> dict[str, Any]:
    """Problems, hashes and the checks' report; what there is no code for is null."""
    program, report = generated.program, generated.report
    problems = [*generated.problems, *(check_problems(report) if report else ())]
    return {
        "problems": [problem_json(problem) for problem in problems],
        "code_hash": program.sha256 if program else None,
        "flow_hash": program.flow_hash if program else None,
        "status": report.status.value if report else None,
        "line_count": report.line_count if report else None,
        "complexity_score": report.complexity_score if report else None,
        "certificate": (report.certificate or None) if report else None,
    }


def tested_json(tested: "Tested") -> dict[str, Any]:
    """What `generated_json` says, the set-up, and the result; a test that failed is one of the problems."""
    content = generated_json(tested.generated)
    content |= {"strategy": tested.flow.name, "config": config_to_json(tested.config)}
    match tested.outcome:
        case None:
            return content
        case RunFailure() as failure:
            content["problems"].append(problem_json(failure_problem(failure)))
            return content | {"failure": {"kind": failure.kind.value, "message": failure.message, "line": failure.line}}
        case result:
            return content | {
                "metrics": _plain(result.metrics),
                "lower": _plain(result.lower),
                "upper": _plain(result.upper),
                "trades": len(result.trades),
                "symbols": list(result.symbols),
                "start": str(result.times[0])[:10],
                "end": str(result.times[-1])[:10],
                "data_fingerprint": result.data_fingerprint,
                "notes": [*tested.remarks, *result.notes],
                "seconds": result.seconds,
            }


def trades_json(result: RunResult) -> list[dict[str, Any]]:
    """Each round trip; dates are those of its first and last bar (with the UTC time where it is not midnight)."""
    times = [str(time)[:10] if str(time)[10:19] in ("", "T00:00:00") else str(time)[:19] for time in result.times]
    return [
        {
            "symbol": trade.symbol,
            "direction": "long" if trade.direction > 0 else "short",
            "entry_date": times[trade.entry_bar],
            "entry_price": trade.entry_price,
            "exit_date": times[trade.exit_bar],
            "exit_price": trade.exit_price,
            "quantity": trade.quantity,
            "exit_reason": trade.exit_reason,
            "pnl": trade.pnl,
        }
        for trade in result.trades
    ]


def _plain(mapping: Mapping[str, float]) -> dict[str, float | None]:
    """Numbers by name for JSON: one without a value is null."""
    return {name: value if math.isfinite(value) else None for name, value in mapping.items()}
