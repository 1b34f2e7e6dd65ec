"""Bars as the text of one long CSV file that `read_prices` gives back bit for bit."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from builder_app.market.prices.dates import DAY
from builder_app.market.prices.panel import FIELDS, Bars

HEADER = ("Symbol", "Date", "Open", "High", "Low", "Close", "Volume")


def csv_text(bars: Sequence[Bars]) -> str:
    """A header and a line a bar: symbol, date (with the UTC time where it is not midnight), the five numbers in full.

    The prices are those of the library, adjusted; there is no adjusted close, so reading scales nothing again.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for one in bars:
        columns = [map(repr, getattr(one, name).tolist()) for name in FIELDS]
        writer.writerows(zip([one.symbol] * len(one.times), _times(one), *columns, strict=True))
    return text.getvalue()


def _times(bars: Bars) -> list[str]:
    nanoseconds = bars.times.astype("datetime64[ns]")
    midnight = bool((nanoseconds.astype(np.int64) % DAY == 0).all())
    return [str(time) for time in (nanoseconds.astype("datetime64[D]") if midnight else nanoseconds)]
