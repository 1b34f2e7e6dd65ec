"""The real package yfinance with its real transport, against Yahoo's chart endpoint on loopback."""

import datetime
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from builder_app.market.importing.preparing import Prepared, accepted
from builder_app.market.importing.yahoo import YahooWish, prepare_yahoo
from builder_app.market.library import ImportCancelled
from builder_app.market.prices import PricesUnreadable
from tests.market.importing.faulty_rows import quiet
from tests.market.importing.yahoo_server import TOO_MANY, Answer, LocalYahoo, chart, yfinance_led_to

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def yahoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalYahoo]:
    found = LocalYahoo()
    with yfinance_led_to(found, tmp_path, monkeypatch):
        yield found


def opening(day: str, clock: str = "09:30") -> int:
    """The second at which a bar begins in New York."""
    return int(datetime.datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=NEW_YORK).timestamp())


DAYS = ("2021-03-10", "2021-03-11", "2021-03-12", "2021-03-15", "2021-03-16")
"""Clocks are changed between the third and the fourth."""
FIELDS: dict[str, list[Any]] = {
    "open": [10.0, 10.5, 11.0, 11.25, 11.5],
    "high": [10.75, 11.0, 11.5, 11.75, 12.0],
    "low": [9.75, 10.25, 10.75, 11.0, 11.25],
    "close": [10.5, 11.0, 11.25, 11.5, 11.75],
    "volume": [1000, 2000, 3000, 4000, 5000],
    "adjclose": [10.0, 10.4761904762, 10.7142857143, 11.5, 11.75],
}
EVENTS = {
    "dividends": {str(opening(DAYS[3])): {"amount": 0.55, "date": opening(DAYS[3])}},
    "splits": {
        str(opening(DAYS[1])): {"date": opening(DAYS[1]), "numerator": 2.0, "denominator": 1.0, "splitRatio": "2:1"}
    },
}
DAILY = chart([opening(day) for day in DAYS], FIELDS, events=EVENTS)


def fetched(*symbols: str, frequency: str = "daily", exchange: str = "") -> Prepared:
    return prepare_yahoo(YahooWish(symbols, frequency), quiet, exchange=exchange)


def sentences(*symbols: str) -> tuple[str, ...]:
    """What is said where nothing could be fetched."""
    with pytest.raises(PricesUnreadable) as caught:
        fetched(*symbols)
    return caught.value.problems


