"""Yahoo at its boundary: answers as yfinance gives them, faked, because tests use no network."""

import datetime
import inspect
import socket
from typing import Any

import numpy as np
import pandas as pd
import pytest

from builder_app.market.importing import yahoo
from builder_app.market.importing.preparing import accepted
from builder_app.market.importing.yahoo import YahooWish, prepare_yahoo, symbols_in
from builder_app.market.library import ImportCancelled
from builder_app.market.prices import PricesUnreadable
from tests.market.csv_files import random_bars
from tests.market.importing.faulty_rows import quiet


def answer(bars: int = 40, zone: str = "America/New_York", freq: str = "B") -> pd.DataFrame:
    """What `Ticker(...).history(auto_adjust=False)` returns: capitals, an index with a zone, Adj Close."""
    start = "2021-03-01" if freq == "B" else "2021-03-01 09:30"
    index = pd.date_range(start, periods=bars, freq=freq, tz=zone, name="Date")
    found = pd.DataFrame({name.title(): values for name, values in random_bars(bars).items()}, index=index)
    if freq == "B":
        found["Adj Close"] = found["Close"] * 0.5
    return found


def test_daily_prices_have_the_dates_of_their_exchange_and_are_adjusted() -> None:
    for zone in ("America/New_York", "Asia/Tokyo"):
        found = prepare_yahoo(YahooWish(("AAPL",)), quiet, lambda *_: answer(zone=zone), exchange="")  # noqa: B023
        (one,) = accepted(found, {})
        bars = one.bars.bars("AAPL")
        assert (str(bars.times[0])[:10], bars.frequency, found.source) == ("2021-03-01", "daily", "Yahoo")
        np.testing.assert_allclose(bars.close, answer()["Close"] * 0.5)
        np.testing.assert_array_equal(one.bars.raw["close"], answer()["Close"])


def test_minutes_stand_at_their_end_and_know_the_zone_of_the_exchange() -> None:
    wish = YahooWish(("AAPL",), "5min")
    found = prepare_yahoo(wish, quiet, lambda *_: answer(freq="5min"), exchange="")
    (one,) = accepted(found, {})
    assert (one.bars.frequency, one.zone) == ("5min", "America/New_York")
    assert str(one.bars.bars("AAPL").times[0])[:16] == "2021-03-01T14:35"


def test_progress_names_each_symbol_and_what_it_raises_stops_the_fetching() -> None:
    asked: list[str] = []
    told: list[tuple[str, float]] = []

    def download(_wish: YahooWish, symbol: str) -> pd.DataFrame:
        asked.append(symbol)
        return answer()

    def stop(stage: str, share: float) -> None:
        told.append((stage, share))
        if "CCC" in stage:
            raise ImportCancelled("The import was cancelled.")

    with pytest.raises(ImportCancelled):
        prepare_yahoo(YahooWish(("AAA", "BBB", "CCC", "DDD")), stop, download)
    assert asked == ["AAA", "BBB"]
    assert told[1] == ("Fetching BBB from Yahoo", 0.25)


def test_a_symbol_without_prices_is_said_and_the_others_come() -> None:
    def download(_wish: YahooWish, symbol: str) -> Any:
        return answer() if symbol == "AAPL" else answer().iloc[:0]

    found = prepare_yahoo(YahooWish(("AAPL", "GONE")), quiet, download)
    assert [one.symbol for one in found.symbols] == ["AAPL"]
    assert found.left_out == ("Yahoo gave no prices of GONE; check the symbol, or choose other dates.",)
    with pytest.raises(PricesUnreadable, match="no prices of GONE"):
        prepare_yahoo(YahooWish(("GONE",)), quiet, download)


def test_without_a_network_yfinance_itself_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    yfinance = pytest.importorskip("yfinance")

    def unreachable(*_given: object, **_asked: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(yfinance.Ticker, "history", unreachable)
    with pytest.raises(PricesUnreadable, match="could not be reached, so AAPL was not fetched"):
        prepare_yahoo(YahooWish(("AAPL",)), quiet)


def test_what_is_asked_of_yfinance_is_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    yfinance = pytest.importorskip("yfinance")
    known = inspect.signature(yfinance.scrapers.history.PriceHistory.history).parameters
    asked: list[dict[str, Any]] = []

    def history(_self: object, **wish: Any) -> pd.DataFrame:
        asked.append(wish)
        return answer()

    monkeypatch.setattr(yfinance.Ticker, "history", history)
    start, end = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)
    prepare_yahoo(YahooWish(("AAPL",), "daily", start, end), quiet)
    prepare_yahoo(YahooWish(("AAPL",)), quiet)
    assert all(set(wish) <= set(known) for wish in asked)
    assert (asked[0]["start"], asked[0]["end"]) == (start, datetime.date(2022, 1, 1))
    assert (asked[1]["period"], asked[1]["interval"], asked[1]["auto_adjust"]) == ("max", "1d", False)


def test_without_yfinance_a_sentence_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yfinance", None)
    with pytest.raises(PricesUnreadable, match="pip install 'strategy-builder\\[yahoo\\]'"):
        prepare_yahoo(YahooWish(("AAPL",)), quiet)


def test_wishes_that_cannot_be_are_sentences() -> None:
    with pytest.raises(PricesUnreadable, match="No symbol was named"):
        prepare_yahoo(YahooWish(()), quiet)
    with pytest.raises(PricesUnreadable, match="Yahoo has no weekly bars"):
        prepare_yahoo(YahooWish(("AAPL",), "weekly"), quiet)
    assert symbols_in(" aapl, msft;IBM aapl\n") == ("AAPL", "MSFT", "IBM")
    assert set(yahoo.INTERVALS) >= {"1min", "daily"}
