"""Qlib's binary folder gives its prices; what does not fit its calendar is a sentence."""

from pathlib import Path

import numpy as np
import pytest

from builder_app.market.importing.preparing import accepted
from builder_app.market.importing.qlib_folder import is_qlib_folder, prepare_qlib
from builder_app.market.prices import PricesUnreadable
from tests.market.importing.faulty_rows import quiet

DAYS = ["2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07", "2020-01-08"]


def write_field(folder: Path, symbol: str, name: str, first: int, values: list[float], word: str = "day") -> None:
    """A file as Qlib's own dump writes it: the first place in the calendar, then the values, float32."""
    place = folder / "features" / symbol
    place.mkdir(parents=True, exist_ok=True)
    np.array([first, *values], dtype="<f4").tofile(place / f"{name}.{word}.bin")


def qlib(folder: Path, *, factor: list[float] | None = None) -> Path:
    """Two symbols, of which the second is listed later and was not traded on one day."""
    (folder / "calendars").mkdir(parents=True)
    (folder / "calendars" / "day.txt").write_text("\n".join(DAYS) + "\n")
    closes = {"sh600000": (0, [10.0, 11.0, 12.0, 13.0, 14.0]), "sz000001": (2, [20.0, np.nan, 22.0])}
    for symbol, (first, close) in closes.items():
        for name, by in (("open", 0.0), ("high", 0.5), ("low", -0.5), ("close", 0.25), ("volume", 90.0)):
            write_field(folder, symbol, name, first, [value + by for value in close])
        if factor is not None:
            write_field(folder, symbol, "factor", first, factor[: len(close)])
    return folder


def test_each_symbol_has_its_days_and_days_without_trading_are_no_bars(tmp_path: Path) -> None:
    folder = qlib(tmp_path / "cn_data")
    assert is_qlib_folder(folder)
    bars = {one.symbol: one.bars.bars(one.symbol) for one in accepted(prepare_qlib(folder, quiet, exchange=""), {})}
    assert sorted(bars) == ["SH600000", "SZ000001"]
    assert bars["SH600000"].close.tolist() == [10.25, 11.25, 12.25, 13.25, 14.25]
    assert [str(time)[:10] for time in bars["SZ000001"].times] == ["2020-01-06", "2020-01-08"]
    assert bars["SZ000001"].open.tolist() == [20.0, 22.0]


def test_the_factor_gives_the_raw_prices_beside_the_adjusted_ones(tmp_path: Path) -> None:
    folder = qlib(tmp_path / "cn_data", factor=[0.5, 0.5, 1.0, 1.0, 1.0])
    one = accepted(prepare_qlib(folder, quiet, ("sh600000",), exchange=""), {})[0]
    assert one.bars.raw["close"].tolist() == [20.5, 22.5, 12.25, 13.25, 14.25]
    assert one.bars.bars("SH600000").close.tolist() == [10.25, 11.25, 12.25, 13.25, 14.25]
    assert one.bars.bars("SH600000").volume.tolist() == [100.0, 101.0, 102.0, 103.0, 104.0]


def test_what_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    folder = qlib(tmp_path / "cn_data")
    with pytest.raises(PricesUnreadable, match=r"no Qlib calendar 1min\.txt; its calendars are day"):
        prepare_qlib(folder, quiet, frequency="1min")
    with pytest.raises(PricesUnreadable, match="has no features of SH999999"):
        prepare_qlib(folder, quiet, ("SH999999",))
    (folder / "features" / "sz000001" / "low.day.bin").unlink()
    found = prepare_qlib(folder, quiet, exchange="")
    assert [one.symbol for one in found.symbols] == ["SH600000"]
    assert "SZ000001 has no file low.day.bin" in found.problems[0]


def test_values_beyond_the_calendar_are_a_sentence(tmp_path: Path) -> None:
    folder = qlib(tmp_path / "cn_data")
    write_field(folder, "sz000001", "close", 3, [1.0, 2.0, 3.0])
    assert "does not fit its Qlib calendar of 5 days" in prepare_qlib(folder, quiet, exchange="").problems[0]


def test_minutes_are_read_where_there_are_no_days_and_put_at_their_end(tmp_path: Path) -> None:
    folder = tmp_path / "cn_1min"
    (folder / "calendars").mkdir(parents=True)
    times = [f"2020-01-02 09:{minute}:00" for minute in range(30, 50)]
    (folder / "calendars" / "1min.txt").write_text("\n".join(times))
    for name, value in (("open", 10.0), ("high", 11.0), ("low", 9.0), ("close", 10.0), ("volume", 5.0)):
        write_field(folder, "sh600000", name, 0, [value] * 20, "1min")
    (one,) = accepted(prepare_qlib(folder, quiet, exchange=""), {})
    bars = one.bars.bars("SH600000")
    assert (bars.frequency, str(bars.times[0])[:16]) == ("1min", "2020-01-02T09:31")