def test_days_with_a_dividend_and_a_split_are_yahoos_numbers(yahoo: LocalYahoo) -> None:
    yahoo.charts = lambda symbol, wish: DAILY
    found = prepare_yahoo(YahooWish(("AAPL",)), quiet)
    assert not found.findings
    assert not found.left_out
    (one,) = accepted(found, {})
    bars, raw = one.bars.bars("AAPL"), one.bars.raw
    assert [str(time)[:10] for time in bars.times] == list(DAYS)
    for name in ("open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(raw[name], FIELDS[name])
    np.testing.assert_allclose(bars.close, FIELDS["adjclose"], rtol=1e-12)
    np.testing.assert_allclose(bars.high[0], 10.75 * 10.0 / 10.5, rtol=1e-12)
    np.testing.assert_allclose(bars.volume[0], 1000 * 10.5 / 10.0, rtol=1e-12)
    assert one.zone == "America/New_York"
    (symbol, wish) = yahoo.asked[-1]
    assert (symbol, wish["interval"], wish["events"]) == ("AAPL", "1d", "div,splits,capitalGains")
    assert int(wish["period1"]) < opening("1970-01-02") < int(wish["period2"])


def test_a_day_that_has_only_a_dividend_is_no_bar_and_a_missing_price_is_found(yahoo: LocalYahoo) -> None:
    holed = {name: [*values[:2], None, *values[3:]] for name, values in FIELDS.items()}
    holed["open"] = [None, *holed["open"][1:]]
    yahoo.charts = lambda symbol, wish: chart([opening(day) for day in DAYS], holed)
    found = fetched("AAPL")
    assert len(found.symbols[0].rows.lines) == 4
    assert [finding.sentence for finding in found.findings] == [
        "AAPL has 1 row without a price; the first is Yahoo's AAPL, line 1 (AAPL, 2021-03-10)."
    ]


def test_minutes_are_asked_for_and_stand_at_their_end(yahoo: LocalYahoo) -> None:
    clocks = ("09:30", "09:35", "09:40", "15:55")
    prices = {name: values[:4] for name, values in FIELDS.items() if name != "adjclose"}
    hours = {"start": opening(DAYS[0]), "end": opening(DAYS[0], "16:00"), "timezone": "EST", "gmtoffset": -18000}
    answer = chart([opening(DAYS[0], clock) for clock in clocks], prices, meta={"tradingPeriods": [[hours]]})
    yahoo.charts = lambda symbol, wish: answer
    (one,) = accepted(fetched("AAPL", frequency="5min"), {})
    assert [str(time)[11:16] for time in one.bars.bars("AAPL").times] == ["14:35", "14:40", "14:45", "21:00"]
    assert (yahoo.asked[-1][1]["interval"], yahoo.asked[-1][1]["range"]) == ("5m", "1mo")


def test_an_unknown_symbol_is_said_every_time_and_the_others_come(yahoo: LocalYahoo) -> None:
    unknown = yahoo.charts
    yahoo.charts = lambda symbol, wish: DAILY if symbol == "AAPL" else unknown(symbol, wish)
    names = ("GONE", "GOEN", "GNOE", "GONE")  # yfinance looks elsewhere too, for the first two
    found = fetched(*names, "AAPL")
    assert [one.symbol for one in found.symbols] == ["AAPL"]
    assert found.left_out == tuple(f"Yahoo knows no symbol {name}; look up how it is written there." for name in names)


def test_too_many_requests_are_not_followed_by_more(yahoo: LocalYahoo) -> None:
    yahoo.charts = lambda symbol, wish: DAILY if symbol == "AAPL" else TOO_MANY
    found = fetched("AAPL", "MSFT", "IBM", "SAP", "ASML")
    assert [one.symbol for one in found.symbols] == ["AAPL"]
    assert found.left_out == (
        "Yahoo refuses more requests for now, so MSFT, IBM, SAP and 1 more were not fetched; "
        "try again in some minutes.",
    )
    assert {symbol for symbol, _ in yahoo.asked} == {"AAPL", "MSFT"}


def test_without_a_connection_one_symbol_is_tried_and_all_are_named(
    yahoo: LocalYahoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert sentences("AAPL", "MSFT") == (
        "Yahoo could not be reached, so AAPL, MSFT were not fetched; check the network, or import a file.",
    )


def test_a_proxy_that_nobody_trusts_is_named(yahoo: LocalYahoo, monkeypatch: pytest.MonkeyPatch) -> None:
    import certifi

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    (sentence,) = sentences("AAPL")
    assert sentence.startswith("Yahoo could not be reached safely, as its certificate is not trusted here, so AAPL was")
    assert not yahoo.asked


@pytest.mark.parametrize("cut", [replace(DAILY, cut=True), replace(DAILY, body=DAILY.body[:300])])
def test_half_an_answer_brings_nothing_and_a_second_try_the_bars(yahoo: LocalYahoo, cut: Answer) -> None:
    yahoo.charts = lambda symbol, wish: cut
    (sentence,) = sentences("AAPL")
    assert sentence.startswith("Yahoo's answer for AAPL ")
    assert "broke off half way; try again." in sentence or "could not be understood (JSONDecodeError" in sentence
    yahoo.charts = lambda symbol, wish: DAILY
    assert len(fetched("AAPL").symbols[0].rows.lines) == len(DAYS)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, b"<html>Internal Server Error</html>", "text/html"),
        Answer(200, b"<html>Will be right back...</html>", "text/html"),
        Answer(200, b'{"chart": {"result": [], "error": null}}'),
        Answer(200, b"null"),
    ],
)
def test_what_is_no_chart_is_said_to_be_none(yahoo: LocalYahoo, answer: Answer) -> None:
    yahoo.charts = lambda symbol, wish: answer
    (sentence,) = sentences("AAPL")
    assert sentence.startswith("Yahoo's answer for AAPL could not be understood (")
    assert sentence.endswith("or bring yfinance up to date: pip install --upgrade yfinance.")


