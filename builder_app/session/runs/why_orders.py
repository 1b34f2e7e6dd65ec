"""What became of what was decided, in the blocks' own words: signal → position → size → stop → exit.

A side that was decided gets the rows of its order: the size with its shares and what it read at the decision, each stop
and target with its level, and what closed the position; or the block whose limit refused the order. What is held at the
bar without having been decided there, and what was refused in it, are sides of their own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from builder_app.codegen.why import BarAnswer, RuleBlock, Side, Step
from builder_app.codegen.why.words import figure
from builder_app.quicktest.engine.replay import Levels
from builder_app.quicktest.request import Rejection, TestConfig, Trade
from builder_app.session.runs.why_levels import STOPS, Position, places_of_levels
from builder_app.session.runs.why_refusals import Blame, blame, is_at_once
from builder_app.session.runs.why_trading import AtBar, bar_words, quantity_words, signed_money

MOST_PARTS: Final = 6
"""So many of the parts in which a position was left have rows of their own, the next ones."""
HELD_LONG, HELD_SHORT, REFUSED = "held_long", "held_short", "refused"
"""The sides beside those that a leg's signals have."""
_ENTRIES: Final = {"long_entry": 1, "short_entry": -1}
_EXITS: Final = {"long_exit": 1, "short_exit": -1}
_UNITS: Final = {
    "percent_of_equity": "% of equity",
    "cash": "in money",
    "shares": "shares",
    "risk_percent": "% of equity at risk",
    "kelly": "of Kelly's part",
}


