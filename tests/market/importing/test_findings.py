"""Faults are found, said in sentences, and gone after the repair that is offered for them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from builder_app.market.importing import findings
from builder_app.market.importing.columns import recognise, rows_of
from builder_app.market.importing.faults import Kind
from builder_app.market.importing.findings import Finding, check, proposed_repairs
from builder_app.market.importing.repairs import Action, kept, repaired
from builder_app.market.prices.checks import Rows
from builder_app.market.prices.reading import arranged
from builder_app.market.prices.table import read_sheet
from tests.market.csv_files import SAMPLE
from tests.market.importing.faulty_rows import some_rows


def with_value(rows: Rows, name: str, place: int, value: float) -> Rows:
    changed = rows.values[name].copy()
    changed[place] = value
    return replace(rows, values={**rows.values, name: changed})


def twice(rows: Rows, place: int) -> Rows:
    places = np.append(np.arange(len(rows.lines)), place)
    values = {name: column[places] for name, column in rows.values.items()}
    values["close"][-1] *= 1.001
    values["high"][-1] *= 1.01
    moved = {name: getattr(rows, name)[places] for name in ("file", "lines", "written", "ahead")}
    return replace(rows, values=values, **moved)


def kinds(found: tuple[Finding, ...]) -> list[Kind]:
    return [finding.kind for finding in found]


FAULTY: dict[Kind, Callable[[Rows], Rows]] = {
    Kind.MISSING: lambda rows: with_value(rows, "close", 7, np.nan),
    Kind.NO_VOLUME: lambda rows: with_value(rows, "volume", 7, np.nan),
    Kind.IMPOSSIBLE: lambda rows: with_value(rows, "low", 7, -1.0),
    Kind.CROSSED: lambda rows: with_value(rows, "high", 7, rows.values["low"][7] * 0.99),
    Kind.REPEATED: lambda rows: twice(rows, 7),
    Kind.UNREADABLE: lambda rows: replace(rows, faults=("In ABC.csv, line 99 the close was 'much'.",)),
}


@pytest.mark.parametrize("kind", FAULTY)
def test_an_error_keeps_bars_from_being_used_until_each_of_its_repairs(kind: Kind) -> None:
    rows = FAULTY[kind](some_rows())
    assert arranged("ABC", rows).problems
    (finding,) = check("ABC", rows, "")
    assert (finding.kind, finding.is_error, finding.proposed) == (kind, True, True)
    assert finding.sentence.endswith(".")
    for repair in finding.repairs:
        mended = arranged("ABC", repaired(rows, [repair]))
        assert mended.problems == ()
        assert len(mended.times) in (59, 60)


def test_sound_rows_have_no_findings() -> None:
    assert check("ABC", some_rows(), "") == ()


def test_exchanging_high_and_low_gives_the_rows_back_as_they_were() -> None:
    rows = some_rows()
    high, low = rows.values["high"], rows.values["low"]
    turned = with_value(with_value(rows, "high", 7, low[7]), "low", 7, high[7])
    (finding,) = [one for one in check("ABC", turned, "") if one.kind is Kind.CROSSED]
    mended = repaired(turned, [repair for repair in finding.repairs if repair.action is Action.EXCHANGE])
    np.testing.assert_array_equal(mended.values["high"], high)
    np.testing.assert_array_equal(mended.values["low"], low)


def test_of_a_repeated_date_the_first_or_the_last_row_is_kept_as_chosen() -> None:
    rows = twice(some_rows(), 7)
    (finding,) = check("ABC", rows, "")
    last, first = (repaired(rows, [repair]) for repair in finding.repairs)
    time = rows.written[7]
    assert last.values["close"][last.written == time] == rows.values["close"][-1]
    assert first.values["close"][first.written == time] == rows.values["close"][7]


def test_open_outside_low_to_high_may_be_widened_but_need_not() -> None:
    rows = with_value(some_rows(), "open", 7, some_rows().values["high"][7] * 1.01)
    (finding,) = check("ABC", rows, "")
    assert (finding.kind, finding.is_error, finding.proposed) == (Kind.OUTSIDE, False, False)
    mended = repaired(rows, finding.repairs[:1])
    assert mended.values["high"][7] == rows.values["open"][7]
    assert check("ABC", mended, "") == ()


def test_a_bar_that_jumps_away_and_comes_back_is_an_outlier() -> None:
    rows = some_rows()
    for name in ("open", "high", "low", "close"):
        rows = with_value(rows, name, 30, rows.values[name][30] * 10)
    (finding,) = check("ABC", rows, "")
    assert (finding.kind, finding.count) == (Kind.OUTLIER, 1)
    assert not finding.proposed
    assert len(arranged("ABC", repaired(rows, finding.repairs)).times) == 59


def test_a_crash_that_stays_is_neither_outlier_nor_split() -> None:
    rows = some_rows()
    for name in ("open", "high", "low", "close"):
        values = rows.values[name].copy()
        values[30:] *= 0.6  # no ratio at which shares are split
        rows = replace(rows, values={**rows.values, name: values})
    assert check("ABC", rows, "") == ()


@pytest.mark.parametrize("shares", [1.5, 2, 3, 4, 7, 10, 20, 0.1, 0.5])
def test_a_split_is_found_and_adjusting_it_gives_the_prices_of_before_times_the_ratio(shares: float) -> None:
    whole = some_rows(120)
    cut = 70
    rows = whole
    for name in ("open", "high", "low", "close"):
        values = whole.values[name].copy()
        values[cut:] /= shares
        rows = replace(rows, values={**rows.values, name: values})
    (finding,) = check("ABC", rows, "")
    assert (finding.kind, finding.proposed) == (Kind.SPLIT, True)
    bars = arranged("ABC", repaired(rows, proposed_repairs([finding]))).bars("ABC")
    np.testing.assert_allclose(bars.close, whole.values["close"] / shares)
    np.testing.assert_allclose(bars.volume[:cut], whole.values["volume"][:cut] * shares)
    np.testing.assert_array_equal(bars.volume[cut:], whole.values["volume"][cut:])


def test_the_samples_real_splits_are_found_where_its_adjusted_close_is_not_read() -> None:
    sheet = read_sheet(SAMPLE)
    choice = recognise(sheet)
    raw = replace(choice, meanings=tuple("" if meaning == "adjusted" else meaning for meaning in choice.meanings))
    found = [finding for symbol, rows in rows_of(sheet, raw) for finding in check(symbol, rows)]
    assert [(one.symbol, one.sentence.split(" on ")[1][:10]) for one in found] == [
        ("AAPL", "2000-06-21"),
        ("AAPL", "2005-02-28"),
        ("MSFT", "2003-02-18"),
    ]
    assert all("2 for 1" in one.sentence for one in found)
    for symbol, rows in rows_of(sheet, choice):
        assert check(symbol, rows) == (), "adjusted prices have no splits, and no day of trading is missing"


def test_missing_days_of_the_exchange_are_gaps_and_bars_on_its_holidays_are_said() -> None:
    sheet = read_sheet(SAMPLE)
    rows = dict(rows_of(sheet, recognise(sheet)))["IBM"]
    dates = rows.written.astype("datetime64[ns]").astype("datetime64[D]")
    holes = np.isin(dates, np.array(["2003-05-06", "2003-05-07"], dtype="datetime64[D]"))
    holiday = np.where(dates == np.datetime64("2004-12-27"), rows.written - 2 * 86_400_000_000_000, rows.written)
    moved = replace(rows, written=holiday)
    left_in = kept(moved, ~holes)
    found = {finding.kind: finding for finding in check("IBM", left_in)}
    assert "lacks 3 of" in found[Kind.GAP].sentence
    assert "New York (XNYS): 2003-05-06, 2003-05-07, 2004-12-27" in found[Kind.GAP].sentence
    assert found[Kind.GAP].repairs == ()
    assert "closed: 2004-12-25" in found[Kind.CLOSED_DAY].sentence
    left = repaired(left_in, found[Kind.CLOSED_DAY].repairs)
    assert Kind.CLOSED_DAY not in {finding.kind for finding in check("IBM", left)}


def test_without_the_calendars_everything_else_is_still_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "are_installed", lambda: False)
    assert kinds(check("ABC", with_value(some_rows(), "close", 7, np.nan))) == [Kind.MISSING]


def test_minutes_are_of_the_day_that_their_own_clock_shows() -> None:
    rows = some_rows(5 * 60)
    hour = 3_600_000_000_000
    days = [np.datetime64(f"2021-03-0{day}T00:00", "ns").astype(np.int64) for day in (1, 2, 3, 4, 5)]
    written = np.concatenate([day + 10 * hour + hour // 10 * np.arange(1, 61) for day in days])
    sydney = replace(rows, written=written, ahead=np.full(len(written), 11 * hour))  # Monday begins on Sunday in UTC
    assert check("BHP", sydney, "XASX") == ()


def test_days_on_which_most_minutes_are_missing_are_said_and_an_early_close_is_not() -> None:
    minutes = [78, 30, 78, 42, 78, 78, 12]  # a hole, an early close, and a last day that is not over
    rows = some_rows(sum(minutes))
    begin = [np.datetime64(f"2021-03-{day:02}T14:35", "ns").astype(np.int64) for day in (1, 2, 3, 4, 5, 8, 9)]
    written = np.concatenate(
        [first + 300_000_000_000 * np.arange(count) for first, count in zip(begin, minutes, strict=True)]
    )
    (finding,) = check("ABC", replace(rows, written=written), "XNYS")
    assert finding.sentence == "ABC has fewer than half of its usual 78 bars on 1 day: 2021-03-02. They stay gaps."
    assert (finding.kind, finding.is_error, finding.repairs) == (Kind.GAP, False, ())


def test_a_long_stretch_without_bars_is_said_where_no_exchange_is_known() -> None:
    rows = some_rows()
    days = rows.written.astype("datetime64[ns]").astype("datetime64[D]")

    def found(first: str, last: str) -> list[str]:
        left = kept(rows, (days < np.datetime64(first)) | (days > np.datetime64(last)))
        return [finding.sentence for finding in check("ABC", left, "") if finding.kind is Kind.GAP]

    assert found("2020-01-27", "2020-01-31") == [], "a week of holidays"
    assert found("2020-01-27", "2020-02-14") == [
        "ABC has 1 stretch of over two weeks without a bar: 2020-01-24 to 2020-02-17. They stay gaps."
    ]