def test_yahoos_own_reason_is_passed_on(yahoo: LocalYahoo) -> None:
    reason = "1m data not available for startTime=1 and endTime=2. The requested range must be within the last 30 days."
    refused = {"chart": {"result": None, "error": {"code": "Unprocessable Entity", "description": reason}}}
    yahoo.charts = lambda symbol, wish: Answer(422, json.dumps(refused).encode()) if "period1" in wish else DAILY
    with pytest.raises(PricesUnreadable, match="The requested range must be within the last 30 days"):
        prepare_yahoo(YahooWish(("AAPL",), "1min", datetime.date(2015, 1, 1)), quiet)


def test_a_fetch_is_stopped_while_yahoo_keeps_it_waiting(yahoo: LocalYahoo) -> None:
    asked, released = threading.Event(), threading.Event()
    told: list[tuple[str, float]] = []

    def charts(symbol: str, wish: dict[str, str]) -> Answer:
        if symbol == "MSFT":
            asked.set()
            released.wait(20)
        return DAILY

    def stop(stage: str, share: float) -> None:
        told.append((stage, share))
        if asked.is_set():
            raise ImportCancelled("The import was cancelled.")

    yahoo.charts = charts
    try:
        with pytest.raises(ImportCancelled):
            prepare_yahoo(YahooWish(("AAPL", "MSFT", "IBM")), stop, exchange="")
        assert not released.is_set()
    finally:
        released.set()
    assert list(dict.fromkeys(told)) == [("Fetching AAPL from Yahoo", 0.0), ("Fetching MSFT from Yahoo", 1 / 3)]
    assert "IBM" not in {symbol for symbol, _ in yahoo.asked}


@pytest.mark.parametrize(("minutes_left", "bars"), [(90, 4), (-90, 5)])
def test_the_bar_of_a_day_that_is_not_over_is_left_out(yahoo: LocalYahoo, minutes_left: int, bars: int) -> None:
    begun = int(time.time()) - 1
    period = {"start": begun, "end": begun + 60 * minutes_left, "timezone": "EST", "gmtoffset": -18000}
    times = [*(opening(day) for day in DAYS[:4]), begun]
    yahoo.charts = lambda symbol, wish: chart(times, FIELDS, meta={"currentTradingPeriod": {"regular": period}})
    (one,) = accepted(fetched("AAPL"), {})
    assert len(one.bars.times) == bars
    assert [remark for remark in one.bars.remarks if "was not over when AAPL was fetched" in remark] == [
        f"The bar of {datetime.datetime.fromtimestamp(begun, NEW_YORK):%Y-%m-%d} was not over when AAPL was fetched, "
        "so it was left out."
    ] * (5 - bars)


def test_the_last_minutes_are_left_out_until_they_are_over(yahoo: LocalYahoo) -> None:
    begun = int(time.time()) - 1
    times = [begun - 300 * before for before in (4, 3, 2, 1, 0)]
    days = {datetime.datetime.fromtimestamp(time_, NEW_YORK).date() for time_ in times}
    hours = [
        {"start": opening(str(day), "00:00"), "end": opening(str(day), "23:59"), "timezone": "EST", "gmtoffset": -18000}
        for day in sorted(days)
    ]
    answer = chart(times, FIELDS, meta={"tradingPeriods": [hours]})
    yahoo.charts = lambda symbol, wish: answer
    rows = fetched("AAPL", frequency="5min").symbols[0].rows
    assert len(rows.lines) == 4
    assert "was not over" in rows.remarks[0]
