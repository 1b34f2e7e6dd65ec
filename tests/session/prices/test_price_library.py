"""The library as a page shows it: changes are made off the owner's thread, told, and can be taken back."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from builder_app.market.groups import SymbolGroups
from builder_app.market.importing.preparing import prepare
from builder_app.market.library import Library, SymbolInfo
from builder_app.session.prices.price_library import (
    CURVE_POINTS,
    Key,
    PriceLibrary,
    group_named,
    read_groups,
)
from tests.cli.terminal import SAMPLE
from tests.cli.test_bad_prices import prices, rows
from tests.market.csv_files import import_files
from tests.market.importing.faulty_rows import quiet
from tests.market.importing.test_yahoo import answer
from tests.session.mailbox import Mailbox


class Page:
    """What the library needs of a session; it listens too."""

    def __init__(self, folder: Path) -> None:
        self.post = Mailbox()
        self.library = Library(folder / "prices")
        self.rooms = SimpleNamespace(library=self.library)
        self.curves: dict[Key, NDArray[np.float64]] = {}
        self.sentences: list[str] = []
        self.failures: list[str] = []
        self.stages: list[str] = []

    def symbols(self) -> tuple[SymbolInfo, ...]:
        return self.library.symbols()

    def prices_changed(self) -> None:
        """The session would tell it."""

    def curves_read(self, curves: Mapping[Key, NDArray[np.float64]], /) -> None:
        self.curves |= curves

    def changed(self, sentence: str, /) -> None:
        self.sentences.append(sentence)

    def failed(self, sentence: str, /) -> None:
        self.failures.append(sentence)

    def progressed(self, stage: str, _share: float, /) -> None:
        self.stages.append(stage)

    def until(self, done: Callable[[], Any]) -> None:
        assert self.post.run_until(lambda: bool(done()), 20.0), (self.sentences, self.failures)

    def names(self) -> list[str]:
        return [info.symbol for info in self.library.symbols()]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    made = Page(tmp_path)
    made.library.install_sample(SAMPLE)
    return made


@pytest.fixture
def shelf(page: Page) -> Iterator[PriceLibrary]:
    made = PriceLibrary(page, page)  # type: ignore[arg-type]
    yield made
    made.close()


def test_deleted_symbols_are_named_and_come_back(page: Page, shelf: PriceLibrary) -> None:
    before = page.library.load().fingerprint
    shelf.delete([("IBM", "daily"), ("FB", "daily")])
    page.until(lambda: page.sentences)
    assert page.sentences == ["IBM and FB were deleted; they can be restored for 90 days."]
    assert page.names() == ["AAPL", "GOOG", "MSFT"]
    shelf.restore([(info.symbol, info.frequency) for info in shelf.deleted()])
    page.until(lambda: len(page.sentences) == 2)
    assert page.library.load().fingerprint == before


def test_small_curves_begin_and_end_with_the_first_and_last_close(page: Page, shelf: PriceLibrary) -> None:
    shelf.ask_curves([("AAPL", "daily"), ("FB", "daily"), ("NONE", "daily")])
    page.until(lambda: page.curves)
    assert set(page.curves) == {("AAPL", "daily"), ("FB", "daily")}
    closes = page.library.bars("AAPL").close
    curve = page.curves["AAPL", "daily"]
    assert len(curve) == CURVE_POINTS
    assert (curve[0], curve[-1]) == (closes[0], closes[-1])


def test_groups_and_sectors_are_kept_and_told(page: Page, shelf: PriceLibrary, tmp_path: Path) -> None:
    shelf.keep_group("Tech", ["MSFT", "AAPL"])
    page.until(lambda: page.sentences)
    table = tmp_path / "table.csv"
    table.write_text("symbol,sector,group\nAAPL,Technology,Big\nIBM,Technology,Big\n")
    shelf.import_symbol_table(table)
    page.until(lambda: len(page.sentences) == 2)
    groups = shelf.groups()
    assert groups.groups == {"Tech": ("MSFT", "AAPL"), "Big": ("AAPL", "IBM")}
    assert group_named(groups, ("AAPL", "MSFT")) == "Tech"
    assert group_named(groups, ("AAPL",)) == ""
    assert groups.sectors == {"AAPL": "Technology", "IBM": "Technology"}
    shelf.remove_group("Tech")
    page.until(lambda: len(page.sentences) == 3)
    assert set(read_groups(page).groups) == {"Big"}  # type: ignore[arg-type]


def test_damaged_groups_are_said_and_cost_nothing_else(page: Page, shelf: PriceLibrary) -> None:
    (page.library.folder / "groups.json").write_text("{")
    assert shelf.groups() == SymbolGroups()
    assert "are damaged; correct that file, or remove it" in page.failures[0]
    assert len(shelf.symbols()) == 5


def test_tests_run_on_raw_prices_where_that_is_chosen(page: Page, shelf: PriceLibrary) -> None:
    shelf.use_raw(("AAPL", "daily"), raw=True)
    page.until(lambda: page.sentences)
    assert page.library.load(("AAPL",)).close[0, 0] == 130.31


def test_an_update_reads_the_files_again_repaired_as_before(page: Page, shelf: PriceLibrary, tmp_path: Path) -> None:
    path = tmp_path / "ABC.csv"
    path.write_text(prices([*rows(), rows()[3]]))
    prepared = prepare([path], quiet, exchange="")
    page.library.keep(prepared, {"ABC": prepared.symbols[0].proposed})
    path.write_text(prices([*rows(count=25), rows()[3]]))
    (info,) = [one for one in page.library.symbols() if one.symbol == "ABC"]
    shelf.update([info])
    page.until(lambda: page.sentences or page.failures)
    assert page.sentences == ["ABC was brought up to date."]
    (after,) = [one for one in page.library.symbols() if one.symbol == "ABC"]
    assert (after.bars, len(after.repairs)) == (25, 1)
    assert any("Reading ABC.csv" in stage for stage in page.stages)


def test_an_update_from_yahoo_fetches_up_to_today(
    page: Page, shelf: PriceLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    from builder_app.market.importing.yahoo import YahooWish, prepare_yahoo

    bars = [30]
    monkeypatch.setattr("builder_app.market.importing.yahoo._download", lambda *_: answer(bars[0]))
    page.library.keep(prepare_yahoo(YahooWish(("SAP",)), quiet, exchange=""), {})
    bars[0] = 45
    shelf.update([info for info in page.library.symbols() if info.symbol == "SAP"])
    page.until(lambda: page.sentences or page.failures)
    assert [info.bars for info in page.library.symbols() if info.symbol == "SAP"] == [45]


def test_what_cannot_be_updated_is_said(page: Page, shelf: PriceLibrary, tmp_path: Path) -> None:
    shelf.update([info for info in page.library.symbols() if info.symbol == "IBM"])
    page.until(lambda: page.failures)
    assert "It is not known where the prices of IBM came from" in page.failures[0]
    path = tmp_path / "GONE.csv"
    path.write_text(prices(rows("GONE")))
    import_files(page.library, [path])
    path.unlink()
    shelf.update([info for info in page.library.symbols() if info.symbol == "GONE"])
    page.until(lambda: len(page.failures) == 2)
    assert "There is no file" in page.failures[1]
    assert len(page.library.load(("GONE",)).times) == 20


def test_a_repair_that_is_undone_is_told(page: Page, shelf: PriceLibrary, tmp_path: Path) -> None:
    path = tmp_path / "ABC.csv"
    path.write_text(prices([*rows()[:9], "ABC,2020-01-10,30,22,19,21,1000", *rows()[10:]]))
    prepared = prepare([path], quiet, exchange="")
    widened = [finding.repairs[0] for finding in prepared.findings]
    page.library.keep(prepared, {"ABC": widened})
    shelf.undo_repair(("ABC", "daily"), 0)
    page.until(lambda: page.sentences)
    assert page.library.load(("ABC",)).high[9, 0] == 22.0


def test_what_comes_after_the_page_was_closed_is_told_to_nobody_but_done(page: Page, shelf: PriceLibrary) -> None:
    shelf.ask_curves([("AAPL", "daily")])
    shelf.delete([("IBM", "daily")])
    shelf.close()
    page.post.run_until(lambda: False, 0.5)
    assert (page.curves, page.sentences) == ({}, [])
