import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.dates import DAY, frequency_of, read_times

MOMENT = datetime.datetime(2019, 3, 4, 15, 30, 45, tzinfo=datetime.UTC)
NANOSECONDS = int(MOMENT.timestamp()) * 10**9


@pytest.mark.parametrize(
    "text",
    [
        "2019-03-04 15:30:45",
        "2019-03-04T15:30:45Z",
        "2019/3/4 15:30:45",
        "2019.03.04 15:30:45.000",
        "20190304 15:30:45",
        "20190304153045",
        "04.03.2019 15:30:45",
        "4-Mar-2019 3:30:45 PM",
        "March 4, 2019 15:30:45",
        "1551713445",
        "1551713445.0",
        "1551713445000",
        "1551713445000000",
        "1551713445000000000",
    ],
)
def test_one_moment_is_read_in_every_form(text: str) -> None:
    times = read_times("x.csv", [text])
    assert times.faults == ()
    assert times.written.tolist() == [NANOSECONDS]


@given(day=st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)), ahead=st.integers(-14 * 60, 14 * 60))
def test_zones_are_taken_off(day: datetime.date, ahead: int) -> None:
    zone = datetime.timezone(datetime.timedelta(minutes=ahead))
    moment = datetime.datetime.combine(day, datetime.time(12, 34, 56), zone)
    times = read_times("x.csv", [moment.isoformat()])
    utc = int((times.written - times.ahead_of_utc)[0])
    assert utc // 10**9 == int(moment.timestamp())


@given(days=st.lists(st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)), min_size=1, max_size=40))
def test_day_and_month_are_never_exchanged_only_refused(days: list[datetime.date]) -> None:
    told = any(day.day > 12 for day in days) or all(day.day == day.month for day in days)
    for form in ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"):
        texts = [day.strftime(form) for day in days]
        if told:
            expected = [(day - datetime.date(1970, 1, 1)).days * DAY for day in days]
            assert read_times("x.csv", texts).written.tolist() == expected
        else:
            with pytest.raises(PricesUnreadable, match="can be day/month or month/day"):
                read_times("x.csv", texts)


def test_dates_with_the_day_first_and_the_month_first_in_one_file_are_refused() -> None:
    with pytest.raises(PricesUnreadable, match="are mixed: '13/01/2020' has the day first, '01/14/2020' the month"):
        read_times("x.csv", ["13/01/2020", "01/14/2020"])


def test_a_row_in_another_form_than_the_others_is_a_fault() -> None:
    times = read_times("x.csv", ["2020-01-02", "2020-01-03", "20200104", "2020-13-01", "0001-01-01", ""])
    assert times.faults == (2, 3, 4, 5)


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (60, "1min"),
        (300, "5min"),
        (3600, "hourly"),
        (86400, "daily"),
        (7 * 86400, "weekly"),
        (30 * 86400, "monthly"),
    ],
)
def test_frequency_is_the_usual_distance(step: int, name: str) -> None:
    assert frequency_of(np.arange(40, dtype=np.int64) * step * 10**9) == name


def test_a_few_days_far_apart_are_daily() -> None:
    assert frequency_of(np.array([0, 30, 75], dtype=np.int64) * DAY) == "daily"
    assert frequency_of(np.array([0], dtype=np.int64)) == "daily"


def test_a_short_history_of_weeks_or_months_is_told_from_days() -> None:
    assert frequency_of(np.array([0, 7, 21], dtype=np.int64) * DAY) == "weekly"
    assert frequency_of(np.array([0, 31, 59, 90], dtype=np.int64) * DAY) == "monthly"
    assert frequency_of(np.array([0, 7], dtype=np.int64) * DAY) == "daily"


def test_a_said_order_of_day_and_month_is_kept_to() -> None:
    texts = ["01/02/2010", "03/02/2010"]
    first = read_times("A.csv", texts, True).written.astype("datetime64[ns]").astype("datetime64[D]").astype(str)
    second = read_times("A.csv", texts, False).written.astype("datetime64[ns]").astype("datetime64[D]").astype(str)
    assert list(first) == ["2010-02-01", "2010-02-03"]
    assert list(second) == ["2010-01-02", "2010-03-02"]
    assert read_times("A.csv", ["31/01/2010", "01/02/2010"], False).faults == (0,)
