"""The report as one HTML text: light, without scripts, whole in itself, and good to print."""

import base64
import html
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from builder_app.quicktest.chart_series import deepest_falls, monthly_returns
from builder_app.quicktest.conventions.measuring import Convention, Measures, measure_as
from builder_app.quicktest.engine.metrics import DEFINITIONS, Definition
from builder_app.quicktest.request import RunResult
from builder_app.session.report.charts import ACCENT, LOSS, QUIET, Line, chart
from builder_app.session.report.content import ReportContent
from builder_app.session.report.figures import NO_VALUE, benchmark_value, metric_text, money, number, percent

MOST_TRADES: Final = 1_000
"""So many trades are listed; all of them are in the CSV and Excel files."""
PICTURE, EQUITY, DRAWDOWN = "picture", "equity", "drawdown"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAIN: Final = ("total_return", "cagr", "sharpe_ratio", "max_drawdown", "win_rate", "trade_count")
_STYLE: Final = """
body { font-family: sans-serif; color: #1C2026; background: #FFFFFF; }
h1 { margin-top: 0; margin-bottom: 4px; }
h2 { margin-top: 16px; margin-bottom: 4px; }
p { margin-top: 4px; margin-bottom: 4px; line-height: 140%; }
table { width: 100%; }
th { color: #5B6270; font-weight: normal; text-align: left; }
td { vertical-align: top; }
.quiet { color: #5B6270; }
.gain { color: #1A7F5A; }
.loss { color: #C62F3B; }
.figure { font-weight: bold; }
.after { padding-left: 12px; }
code { font-family: monospace; }
"""
_SCREEN: Final = """
body { font-size: 13px; max-width: 960px; margin: 32px auto; padding: 0 24px; }
h1 { font-size: 24px; } h2 { font-size: 17px; margin-top: 28px; margin-bottom: 8px; } .figure { font-size: 18px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #D5D9E0; padding: 4px 8px; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
.right, .figure { white-space: nowrap; } td.after, th.after { padding-left: 20px; }
#figures td { border-bottom: 0; }
code { font-size: 12px; }
svg, img { max-width: 100%; height: auto; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 11px; } h2 { break-after: avoid; }
  th, td { padding: 2px 4px; } .figure { font-size: 15px; } code { font-size: 10px; }
  tr, svg, img { break-inside: avoid; } thead { display: table-header-group; } }
"""


def report_page(content: ReportContent) -> str:
    """The page for browsers, with its charts and the picture in it."""
    drawn = {name: svg for name, svg in charts_of(content).items() if name != PICTURE}
    if content.picture:
        data = base64.b64encode(content.picture.encode("utf-8")).decode("ascii")
        drawn[PICTURE] = f'<img alt="The picture of the strategy" src="data:image/svg+xml;base64,{data}">'
    return page(content, drawn, _SCREEN)


def charts_of(content: ReportContent) -> dict[str, str]:
    """The report's charts as SVG texts, by name, the strategy's picture among them where there is one."""
    result = content.result
    equity = [Line("Benchmark", result.benchmark, QUIET, width=1.0), Line("Strategy", result.equity, ACCENT)]
    drawn = {
        EQUITY: chart("Equity of the strategy and the benchmark", result.times, equity, 320),
        DRAWDOWN: chart("Drawdown", result.times, [Line("Drawdown", result.drawdown, LOSS, filled=True)], 160, "%"),
    }
    return drawn | ({PICTURE: content.picture} if content.picture else {})


def page(content: ReportContent, drawn: Mapping[str, str], style: str = "") -> str:
    """The page with these charts, by name, as they stand in it; `style` is added to its own."""
    title = html.escape(content.name)
    body = "\n".join(part for section in _SECTIONS for part in section(content, drawn))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}{style}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _head(content: ReportContent, _drawn: Mapping[str, str]) -> Iterator[str]:
    result = content.result
    yield f"<h1>{html.escape(content.name)}</h1>"
    if len(result.times):
        span = f"{_day(result, 0)} to {_day(result, len(result.times) - 1)}"
        names = ", ".join(result.symbols[:12]) + (f" and {len(result.symbols) - 12} more" * (len(result.symbols) > 12))
        yield f'<p class="quiet">{span} · {html.escape(names)} · {len(result.times):,} bars</p>'
    known = [one for name in _MAIN for one in DEFINITIONS if one.name == name and name in result.metrics]
    cells = "".join(
        f'<td><span class="quiet">{html.escape(one.title)}</span><br>'
        f'<span class="figure">{metric_text(one, result.metrics[one.name])}</span></td>'
        for one in known
    )
    yield f'<table id="figures" cellspacing="0" cellpadding="3" width="100%"><tr>{cells}</tr></table>'


