"""The report's charts as SVG text: lines thinned out to the paper's points, a hairline grid, years below."""

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from builder_app.session.report.thinning import FloatArray, extremes

WIDTH: Final = 960
LEFT, RIGHT, TOP, BOTTOM = 72, 12, 12, 24
BUCKETS: Final = 700
"""Of so many stretches of a curve the lowest and the highest point are drawn."""
QUIET, HAIRLINE = "#5B6270", "#D5D9E0"
ACCENT, LOSS = "#1F6FEB", "#C62F3B"


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One curve: its name, values of shape (bars,), and colour; `filled` down to (or up to) zero."""

    name: str
    values: FloatArray
    color: str
    filled: bool = False
    width: float = 1.5


def chart(title: str, times: NDArray[np.datetime64], lines: Sequence[Line], height: int, unit: str = "") -> str:
    """The chart as one <svg>. `unit` "%": values are fractions."""
    known = [line for line in lines if len(line.values) == len(times) and np.isfinite(line.values).any()]
    low, high = _span(known)
    inner, tall = WIDTH - LEFT - RIGHT, height - TOP - BOTTOM

    def x(bar: float) -> float:
        return LEFT + inner * bar / max(len(times) - 1, 1)

    def y(value: float) -> float:
        return TOP + tall * (high - value) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{html.escape(title)}" font-family="sans-serif" font-size="12">',
    ]
    for tick in _ticks(low, high):
        parts.append(_rule(LEFT, y(tick), WIDTH - RIGHT, y(tick)))
        parts.append(_text(LEFT - 8, y(tick) + 4, _number(tick, unit), "end"))
    for bar, year in _years(times):
        parts.append(_rule(x(bar), TOP, x(bar), height - BOTTOM))
        parts.append(_text(x(bar), height - 6, year, "middle"))
    for line in known:
        parts += _drawn(line, x, y)
    parts.append("</svg>")
    return "\n".join(parts)


def _drawn(line: Line, x: Callable[[float], float], y: Callable[[float], float]) -> list[str]:
    bars, values = extremes(np.where(np.isfinite(line.values), line.values, np.nan), 0, len(line.values) - 1, BUCKETS)
    points = [(x(bar), y(value)) for bar, value in zip(bars.tolist(), values.tolist(), strict=True)]
    if not points:
        return []
    text = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
    drawn = []
    if line.filled:
        zero = y(0.0)
        area = f"{points[0][0]:.1f},{zero:.1f} {text} {points[-1][0]:.1f},{zero:.1f}"
        drawn.append(f'<polygon points="{area}" fill="{line.color}" fill-opacity="0.18"/>')
    drawn.append(
        f'<polyline points="{text}" fill="none" stroke="{line.color}" stroke-width="{line.width}" '
        f'stroke-linejoin="round"><title>{html.escape(line.name)}</title></polyline>'
    )
    return drawn


def _span(lines: Sequence[Line]) -> tuple[float, float]:
    values = [float(value) for line in lines for value in (np.nanmin(line.values), np.nanmax(line.values))]
    values += [0.0 for line in lines if line.filled]
    low, high = (float(min(values)), float(max(values))) if values else (0.0, 1.0)
    air = (high - low) * 0.05 or max(abs(high) * 0.01, 0.01)
    return low - air, high + (0.0 if any(line.filled for line in lines) else air)


def _ticks(low: float, high: float) -> list[float]:
    """Four or five round numbers between."""
    rough = (high - low) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= rough * 0.999)
    first = math.ceil(low / step)
    return [first * step + number * step for number in range(int((high - first * step) / step + 1e-9) + 1)]


def _years(times: NDArray[np.datetime64]) -> list[tuple[int, str]]:
    """The first bar of each year, at most about twelve of them; of a test inside one year of each month."""
    for unit, form in (("Y", 4), ("M", 7), ("D", 10)):
        periods = times.astype(f"datetime64[{unit}]")
        starts = np.flatnonzero(periods[1:] != periods[:-1]) + 1
        if len(starts) >= 2 or unit == "D":
            every = max(1, math.ceil(len(starts) / 12))
            return [(int(bar), str(periods[bar])[:form]) for bar in starts[::every]]
    return []


def _number(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value * 100:,.0f} %".replace("-0 %", "0 %").replace("-", "−")
    return f"{value:,.0f}".replace("-", "−") if abs(value) >= 100 else f"{value:,.2f}".replace("-", "−")


def _rule(left: float, top: float, right: float, bottom: float) -> str:
    return f'<line x1="{left:.1f}" y1="{top:.1f}" x2="{right:.1f}" y2="{bottom:.1f}" stroke="{HAIRLINE}"/>'


def _text(across: float, down: float, text: str, anchor: str) -> str:
    said = html.escape(text)
    return f'<text x="{across:.1f}" y="{down:.1f}" text-anchor="{anchor}" fill="{QUIET}">{said}</text>'
