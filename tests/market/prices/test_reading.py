import csv
import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.market.prices import FIELDS, PricesUnreadable, read_prices
from tests.market.csv_files import GOOD, SAMPLE, are_sentences, problems_of, random_bars, written

HEADERS = (
    ("Date", "Open", "High", "Low", "Close", "Volume", "Symbol"),
    ("date", "o", "h", "l", "c", "v", "ticker"),
    ("Datetime", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME", "TICKER"),
    ("timestamp", "1. open", "2. high", "3. low", "4. close", "5. volume", "Instrument"),
    (" Time ", " Open Price", "High Price ", "Low_Price", "close_price", "Vol.", "stock"),
    ("<DATE>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<VOL>", "<TICKER>"),
)
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%Y", "%b %d, %Y")
CLOCKS = ("", " 00:00", "T00:00:00", " 00:00:00+00:00", " 00:00:00-05:00", " 12:00:00 AM", "T00:00:00Z")


def _date(day: pd.Timestamp, form: str) -> str:
    if form in ("s", "ms", "ns"):
        return str(day.value // {"s": 10**9, "ms": 10**6, "ns": 1}[form])
    return day.strftime(form)


variants = st.fixed_dictionaries(
    {
        "header": st.sampled_from(HEADERS),
        "order": st.permutations(range(7)),
        "date": st.sampled_from((*DATE_FORMS, "s", "ms", "ns")),
        "clock": st.sampled_from(CLOCKS),
        "separator": st.sampled_from(",;\t|"),
        "comma": st.booleans(),
        "line": st.sampled_from(("\n", "\r\n")),
        "blank_lines": st.booleans(),
        "mark": st.booleans(),
        "packed": st.booleans(),
        "one_file_each": st.booleans(),
        "rows": st.randoms(use_true_random=False),
    }
)

DAYS = pd.bdate_range("2019-12-20", periods=30)
SYMBOLS = {"ABC": random_bars(30, 1), "XY.Z": random_bars(30, 2)}


def _rows(variant: Mapping[str, object], symbol: str) -> list[list[str]]:
    form = str(variant["date"])
    clock = str(variant["clock"]) if form.startswith("%Y") or "/" in form else ""
    rows = []
    for number, day in enumerate(DAYS):
        numbers = [repr(float(SYMBOLS[symbol][name][number])) for name in FIELDS]
        if variant["comma"]:
            numbers = [text.replace(".", ",") for text in numbers]
        rows.append([_date(day, form) + clock, *numbers, symbol])
    return rows


def _write(path: Path, variant: Mapping[str, object], rows: list[list[str]]) -> Path:
    order: list[int] = list(variant["order"])  # type: ignore[call-overload]
    with path.open("w", newline="", encoding="utf-8-sig" if variant["mark"] else "utf-8") as file:
        writer = csv.writer(file, delimiter=str(variant["separator"]), lineterminator=str(variant["line"]))
        if variant["blank_lines"]:
            file.write("\n")
        header = variant["header"]
        assert isinstance(header, tuple)
        for row in [list(header), *rows]:
            writer.writerow([row[column] for column in order])
        if variant["blank_lines"]:
            file.write(str(variant["line"]))
    if variant["packed"]:
        path = path.with_name(path.name + ".gz")
        path.write_bytes(gzip.compress(path.with_suffix("").read_bytes()))
        path.with_suffix("").unlink()
    return path


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(variant=variants)
def test_however_a_file_is_written_the_panel_is_the_same(
    variant: Mapping[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("prices")
    rows = {symbol: _rows(variant, symbol) for symbol in SYMBOLS}
    if variant["one_file_each"]:
        paths = [_write(folder / f"{symbol}.csv", variant, rows[symbol]) for symbol in SYMBOLS]
    else:
        together = [row for one in rows.values() for row in one]
        variant["rows"].shuffle(together)  # type: ignore[attr-defined]
        paths = [_write(folder / "all.csv", variant, together)]
    panel = read_prices(paths)
    assert panel.symbols == ("ABC", "XY.Z")
    assert panel.frequency == "daily"
    np.testing.assert_array_equal(panel.times, DAYS.to_numpy().astype("datetime64[ns]"))
    for column, symbol in enumerate(panel.symbols):
        for name in FIELDS:
            np.testing.assert_array_equal(getattr(panel, name)[:, column], SYMBOLS[symbol][name])


def test_the_sample_is_adjusted_as_pandas_adjusts_it() -> None:
    table = pd.read_csv(SAMPLE, parse_dates=["Date"])
    panel = read_prices([SAMPLE])
    assert panel.close.shape == (3270, 5)
    for column, symbol in enumerate(panel.symbols):
        own = table[table["Ticker"] == symbol].set_index("Date")
        factor = own["Adj Close"] / own["Close"]
        rows = np.isin(panel.times, own.index.to_numpy())
        for name in ("Open", "High", "Low", "Close"):
            expected = (own[name] * factor).to_numpy()
            np.testing.assert_allclose(getattr(panel, name.lower())[rows, column], expected, rtol=1e-14)
        np.testing.assert_allclose(panel.volume[rows, column], (own["Volume"] / factor).to_numpy(), rtol=1e-14)
        for name in FIELDS:
            assert np.isnan(getattr(panel, name)[~rows, column]).all()


def test_a_split_is_no_fall_of_the_adjusted_price() -> None:
    panel = read_prices([SAMPLE], ["AAPL"], "2005-02-25", "2005-02-28")  # 2:1 on 2005-02-28
    assert abs(panel.close[1, 0] / panel.close[0, 0] - 1) < 0.05


def test_adjusted_bars_keep_high_highest_and_low_lowest() -> None:
    raw = pd.read_csv(SAMPLE)
    panel = read_prices([SAMPLE])
    broken = ((raw["Open"] > raw["High"]) | (raw["Close"] > raw["High"])).sum()
    with np.errstate(invalid="ignore"):
        assert ((panel.open > panel.high) | (panel.close > panel.high)).sum() == broken


def test_the_pool_gives_the_symbols_and_their_order() -> None:
    assert read_prices([SAMPLE], ["MSFT", "AAPL", "MSFT"]).symbols == ("MSFT", "AAPL")


def test_dates_are_inclusive_and_may_be_texts(tmp_path: Path) -> None:
    panel = read_prices([written(tmp_path, GOOD)], (), "2020-01-03", "2020-01-06")
    assert [str(time)[:10] for time in panel.times] == ["2020-01-03", "2020-01-06"]


def test_a_folder_stands_for_its_csv_files(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "B.csv")
    written(tmp_path, gzip.compress(GOOD.encode()), "A.csv.gz")
    written(tmp_path, "no prices", "notes.txt")
    assert read_prices([tmp_path]).symbols == ("A", "B")


def test_files_of_one_symbol_are_joined(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    header = lines[0] + ",Symbol\n"
    first = written(tmp_path, header + lines[1] + ",Q\n", "one.csv")
    second = written(tmp_path, header + lines[2] + ",Q\n" + lines[3] + ",Q\n", "two.csv")
    together = read_prices([second, first])
    assert together.close[:, 0].tolist() == [11, 12, 13]


def test_gaps_are_nan_in_all_fields_and_remarked(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "FULL.csv")
    written(tmp_path, "".join(line for line in GOOD.splitlines(True) if "01-03" not in line), "GAP.csv")
    panel = read_prices([tmp_path])
    assert all(np.isnan(getattr(panel, name)[1, 1]) for name in FIELDS)
    assert panel.remarks == ("GAP lacks 1 bar between its first and its last; they are gaps, not prices.",)


def test_unsorted_rows_are_sorted_and_remarked(tmp_path: Path) -> None:
    head, *rows = GOOD.splitlines()
    panel = read_prices([written(tmp_path, "\n".join([head, *reversed(rows)]))])
    assert panel.close[:, 0].tolist() == [11, 12, 13]
    assert panel.remarks == ("The rows of ABC in ABC.csv were not in order of date; they were sorted.",)


def test_prices_without_volume_have_volume_zero_and_a_remark(tmp_path: Path) -> None:
    text = "\n".join(line.rpartition(",")[0] for line in GOOD.splitlines())
    panel = read_prices([written(tmp_path, text)])
    assert (panel.volume == 0).all()
    assert "no volume column" in panel.remarks[0]


def test_intraday_bars_keep_their_time_in_utc(tmp_path: Path) -> None:
    rows = [f"2020-01-02 09:{minute}:00-05:00,10,11,9,10,1" for minute in range(30, 45)]
    panel = read_prices([written(tmp_path, "Date,Open,High,Low,Close,Volume\n" + "\n".join(rows))])
    assert panel.frequency == "1min"
    assert str(panel.times[0]) == "2020-01-02T14:30:00.000000000"


def test_a_daily_bar_stamped_at_the_close_of_trade_is_at_its_date(tmp_path: Path) -> None:
    rows = [f"2020-01-{day:02d},16:00,10,11,9,10,1" for day in range(1, 20)]
    panel = read_prices([written(tmp_path, "Date,Time,Open,High,Low,Close,Volume\n" + "\n".join(rows))])
    assert panel.frequency == "daily"
    assert str(panel.times[0]) == "2020-01-01T00:00:00.000000000"


BAD = {
    "a date twice": ("2020-01-06", "2020-01-03", "ABC.csv, line 4 (ABC, 2020-01-03) repeats the date of line 3; keep"),
    "no value": ("11,13,10,12", "11,13,10,", "ABC.csv, line 3 (ABC, 2020-01-03) has no close; fill it in"),
    "NaN": ("11,13,10,12", "NaN,13,10,12", "line 3 (ABC, 2020-01-03) has no open"),
    "null": ("11,13,10,12", "11,null,10,12", "line 3 (ABC, 2020-01-03) has no high"),
    "zero": ("11,13,10,12", "11,13,0,12", "In ABC.csv, line 3 (ABC, 2020-01-03) the low was 0; it must be above zero."),
    "negative": ("11,13,10,12", "11,13,-1,12", "the low was -1; it must be above zero."),
    "infinite": ("11,13,10,12", "11,inf,10,12", "the high was inf"),
    "too large": (
        "11,13,10,12",
        "11,1000000000001,10,12",
        "In ABC.csv, line 3 (ABC, 2020-01-03) the high was 1000000000001; a price may be 1,000,000,000,000 at most. "
        "Correct the line, remove it, or use a larger unit of money.",
    ),
    "negative volume": (",200", ",-5", "the volume was -5; it must be zero or more."),
    "high below low": ("11,13,10,12", "11,9,10,12", "the high (9) was below the low (10)."),
    "no number": ("11,13,10,12", "11,x13,10,12", "(ABC, 2020-01-03) the high was 'x13'; it must be a number."),
    "underscore": ("11,13,10,12", "11,1_3,10,12", "the high was '1_3'; it must be a number."),
    "no date": ("2020-01-03", "soon", "ABC.csv, line 3: 'soon' is not a date in the form of the others"),
    "date left out": ("2020-01-03", "", "ABC.csv, line 3 has no date"),
    "a day that is none": ("2020-01-03", "2020-02-30", "'2020-02-30' is not a date"),
    "too few values": ("11,13,10,12,200", "11,13", "ABC.csv, line 3 has 3 values for 6 columns; add the missing ones"),
    "too many values": (",200", ",200,5", "ABC.csv, line 3 has 7 values for 6 columns"),
    "no close column": ("Close", "Klose", "ABC.csv has no column for close; its first line names Date, Open"),
    "two closes": ("Open", "Close", "more than one column Close"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_rows_are_said_with_file_line_symbol_and_date(case: str, tmp_path: Path) -> None:
    old, new, said = BAD[case]
    assert old in GOOD
    found = problems_of(written(tmp_path, GOOD.replace(old, new, 1)))
    assert any(said in sentence for sentence in found), found


def test_the_largest_price_is_read(tmp_path: Path) -> None:
    panel = read_prices([written(tmp_path, GOOD.replace("11,13,10,12", "11,1000000000000,10,12"))])
    assert panel.high.max() == 1e12


def test_an_adjustment_that_makes_a_price_too_large_is_said(tmp_path: Path) -> None:
    text = "Date,Open,High,Low,Close,Adj Close\n2020-01-02,1,2,1,1,1\n2020-01-03,1,2,1e-300,1e-300,1e12\n"
    (sentence,) = problems_of(written(tmp_path, text))
    assert sentence.startswith("In ABC.csv, line 3 (ABC, 2020-01-03) the adjusted high was ")
    assert "a price may be 1,000,000,000,000 at most" in sentence


def test_a_german_file_is_read(tmp_path: Path) -> None:
    text = "Datum;Eröffnung;Hoch;Tief;Schlusskurs\n30.12.2019;10,5;11,25;9;10\n02.01.2020;10;12,5;9,5;11\n"
    panel = read_prices([written(tmp_path, text)])
    assert [str(time)[:10] for time in panel.times] == ["2019-12-30", "2020-01-02"]
    assert panel.open[:, 0].tolist() == [10.5, 10]
    assert panel.high[:, 0].tolist() == [11.25, 12.5]
    assert panel.low[:, 0].tolist() == [9, 9.5]
    assert panel.close[:, 0].tolist() == [10, 11]


def test_a_number_of_shares_is_the_volume_where_volumen_is_money(tmp_path: Path) -> None:
    text = "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen\n2020-01-02;10;11;9;10;300;3000\n"
    assert read_prices([written(tmp_path, text)]).volume.tolist() == [[300]]


def test_unknown_column_names_are_split_by_what_splits_them_most(tmp_path: Path) -> None:
    found = problems_of(written(tmp_path, "Päivä;Avaus;Ylin;Alin;Päätös\n2020-01-02;10,5;11;9;10\n"))
    assert len(found) == 1
    assert found[0].startswith("ABC.csv has no column for date, open, high, low and close; its first line names Päivä,")


@pytest.mark.parametrize("place", ['2020-{:02}-01,10,11,9,10,"5,note', '2020-{:02}-01,10,11,9,10,5,"note'])
@pytest.mark.parametrize("closed", [False, True])
def test_an_open_quote_is_said_at_its_own_line(place: str, closed: bool, tmp_path: Path) -> None:
    rows = [f"2020-{month:02}-01,10,11,9,10,5,note" for month in range(1, 13)]
    rows[4] = place.format(5)
    rows[8] += '"' if closed else ""
    found = problems_of(written(tmp_path, "\n".join(["Date,Open,High,Low,Close,Volume,Remark", *rows])))
    last = 10 if closed else 13
    assert found == (f'ABC.csv, line 6 has a quote (") that goes on up to line {last}; close the quote, or remove it.',)


def test_an_open_quote_over_more_text_than_a_cell_may_hold_is_said_at_its_own_line(tmp_path: Path) -> None:
    rows = [f"{day},10,11,9,10,5" for day in pd.bdate_range("1990-01-01", periods=8_000).strftime("%Y-%m-%d")]
    rows[50] = rows[50].replace(",10,11", ',"10,11')
    (sentence,) = problems_of(written(tmp_path, "\n".join(["Date,Open,High,Low,Close,Volume", *rows])))
    assert sentence.startswith('ABC.csv, line 52 has a quote (") that goes on')


def test_a_remark_of_two_lines_is_no_fault_and_the_lines_after_it_are_counted(tmp_path: Path) -> None:
    text = 'Date,Open,High,Low,Close,Remark\n2020-01-02,1,1,1,1,"a\nb"\n2020-01-03,1,1,1,0,\n'
    (sentence,) = problems_of(written(tmp_path, text))
    assert sentence.startswith("In ABC.csv, line 4 (ABC, 2020-01-03) the close was 0;")


@pytest.mark.parametrize(("count", "ending"), [(20, "S18, S19. Choose"), (21, "S19, … and 1 more. Choose")])
def test_at_most_twenty_symbols_are_named_and_the_others_counted(count: int, ending: str, tmp_path: Path) -> None:
    rows = "\n".join(f"S{number:02},2020-01-02,1,1,1,1" for number in range(count))
    (sentence,) = problems_of(written(tmp_path, f"Symbol,Date,Open,High,Low,Close\n{rows}\n"), stock_pool=("NOPENOPE",))
    assert sentence.startswith("There is no symbol NOPENOPE in the prices; it has S00, S01, S02,")
    assert ending in sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ABC.csv is empty"),
        (b" \n\n", "ABC.csv is empty"),
        (GOOD.splitlines()[0].encode(), "has column names but no rows"),
        (b"PK\x03\x04\x00\x00\xff", "is not a text file in UTF-8; save the prices as CSV"),
        (b"\xff\xd8\xff\xe0" * 9, "is not a text file in UTF-8"),
        (gzip.compress(GOOD.encode(), mtime=0)[:-9], "is a damaged gzip file"),
        (b"\x1f\x8bnothing", "is a damaged gzip file"),
        (b"hello world", "has no column for date, open, high, low and close"),
        (b"\xff\xfe\x00", "is not a text file"),
    ],
)
def test_a_file_that_is_no_price_file_is_a_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    assert said in problems_of(written(tmp_path, content))[0]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    assert "There is no file" in problems_of(tmp_path / "none.csv")[0]
    assert "has no CSV files" in problems_of(tmp_path)[0]
    assert "No price file was named" in problems_of()[0]


def test_everything_wrong_in_all_files_is_said_at_once(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace("11,13,10,12", "11,13,0,12"), "A.csv")
    written(tmp_path, GOOD.replace("2020-01-06", "2020-01-03"), "B.csv")
    written(tmp_path, "", "C.csv")
    text = "\n".join(problems_of(tmp_path))
    assert all(part in text for part in ("A.csv, line 3", "B.csv, line 4", "C.csv is empty"))


def test_a_fault_in_many_lines_is_counted_not_repeated(tmp_path: Path) -> None:
    rows = "\n".join(f"2020-01-{day:02d},0,1,1,1,1" for day in range(1, 21))
    found = problems_of(written(tmp_path, "Date,Open,High,Low,Close,Volume\n" + rows))
    assert len(found) == 4
    assert found[-1] == "17 more lines have the same fault (an impossible value)."


@pytest.mark.parametrize(("asked", "meant"), [("AAPLE", "AAPL"), ("aapl", "AAPL"), ("GOOGL", "GOOG"), ("MSTF", "MSFT")])
def test_an_unknown_symbol_is_told_the_nearest_one(asked: str, meant: str) -> None:
    sentence = f"There is no symbol {asked} in the prices; did you mean {meant}?"
    assert problems_of(SAMPLE, stock_pool=(asked, "IBM")) == (sentence,)


def test_a_pool_symbol_without_bars_in_the_range_is_said_and_without_a_pool_it_is_left_out() -> None:
    (sentence,) = problems_of(SAMPLE, stock_pool=("IBM", "FB"), end_date="2010-12-31")
    assert sentence.startswith("FB has no bars up to 2010-12-31; its prices run from 2012-05-18 to 2013-03-01.")
    panel = read_prices([SAMPLE], end_date="2010-12-31")
    assert "FB" not in panel.symbols
    assert "FB has no bars" in panel.remarks[0]


def test_no_bars_at_all_in_the_range_is_one_sentence() -> None:
    (sentence,) = problems_of(SAMPLE, start_date="2020-01-01")
    assert sentence.startswith("None of the symbols has bars from 2020-01-01; the prices run from 2000-03-01 to")
    assert "after the end date" in problems_of(SAMPLE, start_date="2010-01-02", end_date="2010-01-01")[0]
    assert "it must be a date such as" in problems_of(SAMPLE, start_date="someday")[0]


def test_rows_of_symbols_that_nobody_asked_for_are_not_checked(tmp_path: Path) -> None:
    text = "Symbol,Date,Open,High,Low,Close\nA,2020-01-02,1,1,1,1\nB,2020-01-02,0,oops,1,1\n"
    path = written(tmp_path, text)
    assert read_prices([path], ["A"]).symbols == ("A",)
    assert len(problems_of(path, stock_pool=("B",))) == 1


@pytest.mark.parametrize("symbol", ["", "  ", "x" * 61, "a\tb"])
def test_a_symbol_that_is_none_is_a_sentence(symbol: str, tmp_path: Path) -> None:
    text = f"Symbol,Date,Open,High,Low,Close\n{symbol},2020-01-02,1,1,1,1\n"
    assert "symbol" in problems_of(written(tmp_path, text))[0]


def test_symbols_of_different_frequencies_are_not_mixed(tmp_path: Path) -> None:
    head = "Date,Open,High,Low,Close,Volume\n"
    written(tmp_path, head + "\n".join(f"2020-01-{d:02d},1,1,1,1,1" for d in range(1, 20)), "DAY.csv")
    written(tmp_path, head + "\n".join(f"2020-01-02 {h:02d}:00,1,1,1,1,1" for h in range(1, 20)), "HOUR.csv")
    assert problems_of(tmp_path)[0].startswith("The symbols have bars of different frequencies: daily (DAY), hourly")


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_content_of_a_file_raises_anything_but_sentences(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _read_or_refuse(written(tmp_path_factory.mktemp("any"), content))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_good_file_raises_anything_but_sentences(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = data.draw(st.integers(0, len(GOOD) - 1))
    what = data.draw(st.text(max_size=4) | st.sampled_from(["\n", '"', ",", ";", "1e999", "nan", "\0", "0", "-"]))
    damaged = GOOD[:place] + what + GOOD[place + data.draw(st.integers(0, 3)) :]
    _read_or_refuse(written(tmp_path_factory.mktemp("any"), damaged.encode("utf-8", "surrogatepass")))


def _read_or_refuse(path: Path) -> None:
    problems: tuple[str, ...] = ()
    try:
        panel = read_prices([path])
    except PricesUnreadable as unreadable:
        problems = unreadable.problems
    if problems:
        assert are_sentences(problems)
    else:
        assert (panel.close[~np.isnan(panel.close)] > 0).all()