@dataclass(frozen=True, eq=False)
class Orders:
    """A bar of a result with what its signals decided, and the set-up of its test; `stop`: nobody waits any more."""

    at: AtBar
    answer: BarAnswer
    config: TestConfig
    stop: Callable[[], bool] = lambda: False

    @cached_property
    def levels(self) -> Levels | None:
        """Where the engine had this symbol's stops and targets, asked for where one of them closed a trade."""
        replay = self.at.result.replay
        return None if replay is None else replay.levels(self.at.symbol, lambda _done: not self.stop())

    def told(self) -> BarAnswer:
        """The answer, its sides with their orders; first what was refused in the bar, or left by more than a signal."""
        sides = [self._with_order(side) for side in self.answer.sides]
        held = [(parts, self._held(parts)) for parts in self._positions()]
        closed = [side for parts, side in held if self._is_left_here(parts)]
        others = [side for parts, side in held if not self._is_left_here(parts)]
        return replace(self.answer, sides=(*self._refused_in_bar(), *closed, *sides, *others))

    # -- sides ------------------------------------------------------------------------------------------------------

    def _with_order(self, side: Side) -> Side:
        leg = self._leg_of(side.position)
        if not side.holds or leg is None:
            return side
        if side.side in _EXITS:
            closed = [t for t in self._of(leg, _EXITS[side.side]) if t.exit_bar == self.at.following]
            rows = [self._exit_row(leg, trade) for trade in closed if trade.exit_reason == "signal"]
            return replace(side, steps=(*side.steps, *rows))
        parts = [t for t in self._of(leg, _ENTRIES[side.side]) if t.entry_bar == self.at.following]
        if parts:
            return replace(side, steps=(*side.steps, *self._rows(leg, parts)))
        refusal = next((r for r in self._refusals(leg, _ENTRIES[side.side]) if self._is_of_this_order(r)), None)
        if refusal is not None:
            return self._with_refusal(side, leg, refusal)
        return replace(side, steps=(*side.steps, *self._held_already(leg, _ENTRIES[side.side])))

    def _held_already(self, leg: int, direction: int) -> Iterator[Step]:
        if any(parts[0].leg == leg and parts[0].direction == direction for parts in self._positions()):
            block = self.answer.rules.legs[leg].size
            yield Step(block.node, block.name, "another entry in the direction that is held is nothing", "held already")

    def _with_refusal(self, side: Side, leg: int, refusal: Rejection) -> Side:
        blamed = blame(self.at, self.answer, self.config, refusal)
        when = "at this close" if refusal.bar == self.at.bar else f"at the next open, {self._day(refusal.bar)}"
        sentence = f"{side.sentence} The order was refused {when}: {refusal.reason}"
        rows = self._refused_rows(leg, blamed, refusal)
        return replace(side, sentence=sentence, steps=(*side.steps, *rows), change_sentence=blamed.sentence)

    def _refused_in_bar(self) -> Iterator[Side]:
        """What was refused in this bar of orders that were decided before it."""
        decided = {side.position for side in self.answer.sides if side.side in _ENTRIES and side.holds}
        for refusal in self.at.refusals:
            if refusal.bar != self.at.bar:
                continue
            leg = self._leg_of_refusal(refusal)
            position = self.answer.rules.legs[leg].position
            if position in decided and self._is_of_this_order(refusal):
                continue
            blamed = blame(self.at, self.answer, self.config, refusal)
            what = {1: "long entry", -1: "short entry"}.get(refusal.direction, "entry")
            sentence = f"The {what} of {self.at.symbol} was refused on {self.answer.date}: {refusal.reason}"
            rows = self._refused_rows(leg, blamed, refusal)
            yield Side(position, REFUSED, True, sentence, rows, change_sentence=blamed.sentence)

    def _held(self, parts: Sequence[Trade]) -> Side:
        trade = parts[0]
        leg = self.answer.rules.legs[trade.leg]
        bought = "bought" if trade.direction > 0 else "sold short"
        sentence = (
            f"{self.at.symbol} was held {'long' if trade.direction > 0 else 'short'}: {_shares(parts)} {bought} on "
            f"{self._day(trade.entry_bar)} at {trade.entry_price:,.2f}, sized by '{leg.size.name}'."
        )
        side = HELD_LONG if trade.direction > 0 else HELD_SHORT
        end = self._exit_sentence(trade.leg, self._next_parts(parts)[0])
        return Side(leg.position, side, True, f"{sentence} {end}", tuple(self._rows(trade.leg, parts)))

    def _is_left_here(self, parts: Sequence[Trade]) -> bool:
        """Whether part of a position was left in this bar or at the next open, and not by a signal."""
        bars = (self.at.bar, self.at.following)
        return any(part.exit_bar in bars and part.exit_reason != "signal" for part in parts)

    # -- rows -------------------------------------------------------------------------------------------------------

    def _rows(self, leg: int, parts: Sequence[Trade]) -> Iterator[Step]:
        """The size, every stop and target with its level, and how each part was left."""
        blocks, position = self.answer.rules.legs[leg], self._position(parts[0])
        yield self._size_row(leg, _shares(parts), holds=True, position=position, worth=parts)
        levels = dict(zip(places_of_levels(blocks), position.rows, strict=False)) if position is not None else {}
        closing = {self._closing(leg, part): part for part in parts}
        for number, block in enumerate(blocks.exits):
            row, part = levels.get(number), closing.get(number)
            closed = True if part is not None else None
            if position is None or row is None:
                yield Step(block.node, block.name, block.phrase, "", closed)
                continue
            level = position.level(row, self._bar_of_level(parts) if part is None else part.exit_bar)
            read = position.read_value(row)
            said = "" if read is None else f"; {figure(read)} on {self._day(position.order_bar)}"
            value = "not standing yet" if level is None else f"{level:,.2f}"
            yield Step(block.node, block.name, f"{block.phrase}{said}", value, closed)
        for part in self._next_parts(parts)[:MOST_PARTS]:
            yield self._exit_row(leg, part)

    def _bar_of_level(self, parts: Sequence[Trade]) -> int:
        """In which bar it is said where stops stood that did not close it: this one, while it was held."""
        return min(max(self.at.bar, parts[0].entry_bar), parts[-1].exit_bar)

    def _next_parts(self, parts: Sequence[Trade]) -> Sequence[Trade]:
        """The parts that were not left before the bar: a position that is resized may have been left in very many."""
        return [part for part in parts if part.exit_bar >= self.at.bar]

    def _size_row(
        self,
        leg: int,
        value: str,
        *,
        holds: bool,
        position: Position | None = None,
        worth: Sequence[Trade] = (),
    ) -> Step:
        block = self.answer.rules.legs[leg].size
        said = [block.phrase]
        read = position.size_value() if position is not None else None
        if position is not None and read is not None:
            day = self._day(position.order_bar)
            said.append(f"{figure(read, 6)} {_UNITS.get(block.kind, '')} on {day}".replace("  ", " "))
        if worth:
            said.append(f"worth {sum(part.quantity * part.entry_price for part in worth):,.2f} at the entry")
        return Step(block.node, block.name, "; ".join(filter(None, said)), value, holds)

    def _exit_row(self, leg: int, trade: Trade) -> Step:
        name = f"{'Sold' if trade.direction > 0 else 'Bought back'} on {self._day(trade.exit_bar)}"
        blamed = self._closer(leg, trade)
        node = blamed.node if blamed is not None else ""
        return Step(node, name, self._exit_sentence(leg, trade), signed_money(trade.pnl))

    def _exit_sentence(self, leg: int, trade: Trade) -> str:
        """`Stop at 2 ATR closed it on 5 May 2006 at 121.98, its level being 122.04.`"""
        price = f"{quantity_words(trade)} at {trade.exit_price:,.2f}"
        day, closer = self._day(trade.exit_bar), self._closer(leg, trade)
        if trade.exit_reason == "end of test":
            return f"The test ended with it open on {day}: {price}."
        if trade.exit_reason == "signal":
            return f"An exit signal closed it on {day}: {price}."
        if closer is None:
            return f"It was closed on {day} ({trade.exit_reason}): {price}."
        if trade.exit_reason == "rebalance":
            return f"'{closer.name}' made it smaller on {day}: {price}."
        level = self._level_at_exit(trade)
        stood = "" if level is None else f"; its level was {level:,.2f}"
        return f"'{closer.name}' closed it on {day}: {price}{stood}."

    def _refused_rows(self, leg: int, blamed: Blame, refusal: Rejection) -> tuple[Step, ...]:
        """The size that was not filled, and what refused it, where that is not the size itself."""
        block = blamed.block
        refused = Step(block.node, block.name, refusal.reason, "refused", False, blocks=True)
        return (
            (refused,)
            if block is self.answer.rules.legs[leg].size
            else (self._size_row(leg, "not filled", holds=False), refused)
        )

    # -- who it was -------------------------------------------------------------------------------------------------

    def _closer(self, leg: int, trade: Trade) -> RuleBlock | None:
        """The block that closed a trade; None for signals and the end of the test."""
        number = self._closing(leg, trade)
        if number is not None:
            return self.answer.rules.legs[leg].exits[number]
        kind = {"rebalance": "rebalance", "daily loss": "daily_loss"}.get(trade.exit_reason)
        known = (*self.answer.rules.legs[leg].more, *self.answer.rules.limits)
        return next((block for block in known if block.kind == kind), None)

    def _closing(self, leg: int, trade: Trade) -> int | None:
        """Which of the leg's exits it was."""
        blocks = self.answer.rules.legs[leg]
        if trade.exit_reason == "time":
            timed = [number for number, block in enumerate(blocks.exits) if block.kind == "time_stop"]
            return min(timed, key=lambda number: blocks.exits[number].number or 0.0, default=None)
        position = self._position(trade)
        if position is None:
            return None
        if trade.exit_reason == "target":
            sold = [each for each in self._of(leg, trade.direction) if each.entry_bar == trade.entry_bar]
            before = [each for each in sold[: sold.index(trade)] if each.exit_reason == "target"]
            raw = trade.exit_price / (1.0 - trade.direction * self.config.slippage)
            row = position.target_row(raw, len(before))
        elif trade.exit_reason in STOPS and self.levels is not None:
            row = position.stop_row(trade.exit_reason, trade.exit_bar, float(self.levels.stop[trade.exit_bar, leg]))
        else:
            return None
        return None if row is None else places_of_levels(blocks)[row - position.rows.start]

    def _level_at_exit(self, trade: Trade) -> float | None:
        position = self._position(trade)
        number = self._closing(trade.leg, trade)
        blocks = self.answer.rules.legs[trade.leg]
        if position is None or number is None or blocks.exits[number].kind == "time_stop":
            return None
        return position.level(position.rows[places_of_levels(blocks).index(number)], trade.exit_bar)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _leg_of(self, position: str) -> int | None:
        return next((n for n, leg in enumerate(self.answer.rules.legs) if leg.position == position), None)

    def _leg_of_refusal(self, refusal: Rejection) -> int:
        return min(refusal.leg, len(self.answer.rules.legs) - 1)

    def _of(self, leg: int, direction: int) -> list[Trade]:
        return [trade for trade in self.at.own_trades if (trade.leg, trade.direction) == (leg, direction)]

    def _refusals(self, leg: int, direction: int) -> Iterator[Rejection]:
        return (r for r in self.at.refusals if r.leg == leg and r.direction in (direction, 0))

    def _is_of_this_order(self, refusal: Rejection) -> bool:
        """Whether an order that is decided at this bar's close was refused, at once or at the next open."""
        return refusal.bar == (self.at.bar if is_at_once(refusal) else self.at.following)

    def _positions(self) -> list[list[Trade]]:
        """This symbol's positions that were held in the bar, each as the parts in which it was left."""
        held: dict[tuple[int, int], list[Trade]] = {}
        for trade in self.at.own_trades:
            if trade.entry_bar <= self.at.bar and trade.leg < len(self.answer.rules.legs):
                held.setdefault((trade.leg, trade.entry_bar), []).append(trade)
        return [parts for parts in held.values() if max(part.exit_bar for part in parts) >= self.at.bar]

    def _position(self, trade: Trade) -> Position | None:
        replay = self.at.result.replay
        if replay is None or trade.symbol not in replay.pool.symbols:
            return None
        column = replay.pool.symbols.index(trade.symbol)
        return Position(replay, column, trade.leg, trade.direction, trade.entry_bar)

    def _day(self, bar: int) -> str:
        return bar_words(self.at.result.times[bar])


def _shares(parts: Sequence[Trade]) -> str:
    return f"{sum(part.quantity for part in parts):,.2f}".rstrip("0").rstrip(".") + " shares"