def _charts(content: ReportContent, drawn: Mapping[str, str]) -> Iterator[str]:
    first, last = content.result.equity[:1], content.result.equity[-1:]
    yield "<h2>Equity</h2>"
    yield (
        f'<p class="quiet">From {money(content.capital)} to {money(float(last[0]))}. '
        f'<span style="color:{ACCENT}">Strategy</span> and benchmark (grey), in money.</p>'
        if len(first)
        else ""
    )
    yield _figure(drawn[EQUITY])
    yield "<h2>Drawdown</h2>"
    yield '<p class="quiet">How far the equity was below its highest close so far.</p>'
    yield _figure(drawn[DRAWDOWN])
    falls = deepest_falls(content.result.drawdown)
    if falls:
        rows = [
            (
                _day(content.result, fall.peak),
                _day(content.result, fall.bottom),
                "not yet" if fall.end is None else _day(content.result, fall.end),
                percent(fall.depth),
            )
            for fall in falls
        ]
        yield from _table("falls", ("High before", "Deepest", "At the high again", "Depth"), rows, {3})


def _months(content: ReportContent, _drawn: Mapping[str, str]) -> Iterator[str]:
    yield "<h2>Returns by month</h2>"
    months = monthly_returns(content.result.times, content.result.equity)
    rows = [
        (str(int(year)), *(_signed(value) for value in row.tolist()), _signed(float(total)))
        for year, row, total in zip(months.years, months.table, months.totals, strict=True)
    ]
    yield from _table("months", ("Year", *_MONTHS, "Year’s"), rows, set(range(1, 14)))


def _metrics(content: ReportContent, _drawn: Mapping[str, str]) -> Iterator[str]:
    yield "<h2>Metrics</h2>"
    measures = measure_as(Convention.OWN, content.result)
    rows = [_metric_row(one, measures) for one in DEFINITIONS if one.name in measures.values]
    titles = ["Metric", "Strategy", "Benchmark", "Between", "What it is, and how it is computed"]
    if any(row[3] for row in rows):
        yield (
            '<p class="quiet">Between: the metric where every bar that touches stop and target is read against the '
            "strategy, and where it is read for it.</p>"
        )
    else:
        for row in (titles, *rows):
            del row[3]
    yield from _table("metrics", titles, rows, set(range(1, len(titles) - 1)), quiet={len(titles) - 1})


def _metric_row(one: Definition, measures: Measures) -> list[str]:
    beside = benchmark_value(one.name, measures.values)
    beside = measures.benchmark.get(one.name) if beside is None else beside
    low, high = (metric_text(one, read.get(one.name, math.nan)) for read in (measures.lower, measures.upper))
    formula = f"<code>{html.escape(one.formula)}</code>" if one.formula else ""
    return [
        html.escape(one.title),
        metric_text(one, measures.values[one.name]),
        "" if beside is None else metric_text(one, beside),
        "" if low == high or NO_VALUE in (low, high) else f"{low} … {high}",
        f"{html.escape(one.definition)} {formula}".strip(),
    ]


def _strategy(content: ReportContent, drawn: Mapping[str, str]) -> Iterator[str]:
    yield "<h2>The strategy</h2>"
    yield f'<p id="logic">{html.escape(" ".join(content.sentences))}</p>'
    if PICTURE in drawn:
        yield _figure(drawn[PICTURE])
    elif content.no_picture:
        yield f'<p class="quiet">{html.escape(content.no_picture)}</p>'


