"""Repairs are recorded with the bars they made, and can be undone; deleted symbols come back."""

import datetime
import os
from pathlib import Path

import numpy as np
import pytest

from builder_app.market.bar_files import file_name
from builder_app.market.importing.faults import Kind
from builder_app.market.importing.preparing import prepare
from builder_app.market.importing.repairs import Action
from builder_app.market.library import Library
from builder_app.market.prices import PricesUnreadable, read_prices
from tests.market.csv_files import GOOD, SAMPLE, import_files, random_bars, written
from tests.market.importing.faulty_rows import quiet

DAY = datetime.timedelta(days=1)
HEADER = "Date,Open,High,Low,Close,Volume\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "prices")


def lines(bars: int = 60, split_at: int | None = 40) -> list[str]:
    """Quiet days, with a split of 2 for 1 that the prices do not show."""
    columns = random_bars(bars)
    days = np.arange(np.datetime64("2020-01-01"), np.datetime64("2020-01-01") + bars)
    rows = []
    for place, day in enumerate(days):
        shares = 2.0 if split_at is not None and place >= split_at else 1.0
        prices = ",".join(repr(float(columns[name][place] / shares)) for name in ("open", "high", "low", "close"))
        rows.append(f"{day},{prices},1000")
    return rows


def import_repaired(library: Library, path: Path) -> None:
    prepared = prepare([path], quiet, exchange="")
    library.keep(prepared, {one.symbol: one.proposed for one in prepared.symbols})


def test_each_repair_is_recorded_with_its_rows_its_sentence_and_its_time(library: Library, tmp_path: Path) -> None:
    rows = lines()
    import_repaired(library, written(tmp_path, HEADER + "\n".join([*rows, rows[3]])))
    (info,) = library.symbols()
    assert [(made.repair.kind, made.repair.action) for made in info.repairs] == [
        (Kind.REPEATED, Action.KEEP_LAST),
        (Kind.SPLIT, Action.ADJUST),
    ]
    assert [str(np.datetime64(time, "ns"))[:10] for made in info.repairs for time in made.repair.times] == [
        "2020-01-04",
        "2020-02-10",
    ]
    assert "a split of 2 for 1" in info.repairs[1].sentence
    assert abs(datetime.datetime.now(datetime.UTC) - info.repairs[0].made_at) < datetime.timedelta(minutes=1)
    assert (info.has_raw, info.bars) == (True, 60)


def test_an_undone_repair_gives_the_bars_as_if_it_had_never_been_made(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "\n".join(lines()))
    import_files(library, [path])
    untouched = library.load().fingerprint
    import_repaired(library, path)
    assert library.load().fingerprint != untouched
    library.undo_repair("ABC", "daily", 0)
    assert library.load().fingerprint == untouched
    (info,) = library.symbols()
    assert (info.repairs, info.rows_file) == ((), "")
    assert list((library.folder / "rows").iterdir()) == []
    assert Library(library.folder).load().fingerprint == untouched


def test_a_repair_without_which_the_bars_cannot_be_used_stays(library: Library, tmp_path: Path) -> None:
    rows = lines(split_at=None)
    import_repaired(library, written(tmp_path, HEADER + "\n".join([*rows, rows[3]])))
    before = library.load().fingerprint
    with pytest.raises(PricesUnreadable, match="cannot be used without this repair") as refused:
        library.undo_repair("ABC", "daily", 0)
    assert "repeats the date" in refused.value.problems[1]
    assert library.load().fingerprint == before
    with pytest.raises(PricesUnreadable, match="no such repair"):
        library.undo_repair("ABC", "daily", 5)


def test_rows_that_are_damaged_or_gone_are_said_and_the_bars_stay(library: Library, tmp_path: Path) -> None:
    import_repaired(library, written(tmp_path, HEADER + "\n".join(lines())))
    before = library.load().fingerprint
    (rows,) = (library.folder / "rows").iterdir()
    rows.write_bytes(rows.read_bytes()[:-20])
    with pytest.raises(PricesUnreadable, match="missing or damaged; import the prices again"):
        library.undo_repair("ABC", "daily", 0)
    rows.unlink()
    with pytest.raises(PricesUnreadable, match="missing or damaged"):
        library.undo_repair("ABC", "daily", 0)
    assert Library(library.folder).load().fingerprint == before


def test_importing_again_forgets_the_rows_of_before(library: Library, tmp_path: Path) -> None:
    import_repaired(library, written(tmp_path, HEADER + "\n".join(lines())))
    import_repaired(library, written(tmp_path, HEADER + "\n".join(lines(split_at=50))))
    assert len(list((library.folder / "rows").iterdir())) == 1
    import_files(library, [written(tmp_path, GOOD)])
    assert list((library.folder / "rows").iterdir()) == []


