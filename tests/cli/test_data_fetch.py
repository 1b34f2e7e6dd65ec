"""`data fetch` and `data update` with the real yfinance, against Yahoo on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.market.importing.test_yahoo_package import DAILY, DAYS
from tests.market.importing.yahoo_server import TOO_MANY, UNKNOWN, LocalYahoo, yfinance_led_to


@pytest.fixture
def yahoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalYahoo]:
    found = LocalYahoo(lambda symbol, wish: DAILY if symbol in ("AAPL", "MSFT") else UNKNOWN)
    with yfinance_led_to(found, tmp_path, monkeypatch):
        yield found


def test_fetched_prices_are_in_the_library_and_what_could_not_be_had_is_said(
    terminal: Terminal, yahoo: LocalYahoo
) -> None:
    answer = terminal("data", "fetch", "aapl", "GONE", "MSFT")
    assert (answer.code, answer.out.splitlines()[0]) == (1, "Imported AAPL, MSFT.")
    assert "Yahoo knows no symbol GONE; look up how it is written there." in answer.err
    listed = terminal("data", "list", "--json").document
    assert [(one["symbol"], one["bars"], one["source"]) for one in listed] == [
        ("AAPL", len(DAYS), "Yahoo"),
        ("MSFT", len(DAYS), "Yahoo"),
    ]
    assert [(one["start"], one["end"]) for one in listed] == [(DAYS[0], DAYS[-1])] * 2


def test_an_update_asks_yahoo_again_and_names_what_it_did_not_get(terminal: Terminal, yahoo: LocalYahoo) -> None:
    assert terminal("data", "fetch", "AAPL", "MSFT", "--start", "2021-01-04").code == 0
    yahoo.charts = lambda symbol, wish: DAILY if symbol == "AAPL" else TOO_MANY
    answer = terminal("data", "update")
    assert (answer.code, answer.out) == (1, "Brought up to date: AAPL.\n")
    assert "Yahoo refuses more requests for now, so MSFT was not fetched; try again in some minutes." in answer.err
    assert len(terminal("data", "list", "--json").document) == 2


def test_nothing_is_kept_where_yahoo_gives_nothing(terminal: Terminal, yahoo: LocalYahoo) -> None:
    answer = terminal("data", "fetch", "GONE")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith("Yahoo knows no symbol GONE; look up how it is written there.\n")
    assert {one["source"] for one in terminal("data", "list", "--json").document} == {"stocks.csv.gz"}
