"""Excel and Parquet files give the same bars as the CSV file of the same prices."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from builder_app.market.importing.preparing import accepted, prepare
from builder_app.market.importing.sheets import price_files
from builder_app.market.prices import PricesUnreadable, read_prices
from builder_app.market.prices.panel import panel_of
from tests.market.csv_files import GOOD, random_bars, written
from tests.market.importing.faulty_rows import quiet


def frame(bars: int = 30, seed: int = 3) -> pd.DataFrame:
    """Daily bars with no more digits than spreadsheets keep."""
    days = pd.bdate_range("2021-03-01", periods=bars)
    columns = {name.title(): values.round(6) for name, values in random_bars(bars, seed).items()}
    return pd.DataFrame({"Date": days, **columns})


def fingerprint(*paths: Path) -> str:
    found = prepare(paths, quiet, exchange="")
    assert found.problems == ()
    return panel_of([one.bars.bars(one.symbol) for one in accepted(found, {})]).fingerprint


def csv_of(folder: Path, name: str, prices: pd.DataFrame) -> Path:
    path = folder / name
    prices.to_csv(path, index=False)
    return path


def test_a_spreadsheet_gives_the_bars_of_the_csv_file(tmp_path: Path) -> None:
    prices = frame()
    book = tmp_path / "excel" / "ABC.xlsx"
    book.parent.mkdir()
    prices.to_excel(book, index=False)
    assert fingerprint(book) == read_prices([csv_of(tmp_path, "ABC.csv", prices)]).fingerprint


def test_each_sheet_of_a_workbook_is_a_symbol_and_notes_are_left_alone(tmp_path: Path) -> None:
    first, second = frame(seed=4), frame(seed=5)
    path = tmp_path / "both.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"About": ["prices of two shares"]}).to_excel(writer, sheet_name="Notes", index=False)
        first.to_excel(writer, sheet_name="AAA", index=False, startrow=2)
        second.to_excel(writer, sheet_name="BBB", index=False)
    files = [csv_of(tmp_path, "AAA.csv", first), csv_of(tmp_path, "BBB.csv", second)]
    assert fingerprint(path) == read_prices(files).fingerprint


def test_dates_that_a_spreadsheet_holds_as_bare_numbers_are_dates(tmp_path: Path) -> None:
    bare = {"Date": [43832, 43833, 43834], "Open": [10] * 3, "High": [12] * 3, "Low": [9] * 3, "Close": [11] * 3}
    pd.DataFrame(bare).to_excel(tmp_path / "S.xlsx", index=False)
    (one,) = accepted(prepare([tmp_path / "S.xlsx"], quiet, exchange=""), {})
    assert str(one.bars.bars("S").times[0])[:10] == "2020-01-02"


@pytest.mark.parametrize("zone", [None, "America/New_York", "Asia/Tokyo"])
def test_parquet_gives_the_bars_of_the_csv_file(tmp_path: Path, zone: str | None) -> None:
    prices = frame()
    csv = csv_of(tmp_path, "ABC.csv", prices)
    prices["Date"] = prices["Date"].dt.tz_localize(zone) if zone else prices["Date"]
    path = tmp_path / "parquet" / "ABC.parquet"
    path.parent.mkdir()
    prices.set_index("Date").to_parquet(path)
    assert fingerprint(path) == read_prices([csv]).fingerprint


def test_one_long_parquet_file_holds_many_symbols(tmp_path: Path) -> None:
    parts = [frame(seed=seed).assign(Ticker=pd.Categorical([name] * 30)) for seed, name in ((4, "AAA"), (5, "BBB"))]
    long = pd.concat([part.assign(Ticker=part["Ticker"].astype(str)) for part in parts])
    path = tmp_path / "long.parquet"
    long.assign(Ticker=long["Ticker"].astype("category")).to_parquet(path)
    assert fingerprint(path) == read_prices([csv_of(tmp_path, "long.csv", long)]).fingerprint


def test_minutes_with_a_zone_in_parquet_keep_their_instants(tmp_path: Path) -> None:
    times = pd.date_range("2021-03-01 09:31", periods=40, freq="min", tz="America/New_York")
    prices = pd.DataFrame({"time": times, **random_bars(40)})
    prices.to_parquet(tmp_path / "M.parquet")
    (one,) = accepted(prepare([tmp_path / "M.parquet"], quiet, exchange=""), {})
    bars = one.bars.bars("M")
    expected = times.tz_convert(None).to_numpy().astype("datetime64[ns]")
    np.testing.assert_array_equal(bars.times, expected)
    assert bars.frequency == "1min"


def test_a_folder_is_its_price_files_of_every_form(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "A.csv")
    written(tmp_path, "notes", "readme.md")
    frame().to_excel(tmp_path / "B.xlsx", index=False)
    frame().to_parquet(tmp_path / "C.parquet")
    written(tmp_path, b"", "~$B.xlsx")
    assert [path.name for path in price_files([tmp_path])] == ["A.csv", "B.xlsx", "C.parquet"]


BAD: dict[str, tuple[bytes, str]] = {
    "empty.xlsx": (b"", "could not be read as a spreadsheet"),
    "text.xlsx": (b"Date,Open\n", "could not be read as a spreadsheet"),
    "text.parquet": (b"Date,Open\n", "could not be read as a Parquet file"),
    "cut.parquet": (b"PAR1" + b"\0" * 40, "could not be read as a Parquet file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_what_its_name_says_is_a_sentence(tmp_path: Path, name: str) -> None:
    content, words = BAD[name]
    (sentence,) = prepare([written(tmp_path, content, name)], quiet).problems
    assert words in sentence
    assert sentence.endswith(".")


def test_an_empty_workbook_and_one_without_rows_are_sentences(tmp_path: Path) -> None:
    pd.DataFrame().to_excel(tmp_path / "none.xlsx", index=False)
    assert "is empty" in prepare([tmp_path / "none.xlsx"], quiet).problems[0]
    frame().head(0).to_excel(tmp_path / "rows.xlsx", index=False)
    assert "no rows" in prepare([tmp_path / "rows.xlsx"], quiet).problems[0]
    frame().head(0).to_parquet(tmp_path / "rows.parquet")
    assert "no rows" in prepare([tmp_path / "rows.parquet"], quiet).problems[0]


def test_mixed_kinds_of_dates_in_a_spreadsheet_are_said(tmp_path: Path) -> None:
    prices = frame().astype({"Date": object})
    prices.loc[3, "Date"] = "soon"
    prices.loc[5, "Date"] = datetime.datetime(2021, 3, 8)
    prices.to_excel(tmp_path / "mixed.xlsx", index=False)
    found = prepare([tmp_path / "mixed.xlsx"], quiet, exchange="")
    (finding,) = found.findings
    assert "'soon' is not a date" in finding.sentence


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    for name in ("no.xlsx", "no.parquet", "no.csv"):
        assert "There is no file" in prepare([tmp_path / name], quiet).problems[0]
    with pytest.raises(PricesUnreadable, match="has no CSV files, nor Excel or Parquet"):
        prepare([tmp_path], quiet)
