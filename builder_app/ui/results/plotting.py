"""The parts of pyqtgraph that every chart of the results is made of, without its menus and buttons."""

from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPen

from builder_app.ui.results.figures import MINUS, number
from builder_app.ui.results.sampling import FloatArray
from builder_app.ui.theme import TEXT_SMALL, Theme, text_font

AXIS_WIDTH: Final = 68
GUTTER: Final = 88
"""Room to the right of the curves for their names."""
AXIS_HEIGHT: Final = 20


def make_graphics(parent: object) -> pg.GraphicsLayoutWidget:
    """An empty sheet of plots with room for names at the right."""
    graphics = pg.GraphicsLayoutWidget(parent)
    graphics.ci.layout.setContentsMargins(0, 4, GUTTER, 0)
    graphics.ci.layout.setSpacing(4)
    graphics.setMinimumSize(0, 0)
    graphics.setFrameShape(graphics.Shape.NoFrame)
    return graphics


def make_plot(graphics: pg.GraphicsLayoutWidget, row: int) -> pg.PlotItem:
    """An empty plot; only its x axis can be dragged and zoomed."""
    plot = graphics.addPlot(row=row, col=0)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(x=True, y=False)
    plot.vb.disableAutoRange()
    plot.vb.setDefaultPadding(0.0)
    left = plot.getAxis("left")
    left.setWidth(AXIS_WIDTH)
    left.setStyle(tickAlpha=255, tickLength=0, tickTextOffset=8)
    left.setGrid(255)
    left.enableAutoSIPrefix(False)
    for side in ("right", "top"):  # never shown; it would still work out its label at every change of the view
        plot.getAxis(side).unlinkFromView()
    return plot


def label_bottom(plot: pg.PlotItem, *, shown: bool) -> None:
    """Write what the x axis says below the plot, or only draw its hairlines through it."""
    axis = plot.getAxis("bottom")
    axis.setStyle(tickAlpha=255, tickLength=0, tickTextOffset=4, showValues=shown)
    axis.setHeight(AXIS_HEIGHT if shown else 0)
    axis.setGrid(255)


def make_curve(plot: pg.PlotItem, *, smooth: bool = True) -> pg.PlotCurveItem:
    """An empty curve in the plot; not `smooth` where it jumps and is filled, which takes Qt long to paint smoothly."""
    curve = pg.PlotCurveItem(antialias=smooth, skipFiniteCheck=True)
    if plot.vb is not None:
        plot.addItem(curve, ignoreBounds=True)
    return curve


def pen_of(theme: Theme, token: str, width: float = 1.0, opacity: float = 1.0) -> QPen:
    """A line in the token's colour."""
    pen: QPen = pg.mkPen(theme.color(token, opacity), width=width)
    return pen


def paint_axes(plots: "list[pg.PlotItem]", theme: Theme) -> None:
    """Hairlines, and quiet small text."""
    for plot in plots:
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(theme.color("hairline"), width=1))
            axis.setTextPen(pg.mkPen(theme.color("quiet_text")))
            axis.setTickFont(text_font(TEXT_SMALL))


def span_of(*curves: FloatArray) -> tuple[float, float]:
    """The lowest and the highest value of all curves; 0 and 1 of nothing."""
    known = [values for values in curves if len(values)]
    if not known:
        return 0.0, 1.0
    return min(float(np.min(values)) for values in known), max(float(np.max(values)) for values in known)


def set_range(plot: pg.PlotItem, low: float, high: float) -> None:
    """Give the plot's y axis this span and a little air; a flat line lies in the middle."""
    air = (high - low) * 0.06 or max(abs(high) * 0.01, 1e-6)
    plot.vb.setYRange(low - air, high + air, padding=0.0)


def whole_percent(fraction: float) -> str:
    """A fraction on an axis: whole percent where they are whole, `0 %` without a sign."""
    hundredths = fraction * 100.0
    places = 0 if abs(hundredths - round(hundredths)) < 1e-6 else 1
    return f"{number(hundredths, places)} %".replace(f"{MINUS}0 %", "0 %")
