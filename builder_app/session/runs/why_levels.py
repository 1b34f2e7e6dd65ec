"""Where each stop and target of a position stood, rule by rule, as the fill rules say it (see `quicktest.engine.loop`).

The engine keeps only the tightest stop and the nearest target; which block that was is found here.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from builder_app.codegen.why import LegBlocks
from builder_app.market.prices.panel import FloatArray
from builder_app.quicktest.engine import book as at
from builder_app.quicktest.engine.prices import FIELDS
from builder_app.quicktest.engine.replay import Replay

STOPS: Final = {"stop": at.STOP_EXIT, "trailing stop": at.TRAILING_EXIT, "break even": at.BREAK_EVEN_EXIT}
"""What an exit is called in a trade, and the kind of rule that it was; targets are asked for by themselves."""
_SAME: Final = 1e-9


def places_of_levels(leg: LegBlocks) -> list[int]:
    """The places of a leg's exits that stand at a level, as the plan has them: all but time stops."""
    return [number for number, block in enumerate(leg.exits) if block.kind != "time_stop"]


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """One position of a replayed test: its symbol's column, leg, direction, and the bar where it was entered."""

    replay: Replay
    column: int
    leg: int
    direction: int
    entry_bar: int

    @property
    def rows(self) -> range:
        """The rules of its stops and targets, as rows of the plan's exits; time stops are not among them."""
        legs = self.replay.plan.legs
        return range(int(legs[self.leg, at.FIRST_EXIT]), int(legs[self.leg, at.END_OF_EXITS]))

    @property
    def order_bar(self) -> int:
        """The bar at whose close the entry was decided."""
        return self.before(self.entry_bar)

    @property
    def fill_price(self) -> float:
        """The price of the entry, with slippage."""
        return float(self._prices("open")[self.entry_bar]) * (1.0 + self.direction * self.replay.settings.slippage)

    def before(self, bar: int) -> int:
        """The symbol's last bar before this one; the one itself where there is none."""
        known = np.flatnonzero(~np.isnan(self._prices("close")[:bar]))
        return int(known[-1]) if len(known) else bar

    def kind(self, row: int) -> int:
        """The kind of a rule, such as STOP_EXIT."""
        return int(self.replay.plan.exits[row, at.EXIT_KIND])

    def value(self, row: int, bar: int) -> float:
        """What a rule says at a bar: a percentage, a distance or a price."""
        plan = self.replay.plan
        source = int(plan.exits[row, at.EXIT_SOURCE])
        return float(plan.constants[row] if source < 0 else plan.numbers[source, bar, self.column])

    def read_value(self, row: int) -> float | None:
        """What a rule's series said at the bar of the decision; None where the rule says one number for ever."""
        return self.value(row, self.order_bar) if int(self.replay.plan.exits[row, at.EXIT_SOURCE]) >= 0 else None

    def size_value(self) -> float | None:
        """What the size's series said at the bar of the decision; None where the size is one number for ever."""
        plan = self.replay.plan
        source = int(plan.legs[self.leg, at.SIZE_SOURCE])
        return None if source < 0 else float(plan.numbers[source, self.order_bar, self.column])

    def level(self, row: int, bar: int) -> float | None:
        """Where a rule's stop or target stood inside a bar; None where it did not stand then."""
        unit, fill = int(self.replay.plan.exits[row, at.EXIT_UNIT]), self.fill_price
        match self.kind(row):
            case at.STOP_EXIT if unit == at.LEVEL:
                found = self.value(row, self.before(bar))
                return found if 0.0 < found < math.inf else None
            case at.STOP_EXIT:
                return self._fixed(row, -self.direction)
            case at.TRAILING_EXIT if unit == at.MOVING_DISTANCE:
                return self._moving(row, bar)
            case at.TRAILING_EXIT:
                best, value = self._best(bar), self.value(row, self.order_bar)
                return best - self.direction * (best * value / 100.0 if unit == at.PERCENT else value)
            case at.BREAK_EVEN_EXIT:
                gain = self._distance(row)
                return fill if self.direction * (self._best(bar) - fill) >= gain else None
            case _:
                return self._fixed(row, self.direction)

    def stop_row(self, reason: str, bar: int, level: float) -> int | None:
        """The rule of this kind that stood nearest to the engine's stop inside a bar; None where none stood."""
        levels = {
            row: abs(stood - level)
            for row in self.rows
            if self.kind(row) == STOPS.get(reason) and (stood := self.level(row, bar)) is not None
        }
        return min(levels, key=lambda row: (levels[row], row), default=None)

    def target_row(self, price: float, taken: int) -> int | None:
        """The target that was sold at a price before slippage, when so many had been before it.

        Where the price is at none of them, the bar opened beyond the next one.
        """
        levels = {row: self._fixed(row, self.direction) for row in self.rows if self.kind(row) == at.TARGET_EXIT}
        at_price = [row for row, level in levels.items() if math.isclose(level, price, rel_tol=_SAME)]
        nearest = sorted(levels, key=lambda row: self.direction * levels[row])
        return next(iter(at_price or nearest[min(taken, len(nearest) - 1) :]), None)

    def refusing_row(self) -> int | None:
        """The rule that had no value above zero at the decision, or whose price lay at or beyond the fill."""
        for row in self.rows:
            unit = int(self.replay.plan.exits[row, at.EXIT_UNIT])
            value = self.value(row, self.order_bar)
            if unit != at.LEVEL and not 0.0 < value < math.inf:
                return row
        for row in self.rows:
            if int(self.replay.plan.exits[row, at.EXIT_UNIT]) == at.PRICE:
                side = self.direction if self.kind(row) == at.TARGET_EXIT else -self.direction
                if side * (self.value(row, self.order_bar) - self.fill_price) <= 0.0:
                    return row
        return None

    # -- parts ------------------------------------------------------------------------------------------------------

    def _prices(self, name: str) -> FloatArray:
        return self.replay.pool.fields[FIELDS.index(name)][:, self.column]

    def _fixed(self, row: int, side: int) -> float:
        if int(self.replay.plan.exits[row, at.EXIT_UNIT]) == at.PRICE:
            return self.value(row, self.order_bar)
        return self.fill_price + side * self._distance(row)

    def _distance(self, row: int) -> float:
        """How far from the fill price a rule stands, or which gain it waits for."""
        unit, value = int(self.replay.plan.exits[row, at.EXIT_UNIT]), self.value(row, self.order_bar)
        if unit == at.PERCENT:
            return self.fill_price * value / 100.0
        return value * self._risk() if unit == at.RISK else value

    def _risk(self) -> float:
        """The distance from the fill price to the tightest stop or trailing stop of the entry."""
        distances = [math.inf]
        for row in self.rows:
            unit = int(self.replay.plan.exits[row, at.EXIT_UNIT])
            if self.kind(row) == at.STOP_EXIT and unit != at.LEVEL:
                distances.append(self.direction * (self.fill_price - self._fixed(row, -self.direction)))
            elif self.kind(row) == at.TRAILING_EXIT:
                value = self.value(row, self.order_bar)
                distances.append(self.fill_price * value / 100.0 if unit == at.PERCENT else value)
        return min(distances)

    def _best(self, bar: int) -> float:
        """The best price that was known before a bar."""
        return float(self._bests(bar)[-1])

    def _bests(self, bar: int) -> FloatArray:
        """The best price that was known before each bar from the entry's to this one; shape (bars,)."""
        seen = self._prices("high" if self.direction > 0 else "low")[self.entry_bar : bar]
        follow = np.fmax if self.direction > 0 else np.fmin
        return np.asarray(follow.accumulate(np.concatenate(([self.fill_price], seen))))

    def _moving(self, row: int, bar: int) -> float | None:
        """A trailing stop whose distance is read anew at each bar before, and that never loosens."""
        own = np.flatnonzero(~np.isnan(self._prices("close")[: bar + 1]))
        first = int(np.searchsorted(own, self.entry_bar))
        distances = np.array([self.value(row, int(before)) for before in own[first - 1 : -1]])
        levels = self._bests(bar)[own[first:] - self.entry_bar] - self.direction * distances
        known = levels[(distances > 0.0) & (distances < math.inf)]
        if not len(known):
            return None
        return float(known.max() if self.direction > 0 else known.min())
