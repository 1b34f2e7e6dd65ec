"""What "Copy as data" gives of each chart: the numbers that are drawn, with tabs between columns."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget

from builder_app.ui.results.bar_charts import ReturnsChart, YearsChart
from builder_app.ui.results.copying import curves_as_text
from builder_app.ui.results.exposure_chart import ExposureChart
from builder_app.ui.results.months_chart import MonthsChart
from builder_app.ui.results.price_chart import PriceChart
from builder_app.ui.results.rolling_chart import RollingChart
from builder_app.ui.results.sampling import time_words

if TYPE_CHECKING:
    from builder_app.session import RunResult


def chart_as_text(chart: QWidget, result: "RunResult | None") -> str:
    """The chart's numbers at full precision; of the equity's chart the curves of the result."""
    rows: list[tuple[object, ...]]
    match chart:
        case MonthsChart():
            months = chart.table.months
            rows = [("Year", *range(1, 13), "Total")]
            for year, row, total in zip(months.years.tolist(), months.table.tolist(), months.totals, strict=True):
                rows.append((year, *("" if value != value else value for value in row), float(total)))
        case YearsChart():
            rows = [("Year", "Strategy", "Benchmark")]
            rows += list(zip(chart.years, chart.returns.tolist(), chart.market.tolist(), strict=True))
        case ReturnsChart():
            rows = [("From", "To", "Days")]
            rows += list(zip(chart.edges[:-1].tolist(), chart.edges[1:].tolist(), chart.counts.tolist(), strict=True))
        case ExposureChart() | RollingChart() | PriceChart() if result is not None:
            columns = chart.columns()
            dates = [time_words(time) for time in result.times]
            rows = [("Date", *columns)]
            values = [np.asarray(column, dtype=np.float64).tolist() for column in columns.values()]
            rows += list(zip(dates, *values, strict=True)) if all(len(one) == len(dates) for one in values) else []
        case _:
            return curves_as_text(result)
    return "\n".join("\t".join(value if isinstance(value, str) else repr(value) for value in row) for row in rows)