def _set_up(content: ReportContent, _drawn: Mapping[str, str]) -> Iterator[str]:
    yield "<h2>How it was tested</h2>"
    yield from _table("set-up", ("", ""), [tuple(map(html.escape, row)) for row in content.set_up])
    if content.result.notes:
        yield "<h2>Notes</h2>"
        yield from (f"<p>{html.escape(note)}</p>" for note in content.result.notes)


def _trades(content: ReportContent, _drawn: Mapping[str, str]) -> Iterator[str]:
    result = content.result
    yield f"<h2>Trades ({len(result.trades):,})</h2>"
    if not result.trades:
        yield "<p>The strategy made no trade in this test.</p>"
        return
    if len(result.trades) > MOST_TRADES:
        yield f'<p class="quiet">The first {MOST_TRADES:,} of them; all are in the CSV and Excel files.</p>'
    rows = [
        (
            html.escape(trade.symbol),
            "Long" if trade.direction > 0 else "Short",
            f"{trade.quantity:,.2f}",
            _day(result, trade.entry_bar),
            f"{trade.entry_price:,.2f}",
            _day(result, trade.exit_bar),
            f"{trade.exit_price:,.2f}",
            html.escape(trade.exit_reason) + (" (ambiguous)" if trade.ambiguous else ""),
            _toned(trade.pnl, money(trade.pnl, signed=True)),
            _signed(trade.return_fraction, 2),
        )
        for trade in result.trades[:MOST_TRADES]
    ]
    titles = ("Symbol", "Side", "Quantity", "Entry", "Price", "Exit", "Price", "Reason", "Profit", "Return %")
    yield from _table("trades", titles, rows, {2, 3, 4, 5, 6, 8, 9})


def _identity(content: ReportContent, _drawn: Mapping[str, str]) -> Iterator[str]:
    result = content.result
    yield "<h2>What it was computed by</h2>"
    yield '<p class="quiet">The same code on the same prices by the same versions gives the same numbers.</p>'
    rows = [
        ("Code (SHA-256)", result.code_hash),
        ("Prices (fingerprint)", result.data_fingerprint),
        ("Seed", str(result.seed)),
        *content.versions.items(),
    ]
    yield from _table("identity", ("", ""), [tuple(map(html.escape, row)) for row in rows])


_SECTIONS: Final[Sequence[Callable[[ReportContent, Mapping[str, str]], Iterator[str]]]] = (
    _head, _charts, _months, _metrics, _strategy, _set_up, _trades, _identity
)  # fmt: skip


def _table(
    id: str,
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: frozenset[int] | set[int] = frozenset(),
    quiet: frozenset[int] | set[int] = frozenset(),
) -> Iterator[str]:
    """A table; columns in `right` are figures. Cells are HTML already. Without figures the first column has a third."""

    def cell(tag: str, column: int, text: str) -> str:
        side = ' class="right" align="right" style="text-align:right"' if column in right else ""
        side = side if right or column else ' width="35%"'
        kinds = [
            *(["quiet"] if column in quiet and tag == "td" else []),
            *(["after"] if column not in right and column - 1 in right else []),
        ]
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        return f"<{tag}{side}{kind}>{text}</{tag}>"

    yield f'<table id="{id}" cellspacing="0" cellpadding="3" width="100%">'
    if any(titles):
        heads = "".join(cell("th", place, html.escape(title)) for place, title in enumerate(titles))
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    yield from (f"<tr>{''.join(cell('td', place, text) for place, text in enumerate(row))}</tr>" for row in rows)
    yield "</tbody></table>"


def _figure(drawn: str) -> str:
    """A chart in a block of its own, so that the text's line height does not stretch what is around it."""
    return f'<div style="line-height:100%; margin-top:4px">{drawn}</div>'


def _day(result: RunResult, bar: int) -> str:
    text = str(np.datetime_as_string(result.times[bar], unit="m")).replace("T", " ")
    return text.removesuffix(" 00:00")


def _signed(fraction: float, places: int = 1) -> str:
    """A return in percent, coloured by its sign; nothing for a month without a bar."""
    if math.isnan(fraction):
        return ""
    return _toned(fraction, number(fraction * 100, places, signed=True))


def _toned(value: float, text: str) -> str:
    if text[:1].isdigit():  # it is rounded to nothing
        return text
    return f'<span class="{"gain" if value > 0 else "loss"}">{text}</span>'
