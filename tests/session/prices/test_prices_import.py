"""An import step by step: what was read is told, corrected, repaired and kept; what is overtaken is not told."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from builder_app.market.library import Library
from builder_app.session import events
from builder_app.session.prices import prices_import
from builder_app.session.prices.prices_import import ImportReport, Look, PricesImport, YahooWish
from tests.cli.test_bad_prices import prices, rows
from tests.market.importing.test_yahoo import answer
from tests.session.mailbox import Mailbox

SECONDS = 20.0


class Desk:
    """What an import needs of a session; it listens to the import too."""

    def __init__(self, folder: Path) -> None:
        self.post = Mailbox()
        self.library = Library(folder / "prices")
        self.rooms = SimpleNamespace(library=self.library)
        self.told: list[events.Event] = []
        self.changes = 0
        self.stages: list[str] = []
        self.looks: list[Look] = []
        self.reports: list[ImportReport] = []
        self.failures: list[tuple[str, ...]] = []

    def tell(self, event: events.Event) -> None:
        self.told.append(event)

    def prices_changed(self) -> None:
        self.changes += 1

    def progressed(self, stage: str, share: float, /) -> None:
        assert 0.0 <= share <= 1.0
        self.stages.append(stage)

    def looked(self, look: Look, /) -> None:
        self.looks.append(look)

    def kept(self, report: ImportReport, /) -> None:
        self.reports.append(report)

    def failed(self, sentences: tuple[str, ...], /) -> None:
        self.failures.append(sentences)

    def until(self, done: Callable[[], Any]) -> None:
        assert self.post.run_until(lambda: bool(done()), SECONDS), (self.stages, self.failures)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def importing(desk: Desk) -> Iterator[PricesImport]:
    made = PricesImport(desk, desk)  # type: ignore[arg-type]
    yield made
    made.close()


def csv(folder: Path, lines: list[str] | None = None, name: str = "ABC.csv") -> Path:
    path = folder / name
    path.write_text(prices(rows() if lines is None else lines))
    return path


def test_what_the_files_hold_is_told_and_nothing_is_kept_yet(
    desk: Desk, importing: PricesImport, tmp_path: Path
) -> None:
    importing.look([csv(tmp_path)])
    desk.until(lambda: desk.looks)
    (layout,) = desk.looks[0].layouts
    assert layout.names == ("Symbol", "Date", "Open", "High", "Low", "Close", "Volume")
    assert layout.choice.meanings == ("symbol", "date", "open", "high", "low", "close", "volume")
    assert layout.rows[0][:2] == ("ABC", "2020-01-01")
    assert [one.symbol for one in desk.looks[0].prepared.symbols] == ["ABC"]
    assert desk.library.symbols() == ()
    assert any("Reading ABC.csv" in stage for stage in desk.stages)


def test_what_was_looked_at_is_kept_with_the_chosen_repairs_and_told(
    desk: Desk, importing: PricesImport, tmp_path: Path
) -> None:
    importing.look([csv(tmp_path, [*rows(), rows()[3]])], exchange="")
    desk.until(lambda: desk.looks)
    prepared = desk.looks[0].prepared
    importing.keep(prepared, {})
    desk.until(lambda: desk.failures)
    assert "repeats the date" in desk.failures[0][0]
    assert desk.library.symbols() == ()
    importing.keep(prepared, {one.symbol: one.proposed for one in prepared.symbols})
    desk.until(lambda: desk.reports)
    (info,) = desk.library.symbols()
    assert (info.bars, len(info.repairs)) == (20, 1)
    assert [type(event) for event in desk.told] == [events.PricesImported]
    assert desk.changes == 1


def test_corrected_columns_are_read_anew_and_remembered_for_the_next_update(
    desk: Desk, importing: PricesImport, tmp_path: Path
) -> None:
    from dataclasses import replace

    path = tmp_path / "odd.csv"
    path.write_text(prices(rows()).replace("Symbol,Date,Open,High,Low,Close", "Share,When,First,Top,Bottom,End"))
    importing.look([path])
    desk.until(lambda: desk.looks)
    assert "no column for date" in desk.looks[0].prepared.problems[0]
    layout = desk.looks[0].layouts[0]
    meanings = ("symbol", "date", "open", "high", "low", "close", "volume")
    importing.look([path], {layout.names: replace(layout.choice, meanings=meanings)}, "")
    desk.until(lambda: len(desk.looks) == 2)
    importing.keep(desk.looks[1].prepared, {})
    desk.until(lambda: desk.reports)
    assert '"bottom"' not in desk.library.symbols()[0].origin
    assert '"names": ["Share", "When"' in desk.library.symbols()[0].origin


def test_many_files_of_one_form_are_one_layout(desk: Desk, importing: PricesImport, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("A", "B", "C"):
        (folder / f"{name}.csv").write_text(prices(rows()).replace("ABC,", "").replace("Symbol,", ""))
    (folder / "D.csv").write_text(prices(rows("DDD")))
    importing.look([folder])
    desk.until(lambda: desk.looks)
    assert [len(layout.files) for layout in desk.looks[0].layouts] == [3, 1]
    assert [one.symbol for one in desk.looks[0].prepared.symbols] == ["A", "B", "C", "DDD"]


def test_an_overtaken_look_is_never_told(desk: Desk, importing: PricesImport, tmp_path: Path) -> None:
    first, second = csv(tmp_path, name="first.csv"), csv(tmp_path, rows("XYZ"), "second.csv")
    importing.look([first])
    importing.look([second])
    desk.until(lambda: desk.looks)
    desk.post.run_until(lambda: False, 0.3)
    assert [look.prepared.source for look in desk.looks] == ["second.csv"]


def test_cancelling_stops_a_fetch_and_leaves_the_library_as_it_was(
    desk: Desk, importing: PricesImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    def slow(_wish: YahooWish, symbol: str) -> Any:
        asked.append(symbol)
        reached.set()
        assert go_on.wait(SECONDS)
        return answer()

    monkeypatch.setattr("builder_app.market.importing.yahoo._download", slow)
    importing.fetch(YahooWish(("AAA", "BBB", "CCC")))
    assert reached.wait(SECONDS)
    assert importing.is_busy
    importing.cancel()
    go_on.set()
    desk.post.run_until(lambda: False, 0.3)
    assert asked == ["AAA"]
    assert (desk.looks, desk.failures, desk.library.symbols()) == ([], [], ())


def test_a_file_is_read_while_yahoo_still_has_not_answered_what_was_cancelled(
    desk: Desk, importing: PricesImport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def silent(_wish: YahooWish, symbol: str) -> Any:
        reached.set()
        assert go_on.wait(SECONDS)
        return answer()

    monkeypatch.setattr("builder_app.market.importing.yahoo._download", silent)
    importing.fetch(YahooWish(("AAA",)))
    assert reached.wait(SECONDS)
    importing.look([csv(tmp_path)])
    try:
        assert desk.post.run_until(lambda: bool(desk.looks), SECONDS / 2)  # before the silence ends
    finally:
        go_on.set()
    assert [one.symbol for one in desk.looks[0].prepared.symbols] == ["ABC"]


def test_fetched_prices_are_checked_and_kept_as_files_are(
    desk: Desk, importing: PricesImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder_app.market.importing.yahoo._download", lambda _wish, _symbol: answer())
    importing.fetch(YahooWish(("AAPL",)), "")
    desk.until(lambda: desk.looks)
    assert desk.looks[0].layouts == ()
    importing.keep(desk.looks[0].prepared, {})
    desk.until(lambda: desk.reports)
    (info,) = desk.library.symbols()
    assert (info.symbol, info.source, info.has_raw) == ("AAPL", "Yahoo", True)


def test_no_network_is_a_sentence(desk: Desk, importing: PricesImport, monkeypatch: pytest.MonkeyPatch) -> None:
    yfinance = pytest.importorskip("yfinance")

    def unreachable(*_given: object, **_asked: object) -> None:
        raise ConnectionError("Could not resolve host: query1.finance.yahoo.com")

    monkeypatch.setattr(yfinance.Ticker, "history", unreachable)
    importing.fetch(YahooWish(("AAPL",)))
    desk.until(lambda: desk.failures)
    assert "Yahoo could not be reached" in desk.failures[0][0]


def test_a_fault_of_ours_is_said_and_the_next_import_works(
    desk: Desk, importing: PricesImport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(prices_import, "_layouts", broken)
        importing.look([csv(tmp_path)])
        desk.until(lambda: desk.failures)
    assert "by a fault of this program (RuntimeError: a bug)" in desk.failures[0][0]
    importing.look([csv(tmp_path)])
    desk.until(lambda: desk.looks)