def test_raw_prices_are_those_of_the_file_and_tests_may_run_on_them(library: Library) -> None:
    library.install_sample(SAMPLE)
    raw, adjusted = library.bars("AAPL", raw=True), library.bars("AAPL")
    assert (raw.open[0], raw.close[0], raw.volume[0]) == (118.56, 130.31, 9616100.0)
    assert adjusted.close[0] == pytest.approx(4.186662803811)
    whole = library.load(("AAPL",))
    library.use_raw("AAPL", "daily", raw=True)
    assert library.load(("AAPL",)).close[0, 0] == 130.31
    assert [info.uses_raw for info in library.symbols() if info.symbol == "AAPL"] == [True]
    library.use_raw("AAPL", "daily", raw=False)
    assert library.load(("AAPL",)).fingerprint == whole.fingerprint


def test_prices_that_are_not_adjusted_have_no_raw_ones_beside_them(library: Library, tmp_path: Path) -> None:
    import_files(library, [written(tmp_path, GOOD)])
    with pytest.raises(PricesUnreadable, match="ABC has no raw prices beside those that it has"):
        library.use_raw("ABC", "daily", raw=True)


def test_a_deleted_symbol_comes_back_as_it_was(library: Library) -> None:
    library.install_sample(SAMPLE)
    before = library.load()
    library.remove("IBM", "daily")
    assert "IBM" not in library.load().symbols
    assert [info.symbol for info in library.deleted()] == ["IBM"]
    library.restore("IBM", "daily")
    assert library.load().fingerprint == before.fingerprint
    assert library.deleted() == ()


def test_restoring_never_replaces_what_is_in_the_library_again(library: Library, tmp_path: Path) -> None:
    library.install_sample(SAMPLE)
    library.remove("IBM", "daily")
    import_files(library, [written(tmp_path, GOOD, "IBM.csv")])
    with pytest.raises(PricesUnreadable, match="IBM is in the library again; delete it first"):
        library.restore("IBM", "daily")
    with pytest.raises(PricesUnreadable, match="no deleted prices of ORCL"):
        library.restore("ORCL", "daily")


def everything_in(library: Library) -> list[str]:
    return sorted(str(path.relative_to(library.folder)) for path in library.folder.rglob("*") if path.is_file())


def test_deleted_symbols_go_for_good_after_ninety_days_with_the_rows_that_they_needed(
    library: Library, tmp_path: Path
) -> None:
    import_repaired(library, written(tmp_path, HEADER + "\n".join(lines()), "OLD.csv"))
    place = library.folder / file_name("OLD", "daily")
    os.utime(place, (0, 0))  # imported long ago, which says nothing of when it is deleted
    before, now = everything_in(library), datetime.datetime.now(datetime.UTC)
    assert len(before) == 2
    library.remove("OLD")
    assert library.empty_deleted(now + 89 * DAY) == 0
    library.restore("OLD", "daily")
    assert everything_in(library) == before
    library.remove("OLD")
    assert library.empty_deleted(now + 91 * DAY, dry_run=True) == 1
    assert [info.symbol for info in library.deleted()] == ["OLD"]
    assert library.empty_deleted(now + 91 * DAY) == 1
    assert everything_in(library) == []
    with pytest.raises(PricesUnreadable, match="no deleted prices of OLD"):
        library.restore("OLD", "daily")


def test_a_second_deletion_leaves_no_rows_of_the_first_behind(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "\n".join(lines()), "ABC.csv")
    import_repaired(library, path)
    library.remove("ABC")
    import_files(library, [written(tmp_path, GOOD, "ABC.csv")])
    library.remove("ABC")
    assert everything_in(library) == [str(Path("deleted") / file_name("ABC", "daily"))]


def test_weekly_bars_are_made_of_daily_ones_and_said(library: Library, tmp_path: Path) -> None:
    library.install_sample(SAMPLE)
    panel = library.load(("AAPL", "FB"), frequency="weekly")
    assert panel.frequency == "weekly"
    assert {str(np.datetime64(time, "D").astype(object).weekday()) for time in panel.times} == {"4"}
    assert "AAPL: the weekly bars were made of its daily ones." in panel.remarks
    text = written(tmp_path, library.csv_text(("AAPL", "FB"), "monthly"), "monthly.csv")

    assert (
        read_prices([text], ("AAPL", "FB")).fingerprint == library.load(("AAPL", "FB"), frequency="monthly").fingerprint
    )


def test_bars_that_cannot_be_made_are_a_sentence(library: Library) -> None:
    library.install_sample(SAMPLE)
    with pytest.raises(PricesUnreadable, match="AAPL has daily bars, and 5min ones cannot be made of them"):
        library.load(("AAPL",), frequency="5min")
    with pytest.raises(PricesUnreadable, match="The library has no 5min prices"):
        library.load(frequency="5min")


def test_a_file_of_the_first_version_is_still_read(library: Library, tmp_path: Path) -> None:
    import json

    import pyarrow.parquet as pq

    import_files(library, [written(tmp_path, GOOD)])
    before = library.load().fingerprint
    path = library.folder / file_name("ABC", "daily")
    table = pq.read_table(path)
    told = json.loads(table.schema.metadata[b"price_bars"])
    first = ("symbol", "frequency", "bars", "start", "end", "source", "imported_at", "fingerprint", "remarks")
    old = {name: told[name] for name in first} | {"version": 1}
    pq.write_table(table.replace_schema_metadata({b"price_bars": json.dumps(old).encode()}), path)
    assert Library(library.folder).load().fingerprint == before
