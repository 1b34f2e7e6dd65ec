"""Columns are recognised, can be corrected, and times and numbers in many styles become what they mean."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from builder_app.market.importing.columns import ColumnChoice, choice_from_json, recognise
from builder_app.market.importing.preparing import accepted, prepare
from builder_app.market.prices import Bars, PricesUnreadable
from builder_app.market.prices.table import read_sheet
from tests.market.csv_files import GOOD, written
from tests.market.importing.faulty_rows import only, prepared, quiet

GERMAN = """Kurse der Muster AG;;;;;
;;;;;
Datum;Eröffnung;Hoch;Tief;Schluss;Stück
02.01.2020;1.010,5;1.012,25;1.009;1.011;1.000
03.01.2020;1.011,5;1.013,25;1.010;1.012;2.000
06.01.2020;1.012,5;1.014,25;1.011;1.013;3.000
"""
STRANGE = "when,first,top,bottom,end,pieces\n" + GOOD.partition("\n")[2]
STRANGE_MEANINGS = ("date", "open", "high", "low", "close", "volume")


def bars_of(path: Path, choice: ColumnChoice | None = None, names: tuple[str, ...] = ()) -> Bars:
    (one,) = accepted(prepared(path, choice, names), {})
    return one.bars.bars(one.symbol)


def test_german_prices_below_a_title_are_read(tmp_path: Path) -> None:
    bars = bars_of(written(tmp_path, GERMAN))
    assert bars.close.tolist() == [1011.0, 1012.0, 1013.0]
    assert bars.high[0] == 1012.25
    assert bars.volume.tolist() == [1000.0, 2000.0, 3000.0]
    assert str(bars.times[2])[:10] == "2020-01-06"


def test_unknown_names_are_a_sentence_and_a_correction_reads_them(tmp_path: Path) -> None:
    path = written(tmp_path, STRANGE)
    (sentence,) = prepared(path).problems
    assert "no column for date, open, high, low and close" in sentence
    names = read_sheet(path).names
    right = bars_of(path, ColumnChoice(STRANGE_MEANINGS), names)
    assert right.close.tolist() == bars_of(written(tmp_path, GOOD, "G.csv")).close.tolist()


def test_a_meaning_given_twice_is_a_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, STRANGE)
    twice = ColumnChoice(("date", "open", "high", "low", "close", "close"))
    assert "more than one column end" in prepared(path, twice, read_sheet(path).names).problems[0]


def test_an_ambiguous_order_of_day_and_month_is_asked_for_and_then_kept_to(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("2020-01-02", "01/02/2020").replace("2020-01-03", "01/03/2020")
                   .replace("2020-01-06", "01/06/2020"))  # fmt: skip
    assert "can be day/month or month/day" in prepared(path).problems[0]
    sheet = read_sheet(path)
    for day_first, last in ((True, "2020-06-01"), (False, "2020-01-06")):
        bars = bars_of(path, replace(recognise(sheet), day_first=day_first), sheet.names)
        assert str(bars.times[-1])[:10] == last


def test_an_ambiguous_thousands_sign_is_asked_for_and_then_kept_to(tmp_path: Path) -> None:
    text = GOOD.replace("10,12,9,11,100", '"1,250","1,300","1,200","1,275",100').replace(
        "11,13,10,12,200", '"1,275","1,350","1,250","1,300",200'
    )
    path = written(tmp_path, text.replace("12,14,11,13,300", '"1,300","1,400","1,250","1,350",300'))
    sheet = read_sheet(path)
    assert "can mean two numbers" in prepared(path).problems[0]
    assert bars_of(path, replace(recognise(sheet), decimal="point"), sheet.names).close[0] == 1275.0
    assert bars_of(path, replace(recognise(sheet), decimal="comma"), sheet.names).close[0] == 1.275


def minutes(start: str, count: int = 30) -> str:
    times = np.datetime64(start) + np.arange(count) * np.timedelta64(1, "m")
    return "Date,Open,High,Low,Close\n" + "".join(f"{time},10,11,9,10\n" for time in times)


def test_times_without_a_zone_are_put_into_the_chosen_one_summer_and_winter(tmp_path: Path) -> None:
    for day, utc in (("2020-01-15", "14:31"), ("2020-07-15", "13:31")):
        path = written(tmp_path, minutes(f"{day}T09:31"), f"{day}.csv")
        sheet = read_sheet(path)
        bars = bars_of(path, replace(recognise(sheet), zone="America/New_York"), sheet.names)
        assert str(bars.times[0])[11:16] == utc


def test_times_that_say_their_zone_keep_it(tmp_path: Path) -> None:
    text = minutes("2020-01-15T09:31").replace(",10,11,9,10", "+01:00,10,11,9,10")
    path = written(tmp_path, text)
    sheet = read_sheet(path)
    bars = bars_of(path, replace(recognise(sheet), zone="America/New_York"), sheet.names)
    assert str(bars.times[0])[11:16] == "08:31"
    unknown = replace(recognise(sheet), zone="Mars/Olympus")
    other = written(tmp_path, minutes("2020-01-15T09:31"), "other.csv")
    assert "is no time zone" in prepared(other, unknown, read_sheet(other).names).problems[0]


def test_times_at_the_start_of_their_bars_are_moved_to_the_end(tmp_path: Path) -> None:
    path = written(tmp_path, minutes("2020-01-15T09:30"))
    sheet = read_sheet(path)
    bars = bars_of(path, replace(recognise(sheet), stamped="start"), sheet.names)
    assert str(bars.times[0])[11:16] == "09:31"
    daily = written(tmp_path, GOOD, "daily.csv")
    named = read_sheet(daily)
    at_start = bars_of(daily, replace(recognise(named), stamped="start"), named.names)
    assert str(at_start.times[0])[:10] == "2020-01-02"


def test_a_choice_comes_back_from_json_as_it_was() -> None:
    choice = ColumnChoice(STRANGE_MEANINGS, True, "comma", "Europe/Berlin", "start")
    assert choice_from_json(choice.to_json()) == choice
    with pytest.raises(ValueError, match="unknown meaning"):
        choice_from_json({**choice.to_json(), "meanings": ["price"]})


def test_a_choice_for_other_columns_is_a_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    found = prepared(path, ColumnChoice(("date",)), read_sheet(path).names)
    assert "choose them again" in found.problems[0]


def test_one_bad_file_of_a_folder_is_said_and_the_others_are_there(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "A.csv")
    written(tmp_path, "", "B.csv")
    found = prepare([tmp_path], quiet, exchange="")
    assert [one.symbol for one in found.symbols] == ["A"]
    assert found.problems == ("B.csv is empty; it needs a line of column names and one line a bar.",)
    with pytest.raises(PricesUnreadable, match=r"B\.csv is empty"):
        accepted(found, {})


def test_what_is_prepared_names_its_symbol_after_the_file(tmp_path: Path) -> None:
    assert only(prepared(written(tmp_path, GOOD, "BRK.B.csv"))).symbol == "BRK.B"
