"""Reports read back: every figure of the HTML, CSV and Excel files is the result's."""

import csv
import datetime
import io
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import openpyxl  # type: ignore[import-untyped]
import pytest

from builder_app.quicktest.engine.metrics import DEFINITIONS
from builder_app.quicktest.request import RunResult, TestConfig, Trade
from builder_app.session.report import ExcelMissing, ReportContent, equity_csv, excel_file, report_page, trades_csv
from builder_app.session.report.charts import BUCKETS
from builder_app.session.report.page import charts_of
from builder_app.session.report.thinning import extremes
from builder_app.session.runs.config_words import config_rows
from tests.ui.results.samples import TRADES, result, trade

HOSTILE = '<script>alert("x")</script> & "quotes"'
VOID = {"meta", "br", "img", "line"}


def content(found: RunResult, name: str = "Crossing", picture: str = "") -> ReportContent:
    said, set_up = ("Buy when it rises.", "Sell when it falls."), config_rows(TestConfig())
    return ReportContent(name, said, set_up, found, 1e5, {"Python": "3"}, picture)


class Tables(HTMLParser):
    """Tables by id as rows of texts; every tag must be closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: set[str] = set()
        self._open: list[str] = []
        self._table: list[list[str]] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self._table = self.tables.setdefault(str(dict(attrs)["id"]), [])
        elif tag == "tr":
            self._table.append([])
        elif tag in ("td", "th"):
            self._table[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self._table[-1][-1] += data


def figure(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").replace("+", "").replace("\xa0", " ").split(" ")[0])


def test_html_tables_hold_the_results_figures() -> None:
    found = result(400)
    tables = Tables(report_page(content(found))).tables
    titles = {one.name: one for one in DEFINITIONS}
    rows = {row[0]: row[1] for row in tables["metrics"][1:]}
    for name, value in found.metrics.items():
        if name in titles and not np.isnan(value):
            scale = 100 if titles[name].unit == "fraction" else 1
            assert figure(rows[titles[name].title]) == pytest.approx(value * scale, abs=0.0051)
    shown = tables["trades"][1:]
    assert len(shown) == len(found.trades)
    for row, made in zip(shown, found.trades, strict=True):
        assert row[0] == made.symbol
        assert figure(row[8]) == pytest.approx(made.pnl, abs=0.0051)
        assert row[3] == str(found.times[made.entry_bar])[:10]
    assert tables["identity"][0][1] == found.code_hash
    assert tables["identity"][1][1] == found.data_fingerprint


def test_metrics_stand_beside_the_benchmarks_with_the_signs_of_changes() -> None:
    found = result(400)
    rows = {row[0]: row for row in Tables(report_page(content(found))).tables["metrics"]}
    assert rows["Metric"] == ["Metric", "Strategy", "Benchmark", "What it is, and how it is computed"]
    assert rows["Total return"][1:3] == ["+12.40\xa0%", "+7.21\xa0%"]
    assert rows["Deepest drawdown"][1] == "−8.10\xa0%"
    assert rows["Winning trades"][1] == "50.00\xa0%", "a share is no change"


def test_the_two_readings_of_ambiguous_bars_are_told_where_they_differ() -> None:
    found = result(400)
    lower, upper = ({**found.metrics, "total_return": value} for value in (-0.01, 0.2))
    page = report_page(content(replace(found, lower=lower, upper=upper)))
    rows = {row[0]: row for row in Tables(page).tables["metrics"]}
    assert rows["Metric"][3] == "Between"
    assert rows["Total return"][3] == "−1.00\xa0% … +20.00\xa0%"
    assert rows["Winning trades"][3] == ""
    assert "where every bar that touches stop and target is read against the strategy" in page


def test_months_multiply_to_the_whole_return() -> None:
    found = result(700)
    rows = Tables(report_page(content(found))).tables["months"][1:]
    grown = np.prod([1 + figure(cell) / 100 for row in rows for cell in row[1:13] if cell.strip()])
    years = np.prod([1 + figure(row[13]) / 100 for row in rows])
    whole = found.equity[-1] / found.equity[0]
    assert grown == pytest.approx(whole, rel=0.02)  # each month is rounded to a tenth of a percent
    assert years == pytest.approx(whole, rel=0.003)


def test_page_is_whole_in_itself_and_runs_nothing() -> None:
    found = result(100, trades=(trade(HOSTILE, 1, 2, 5.0, exit_reason=HOSTILE),), seed=3)
    found = replace(found, notes=(HOSTILE,))
    page = report_page(content(found, HOSTILE, '<svg xmlns="http://www.w3.org/2000/svg"/>'))
    seen = Tables(page)
    assert "script" not in seen.tags
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    assert "Buy when it rises. Sell when it falls." in page
    assert seen.tables["trades"][1][0] == HOSTILE


def test_charts_are_well_formed_and_keep_every_extreme() -> None:
    found = result(20_000)
    for svg in charts_of(content(found)).values():
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg")
        assert len(svg) < 120_000
    kept = extremes(found.equity, 0, len(found.equity) - 1, BUCKETS)[0].astype(int)
    assert found.equity[kept].max() == found.equity.max()
    assert found.equity[kept].min() == found.equity.min()
    assert kept[0] == 0
    assert kept[-1] == len(found.equity) - 1


@pytest.mark.parametrize("bars", [1, 2, 3])
def test_tiny_and_tradeless_results_have_a_report_too(bars: int) -> None:
    found = result(bars, trades=(), rejections=())
    page = report_page(content(found))
    Tables(page)
    assert "made no trade" in page


def test_csv_gives_every_number_back_to_the_last_bit() -> None:
    found = result(50)
    rows = list(csv.DictReader(io.StringIO(equity_csv(found))))
    assert [float(row["equity"]) for row in rows] == found.equity.tolist()
    assert [float(row["drawdown"]) for row in rows] == found.drawdown.tolist()
    assert [row["time"] for row in rows] == [str(time)[:10] for time in found.times]
    trades = list(csv.DictReader(io.StringIO(trades_csv(found))))
    for row, made in zip(trades, found.trades, strict=True):
        assert (float(row["profit"]), float(row["return"])) == (made.pnl, made.return_fraction)
        assert (row["symbol"], row["exit_reason"]) == (made.symbol, made.exit_reason)
        assert row["ambiguous"] == ("true" if made.ambiguous else "false")


def test_text_that_looks_like_a_formula_stays_a_text() -> None:
    found = result(50, trades=(trade("=1+1", 1, 2, 5.0),))
    (row,) = csv.DictReader(io.StringIO(trades_csv(found)))
    assert row["symbol"] == "'=1+1"


def test_excel_file_holds_trades_equity_metrics_and_the_set_up() -> None:
    found = result(60, sortino_ratio=float("nan"))
    book = openpyxl.load_workbook(io.BytesIO(excel_file(content(found))))
    assert book.sheetnames == ["Metrics", "Trades", "Equity", "Set-up"]
    metrics = {row[0]: row[1] for row in book["Metrics"].iter_rows(min_row=2, values_only=True)}
    assert metrics["total_return"] == found.metrics["total_return"]
    assert metrics["sortino_ratio"] is None
    told = {row[0]: row[2:] for row in book["Metrics"].iter_rows(min_row=2, values_only=True)}
    for one in DEFINITIONS:
        if one.name in found.metrics:
            assert told[one.name] == (one.title, str(one.unit), one.definition, one.formula or None)
    for sheet in book:
        titles = next(sheet.iter_rows(max_row=1))
        assert all(title.font.bold for title in titles)
        wide = [one.width for one in sheet.column_dimensions.values() for _ in range(one.min, one.max + 1)]
        assert all(width > len(title.value) for width, title in zip(wide, titles, strict=True))
    equity = list(book["Equity"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in equity] == pytest.approx(found.equity.tolist(), rel=1e-14)
    assert equity[0][0] == datetime.datetime(2003, 1, 1)
    trades = list(book["Trades"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in trades] == [made.symbol for made in TRADES]
    assert [row[8] for row in trades] == [made.pnl for made in TRADES]
    set_up = {row[0]: row[1] for row in book["Set-up"].iter_rows(min_row=2, values_only=True)}
    assert set_up["code"] == found.code_hash
    assert set_up["The capital"] == "100,000"


def test_missing_excel_library_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ExcelMissing, match="pip install openpyxl"):
        excel_file(content(result(5)))


def test_too_many_rows_for_a_sheet_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder_app.session.report.sheets.MOST_ROWS", 10)
    with pytest.raises(ValueError, match="save them as CSV"):
        excel_file(content(result(11)))


def test_many_trades_are_cut_in_the_page_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder_app.session.report.page.MOST_TRADES", 2)
    many: tuple[Trade, ...] = TRADES
    page = report_page(content(result(60, trades=many)))
    assert len(Tables(page).tables["trades"]) == 1 + 2
    assert "all are in the CSV and Excel files" in page
